"""Every night: verifies, repairs where needed, seals the days whose answers will soon begin to expire; then packs weeks that are over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared.counting.recount import seal, seal_due, unsealed_days
from shared.periods import local_day
from shared.store.answers import Answers
from shared.store.history import History
from shared.store.registry import SurveyStore
from shared.store.rollups import Rollups
from shared.store.settings import from_environment
from shared.store.tables import AnswerItem, RegistryItem, RollupItem, bind
from shared.survey import Survey

LEAST_MILLISECONDS = 60_000
logger = Logger()
metrics = Metrics()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    answers_table: str
    rollups_table: str
    registry_table: str


@dataclass(frozen=True, slots=True)
class Sealing:
    """What the function works with."""

    surveys: SurveyStore
    answers: Answers
    rollups: Rollups
    history: History


@cache
def compose() -> Sealing:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(AnswerItem, settings.answers_table)
    bind(RollupItem, settings.rollups_table)
    bind(RegistryItem, settings.registry_table)
    rollups = Rollups()
    return Sealing(SurveyStore(), Answers(), rollups, History(rollups))


@metrics.log_metrics
def handle(_event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Seal what is due, oldest first; what the time does not suffice for is due again the next night.

    A day that cannot be verified keeps no other from being sealed; what it raised is raised at the end.
    """
    work = compose()
    now = datetime.now(UTC)
    sealed = unsealed = 0
    failures: list[Exception] = []
    for survey, day in _due(work, now):
        in_time = context.get_remaining_time_in_millis() > LEAST_MILLISECONDS
        if in_time and _seal(survey, day, work, now, failures):
            sealed += 1
        else:
            unsealed += 1
            logger.warning("day not sealed", survey_id=survey.survey_id, day=day.isoformat(), in_time=in_time)
    metrics.add_metric("UnsealedDays", MetricUnit.Count, unsealed)
    packed = _pack(work, now, context)
    logger.info("sealing done", sealed=sealed, unsealed=unsealed, packed=packed)
    if failures:
        raise ExceptionGroup("days could not be verified", failures)
    return {"sealed": sealed, "unsealed": unsealed}


def _seal(survey: Survey, day: date, work: Sealing, now: datetime, failures: list[Exception]) -> bool:
    try:
        return seal(survey, day, work.answers, work.rollups, now)
    except Exception as error:  # noqa: BLE001 - raised once the other days are done
        failures.append(error)
        return False


def _pack(work: Sealing, now: datetime, context: LambdaContext) -> int:
    """Pack the weeks that are over and changed since; what the time does not suffice for is read by its days, and packed another night."""
    packed = 0
    for survey in work.surveys.list():
        for week in work.history.stale(survey, local_day(now, survey.settings.time_zone)):
            if context.get_remaining_time_in_millis() <= LEAST_MILLISECONDS:
                return packed
            packed += work.history.pack(week)
    return packed


def _due(work: Sealing, now: datetime) -> Iterator[tuple[Survey, date]]:
    for survey in work.surveys.list():
        for day in seal_due(survey, unsealed_days(survey, work.rollups, now), now):
            yield survey, day
