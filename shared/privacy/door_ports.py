"""What the doors of data subjects and of the controller need of the stores. Two implementations each: on AWS, and in memory for tests."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from shared.answer import AnswerKey
from shared.privacy.holds import Hold
from shared.privacy.letter import Letter
from shared.privacy.ports import Holds
from shared.privacy.requests import PrivacyRequest
from shared.survey import Locale


class Requests(Protocol):
    """Requests of data subjects, each with the address that was given, sealed, until a code was sent there."""

    def open(self, request: PrivacyRequest, email: str | None) -> None:
        """Write a new request."""

    def find(self, request_id: str) -> PrivacyRequest | None:
        """One request, strongly read."""

    def address(self, request_id: str) -> str | None:
        """The address that was given, unsealed; None once it is forgotten. Personal."""

    def expect_code(self, request_id: str, persons: Sequence[str], code_until: datetime) -> bool:
        """Write whose request it is and until when its code is taken; False where its address is forgotten."""

    def forget_address(self, request_id: str) -> None:
        """Drop the address; nothing happens where there is none."""

    def try_code(self, request_id: str, now: datetime) -> PrivacyRequest | None:
        """Use up a try and return the request; None where there is no such request, or it takes no code any more. One call, whichever."""

    def confirm(self, request: PrivacyRequest) -> bool:
        """Write it as confirmed, with no further code taken; False where another was faster."""

    def may_mail(self, lookup: str, now: datetime) -> bool:
        """Note that a code is about to go to the address of that lookup; False, and nothing written, where it had as many as it may."""


class LegalHolds(Holds, Protocol):
    """Legal holds, and their keeping."""

    def place(self, hold: Hold) -> None:
        """Write a hold."""

    def list(self) -> Sequence[Hold]:
        """All that are in force, the oldest first."""

    def lift(self, hold_id: str) -> bool:
        """End a hold; False where there is none."""


class EraseQueue(Protocol):
    """What brings work to the eraser. Ids only; bringing one twice does no harm."""

    def look_up(self, request_id: str) -> None:
        """A request's address is to be looked up."""

    def erase(self, erasure_id: str) -> None:
        """An erasure is to be gone on with."""


class Mail(Protocol):
    """What letters go out by."""

    def send(self, to: str, letter: Letter) -> None:
        """Hand a letter over; it raises where that is refused."""


class Access(Protocol):
    """All that is held of a person: what, since when and how long, its origin and purposes, and with whom it was shared (art. 19)."""

    def of(self, person_id: str, proven: Iterable[AnswerKey] = ()) -> Mapping[str, Any]:
        """As JSON has it; `proven` are answers shown to be theirs by their keys. Personal."""


class Copies(Protocol):
    """What is held, for people to read and to take along."""

    def rows(self, document: Mapping[str, Any], locale: Locale) -> Iterable[tuple[str, str, str, str]]:
        """Part, which one, what, value: in words."""

    def as_csv(self, document: Mapping[str, Any], locale: Locale) -> bytes:
        """The same as a file, its first line the heads of the columns, with a byte-order mark."""


class PublishedReceipts(Protocol):
    """Receipts of erasures, and the keys that they are verified with."""

    def find(self, receipt_id: str) -> str | None:
        """The receipt, a compact JWS."""

    def public_keys(self) -> Sequence[Mapping[str, str]]:
        """The public keys, as JWKs."""
