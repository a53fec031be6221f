"""Takes answers: the form, a new answer, a change by the person who gave it, and the browser's preflights. Public."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from aws_lambda_powertools import Logger
from msgspec import UNSET, UnsetType

from functions.collect.settings import Settings
from shared import dimension as dim
from shared.api.body import decode
from shared.api.form import form_response
from shared.api.http import Request, Response, answer, json_response
from shared.api.messages import AnswerChange, AnswerReceived, FollowUp, NewAnswer
from shared.api.origins import for_pages, preflight
from shared.api.problem import CredentialMissing, NoSuchSurvey
from shared.intake.change import change
from shared.intake.receive import Intake, receive
from shared.scoring import classify
from shared.store.reception import intake_of
from shared.store.registry import SurveyStore
from shared.store.sealing import Sealing
from shared.store.settings import from_environment
from shared.store.tables import AnswerItem, PersonItem, PersonKeyItem, RegistryItem, TrafficItem, bind
from shared.survey import Survey
from shared.texts import follow_up_question

logger = Logger()


@dataclass(frozen=True, slots=True)
class Collecting:
    """What the function works with."""

    surveys: SurveyStore
    intake: Intake


@cache
def compose() -> Collecting:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(AnswerItem, settings.answers_table)
    bind(PersonItem, settings.people_table)
    bind(PersonKeyItem, settings.keys_table)
    bind(RegistryItem, settings.registry_table)
    bind(TrafficItem, settings.traffic_table)
    return Collecting(SurveyStore(), intake_of(Sealing(settings.sealing_key)))


def take_answer(request: Request, survey: Survey) -> Response:
    """A new answer; the same one sent again is answered 200 and changes nothing."""
    new = decode(request.body, NewAnswer)
    received = receive(survey, new, datetime.now(UTC), compose().intake, request.source_ip)
    logger.info(
        "answer received",
        survey_id=survey.survey_id,
        answer_id=received.answer.key.answer_id,
        nps_class=classify(received.answer.score),
        repeated=not received.created,
        commented=received.commented,
        identified=received.identified,
        standing=received.answer.standing,
    )
    if not received.weighed:
        logger.warning("traffic not weighed", survey_id=survey.survey_id)
    body = _view(survey, received.answer.key.answer_id, received.answer.score, new.locale, received.edit_token or UNSET)
    return json_response(201 if received.created else 200, body)


def change_answer(request: Request, survey: Survey) -> Response:
    """A change of score, comment or `finished`, by whoever holds the answer's edit key or token."""
    if request.bearer is None:
        raise CredentialMissing
    wanted = decode(request.body, AnswerChange)
    changed = change(survey, request.path["answer_id"], request.bearer, wanted, datetime.now(UTC), compose().intake)
    logger.info(
        "answer changed",
        survey_id=survey.survey_id,
        answer_id=changed.answer.key.answer_id,
        score_changed=changed.score_changed,
        commented=changed.commented,
        finished=changed.newly_finished,
    )
    locale = changed.answer.dimensions.get(dim.LOCALE)
    return json_response(200, _view(survey, changed.answer.key.answer_id, changed.answer.score, locale))


def count_displays(request: Request, survey: Survey) -> Response:
    """That the question was shown, and what came of it."""
    from functions.collect import asking  # noqa: PLC0415 - an answer's cold start need not wait for it

    return asking.count_displays(request, survey)


def whether_to_ask(request: Request, survey: Survey) -> Response:
    """Whether a person may be asked now."""
    from functions.collect import asking  # noqa: PLC0415 - likewise

    return asking.whether_to_ask(request, survey)


def _survey(request: Request) -> Survey:
    survey = compose().surveys.find(request.path["survey_id"])
    if survey is None:
        raise NoSuchSurvey
    return survey


def _view(survey: Survey, answer_id: str, score: int, locale: str | None, edit_token: str | UnsetType = UNSET) -> AnswerReceived:
    nps_class = classify(score)
    question = follow_up_question(survey, nps_class, locale)
    return AnswerReceived(answer_id=answer_id, nps_class=nps_class, follow_up=FollowUp(question=question), edit_token=edit_token)


_ANSWERS: Final = "/v1/surveys/{survey_id}/answers"
_FORM: Final = "/v1/surveys/{survey_id}/form"
_DISPLAYS: Final = "/v1/surveys/{survey_id}/displays"
_ASKING: Final = "/v1/surveys/{survey_id}/asking"
ROUTES: Final = {
    f"GET {_FORM}": for_pages(_survey, form_response),
    f"POST {_ANSWERS}": for_pages(_survey, take_answer),
    f"PATCH {_ANSWERS}/{{answer_id}}": for_pages(_survey, change_answer),
    f"POST {_DISPLAYS}": for_pages(_survey, count_displays),
    f"POST {_ASKING}": for_pages(_survey, whether_to_ask),
    **{f"OPTIONS {path}": for_pages(_survey, preflight) for path in (_FORM, _ANSWERS, f"{_ANSWERS}/{{answer_id}}", _DISPLAYS, _ASKING)},
}


def handle(event: dict[str, Any], _context: object) -> Response:
    """One request."""
    return answer(event, ROUTES, logger)
