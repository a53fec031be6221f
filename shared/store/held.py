"""Items of People as whoever shows a person what is held of them sees them."""

from datetime import UTC, datetime

from shared.privacy.ports import HeldConsent, HeldContact, HeldInvitation
from shared.store.answer_items import instant_of
from shared.store.consents import CONSENT
from shared.store.contacts import ASKED_IN
from shared.store.tables import PersonItem


def held_consent(item: PersonItem) -> HeldConsent:
    """A record of consent."""
    return HeldConsent(
        survey_id=item.survey_id,
        answer_id=item.sk.removeprefix(CONSENT),
        version=item.consent_version,
        locale=item.locale,
        given_at=instant_of(item.created_at),
        keep_until=_until(item),
    )


def held_invitation(item: PersonItem) -> HeldInvitation:
    """That there is a personal link; its hash tells nobody anything."""
    return HeldInvitation(survey_id=item.survey_id, made_at=instant_of(item.created_at), keep_until=_until(item))


def held_contact(item: PersonItem) -> HeldContact:
    """When they were asked, in one survey or in any."""
    given = item.attribute_values
    return HeldContact(
        survey_id=item.sk.removeprefix(ASKED_IN) if item.sk.startswith(ASKED_IN) else None,
        shown=int(given["times"]) if "times" in given else None,
        shown_at=_maybe(given.get("last_at")),
        answered_at=_maybe(given.get("answered_at")),
        dismissed_at=_maybe(given.get("dismissed_at")),
        keep_until=_until(item),
    )


def _maybe(at: float | None) -> datetime | None:
    return instant_of(at) if at is not None else None


def _until(item: PersonItem) -> datetime:
    return datetime.fromtimestamp(item.expires_at, UTC)
