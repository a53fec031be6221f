"""`GET …/trend`: the score over time, of everybody or of one group."""

from collections.abc import Sequence
from typing import Final

from functions.report.composition import compose
from functions.report.counting import consistent, counted, surveys_of
from shared.access import Scope
from shared.annotation import Annotation
from shared.api.http import Request, Response, json_response
from shared.api.trend import TrendQuery, trend_of, trend_query_of
from shared.api.trend_messages import TrendReport


def report_trend(request: Request) -> Response:
    """The score of each day, week, month, quarter or rolling window; annotations are those of the path's survey."""
    query = trend_query_of(request.query, surveys_of(request), compose().now())
    annotations = compose().annotations.list(query.parts[0].survey.survey_id)
    may_read_answers = Scope.ANSWERS_READ in request.scopes
    return json_response(200, consistent(lambda: _report(query, annotations, may_read_answers=may_read_answers)))


def _report(query: TrendQuery, annotations: Sequence[Annotation], *, may_read_answers: bool) -> TrendReport:
    counts = counted(query.parts, query.days, may_read_answers=may_read_answers)
    return trend_of(query, counts, annotations, may_read_answers=may_read_answers)


ROUTES: Final = {"GET /v1/surveys/{survey_id}/trend": report_trend}
