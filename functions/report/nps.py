"""`GET …/nps`: the score of a period, of everybody or of one group, and what it is compared with."""

from typing import Final

from msgspec.structs import replace

from functions.report.composition import compose
from functions.report.counting import consistent, counted, surveys_of
from shared.access import Scope
from shared.api.http import Request, Response, json_response
from shared.api.nps import IDENTITY_ROWS, NpsQuery, query_of
from shared.api.nps_messages import NpsReport
from shared.api.nps_report import report_of
from shared.api.response_rate import has_rate, rate_of


def report_nps(request: Request) -> Response:
    """The score of a period."""
    query = query_of(request.query, surveys_of(request), compose().now())
    may_read_answers = Scope.ANSWERS_READ in request.scopes
    report = consistent(lambda: _report(query, may_read_answers=may_read_answers))
    return json_response(200, _rated(query, report, may_read_answers=may_read_answers))


def _report(query: NpsQuery, *, may_read_answers: bool) -> NpsReport:
    more = IDENTITY_ROWS if query.is_of_everybody else ()
    now = counted(query.parts, query.period, *more, may_read_answers=may_read_answers)
    before = counted(query.parts, query.compared, may_read_answers=may_read_answers) if query.compared else ()
    return report_of(query, now, before, may_read_answers=may_read_answers)


def _rated(query: NpsQuery, report: NpsReport, *, may_read_answers: bool) -> NpsReport:
    """The report with the response rate of its period, where it has one."""
    if not has_rate(query, report):
        return report
    displays = [compose().displays.sums(part.survey.survey_id, query.period.first, query.period.last) for part in query.parts]
    return replace(report, response_rate=rate_of(query, displays, may_read_answers=may_read_answers))


ROUTES: Final = {"GET /v1/surveys/{survey_id}/nps": report_nps}
