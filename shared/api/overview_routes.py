"""The route by which a reader of scores finds the surveys there are."""

from typing import Final

from shared.access import Scope
from shared.api.overview_messages import SurveyOverviews
from shared.api.route import Route

OVERVIEW_ROUTES: Final = (
    Route(
        method="GET",
        path="/v1/me/surveys",
        function="report",
        scope=Scope.SCORES_READ,
        summary="The surveys whose scores one may read, with the dimensions and waves to ask for",
        responses={200: SurveyOverviews},
    ),
)
