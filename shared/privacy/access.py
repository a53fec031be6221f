"""All that is held of a person, for that person: what, since when, until when, where it came from, what for, and whom it was given to.

LGPD arts. 9, 18 I, II, V and VII, and 19. The document says things in codes and instants, for programs (art. 18 V); `shared.privacy.copies`
says the same in words. Personal from the first line to the last: it is made when it is asked for and kept nowhere.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from shared import answer_id as ids
from shared import dimension as dim
from shared.alerts.message import RECEIPTS_KEPT
from shared.alerts.ports import Answers, Surveys
from shared.answer import Answer, AnswerKey, expiry_of
from shared.privacy.erasure import Recipient
from shared.privacy.ports import HeldComment, HeldConsent, HeldContact, HeldInvitation, PeopleToErase, Profile
from shared.survey import Survey

PURPOSE: Final = "satisfaction"
"""Why anything is held at all: to measure how satisfied customers are, and to help those who are not."""
FROM_THE_COMPANY: Final = "company"
"""The company said so of its customer, signed."""
FROM_THE_PERSON: Final = "person"
FROM_THE_PAGE: Final = "page"
"""The company's page or message said so, when it asked."""
BESIDE: Final[Mapping[str, str]] = {
    "counts": "anonymous",
    "deliveries": f"P{RECEIPTS_KEPT.days}D",
    "logs": "P30D",
    "backups": "P35D",
}
"""What else there is that only ids lead to, and for how long (ISO 8601): no door shows it, as it says nothing that is not above."""

type Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Access:
    """What is read from. Implements `privacy.ports.Access`."""

    people: PeopleToErase
    answers: Answers
    surveys: Surveys
    now: Callable[[], datetime]

    def of(self, person_id: str, proven: Iterable[AnswerKey] = ()) -> Document:
        """All that is held under a person id. `proven`: answers shown to be theirs by their keys, as nothing leads to an anonymous one."""
        now = self.now()
        comments = {comment.answer_id: comment for comment in self.people.comments(person_id)}
        named = {answer_id: survey_id for survey_id, answer_id in self.people.answers_of(person_id)}
        named |= {comment.answer_id: comment.survey_id for comment in comments.values()}
        named |= {key.answer_id: key.survey_id for key in proven}
        found = [
            (answer_id, survey_id, survey, self._answer(survey, answer_id, person_id))
            for answer_id, survey_id in sorted(named.items())
            for survey in [self.surveys.find(survey_id)]
        ]
        held = [
            _answer_of(answer_id, survey_id, survey, answer, comments.get(answer_id), now)
            for answer_id, survey_id, survey, answer in found
            if answer is not None or answer_id in comments
        ]
        surveys = {survey.survey_id: survey for _, _, survey, _ in found if survey is not None}
        return {
            "made_at": instant(now),
            "profile": _profile_of(self.people.profile(person_id)),
            "answers": held,
            "consents": [_consent_of(each) for each in self.people.consents(person_id)],
            "invitations": [_invitation_of(each) for each in self.people.invitations(person_id)],
            "asked": [_contact_of(each) for each in self.people.contacts(person_id)],
            "shared_with": [_recipient_of(each) for each in self.people.recipients_of(person_id)],
            "surveys": [_survey_of(survey) for survey in surveys.values() if any(each["survey_id"] == survey.survey_id for each in held)],
            "beside": dict(BESIDE),
        }

    def _answer(self, survey: Survey | None, answer_id: str, person_id: str) -> Answer | None:
        """The stored answer, if it is the person's."""
        answer = self.answers.find(AnswerKey.of(survey, ids.parse(answer_id))) if survey else None
        return answer if answer is not None and answer.person_id == person_id else None


def instant(at: datetime) -> str:
    """An instant as programs read it."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _maybe(at: datetime | None) -> str | None:
    return instant(at) if at else None


def _profile_of(profile: Profile | None) -> Document | None:
    if profile is None:
        return None
    return {
        "customer_id": profile.customer_id,
        "email": profile.email,
        "name": profile.name,
        "origin": FROM_THE_COMPANY,
        "changed_at": _maybe(profile.changed_at),
        "kept_until": _maybe(profile.keep_until),
    }


def _answer_of(  # noqa: PLR0913, PLR0917 - all that is known of it
    answer_id: str, survey_id: str, survey: Survey | None, answer: Answer | None, comment: HeldComment | None, now: datetime
) -> Document:
    return {
        "survey_id": survey_id,
        "answer_id": answer_id,
        "answered_at": instant(ids.parse(answer_id).instant),
        "score": answer.score if answer else None,
        "class": answer.nps_class.value if answer and answer.nps_class else None,
        "standing": answer.standing.value if answer else None,
        "suspicions": [reason.value for reason in answer.suspicions] if answer else [],
        "finished": answer.finished if answer else None,
        "changed_at": _maybe(answer.changed_at) if answer else None,
        "origin": FROM_THE_PERSON,
        "kept_until": instant(answer.expires_at or expiry_of(answer, survey, now)) if answer and survey else None,
        "circumstances": list(_circumstances(answer, survey)) if answer and survey else [],
        "comment": _comment_of(comment),
    }


def _circumstances(answer: Answer, survey: Survey) -> Iterator[Document]:
    """What the answer is counted by, in the survey's own words where it has some."""
    signed = {dim.SEGMENT + segment.key for segment in survey.settings.segments if segment.signed_only} | {dim.IDENTITY}
    touchpoints = {touchpoint.key: touchpoint for touchpoint in survey.settings.touchpoints}
    for name, value in sorted(answer.dimensions.items()):
        touchpoint = touchpoints.get(value) if name == dim.TOUCHPOINT else None
        yield {
            "name": name,
            "value": value,
            "label": touchpoint.label if touchpoint else None,
            "journey_stage": touchpoint.journey_stage if touchpoint else None,
            "origin": FROM_THE_COMPANY if name in signed else FROM_THE_PAGE,
        }


def _comment_of(comment: HeldComment | None) -> Document | None:
    if comment is None:
        return None
    return {
        "text": comment.text,
        "origin": FROM_THE_PERSON,
        "written_at": instant(comment.written_at),
        "kept_until": instant(comment.keep_until),
    }


def _consent_of(consent: HeldConsent) -> Document:
    return {
        "survey_id": consent.survey_id,
        "answer_id": consent.answer_id,
        "consent_version": consent.version,
        "locale": consent.locale,
        "given_at": instant(consent.given_at),
        "origin": FROM_THE_PERSON,
        "kept_until": instant(consent.keep_until),
    }


def _invitation_of(invitation: HeldInvitation) -> Document:
    return {
        "survey_id": invitation.survey_id,
        "invited_at": instant(invitation.made_at),
        "origin": FROM_THE_COMPANY,
        "kept_until": instant(invitation.keep_until),
    }


def _contact_of(contact: HeldContact) -> Document:
    return {
        "survey_id": contact.survey_id,
        "times_shown": contact.shown,
        "shown_at": _maybe(contact.shown_at),
        "last_answered_at": _maybe(contact.answered_at),
        "dismissed_at": _maybe(contact.dismissed_at),
        "origin": FROM_THE_PAGE,
        "kept_until": instant(contact.keep_until),
    }


def _recipient_of(recipient: Recipient) -> Document:
    return {
        "name": recipient.name,
        "kind": recipient.kind,
        "host": recipient.host,
        "country": recipient.country,
        "fields": sorted(recipient.fields),
        "first_at": instant(recipient.first_at),
        "last_at": instant(recipient.last_at),
        "times": recipient.times,
    }


def _survey_of(survey: Survey) -> Document:
    """What a survey's answers are for, on which legal basis, how long they are kept and whom to turn to."""
    settings = survey.settings
    basis, encarregado = settings.legal_basis, settings.encarregado
    return {
        "survey_id": survey.survey_id,
        "name": settings.name,
        "company": settings.company,
        "time_zone": settings.time_zone,
        "purpose": PURPOSE,
        "legal_basis": {
            "kind": basis.kind,
            "consent_version": basis.consent_version,
            "consent_text": dict(basis.consent_text),
            "assessment": basis.assessment,
        }
        if basis
        else None,
        "retention_days": survey.retention_days,
        "notice_url": settings.notice_url,
        "encarregado": {"name": encarregado.name, "email": encarregado.email} if encarregado else None,
    }
