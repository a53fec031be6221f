"""What comes only after the score: consent, and with it whose the answer is.

Each step may be taken again, so the same request, sent again, completes what one that crashed began: the person notes the answer as theirs,
consent and an earlier comment are kept under them, then the answer names them, and last what lay under its anonymous id goes.
"""

from dataclasses import replace
from datetime import datetime

from msgspec import UNSET, UnsetType

from shared import answer_id as ids
from shared.answer import Answer, Change
from shared.api.messages import AnswerChange
from shared.api.problem import AnswerFinal
from shared.counting.reach import needs_announcing
from shared.identity import anonymous_person_id
from shared.intake.identifying import (
    company_says,
    consent_on,
    counted_by_identity,
    identity_of,
    is_identified,
    needs_consent,
    person_of,
    refuse_old_consent,
)
from shared.intake.ports import PersonErasedError
from shared.intake.receive import Intake, comment_on
from shared.survey import Survey


def with_late_words(survey: Survey, answer: Answer, wanted: AnswerChange, now: datetime, intake: Intake) -> Answer:
    """The answer with its person, once consent (where it is needed) and what proves who they are have come; both are kept.

    Raises `Invalid` for consent to an old text, `TokenRefused`, `InvitationUsed`, and `AnswerFinal` where it can no longer be changed.
    """
    version = _given(wanted.consent_version)
    refuse_old_consent(survey, version)
    version = version if needs_consent(survey) else None
    may_name = version is not None or not needs_consent(survey)
    token, invitation = _given(wanted.respondent_token), _given(wanted.invitation)
    if may_name and (token or invitation):
        answer = _named(survey, answer, (token, invitation, version), now, intake)
    elif version is not None:
        _keep_consent(survey, answer, version, now, intake)
    return answer


def _named(survey: Survey, answer: Answer, given: tuple[str | None, str | None, str | None], now: datetime, intake: Intake) -> Answer:
    token, invitation, version = given
    anonymous = anonymous_person_id(answer.key.answer_id, survey.person_salt)
    if is_identified(answer, survey):  # by this request before it was repeated, or by the POST: nobody else takes it over
        if version is not None:
            _keep_consent(survey, answer, version, now, intake)
        _clear(answer, anonymous, intake)
        return answer
    identity = identity_of(survey, token, invitation, now, intake)
    person_id = person_of(survey, identity, ids.parse(answer.key.answer_id), now, intake)
    named = replace(answer, person_id=person_id, dimensions={**answer.dimensions, **company_says(survey, identity)})
    named = counted_by_identity(named, survey)
    if version is not None:
        _keep_consent(survey, named, version, now, intake)
    if person_id == anonymous:
        return answer
    try:
        intake.people.copy_comment(comment_on(survey, answer, "", now), person_id)
    except PersonErasedError:
        return answer
    if needs_announcing(ids.parse(answer.key.answer_id), now):
        intake.touched.touch(answer.key.partition, now)
    if not intake.answers.give(answer.key, anonymous, person_id, Change(dimensions=named.dimensions), now):
        raise AnswerFinal
    _clear(answer, anonymous, intake)
    return named


def _keep_consent(survey: Survey, answer: Answer, version: str, now: datetime, intake: Intake) -> None:
    try:
        intake.consents.keep(consent_on(survey, answer, version, now))
    except PersonErasedError:
        raise AnswerFinal from None


def _clear(answer: Answer, anonymous: str, intake: Intake) -> None:
    """What lay under the anonymous id lies under the person now."""
    intake.people.remove_comment(anonymous, answer.key.answer_id, answer.edit_key_hash)
    intake.consents.drop(anonymous, answer.key.answer_id)


def _given(value: str | UnsetType) -> str | None:
    return None if value is UNSET else value
