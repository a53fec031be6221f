"""`GET …/segments`: the score of a period by groups, and what it is compared with."""

from typing import Final

from functions.report.composition import compose
from functions.report.counting import consistent, survey_of
from shared.access import Scope
from shared.api.http import Request, Response, json_response
from shared.api.segments import SegmentsQuery, segments_of, segments_query_of
from shared.api.segments_messages import SegmentsReport
from shared.periods import Period
from shared.reporting.counts import Counts, Part
from shared.reporting.seeing import days_to_read
from shared.withholding.shield import rows_behind


def report_segments(request: Request) -> Response:
    """The groups of a period."""
    query = segments_query_of(request.query, survey_of(request), compose().now())
    may_read_answers = Scope.ANSWERS_READ in request.scopes
    return json_response(200, consistent(lambda: _report(query, may_read_answers=may_read_answers)))


def _report(query: SegmentsQuery, *, may_read_answers: bool) -> SegmentsReport:
    before = _counts(query, query.compared, may_read_answers=may_read_answers) if query.compared else None
    return segments_of(query, _counts(query, query.period, may_read_answers=may_read_answers), before, may_read_answers=may_read_answers)


def _counts(query: SegmentsQuery, period: Period, *, may_read_answers: bool) -> Counts:
    cut = query.cut
    days = days_to_read(Part(cut.survey, cut.kind, cut.today), period, may_read_answers=may_read_answers)
    return Counts(compose().history.sums(cut.survey, rows_behind(cut.survey, cut.kind), days.first, days.last))


ROUTES: Final = {"GET /v1/surveys/{survey_id}/segments": report_segments}
