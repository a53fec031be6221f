"""Whose an answer is: what proves it, which person that makes, and consent where the survey's legal basis asks for it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from msgspec import structs

from shared import answer_id as ids
from shared import dimension as dim
from shared.answer import Answer, AnswerKey, expiry_of
from shared.api.messages import NewAnswer
from shared.api.problem import InvitationUsed, TokenRefused, invalid
from shared.identity import anonymous_person_id
from shared.intake.ports import Claims, Consent, Invitation, Occasion, PersonErasedError
from shared.intake.token import InvalidTokenError, claims_of
from shared.survey import Survey

if TYPE_CHECKING:
    from shared.intake.receive import Intake

type Identity = Claims | Invitation
"""What proves whose an answer is: a signed token, or a personal link."""
_TICK_FIRST: Final = "consent is needed before a comment: tick the box, and send the consent_version of the text"
_PRESENT: Final = "the consent_version of the text as the survey has it now is expected"


def needs_consent(survey: Survey) -> bool:
    """Whether nothing that identifies is taken before the person has ticked the box (LGPD arts. 7 I, 8)."""
    basis = survey.settings.legal_basis
    return basis is not None and basis.kind == "consent"


def is_consent(survey: Survey, version: str | None) -> bool:
    """Whether that is the version of the text which the survey shows at present."""
    basis = survey.settings.legal_basis
    return version is not None and basis is not None and version == basis.consent_version


def as_consented(survey: Survey, new: NewAnswer) -> NewAnswer:
    """What may be taken of an answer: without a consent that is needed, its score alone. Raises `Invalid` for a comment then."""
    if not needs_consent(survey):
        return structs.replace(new, consent_version=None) if new.consent_version else new
    if is_consent(survey, new.consent_version):
        return new
    if new.comment and new.comment.strip():
        raise invalid("/comment", _TICK_FIRST)
    return structs.replace(new, respondent_token=None, invitation=None, consent_version=None)


def identity_of(survey: Survey, token: str | None, invitation: str | None, now: datetime, intake: "Intake") -> Identity | None:
    """What proves whose the answer is. A token that proves nothing is refused; an invitation that has expired leaves it anonymous."""
    if token is not None:
        try:
            return claims_of(token, intake.secrets.signing_secrets(survey.survey_id, now))
        except InvalidTokenError:
            raise TokenRefused from None
    return intake.invitations.find(invitation, survey.survey_id, now) if invitation is not None else None


def segments_of(identity: Identity | None) -> Mapping[str, str]:
    """What the company says of the person: it wins over what a page says."""
    return identity.segments if identity else {}


def company_says(survey: Survey, identity: Identity | None) -> dict[str, str]:
    """The dimensions that token or invitation decide, resolved to declared values; segments that are not declared are left alone."""
    declared = survey.settings.declared()
    given = {dim.SEGMENT + key: value for key, value in segments_of(identity).items() if dim.SEGMENT + key in declared}
    if isinstance(identity, Invitation) and identity.touchpoint is not None:
        given[dim.TOUCHPOINT] = identity.touchpoint
    return dim.resolve(given, declared)


def person_of(survey: Survey, identity: Identity | None, answer_id: ids.AnswerId, now: datetime, intake: "Intake") -> str:
    """Whom that names; nobody where there is nothing, or where that person was erased. Raises `InvitationUsed`."""
    anonymous = anonymous_person_id(answer_id.text, survey.person_salt)
    if identity is None:
        return anonymous
    draft = Answer(key=AnswerKey.of(survey, answer_id), score=0, person_id=anonymous, edit_key_hash="", changed_at=now)
    occasion = Occasion(survey.survey_id, answer_id.text, expiry_of(draft, survey, now))
    try:
        if isinstance(identity, Claims):
            return intake.people.identify(identity, occasion, now)
        return _accepted(survey, identity, occasion, now, intake)
    except PersonErasedError:
        return anonymous


def _accepted(survey: Survey, invitation: Invitation, occasion: Occasion, now: datetime, intake: "Intake") -> str:
    def is_there(answer_id: str) -> bool:
        return intake.answers.find(AnswerKey.of(survey, ids.parse(answer_id))) is not None

    if not intake.invitations.claim(invitation, occasion.answer_id, now, is_there=is_there):
        raise InvitationUsed
    intake.invitations.accept(invitation, occasion, now)
    return invitation.person_id


def is_identified(answer: Answer, survey: Survey) -> bool:
    """Whether it is a person's who is known."""
    return answer.person_id != anonymous_person_id(answer.key.answer_id, survey.person_salt)


def counted_by_identity(answer: Answer, survey: Survey) -> Answer:
    """The answer in the group of those whose person is known, or of the anonymous ones, as it is now."""
    identity = dim.IDENTIFIED if is_identified(answer, survey) else dim.ANONYMOUS
    return replace(answer, dimensions={**answer.dimensions, dim.IDENTITY: identity})


def consent_on(survey: Survey, answer: Answer, version: str, now: datetime) -> Consent:
    """The record of the consent that came with an answer, kept as long as it. The text's language is that which the form showed it in."""
    texts = survey.settings.legal_basis.consent_text if survey.settings.legal_basis else {}
    shown = answer.dimensions.get(dim.LOCALE)
    return Consent(
        person_id=answer.person_id,
        survey_id=survey.survey_id,
        answer_id=answer.key.answer_id,
        version=version,
        locale=shown if shown in texts else survey.settings.default_locale,
        given_at=now,
        expires_at=expiry_of(answer, survey, now),
    )


def refuse_comment_before_consent(survey: Survey, answer: Answer, text: str, version: str | None, intake: "Intake") -> None:
    """A change may bring a comment if it brings consent too, or consent was given before. Raises `Invalid`."""
    if not text.strip() or not needs_consent(survey) or is_consent(survey, version):
        return
    if not intake.consents.has(answer.person_id, answer.key.answer_id):
        raise invalid("/comment", _TICK_FIRST)


def refuse_old_consent(survey: Survey, version: str | None) -> None:
    """Consent to another text than the present one is none. Raises `Invalid`."""
    if version is not None and needs_consent(survey) and not is_consent(survey, version):
        raise invalid("/consent_version", _PRESENT)
