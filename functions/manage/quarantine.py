"""`…/quarantine` and `…/answers/{answer_id}/include|exclude`: each function is one route. Who decided what is in the audit trail."""

from datetime import timedelta
from functools import partial
from typing import Final

from functions.manage.composition import compose, logger
from shared import answer_id as ids
from shared.answer import Answer, AnswerKey, Change, may_change
from shared.api.body import decode
from shared.api.http import Request, Response, json_response
from shared.api.nps import period_of
from shared.api.problem import AnswerFinal, NoSuchAnswer, NoSuchSurvey, TooBusy, invalid_parameter
from shared.api.quarantine_messages import DecisionBody, Quarantine, SetAside
from shared.counting.reach import needs_announcing
from shared.periods import day_span, local_day
from shared.phrase import Phrase
from shared.quarantine import Decided, Decision, set_aside
from shared.survey import Survey

_TRIES: Final = 3
_USUAL: Final = timedelta(days=6)
_MOST_DAYS: Final = 31


def list_set_aside(request: Request) -> Response:
    """A page of what is set aside."""
    survey, now = _survey(request), compose().now()
    zone = survey.settings.time_zone
    period = period_of(request.query, local_day(now, zone), usual=_USUAL)
    if (period.last - period.first).days >= _MOST_DAYS:
        raise invalid_parameter("from", Phrase("at most {most} days are expected", most=_MOST_DAYS))
    begin, end = day_span(period.first, zone)[0], day_span(period.last, zone)[1]
    page = set_aside(survey, begin, end, _cursor(request), compose().answers)
    shown = tuple(SetAside.of(answer) for answer in page.answers if not answer.has_expired(now))
    logger.info("quarantine shown", survey_id=survey.survey_id, answers=len(shown), key_id=request.key_id)
    return json_response(200, Quarantine(survey_id=survey.survey_id, answers=shown, next_cursor=page.after))


def decide(decision: Decision, request: Request) -> Response:
    """A person's decision; the same one again changes nothing."""
    reason = decode(request.body or b"{}", DecisionBody).reason
    key = _key(request, _survey(request))
    for _ in range(_TRIES):
        now = compose().now()
        answer = compose().answers.find(key)
        if answer is None or answer.has_expired(now):
            raise NoSuchAnswer
        if answer.standing is decision.standing:
            return json_response(200, SetAside.of(answer))
        decided = Decided(answer=key, decision=decision, key_id=request.key_id or "", at=now, reason=reason)
        _make(decided, answer)
    raise TooBusy


def _make(decided: Decided, answer: Answer) -> None:
    """Try to; the answer is read again afterwards in any case."""
    if not may_change(answer, decided.at, Change(standing=decided.decision.standing)):
        raise AnswerFinal("It was withdrawn or replaced, so it counts as nothing for good.")
    if needs_announcing(ids.parse(answer.key.answer_id), decided.at):
        compose().touched.touch(answer.key.partition, decided.at)
    if compose().decide(decided):
        logger.info("answer decided", answer_id=answer.key.answer_id, decision=decided.decision, key_id=decided.key_id)


def _survey(request: Request) -> Survey:
    survey = compose().surveys.find(request.path["survey_id"])
    if survey is None:
        raise NoSuchSurvey
    return survey


def _key(request: Request, survey: Survey) -> AnswerKey:
    try:
        return AnswerKey.of(survey, ids.parse(request.path["answer_id"]))
    except ids.InvalidAnswerIdError:
        raise NoSuchAnswer from None


def _cursor(request: Request) -> str | None:
    try:
        return ids.parse(request.query["cursor"]).text if "cursor" in request.query else None
    except ids.InvalidAnswerIdError:
        raise invalid_parameter("cursor", "the next_cursor of the page before is expected") from None


_SURVEY: Final = "/v1/surveys/{survey_id}"
ROUTES: Final = {f"GET {_SURVEY}/quarantine": list_set_aside} | {
    f"POST {_SURVEY}/answers/{{answer_id}}/{decision}": partial(decide, decision) for decision in Decision
}
