"""Answers one by one, for holders of the scope `answers:read`: one, where an alert's link leads; a list of them; a file of some."""

from typing import Any, Final

from functions.answers import lists
from functions.answers.composition import compose, logger, survey_of
from shared import answer_id as ids
from shared.answer import AnswerKey
from shared.api import protected
from shared.api.answer_views import view_of
from shared.api.http import Request, Response, json_response
from shared.api.problem import NoSuchAnswer


def show_answer(request: Request) -> Response:
    """One answer, with its comment and its person, if one is known. Who looked at what is logged by ids."""
    showing, survey = compose(), survey_of(request)
    try:
        key = AnswerKey.of(survey, ids.parse(request.path["answer_id"]))
    except ids.InvalidAnswerIdError:
        raise NoSuchAnswer from None
    answer = showing.answers.find(key)
    if answer is None or answer.has_expired(showing.now()):
        raise NoSuchAnswer
    logger.info("answer shown", survey_id=survey.survey_id, answer_id=key.answer_id, key_id=request.key_id)
    return json_response(200, view_of(survey, answer, showing.people.facts(answer)))


ROUTES: Final = {"GET /v1/surveys/{survey_id}/answers/{answer_id}": show_answer, **lists.ROUTES}


def handle(event: dict[str, Any], _context: object) -> Response:
    """One request."""
    return protected.answer(event, ROUTES, logger)
