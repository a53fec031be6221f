"""A new answer: `POST /v1/surveys/{survey_id}/answers`."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared import answer_id as ids
from shared import dimension as dim
from shared.answer import Answer, AnswerKey, expiry_of
from shared.api.messages import NewAnswer
from shared.api.problem import AnswerIdOutOfTime, AnswerTaken, NoSuchSurvey, SurveyNotOpen, TokenRefused, invalid
from shared.counting.sweep import needs_announcing
from shared.identity import anonymous_person_id, edit_key_hash_of
from shared.intake.ports import Answers, Claims, Comment, CommentTakenError, PeopleStore, PersonErasedError, Secrets, TouchedPartitions
from shared.intake.token import InvalidTokenError, claims_of
from shared.survey import Survey, SurveyStatus


@dataclass(frozen=True, slots=True)
class Intake:
    """What taking answers in works with. `random_bits(n)` and `new_key()` are of a cryptographic source."""

    answers: Answers
    people: PeopleStore
    touched: TouchedPartitions
    secrets: Secrets
    random_bits: Callable[[int], int]
    new_key: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Received:
    """The answer as it now stands; `edit_token` only for an answer whose id we made, and only this once."""

    answer: Answer
    created: bool
    identified: bool
    edit_token: str | None = None


def receive(survey: Survey, new: NewAnswer, now: datetime, intake: Intake) -> Received:
    """Store an answer once, however often its POST is sent.

    Raises the refusals of `shared.api.problem`. A draft is nobody's business yet, so it is not found.
    """
    if survey.status is SurveyStatus.DRAFT:
        raise NoSuchSurvey
    if survey.status is SurveyStatus.CLOSED:
        raise SurveyNotOpen
    answer_id, key_hash, edit_token = _id_and_key(new, now, intake)
    claims = _claims(survey, new, now, intake)
    dimensions = _dimensions(survey, new, claims)
    person_id, identified = _person(survey, claims, answer_id, now, intake)
    answer = Answer(
        key=AnswerKey.of(survey, answer_id),
        score=new.score,
        person_id=person_id,
        edit_key_hash=key_hash,
        changed_at=now,
        dimensions=dimensions,
        finished=new.finished,
    )
    stored, created = _store(survey, answer, new.comment, now, intake)
    return Received(stored, created, identified, edit_token)


def _id_and_key(new: NewAnswer, now: datetime, intake: Intake) -> tuple[ids.AnswerId, str, str | None]:
    if new.answer_id is None or new.edit_key_hash is None:  # NewAnswer takes both or neither
        token = intake.new_key()
        return ids.parse(ids.mint(now, intake.random_bits(74))), edit_key_hash_of(token), token
    try:
        return ids.parse_current(new.answer_id, now), new.edit_key_hash, None
    except ids.InvalidAnswerIdError:
        raise invalid("/answer_id", "a UUIDv7 in lower case is expected") from None
    except ids.AnswerIdOutOfTimeError:
        raise AnswerIdOutOfTime(now) from None


def _claims(survey: Survey, new: NewAnswer, now: datetime, intake: Intake) -> Claims | None:
    if new.respondent_token is None:
        return None
    try:
        return claims_of(new.respondent_token, intake.secrets.signing_secrets(survey.survey_id, now))
    except InvalidTokenError:
        raise TokenRefused from None


def _dimensions(survey: Survey, new: NewAnswer, claims: Claims | None) -> dict[str, str]:
    """What was given, resolved to declared values. Signed segments win, and may carry keys that no survey of ours declares."""
    declared = survey.settings.declared()
    signed_only = {segment.key for segment in survey.settings.segments if segment.signed_only}
    for key in new.segments:
        if dim.SEGMENT + key not in declared:
            raise invalid("/segments", "only segments that the survey declares are expected")
        if key in signed_only:
            raise invalid("/segments", "this segment is taken from a respondent_token only")
    segments = new.segments | (claims.segments if claims else {})
    plain = {dim.TOUCHPOINT: new.touchpoint, dim.CHANNEL: new.channel, dim.VARIANT: new.variant, dim.LOCALE: new.locale}
    given = {name: value for name, value in plain.items() if value is not None}
    given |= {dim.SEGMENT + key: value for key, value in segments.items() if dim.SEGMENT + key in declared}
    return dim.resolve(given, declared)


def _person(survey: Survey, claims: Claims | None, answer_id: ids.AnswerId, now: datetime, intake: Intake) -> tuple[str, bool]:
    anonymous = anonymous_person_id(answer_id.text, survey.person_salt)
    if claims is None:
        return anonymous, False
    try:
        return intake.people.identify(claims, _keep_until(survey, answer_id, now), now), True
    except PersonErasedError:
        return anonymous, False


def _keep_until(survey: Survey, answer_id: ids.AnswerId, now: datetime) -> datetime:
    draft = Answer(key=AnswerKey.of(survey, answer_id), score=0, person_id="", edit_key_hash="", changed_at=now)
    return expiry_of(draft, survey, now)


def _store(survey: Survey, answer: Answer, comment: str | None, now: datetime, intake: Intake) -> tuple[Answer, bool]:
    """Comment first, then the answer; a comment whose answer turns out to be another's is taken back."""
    commented = bool(comment and comment.strip()) and _comment(survey, answer, comment or "", now, intake)
    answer_id = ids.parse(answer.key.answer_id)
    if needs_announcing(answer_id, now):
        intake.touched.touch(answer.key.partition, now)
    if intake.answers.add(answer):
        return answer, True
    there = intake.answers.find(answer.key)
    same_key = there is not None and hmac.compare_digest(there.edit_key_hash, answer.edit_key_hash)
    if commented and not (there and same_key and there.person_id == answer.person_id):
        intake.people.remove_comment(answer.person_id, answer.key.answer_id)
    if there is None or not same_key:
        raise AnswerTaken
    return there, False


def _comment(survey: Survey, answer: Answer, text: str, now: datetime, intake: Intake) -> bool:
    try:
        return intake.people.add_comment(comment_on(survey, answer, text, now))
    except CommentTakenError:
        raise AnswerTaken from None
    except PersonErasedError:
        return False


def comment_on(survey: Survey, answer: Answer, text: str, now: datetime) -> Comment:
    """The comment that `text` is on `answer`, kept as long as the answer."""
    return Comment(
        person_id=answer.person_id,
        survey_id=survey.survey_id,
        answer_id=answer.key.answer_id,
        edit_key_hash=answer.edit_key_hash,
        text=text.strip(),
        written_at=now,
        expires_at=expiry_of(answer, survey, now),
    )
