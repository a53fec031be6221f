"""What the eraser does with a request that came by e-mail: look the address up, and mail a code to the address on file.

This is where known and unknown addresses part, after whoever asked was answered and out of their sight.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.identity import lookup_of, normalised
from shared.privacy.codes import LIFE, code_of
from shared.privacy.door_ports import Mail, Requests
from shared.privacy.letter import letter_of
from shared.privacy.ports import PeopleToErase
from shared.privacy.requests import PrivacyRequest


class Handled(StrEnum):
    """What became of it: for counting, never together with an id that whoever asked has seen."""

    MAILED = "mailed"
    UNKNOWN = "unknown"
    TOO_MANY = "too_many"
    TOO_LATE = "too_late"
    GONE = "gone"
    """Handled before, or never there."""


@dataclass(frozen=True, slots=True)
class Answering:
    """What answering requests works with. `companies` are those that the letter comes from."""

    requests: Requests
    people: PeopleToErase
    mail: Mail
    key: Callable[[], bytes]
    companies: Callable[[], Sequence[str]]
    now: Callable[[], datetime]


def handle_request(request_id: str, work: Answering) -> Handled:
    """Mail the code where the address is somebody's; the address is forgotten either way. Repeatable: the same code goes out again."""
    request = work.requests.find(request_id)
    address = work.requests.address(request_id) if request is not None else None
    if request is None or address is None:
        return Handled.GONE
    handled = _mailed(request, address, work)
    work.requests.forget_address(request_id)
    return handled


def _mailed(request: PrivacyRequest, address: str, work: Answering) -> Handled:
    now = work.now()
    if now >= request.asked_at + LIFE:
        return Handled.TOO_LATE
    on_file, persons = _on_file(address, work)
    if on_file is None:
        return Handled.UNKNOWN
    key = work.key()
    if not work.requests.may_mail(lookup_of("email", address, key), now):
        return Handled.TOO_MANY
    if not work.requests.expect_code(request.request_id, persons, now + LIFE):
        return Handled.GONE
    code = code_of(request.request_id, key)
    work.mail.send(on_file, letter_of(request.type, code, work.companies(), request.locale))
    return Handled.MAILED


def _on_file(address: str, work: Answering) -> tuple[str | None, Sequence[str]]:
    """The address as it is on file, and who has it now. One mailbox only: who reads it proves nothing about another."""
    wanted = normalised("email", address)
    mailbox, persons = None, []
    for person_id in work.people.persons_of("email", address):
        profile = work.people.profile(person_id)
        if profile is None or profile.email is None or normalised("email", profile.email) != wanted:
            continue  # an address they had before: whoever has it now is not them
        mailbox = mailbox or profile.email
        if profile.email.casefold() == mailbox.casefold():
            persons.append(person_id)
    return mailbox, persons
