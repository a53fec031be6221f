"""A change by the person who answered: `PATCH /v1/surveys/{survey_id}/answers/{answer_id}`."""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec import UNSET

from shared import answer_id as ids
from shared.answer import Answer, AnswerKey, Change
from shared.api.messages import AnswerChange
from shared.api.problem import AnswerFinal, NoSuchAnswer, TooBusy
from shared.counting.reach import needs_announcing
from shared.identity import edit_key_hash_of
from shared.intake.identifying import refuse_comment_before_consent
from shared.intake.late import with_late_words
from shared.intake.ports import Answers, PeopleBusyError, PersonErasedError
from shared.intake.receive import Intake, comment_on
from shared.survey import Survey


@dataclass(frozen=True, slots=True)
class Changed:
    """The answer after the change, and what changed."""

    answer: Answer
    score_changed: bool
    commented: bool
    newly_finished: bool


def change(survey: Survey, answer_id: str, key: str, wanted: AnswerChange, now: datetime, intake: Intake) -> Changed:  # noqa: PLR0913, PLR0917 - which answer, whose, what, when
    """Change score, comment (an empty one removes it) or `finished` of one's own answer; the same change again changes nothing.

    Raises `NoSuchAnswer` where the answer is not there or the key does not open it, the same for both, and
    `AnswerFinal` where it can no longer be changed.
    """
    answer = own_answer(survey, answer_id, key, intake.answers)
    if not answer.may_be_edited(now):
        raise AnswerFinal
    if wanted.comment is not UNSET:
        version = None if wanted.consent_version is UNSET else wanted.consent_version
        refuse_comment_before_consent(survey, answer, wanted.comment, version, intake)
    answer = _with_late_words(survey, answer, wanted, now, intake)
    commented = None if wanted.comment is UNSET else _comment(survey, answer, wanted.comment, now, intake)
    score = answer.score if wanted.score is UNSET else wanted.score
    score_changed = score != answer.score
    newly_finished = wanted.finished is True and not answer.finished
    newly_commented = commented is not None and commented is not answer.commented  # an alert that went out without it is followed by a word
    if score_changed or newly_finished or newly_commented:
        if needs_announcing(ids.parse(answer_id), now):
            intake.touched.touch(answer.key.partition, now)
        announceable = Change(
            score=score if score_changed else None,
            finished=True if newly_finished else None,
            commented=commented if newly_commented else None,
        )
        if not intake.answers.change(answer.key, announceable, now):
            raise AnswerFinal
    has_comment = answer.commented if commented is None else commented
    after = replace(answer, score=score, finished=answer.finished or newly_finished, commented=has_comment)
    return Changed(after, score_changed, bool(commented), newly_finished)


def own_answer(survey: Survey, answer_id: str, key: str, answers: Answers) -> Answer:
    """The answer that this edit key or token opens. Raises `NoSuchAnswer` where there is none, or the key is another's."""
    try:
        parsed = ids.parse(answer_id)
    except ids.InvalidAnswerIdError:
        raise NoSuchAnswer from None
    answer = answers.find(AnswerKey.of(survey, parsed))
    if answer is None or not hmac.compare_digest(answer.edit_key_hash, edit_key_hash_of(key)):
        raise NoSuchAnswer
    return answer


def _with_late_words(survey: Survey, answer: Answer, wanted: AnswerChange, now: datetime, intake: Intake) -> Answer:
    try:
        return with_late_words(survey, answer, wanted, now, intake)
    except PeopleBusyError:
        raise TooBusy from None


def _comment(survey: Survey, answer: Answer, text: str, now: datetime, intake: Intake) -> bool:
    try:
        if not text.strip():
            intake.people.remove_comment(answer.person_id, answer.key.answer_id, answer.edit_key_hash)
            return False
        intake.people.replace_comment(comment_on(survey, answer, text, now))
    except PersonErasedError:
        raise AnswerFinal from None
    except PeopleBusyError:
        raise TooBusy from None
    return True
