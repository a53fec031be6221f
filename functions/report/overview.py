"""`GET /v1/me/surveys`: which surveys there are, for readers of scores."""

from typing import Final

from functions.report.composition import compose
from shared.api.http import Request, Response, json_response
from shared.api.overview_messages import SurveyOverview, SurveyOverviews


def list_surveys(_request: Request) -> Response:
    """The surveys there are."""
    return json_response(200, SurveyOverviews(surveys=tuple(map(SurveyOverview.of, compose().surveys.list()))))


ROUTES: Final = {"GET /v1/me/surveys": list_surveys}
