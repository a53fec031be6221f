"""Every 15 minutes: settles answers that have been pending for over ten, wherever their stream record went."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from random import randrange
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from shared.counting.settle import Counting
from shared.counting.sweep import sweep
from shared.store.answers import Answers
from shared.store.bus import EventBus
from shared.store.person_answers import PersonAnswers
from shared.store.registry import SurveyStore, TouchedLedger
from shared.store.session import client
from shared.store.settings import from_environment, pause_with_jitter
from shared.store.tables import AnswerItem, PersonItem, RegistryItem, RollupItem, bind

logger = Logger()
metrics = Metrics()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    answers_table: str
    people_table: str
    rollups_table: str
    registry_table: str
    event_bus: str


@dataclass(frozen=True, slots=True)
class Sweeping:
    """What the function works with."""

    surveys: SurveyStore
    ledger: TouchedLedger
    counting: Counting


@cache
def compose() -> Sweeping:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(AnswerItem, settings.answers_table)
    bind(PersonItem, settings.people_table)
    bind(RollupItem, settings.rollups_table)
    bind(RegistryItem, settings.registry_table)
    bus = EventBus(client("events"), settings.event_bus)
    surveys, ledger = SurveyStore(), TouchedLedger()
    counting = Counting(
        answers=Answers(),
        surveys=surveys,
        bus=bus,
        now=lambda: datetime.now(UTC),
        pause=pause_with_jitter,
        shard=randrange,
        persons=PersonAnswers(),
        touched=ledger,
    )
    return Sweeping(surveys, ledger, counting)


@metrics.log_metrics
def handle(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """One sweep of every survey."""
    work = compose()
    swept = sweep(work.surveys.list(), work.ledger, work.counting)
    metrics.add_metric("PendingAgeSeconds", MetricUnit.Seconds, swept.oldest.total_seconds())
    summary = {"found": swept.found, "counted": swept.settled.counted, "unsettled": len(swept.settled.unsettled)}
    logger.info("swept", extra=summary)
    return summary
