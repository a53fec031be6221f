"""Routes of imports of past answers."""

from typing import Final

from shared.access import Scope
from shared.api import problem as p
from shared.api.import_messages import ImportList, ImportMade, ImportView
from shared.api.route import BODY, Parameter, Route
from shared.importing.options import ImportOptions

_IMPORTS: Final = "/v1/surveys/{survey_id}/imports"
_IMPORT: Final = f"{_IMPORTS}/{{import_id}}"
_LOCALE: Final = (Parameter("locale", "The language of reasons and failures: pt-BR, en or es. Left out, the survey's default"),)

IMPORT_ROUTES: Final = (
    Route(
        method="POST",
        path=_IMPORTS,
        function="imports",
        scope=Scope.IMPORT,
        summary="Begin an import of past answers: says how the file is to be read, and gives the form that it is sent with",
        request=ImportOptions,
        request_is_optional=True,
        responses={201: ImportMade},
        refusals=(*BODY, p.NoSuchSurvey, p.SurveyIsDraft),
    ),
    Route(
        method="GET",
        path=_IMPORTS,
        function="imports",
        scope=Scope.IMPORT,
        summary="The survey's imports, newest first",
        query=_LOCALE,
        responses={200: ImportList},
        refusals=(p.NoSuchSurvey,),
    ),
    Route(
        method="GET",
        path=_IMPORT,
        function="imports",
        scope=Scope.IMPORT,
        summary="How an import stands: progress, counts, the first problems, a link to the report line by line",
        query=_LOCALE,
        responses={200: ImportView},
        refusals=(p.NoSuchSurvey, p.NoSuchImport),
    ),
    Route(
        method="POST",
        path=f"{_IMPORT}/check",
        function="imports",
        scope=Scope.IMPORT,
        summary="Go through the file without importing anything; a body says anew how it is to be read",
        request=ImportOptions,
        request_is_optional=True,
        query=_LOCALE,
        responses={202: ImportView},
        refusals=(*BODY, p.NoSuchSurvey, p.NoSuchImport, p.SurveyIsDraft, p.ImportUnderWay, p.ImportHasNoFile),
    ),
    Route(
        method="POST",
        path=f"{_IMPORT}/start",
        function="imports",
        scope=Scope.IMPORT,
        summary="Import the file. Each answer is counted once, by the file's own id, however often it is imported",
        query=_LOCALE,
        responses={202: ImportView},
        refusals=(p.NoSuchSurvey, p.NoSuchImport, p.SurveyIsDraft, p.ImportUnderWay, p.ImportHasNoFile),
    ),
    Route(
        method="DELETE",
        path=_IMPORT,
        function="imports",
        scope=Scope.IMPORT,
        summary="Cancel an import, and delete its files. Lines that were imported stay, and are not counted again",
        responses={204: None},
        refusals=(p.NoSuchSurvey, p.NoSuchImport),
    ),
)
