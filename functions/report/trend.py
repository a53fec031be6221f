"""`GET …/trend`: the score over time, of everybody or of one group."""

from typing import Final

from functions.report.composition import compose
from functions.report.counting import consistent, counted, surveys_of
from shared.access import Scope
from shared.api.http import Request, Response, json_response
from shared.api.trend import trend_of, trend_query_of


def report_trend(request: Request) -> Response:
    """The score of each day, week, month, quarter or rolling window; annotations are those of the path's survey."""
    query = trend_query_of(request.query, surveys_of(request), compose().now())
    annotations = compose().annotations.list(query.parts[0].survey.survey_id)
    may_read_answers = Scope.ANSWERS_READ in request.scopes
    report = consistent(lambda: trend_of(query, counted(query.parts, query.days), annotations, may_read_answers=may_read_answers))
    return json_response(200, report)


ROUTES: Final = {"GET /v1/surveys/{survey_id}/trend": report_trend}
