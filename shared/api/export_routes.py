"""Routes of exports in the background."""

from typing import Final

from shared.access import Scope
from shared.api import problem as p
from shared.api.export_messages import ExportList, ExportView, NewExport
from shared.api.export_problem import NoSuchExport, TooManyExports
from shared.api.route import BODY, Route

EXPORTS: Final = "/v1/surveys/{survey_id}/exports"
EXPORT: Final = f"{EXPORTS}/{{export_id}}"

EXPORT_ROUTES: Final = (
    Route(
        method="POST",
        path=EXPORTS,
        function="exports",
        scope=Scope.ANSWERS_READ,
        summary="Export answers into a file, in the background. It is there for 24 hours from now, for whoever asks now",
        request=NewExport,
        responses={202: ExportView},
        refusals=(*BODY, p.NoSuchSurvey, TooManyExports),
    ),
    Route(
        method="GET",
        path=EXPORTS,
        function="exports",
        scope=Scope.ANSWERS_READ,
        summary="One's own exports, newest first",
        responses={200: ExportList},
        refusals=(p.NoSuchSurvey,),
    ),
    Route(
        method="GET",
        path=EXPORT,
        function="exports",
        scope=Scope.ANSWERS_READ,
        summary="How far an export is; once it is done, with a link to its file that is good for five minutes",
        responses={200: ExportView},
        refusals=(p.NoSuchSurvey, NoSuchExport),
    ),
    Route(
        method="DELETE",
        path=EXPORT,
        function="exports",
        scope=Scope.ANSWERS_READ,
        summary="Cancel an export, or remove one that has ended. Its file is deleted at once",
        responses={204: None},
        refusals=(p.NoSuchSurvey, NoSuchExport, p.TooBusy),
    ),
)
