"""`/v1/surveys`: each function is one route."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Final

from msgspec import UNSET

from functions.manage.composition import compose, logger
from shared.api.body import decode
from shared.api.form import form_of
from shared.api.http import Request, Response, json_response
from shared.api.problem import NoSuchSurvey, RevisionPassed, SurveyExists, SurveyNeverOpened, TooBusy, invalid
from shared.api.survey_messages import NewSurvey, SigningSecret, SurveyChange, SurveyList, changed_settings, settings_of, view_of
from shared.store.registry import BusyError
from shared.survey import Survey
from shared.survey_life import NeverOpenedError, closed, drafted, opened, resettled
from shared.survey_rules import SurveyRuleError
from shared.texts import nearest_locale

_TRIES: Final = 3
_SECRET_BYTES: Final = 32
_ID_BYTES: Final = 8


def list_all(_request: Request) -> Response:
    """All surveys."""
    return json_response(200, SurveyList(surveys=tuple(view_of(survey) for survey in compose().surveys.list())))


def read(request: Request) -> Response:
    """One survey."""
    return json_response(200, view_of(_there(request)))


def create(request: Request) -> Response:
    """A new survey, as a draft; with the first one comes what its answers are sealed with."""
    managing, new = compose(), decode(request.body, NewSurvey)
    survey_id = new.survey_id or managing.random_bytes(_ID_BYTES).hex()
    try:
        survey = drafted(survey_id, settings_of(new), new.buckets, _secret_text(), managing.now())
    except SurveyRuleError as error:
        raise invalid(error.pointer, error.rule) from None
    managing.masters.renew(managing.random_bytes, survey.created_at)
    managing.secrets.make_identity_pepper(managing.random_bytes(_SECRET_BYTES), survey.created_at)  # people may be invited by link alone
    if not managing.surveys.create(survey):
        raise SurveyExists
    logger.info("survey created", survey_id=survey_id, key_id=request.key_id)
    return json_response(201, view_of(survey), headers={"location": f"/v1/surveys/{survey_id}"})


def preview(request: Request) -> Response:
    """The form of a survey that is still being thought about."""
    new = decode(request.body, NewSurvey)
    try:
        draft = drafted(new.survey_id or "preview", settings_of(new), new.buckets, "", compose().now())
    except SurveyRuleError as error:
        raise invalid(error.pointer, error.rule) from None
    return json_response(200, form_of(draft, nearest_locale(draft, request.query.get("locale"))))


def change(request: Request) -> Response:
    """Other settings."""
    wanted = decode(request.body, SurveyChange)
    seen = None if wanted.revision is UNSET else wanted.revision
    return _changed(request, lambda survey: resettled(survey, changed_settings(survey.settings, wanted)), seen)


def open_(request: Request) -> Response:
    """Take answers."""
    now = compose().now()
    return _changed(request, lambda survey: opened(survey, now))


def close(request: Request) -> Response:
    """Take no more answers."""
    now = compose().now()
    return _changed(request, lambda survey: closed(survey, now))


def make_signing_secret(request: Request) -> Response:
    """The secret that signs respondent tokens, made or replaced."""
    managing, survey = compose(), _there(request)
    secret, now = _secret_text(), managing.now()
    managing.secrets.make_identity_pepper(managing.random_bytes(_SECRET_BYTES), now)  # for a survey that is older than this
    try:
        until = managing.secrets.replace_signing_secret(survey.survey_id, secret, now)
    except BusyError:
        raise TooBusy from None
    logger.info("signing secret made", survey_id=survey.survey_id, key_id=request.key_id, replaced=until is not None)
    return json_response(201, SigningSecret(survey_id=survey.survey_id, signing_secret=secret, previous_valid_until=until))


def _there(request: Request) -> Survey:
    survey = compose().surveys.read(request.path["survey_id"])
    if survey is None:
        raise NoSuchSurvey
    return survey


def _changed(request: Request, step: Callable[[Survey], Survey], seen: int | None = None) -> Response:
    """Store what `step` makes of the survey as it is now, or was at revision `seen`; another's change in between is met again."""
    for _ in range(_TRIES):
        before = _there(request)
        if seen is not None and before.revision != seen:
            break
        after = _stepped(before, step)
        if after is before:
            return json_response(200, view_of(before))
        if compose().surveys.replace(after, before.revision):
            logger.info("survey changed", survey_id=after.survey_id, status=after.status, revision=after.revision, key_id=request.key_id)
            return json_response(200, view_of(after))
    raise RevisionPassed


def _stepped(before: Survey, step: Callable[[Survey], Survey]) -> Survey:
    try:
        return step(before)
    except SurveyRuleError as error:
        raise invalid(error.pointer, error.rule) from None
    except NeverOpenedError:
        raise SurveyNeverOpened from None


def _secret_text() -> str:
    return urlsafe_b64encode(compose().random_bytes(_SECRET_BYTES)).decode().rstrip("=")


_SURVEYS: Final = "/v1/surveys"
_SURVEY: Final = f"{_SURVEYS}/{{survey_id}}"
ROUTES: Final = {
    f"GET {_SURVEYS}": list_all,
    f"POST {_SURVEYS}": create,
    "POST /v1/form-preview": preview,
    f"GET {_SURVEY}": read,
    f"PATCH {_SURVEY}": change,
    f"POST {_SURVEY}/open": open_,
    f"POST {_SURVEY}/close": close,
    f"POST {_SURVEY}/signing-secret": make_signing_secret,
}
