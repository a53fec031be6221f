"""Inviting people: one line after another, each with an outcome of its own; a personal link for whoever may be asked."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from shared import dimension as dim
from shared.api.asking_messages import Outcome
from shared.identity import normalised
from shared.intake.asking import Contacts, Suppressed, is_rested, lookups_of
from shared.intake.ports import Claims, Invitation, PeopleBusyError, PersonErasedError
from shared.intake.token import EMAIL, TEXT
from shared.survey import Survey

LINK_BYTES: Final = 16
_LONGEST_EMAIL, _LONGEST_TEXT = 254, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One person of a list, as it was given. `wrong`: why the line could not even be read."""

    email: str | None = None
    name: str | None = None
    customer_id: str | None = None
    segments: Mapping[str, str] = field(default_factory=dict)
    wrong: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One line's outcome; `link_id` is what stands in the link, and is kept nowhere."""

    outcome: Outcome
    link_id: str | None = None
    reason: str | None = None


class Inviting(Protocol):
    """What keeps invitations."""

    def invite(self, claims: Claims, invitation: Callable[[str], Invitation], now: datetime, known: str | None = None) -> str:
        """Keep an invitation and whom it invites; `known` is the one customer with that e-mail, where it is all that is given."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What inviting works with. `at_once` maps a function over lines, several at a time; `random_bytes` is of a cryptographic source."""

    inviting: Inviting
    contacts: Contacts
    suppressed: Suppressed
    pepper: Callable[[], bytes]
    random_bytes: Callable[[int], bytes]
    hash_of: Callable[[str], str]
    at_once: Callable[[Callable[["Invitee"], Result], Sequence["Invitee"]], Collection[Result]]


@dataclass(frozen=True, slots=True)
class Terms:
    """Until when links are good, and after what people are asked."""

    expires_at: datetime
    touchpoint: str | None = None


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody who may be invited, and whether they must not."""

    claims: Claims
    suppressed: bool


def invite(survey: Survey, lines: Sequence[Line], terms: Terms, now: datetime, desk: Desk) -> list[Result]:
    """One result a line, in order. Nothing is lost by one that is wrong; the same list again gives each the same kind of result."""
    read = _read(lines, survey)
    pepper = desk.pepper()
    lookups = {each: lookups_of(claims, pepper) for each, claims in enumerate(read) if isinstance(claims, Claims)}
    suppressed = frozenset(desk.suppressed.standing(sorted({name for names in lookups.values() for name in names}), now))
    invitees = [Invitee(claims, not suppressed.isdisjoint(lookups[each])) for each, claims in enumerate(read) if isinstance(claims, Claims)]
    done = iter(desk.at_once(lambda invitee: _one(survey, invitee, terms, now, desk), invitees))
    return [next(done) if isinstance(each, Claims) else Result(Outcome.INVALID, reason=each) for each in read]


def _read(lines: Sequence[Line], survey: Survey) -> list[Claims | str]:
    """Each line's claims, or what is wrong with it. Who comes twice is invited once."""
    read: list[Claims | str] = []
    seen: dict[tuple[str, str], int] = {}
    for number, line in enumerate(lines, start=1):
        claims = _claims_of(line, survey)
        if isinstance(claims, Claims):
            named = _named(claims)
            first = min((seen[name] for name in named if name in seen), default=None)
            if first is not None:
                claims = f"the same person is on line {first}"
            seen |= dict.fromkeys(named, number) | {name: seen[name] for name in named if name in seen}
        read.append(claims)
    return read


def _named(claims: Claims) -> list[tuple[str, str]]:
    """What tells whether two lines mean the same person: the customer id, or the e-mail where there is none."""
    if claims.customer_id is not None:
        return [("customer_id", normalised("customer_id", claims.customer_id))]
    return [("email", normalised("email", claims.email or ""))]


def _claims_of(line: Line, survey: Survey) -> Claims | str:
    email, name, customer_id = (_trimmed(text) for text in (line.email, line.name, line.customer_id))
    declared = {segment.key for segment in survey.settings.segments}
    rules = (
        (line.wrong is None, line.wrong or ""),
        (email is not None or customer_id is not None, "an e-mail or a customer id is expected"),
        (email is None or (len(email) <= _LONGEST_EMAIL and re.search(EMAIL, email) is not None), "an e-mail address is expected"),
        (_is_text(name), "a name of at most 200 characters is expected"),
        (_is_text(customer_id), "a customer id of at most 200 characters is expected"),
        (set(line.segments) <= declared, "only segments that the survey declares are expected"),
    )
    wrong = next((reason for holds, reason in rules if not holds), None)
    return (
        wrong if wrong is not None else Claims(customer_id=customer_id, email=email, name=name, segments=_segments(line.segments, survey))
    )


def _segments(given: Mapping[str, str], survey: Survey) -> dict[str, str]:
    """Values that the survey does not declare are `other`: nothing typed is kept with an answer."""
    named = {dim.SEGMENT + key: value for key, value in given.items() if value.strip()}
    return {name.removeprefix(dim.SEGMENT): value for name, value in dim.resolve(named, survey.settings.declared()).items()}


def _trimmed(text: str | None) -> str | None:
    return (text or "").strip() or None


def _is_text(text: str | None) -> bool:
    return text is None or (len(text) <= _LONGEST_TEXT and re.search(TEXT, text) is not None)


def _one(survey: Survey, invitee: Invitee, terms: Terms, now: datetime, desk: Desk) -> Result:
    if invitee.suppressed:
        return Result(Outcome.SUPPRESSED)
    if not is_rested(survey, invitee.claims, now, desk.contacts):
        return Result(Outcome.ASKED_RECENTLY)
    link_id = _link_id(desk.random_bytes)

    def invitation(person_id: str) -> Invitation:
        return Invitation(
            hash=desk.hash_of(link_id),
            person_id=person_id,
            survey_id=survey.survey_id,
            segments=invitee.claims.segments,
            touchpoint=terms.touchpoint,
            expires_at=terms.expires_at,
        )

    try:
        desk.inviting.invite(invitee.claims, invitation, now, _known(invitee.claims, desk.contacts))
    except PersonErasedError:
        return Result(Outcome.SUPPRESSED)
    except PeopleBusyError:
        return Result(Outcome.TRY_AGAIN)
    return Result(Outcome.MADE, link_id)


def _known(claims: Claims, contacts: Contacts) -> str | None:
    """The one customer with that e-mail, where it is all that is given."""
    persons = contacts.persons_of(claims) if claims.customer_id is None else ()
    return next(iter(persons)) if len(persons) == 1 else None


def _link_id(random_bytes: Callable[[int], bytes]) -> str:
    """22 characters base64url; none begins with `-`, which a spreadsheet would take for a formula."""
    while (text := urlsafe_b64encode(random_bytes(LINK_BYTES)).decode().rstrip("=")).startswith("-"):
        pass
    return text


def ends_after(days: int, now: datetime) -> datetime:
    """Until when a link of so many days is good: to the second, as it is kept."""
    return (now + timedelta(days=days)).replace(microsecond=0)
