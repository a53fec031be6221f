"""Reports the score of a survey, from rollups only."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from aws_lambda_powertools import Logger
from msgspec.structs import replace

from shared import dimension as dim
from shared.access import Scope
from shared.api import protected
from shared.api.http import Request, Response, json_response
from shared.api.nps import NpsQuery, query_of, report_of
from shared.api.nps_messages import NpsReport
from shared.api.overview_messages import SurveyOverview, SurveyOverviews
from shared.api.problem import NoSuchSurvey, TooBusy
from shared.api.response_rate import has_rate, rate_of
from shared.scoring import NegativeCountError
from shared.store.displays import Displays
from shared.store.registry import SurveyStore
from shared.store.rollups import Rollups
from shared.store.settings import from_environment
from shared.store.tables import RegistryItem, RollupItem, bind

logger = Logger()
_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    rollups_table: str
    registry_table: str


@dataclass(frozen=True, slots=True)
class Reporting:
    """What the function works with."""

    surveys: SurveyStore
    rollups: Rollups
    displays: Displays


@cache
def compose() -> Reporting:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(RollupItem, settings.rollups_table)
    bind(RegistryItem, settings.registry_table)
    return Reporting(SurveyStore(), Rollups(), Displays())


def report_nps(request: Request) -> Response:
    """The score of a period, of everybody or of one group."""
    reporting = compose()
    survey = reporting.surveys.find(request.path["survey_id"])
    if survey is None:
        raise NoSuchSurvey
    query = query_of(request.query, survey, datetime.now(UTC))
    may_read_answers = Scope.ANSWERS_READ in request.scopes
    for _ in range(_TRIES):
        sums = reporting.rollups.sums(survey, {dim.ALL, query.row}, query.period.first, query.period.last)
        try:
            report = report_of(survey, query, sums, may_read_answers=may_read_answers)
        except NegativeCountError:
            continue  # an answer moved from one row shard to another between the reads of the two
        return json_response(200, _rated(query, report, survey.survey_id, may_read_answers=may_read_answers))
    raise TooBusy


def _rated(query: NpsQuery, report: NpsReport, survey_id: str, *, may_read_answers: bool) -> NpsReport:
    """The report with the response rate of its period, where it has one."""
    if not has_rate(query, report):
        return report
    channels = compose().displays.sums(survey_id, query.period.first, query.period.last)
    return replace(report, response_rate=rate_of(query, channels, may_read_answers=may_read_answers))


def list_surveys(_request: Request) -> Response:
    """The surveys there are."""
    return json_response(200, SurveyOverviews(surveys=tuple(map(SurveyOverview.of, compose().surveys.list()))))


ROUTES: Final = {"GET /v1/surveys/{survey_id}/nps": report_nps, "GET /v1/me/surveys": list_surveys}


def handle(event: dict[str, Any], _context: object) -> Response:
    """One request."""
    return protected.answer(event, ROUTES, logger)
