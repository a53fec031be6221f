"""A new answer: `POST /v1/surveys/{survey_id}/answers`."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from shared import answer_id as ids
from shared import dimension as dim
from shared.answer import Answer, AnswerKey, Standing, SuspicionReason, expiry_of
from shared.api.messages import NewAnswer
from shared.api.problem import AnswerIdOutOfTime, AnswerTaken, NoSuchSurvey, SurveyNotOpen, TooBusy, invalid
from shared.counting.reach import needs_announcing
from shared.identity import anonymous_person_id, edit_key_hash_of
from shared.intake.identifying import (
    Identity,
    as_consented,
    company_says,
    consent_on,
    counted_by_identity,
    identity_of,
    is_identified,
    person_of,
)
from shared.intake.ports import (
    Answers,
    Comment,
    CommentTakenError,
    Consents,
    Invitations,
    PeopleBusyError,
    PeopleStore,
    PersonErasedError,
    Secrets,
    TouchedPartitions,
)
from shared.intake.setting_aside import judged, weigh
from shared.intake.traffic import Sender, Watch, sender_of
from shared.survey import Survey, SurveyStatus


@dataclass(frozen=True, slots=True)
class Intake:
    """What taking answers in works with. `random_bits(n)` and `new_key()` are of a cryptographic source."""

    answers: Answers
    people: PeopleStore
    consents: Consents
    invitations: Invitations
    touched: TouchedPartitions
    secrets: Secrets
    random_bits: Callable[[int], int]
    new_key: Callable[[], str]
    watch: Watch


@dataclass(frozen=True, slots=True)
class Received:
    """The answer as it now stands; `edit_token` only for an answer whose id we made, and only this once."""

    answer: Answer
    created: bool
    identified: bool
    commented: bool = False
    edit_token: str | None = None
    weighed: bool = True
    """Whether it could be found out if it is part of a flood."""


def receive(survey: Survey, new: NewAnswer, now: datetime, intake: Intake, source_ip: str | None = None) -> Received:
    """Store an answer once, however often its POST is sent; set it aside where it is suspicious.

    Raises the refusals of `shared.api.problem`. A draft is nobody's business yet, so it is not found.
    """
    try:
        return _receive(survey, new, now, intake, sender_of(survey, source_ip))
    except PeopleBusyError:
        raise TooBusy from None


def _receive(survey: Survey, new: NewAnswer, now: datetime, intake: Intake, sender: Sender | None) -> Received:
    if survey.status is SurveyStatus.DRAFT:
        raise NoSuchSurvey
    answer_id, key_hash, edit_token = _id_and_key(new, now, intake)
    _refuse_segments(survey, new)
    key = AnswerKey.of(survey, answer_id)
    there = _earlier(key, key_hash, intake) if _may_repeat_more_than_a_score(survey, new) else None
    if there is not None:
        return Received(there, created=False, identified=is_identified(there, survey))
    if survey.status is SurveyStatus.CLOSED:
        raise SurveyNotOpen
    new = as_consented(survey, new)
    identity = identity_of(survey, new.respondent_token, new.invitation, now, intake)
    answer = Answer(
        key=key,
        score=new.score,
        person_id=person_of(survey, identity, answer_id, now, intake),
        edit_key_hash=key_hash,
        changed_at=now,
        dimensions=_dimensions(survey, new, identity),
        finished=new.finished,
    )
    answer = _with_consent(survey, answer, new.consent_version, now, intake)
    answer, comment = _with_comment(survey, answer, new.comment, now, intake)
    sender = None if is_identified(answer, survey) else sender
    answer = counted_by_identity(answer, survey)
    stored, created = _store(judged(answer, new, sender, intake.watch, now), comment, now, intake)
    created = created or edit_token is not None  # nobody else has that id: a write that the client library repeated met itself
    weighed = _weigh(stored, sender, now, intake) if created else True
    return Received(stored, created, is_identified(stored, survey), comment is not None, edit_token, weighed)


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


def _refuse_segments(survey: Survey, new: NewAnswer) -> None:
    signed_only = {segment.key: segment.signed_only for segment in survey.settings.segments}
    for key in new.segments:
        if key not in signed_only:
            raise invalid("/segments", "only segments that the survey declares are expected")
        if signed_only[key]:
            raise invalid("/segments", "this segment is taken from a respondent_token only")


def _may_repeat_more_than_a_score(survey: Survey, new: NewAnswer) -> bool:
    """Whether to look for the answer before anything else, because a repeat must neither write to People nor be refused.

    A token may have expired since the first attempt, a comment been removed, the survey closed. A mere score is one write, done or not.
    """
    touches_people = bool(new.comment or new.respondent_token or new.invitation or new.consent_version)
    return new.answer_id is not None and (touches_people or survey.status is SurveyStatus.CLOSED)


def _earlier(key: AnswerKey, key_hash: str, intake: Intake) -> Answer | None:
    """What an earlier attempt stored. Raises `AnswerTaken` where it was somebody else's."""
    there = intake.answers.find(key)
    if there is not None and not hmac.compare_digest(there.edit_key_hash, key_hash):
        raise AnswerTaken
    return there


def _dimensions(survey: Survey, new: NewAnswer, identity: Identity | None) -> dict[str, str]:
    """What was given, resolved to declared values; what the company says of its customer wins."""
    plain = {dim.TOUCHPOINT: new.touchpoint, dim.CHANNEL: new.channel, dim.VARIANT: new.variant, dim.LOCALE: new.locale}
    given = {name: value for name, value in plain.items() if value is not None}
    given |= {dim.SEGMENT + key: value for key, value in new.segments.items()}
    return dim.resolve(given, survey.settings.declared()) | company_says(survey, identity)


def _with_consent(survey: Survey, answer: Answer, version: str | None, now: datetime, intake: Intake) -> Answer:
    """Keep the consent that came with it, under its person; under nobody's name where they were erased meanwhile."""
    if version is None:
        return answer
    try:
        intake.consents.keep(consent_on(survey, answer, version, now))
    except PersonErasedError:
        answer = replace(answer, person_id=anonymous_person_id(answer.key.answer_id, survey.person_salt))
        intake.consents.keep(consent_on(survey, answer, version, now))
    return answer


def _with_comment(survey: Survey, answer: Answer, text: str | None, now: datetime, intake: Intake) -> tuple[Answer, Comment | None]:
    """Keep the comment; returns it where this call wrote it.

    Of a person who was erased meanwhile nothing is kept: the answer no longer names them, and what they wrote would outlive them there.
    """
    if not text or not text.strip():
        return answer, None
    comment = comment_on(survey, answer, text, now)
    try:
        is_new = intake.people.add_comment(comment)
    except CommentTakenError:
        raise AnswerTaken from None
    except PersonErasedError:
        return replace(answer, person_id=anonymous_person_id(answer.key.answer_id, survey.person_salt)), None
    return replace(answer, commented=True), comment if is_new else None


def _store(answer: Answer, comment: Comment | None, now: datetime, intake: Intake) -> tuple[Answer, bool]:
    """The answer goes last; a comment whose answer turns out to be another's is taken back."""
    if needs_announcing(ids.parse(answer.key.answer_id), now):
        intake.touched.touch(answer.key.partition, now)
    if intake.answers.add(answer):
        return answer, True
    there = intake.answers.find(answer.key)
    is_ours = there is not None and hmac.compare_digest(there.edit_key_hash, answer.edit_key_hash)
    if comment is not None and not (there and is_ours and there.person_id == answer.person_id):
        intake.people.remove_comment(comment.person_id, comment.answer_id, comment.edit_key_hash)
    if there is None or not is_ours:
        raise AnswerTaken
    return there, False


def _weigh(stored: Answer, sender: Sender | None, now: datetime, intake: Intake) -> bool:
    """What came from a proven person, or is suspicious by itself, is part of no flood."""
    is_counted_among_others = stored.standing is Standing.VALID or SuspicionReason.NETWORK in stored.suspicions
    if sender is None or not is_counted_among_others:
        return True
    return weigh(stored, sender, intake.watch, intake.answers, intake.touched, now)


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
