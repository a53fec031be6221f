"""Whether a person whom a signed token names may be asked, and remembering that they were: over devices and surveys of the deployment."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.api.problem import NoSuchSurvey, TokenRefused, TooBusy
from shared.contact import History, may_ask
from shared.display_counts import DisplayCounts
from shared.identity import lookup_of
from shared.intake.identifying import needs_consent
from shared.intake.ports import Claims, PeopleBusyError, Secrets
from shared.intake.token import InvalidTokenError, claims_of
from shared.survey import Survey, SurveyStatus


class Contacts(Protocol):
    """When people were asked, in People."""

    def persons_of(self, claims: Claims) -> Collection[str]:
        """Whose claims those may be: of the customer id, and of the e-mail; none where nobody is known by them."""

    def history(self, person_id: str, survey_id: str) -> History:
        """What is remembered of them."""

    def note(self, claims: Claims, survey: Survey, counts: DisplayCounts, now: datetime, *, may_make: bool) -> bool:
        """Remember that these happened now; False, and nothing written, of who is not known (unless `may_make`) or was erased."""


class Suppressed(Protocol):
    """Who must not be invited."""

    def standing(self, lookups: Collection[str], now: datetime) -> Collection[str]:
        """Those of these lookup hashes that are suppressed."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What it works with. `pepper` gives the key of identity lookups."""

    contacts: Contacts
    suppressed: Suppressed
    secrets: Secrets
    pepper: Callable[[], bytes]


def ask(survey: Survey, token: str, now: datetime, asking: Asking) -> bool:
    """Whether to ask whom the token names. Raises `TokenRefused`, and `NoSuchSurvey` for a draft."""
    if survey.status is SurveyStatus.DRAFT:
        raise NoSuchSurvey
    claims = _claims(survey, token, now, asking)
    is_suppressed = bool(asking.suppressed.standing(lookups_of(claims, asking.pepper()), now))
    return survey.status is SurveyStatus.OPEN and not is_suppressed and is_rested(survey, claims, now, asking.contacts)


def is_rested(survey: Survey, claims: Claims, now: datetime, contacts: Contacts) -> bool:
    """Whether nobody whose claims those may be was asked too lately, on whatever device and by whatever survey."""
    persons = contacts.persons_of(claims)
    return all(may_ask(contacts.history(person_id, survey.survey_id), survey, now) for person_id in persons)


def remember(survey: Survey, token: str, counts: DisplayCounts, now: datetime, asking: Asking) -> bool:
    """Remember what happened between the question and whom the token names; whether it was. Raises `TokenRefused`, `TooBusy`.

    Where consent is asked for, nobody becomes known by having been shown a question.
    """
    claims = _claims(survey, token, now, asking)
    if asking.suppressed.standing(lookups_of(claims, asking.pepper()), now):
        return False
    try:
        return asking.contacts.note(claims, survey, counts, now, may_make=not needs_consent(survey))
    except PeopleBusyError:
        raise TooBusy from None


def lookups_of(claims: Claims, pepper: bytes) -> list[str]:
    """The lookup hashes of all that identifies somebody."""
    found = [lookup_of("customer_id", claims.customer_id, pepper)] if claims.customer_id is not None else []
    return [*found, lookup_of("email", claims.email, pepper)] if claims.email is not None else found


def _claims(survey: Survey, token: str, now: datetime, asking: Asking) -> Claims:
    try:
        return claims_of(token, asking.secrets.signing_secrets(survey.survey_id, now))
    except InvalidTokenError:
        raise TokenRefused from None
