"""`GET …/nps`: the score of a period, of everybody or of one group, and what it is compared with."""

from typing import Final

from msgspec.structs import replace

from functions.report.composition import compose
from functions.report.counting import consistent, counted, surveys_of
from shared import dimension as dim
from shared.access import Scope
from shared.api.http import Request, Response, json_response
from shared.api.nps import IDENTITY_ROWS, NpsQuery, query_of
from shared.api.nps_messages import NpsReport
from shared.api.nps_report import report_of
from shared.api.response_rate import has_rate, rate_of
from shared.reporting.seeing import rows_of, shows_all_of


def report_nps(request: Request) -> Response:
    """The score of a period."""
    query = query_of(request.query, surveys_of(request), compose().now())
    may_read_answers = Scope.ANSWERS_READ in request.scopes
    report, shows_channels = consistent(lambda: _report(query, may_read_answers=may_read_answers))
    return json_response(200, _rated(query, report, may_read_answers=may_read_answers, shows_channels=shows_channels))


def _report(query: NpsQuery, *, may_read_answers: bool) -> tuple[NpsReport, bool]:
    """The report, and whether the channels of its days may be told apart."""
    channels = rows_of(query.parts, dim.CHANNEL) if query.is_of_everybody and not may_read_answers else frozenset()
    more = (*IDENTITY_ROWS, *channels) if query.is_of_everybody else ()
    now = counted(query.parts, query.period, *more, may_read_answers=may_read_answers)
    before = counted(query.parts, query.compared, may_read_answers=may_read_answers) if query.compared else ()
    report = report_of(query, now, before, may_read_answers=may_read_answers)
    return report, shows_all_of(now, channels, query.period, may_read_answers=may_read_answers)


def _rated(query: NpsQuery, report: NpsReport, *, may_read_answers: bool, shows_channels: bool) -> NpsReport:
    """The report with the response rate of its period, where it has one."""
    if not has_rate(query, report):
        return report
    displays = [compose().displays.sums(part.survey.survey_id, query.period.first, query.period.last) for part in query.parts]
    rate = rate_of(query, displays, may_read_answers=may_read_answers, shows_channels=shows_channels)
    return replace(report, response_rate=rate)


ROUTES: Final = {"GET /v1/surveys/{survey_id}/nps": report_nps}
