"""One answer, for holders of the scope `answers:read`: where an alert's link leads."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from secrets import token_bytes
from typing import Any, Final

from aws_lambda_powertools import Logger

from shared import answer_id as ids
from shared.answer import AnswerKey
from shared.api import protected
from shared.api.answer_views import view_of
from shared.api.http import Request, Response, json_response
from shared.api.problem import NoSuchAnswer, NoSuchSurvey
from shared.store.answers import Answers
from shared.store.person_keys import MasterKeys, PersonKeys
from shared.store.registry import SurveyStore
from shared.store.sealing import Sealing
from shared.store.settings import from_environment
from shared.store.sharing import PeopleSharing
from shared.store.tables import AnswerItem, PersonItem, PersonKeyItem, RegistryItem, bind

logger = Logger()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    answers_table: str
    people_table: str
    keys_table: str
    registry_table: str
    sealing_key: str


@dataclass(frozen=True, slots=True)
class Showing:
    """What the function works with."""

    surveys: SurveyStore
    answers: Answers
    people: PeopleSharing


@cache
def compose() -> Showing:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(AnswerItem, settings.answers_table)
    bind(PersonItem, settings.people_table)
    bind(PersonKeyItem, settings.keys_table)
    bind(RegistryItem, settings.registry_table)
    keys = PersonKeys(MasterKeys(Sealing(settings.sealing_key)), token_bytes)
    return Showing(SurveyStore(), Answers(), PeopleSharing(keys))


def show_answer(request: Request) -> Response:
    """One answer, with its comment and its person, if one is known. Who looked at what is logged by ids."""
    showing = compose()
    survey = showing.surveys.find(request.path["survey_id"])
    if survey is None:
        raise NoSuchSurvey
    try:
        key = AnswerKey.of(survey, ids.parse(request.path["answer_id"]))
    except ids.InvalidAnswerIdError:
        raise NoSuchAnswer from None
    answer = showing.answers.find(key)
    if answer is None or answer.has_expired(datetime.now(UTC)):
        raise NoSuchAnswer
    logger.info("answer shown", survey_id=survey.survey_id, answer_id=key.answer_id, key_id=request.key_id)
    return json_response(200, view_of(survey, answer, showing.people.facts(answer)))


ROUTES: Final = {"GET /v1/surveys/{survey_id}/answers/{answer_id}": show_answer}


def handle(event: dict[str, Any], _context: object) -> Response:
    """One request."""
    return protected.answer(event, ROUTES, logger)
