"""The one table of routes: functions check scopes from it, the OpenAPI document is made from it, template.yaml is tested against it."""

from types import MappingProxyType
from typing import Final

from shared.access import Scope
from shared.api import problem as p
from shared.api.answer_routes import ANSWER_ROUTES
from shared.api.answer_views import AnswerView
from shared.api.ask_routes import ASK_ROUTES
from shared.api.channel_routes import CHANNEL_ROUTES
from shared.api.export_routes import EXPORT_ROUTES
from shared.api.import_routes import IMPORT_ROUTES
from shared.api.key_messages import KeyList, KeyMade, NewKey
from shared.api.messages import AnswerChange, AnswerReceived, Form, NewAnswer
from shared.api.number_routes import NUMBER_ROUTES
from shared.api.overview_routes import OVERVIEW_ROUTES
from shared.api.page_routes import PAGE_ROUTES
from shared.api.privacy_routes import PRIVACY_ROUTES
from shared.api.quarantine_routes import QUARANTINE_ROUTES
from shared.api.route import BODY, Parameter, Route
from shared.api.session_routes import SESSION_ROUTES
from shared.api.summary_routes import SUMMARY_ROUTES
from shared.api.survey_messages import NewSurvey, SigningSecret, SurveyChange, SurveyList, SurveyView
from shared.api.user_routes import USER_ROUTES
from shared.api.wave_routes import WAVE_ROUTES

_SURVEYS: Final = "/v1/surveys"
_SURVEY: Final = f"{_SURVEYS}/{{survey_id}}"
_FORM: Final = f"{_SURVEY}/form"
_ANSWERS: Final = f"{_SURVEY}/answers"
_ANSWER: Final = f"{_ANSWERS}/{{answer_id}}"
_KEYS: Final = "/v1/keys"


def _preflight(path: str) -> Route:
    return Route(
        method="OPTIONS", path=path, function="collect", scope=None, summary="Which sites may ask from a browser", responses={204: None}
    )


ROUTES: Final = (
    Route(
        method="GET",
        path=_FORM,
        function="collect",
        scope=None,
        summary="What a page needs to ask the question",
        query=(Parameter("locale", "The language wanted: pt-BR, en or es. What the survey does not speak gives its default"),),
        responses={200: Form, 304: None},
        refusals=(p.OriginRefused, p.NoSuchSurvey),
    ),
    Route(
        method="POST",
        path=_ANSWERS,
        function="collect",
        scope=None,
        summary="Answer. The same answer_id with the same edit_key_hash again gives 200 and changes nothing",
        request=NewAnswer,
        responses={201: AnswerReceived, 200: AnswerReceived},
        refusals=(
            *BODY,
            *(
                p.AnswerIdOutOfTime,
                p.TokenRefused,
                p.OriginRefused,
                p.NoSuchSurvey,
                p.SurveyNotOpen,
                p.AnswerTaken,
                p.InvitationUsed,
                p.TooBusy,
            ),
        ),
    ),
    Route(
        method="PATCH",
        path=_ANSWER,
        function="collect",
        scope=None,
        summary="Change one's answer, or finish it",
        request=AnswerChange,
        responses={200: AnswerReceived},
        refusals=(
            *BODY,
            *(p.CredentialMissing, p.OriginRefused, p.NoSuchSurvey, p.NoSuchAnswer),
            *(p.TokenRefused, p.InvitationUsed, p.AnswerFinal, p.TooBusy),
        ),
        bearer="edit_key",
    ),
    *(_preflight(path) for path in (_FORM, _ANSWERS, _ANSWER)),
    Route(
        method="GET",
        path=_ANSWER,
        function="answers",
        scope=Scope.ANSWERS_READ,
        summary="One answer, with what its person wrote: where alerts link to",
        responses={200: AnswerView},
        refusals=(p.NoSuchSurvey, p.NoSuchAnswer),
    ),
    Route(
        method="GET",
        path=_SURVEYS,
        function="manage",
        scope=Scope.SURVEYS,
        summary="All surveys",
        responses={200: SurveyList},
    ),
    Route(
        method="POST",
        path=_SURVEYS,
        function="manage",
        scope=Scope.SURVEYS,
        summary="Make a survey, as a draft",
        request=NewSurvey,
        responses={201: SurveyView},
        refusals=(*BODY, p.SurveyExists),
    ),
    Route(
        method="POST",
        path="/v1/form-preview",
        function="manage",
        scope=Scope.SURVEYS,
        summary="The form that a survey with these settings would have. Nothing is kept",
        query=(Parameter("locale", "The language wanted: pt-BR, en or es. What the survey does not speak gives its default"),),
        request=NewSurvey,
        responses={200: Form},
        refusals=BODY,
    ),
    Route(
        method="GET",
        path=_SURVEY,
        function="manage",
        scope=Scope.SURVEYS,
        summary="One survey",
        responses={200: SurveyView},
        refusals=(p.NoSuchSurvey,),
    ),
    Route(
        method="PATCH",
        path=_SURVEY,
        function="manage",
        scope=Scope.SURVEYS,
        summary="Change a survey's settings",
        request=SurveyChange,
        responses={200: SurveyView},
        refusals=(*BODY, p.NoSuchSurvey, p.RevisionPassed),
    ),
    Route(
        method="POST",
        path=f"{_SURVEY}/open",
        function="manage",
        scope=Scope.SURVEYS,
        summary="Open it, for the first time or again: answers are taken from now on",
        responses={200: SurveyView},
        refusals=(p.NoSuchSurvey, p.Invalid, p.RevisionPassed),
    ),
    Route(
        method="POST",
        path=f"{_SURVEY}/close",
        function="manage",
        scope=Scope.SURVEYS,
        summary="Close it: no more answers are taken",
        responses={200: SurveyView},
        refusals=(p.NoSuchSurvey, p.SurveyNeverOpened, p.RevisionPassed),
    ),
    Route(
        method="POST",
        path=f"{_SURVEY}/signing-secret",
        function="manage",
        scope=Scope.SURVEYS,
        summary="Make the secret that signs respondent tokens, or a new one. It is shown this once",
        responses={201: SigningSecret},
        refusals=(p.NoSuchSurvey, p.TooBusy),
    ),
    Route(
        method="GET",
        path=_KEYS,
        function="manage",
        scope=Scope.KEYS,
        summary="All API keys",
        responses={200: KeyList},
    ),
    Route(
        method="POST",
        path=_KEYS,
        function="manage",
        scope=Scope.KEYS,
        summary="Make an API key. It is shown this once",
        request=NewKey,
        responses={201: KeyMade},
        refusals=BODY,
    ),
    Route(
        method="DELETE",
        path=f"{_KEYS}/{{key_id}}",
        function="manage",
        scope=Scope.KEYS,
        summary="Revoke an API key, at once and for good",
        responses={204: None},
        refusals=(p.NoSuchKey,),
    ),
    *ANSWER_ROUTES,
    *ASK_ROUTES,
    *OVERVIEW_ROUTES,
    *CHANNEL_ROUTES,
    *NUMBER_ROUTES,
    *IMPORT_ROUTES,
    *EXPORT_ROUTES,
    *PRIVACY_ROUTES,
    *PAGE_ROUTES,
    *QUARANTINE_ROUTES,
    *SESSION_ROUTES,
    *SUMMARY_ROUTES,
    *USER_ROUTES,
    *WAVE_ROUTES,
)

BY_KEY: Final = MappingProxyType({route.key: route for route in ROUTES})
