"""What the doors of data subjects work with, in memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final

from shared.answer import AnswerKey
from shared.identity import lookup_of
from shared.privacy.codes import MAILS_WITHIN, MOST_MAILS
from shared.privacy.erasure import Erasure, Recipient
from shared.privacy.holds import Hold
from shared.privacy.letter import Letter
from shared.privacy.ports import Profile
from shared.privacy.requests import PrivacyRequest, RequestStatus
from shared.survey import Locale

PEPPER: Final = b"pepper-of-32-bytes-for-the-tests"
RECEIPT: Final = "eyJhbGciOiJFZERTQSJ9.eyJyZWNlaXB0X2lkIjoicmVjXzEiLCJjb3VudHMiOnsicGVvcGxlLmNvbW1lbnQiOjJ9fQ.c2lnbmVk"


@dataclass
class KnownPeople:
    """As much of `PeopleToErase` as the doors use."""

    profiles: dict[str, Profile] = field(default_factory=dict)
    lookups: dict[str, set[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def add(self, person_id: str, *, earlier_email: str | None = None, **profile: str) -> str:
        """Somebody; an e-mail that they had before still leads to them."""
        self.profiles[person_id] = Profile(**profile)  # type: ignore[arg-type]  # texts alone
        found = [("customer_id", profile.get("customer_id")), ("email", profile.get("email")), ("email", earlier_email)]
        self.lookups[person_id] = {lookup_of(kind, value, PEPPER) for kind, value in found if value}  # type: ignore[arg-type]
        return person_id

    def persons_of(self, kind: str, identifier: str) -> Sequence[str]:
        self.asked.append(kind)
        lookup = lookup_of(kind, identifier, PEPPER)  # type: ignore[arg-type]  # a kind of identity
        return [person_id for person_id, lookups in self.lookups.items() if lookup in lookups]

    def lookups_of(self, person_id: str) -> Sequence[str]:
        return sorted(self.lookups.get(person_id, ()))

    def profile(self, person_id: str) -> Profile | None:
        return self.profiles.get(person_id)


@dataclass
class OpenedErasures:
    """As much of `Ledger` as the doors use."""

    erasures: dict[str, Erasure] = field(default_factory=dict)
    told: dict[str, dict[str, Recipient]] = field(default_factory=dict)
    noted: dict[str, set[AnswerKey]] = field(default_factory=dict)

    def open(self, erasure: Erasure) -> bool:
        return self.erasures.setdefault(erasure.erasure_id, erasure) is erasure

    def find(self, erasure_id: str) -> Erasure | None:
        return self.erasures.get(erasure_id)

    def listed(self, first: datetime, last: datetime) -> Iterator[Erasure]:
        span = [erasure for erasure in self.erasures.values() if first <= erasure.asked_at <= last]
        yield from sorted(span, key=lambda erasure: (erasure.asked_at, erasure.erasure_id), reverse=True)

    def note_answers(self, erasure_id: str, answers: Iterable[AnswerKey]) -> int:
        noted = self.noted.setdefault(erasure_id, set())
        before = len(noted)
        noted.update(answers)
        return len(noted) - before

    def recipients(self, erasure_id: str) -> Sequence[Recipient]:
        return list(self.told.get(erasure_id, {}).values())

    def note_recipient(self, erasure_id: str, recipient: Recipient) -> bool:
        self.told.setdefault(erasure_id, {})[recipient.channel_id] = recipient
        return True


@dataclass
class MemoryRequests:
    """Implements `Requests`."""

    requests: dict[str, PrivacyRequest] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    mailed: dict[str, list[datetime]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def open(self, request: PrivacyRequest, email: str | None) -> None:
        self.requests[request.request_id] = request
        if email is not None:
            self.addresses[request.request_id] = email

    def find(self, request_id: str) -> PrivacyRequest | None:
        return self.requests.get(request_id)

    def address(self, request_id: str) -> str | None:
        return self.addresses.get(request_id)

    def expect_code(self, request_id: str, persons: Sequence[str], code_until: datetime) -> bool:
        request = self.requests[request_id]
        if request_id not in self.addresses or request.status is not RequestStatus.WAITING:
            return False
        self.requests[request_id] = replace(request, persons=tuple(persons), code_until=code_until)
        return True

    def forget_address(self, request_id: str) -> None:
        self.addresses.pop(request_id, None)

    def try_code(self, request_id: str, now: datetime) -> PrivacyRequest | None:
        with self.lock:
            request = self.requests.get(request_id)
            waiting = request is not None and request.status is RequestStatus.WAITING
            if request is None or not waiting or request.tries_left <= 0 or now >= request.code_until:
                return None
            self.requests[request_id] = replace(request, tries_left=request.tries_left - 1)
            return self.requests[request_id]

    def confirm(self, request: PrivacyRequest) -> bool:
        with self.lock:
            if self.requests[request.request_id].status is not RequestStatus.WAITING:
                return False
            self.requests[request.request_id] = request
            self.addresses.pop(request.request_id, None)
            return True

    def may_mail(self, lookup: str, now: datetime) -> bool:
        recent = [at for at in self.mailed.get(lookup, ()) if at > now - MAILS_WITHIN]
        if len(recent) >= MOST_MAILS:
            return False
        self.mailed[lookup] = [*recent, now]
        return True


@dataclass
class MemoryHolds:
    """Implements `LegalHolds`, at a clock that stands still."""

    now: datetime
    holds: dict[str, Hold] = field(default_factory=dict)

    def in_force(self, lookups: Iterable[str]) -> Sequence[Hold]:
        wanted = set(lookups)
        return [hold for hold in self.list() if hold.lookup in wanted]

    def place(self, hold: Hold) -> None:
        self.holds[hold.hold_id] = hold

    def list(self) -> Sequence[Hold]:
        return [hold for hold in self.holds.values() if hold.is_in_force(self.now)]

    def lift(self, hold_id: str) -> bool:
        return self.holds.pop(hold_id, None) is not None


@dataclass
class MemoryEraseQueue:
    """Implements `EraseQueue`."""

    sent: list[dict[str, str]] = field(default_factory=list)

    def look_up(self, request_id: str) -> None:
        self.sent.append({"request_id": request_id})

    def erase(self, erasure_id: str) -> None:
        self.sent.append({"erasure_id": erasure_id})


@dataclass
class Mailbox:
    """Implements `Mail`."""

    letters: list[tuple[str, Letter]] = field(default_factory=list)

    def send(self, to: str, letter: Letter) -> None:
        self.letters.append((to, letter))


@dataclass
class Statements:
    """Implements `Access`: what is held as a test says."""

    held: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, person_id: str, proven: Iterable[AnswerKey] = ()) -> Mapping[str, Any]:
        return {**self.held.get(person_id, {}), "proven": [key.answer_id for key in proven]}


class PlainCopies:
    """Implements `Copies`: every text of a document is a line."""

    def rows(self, document: Mapping[str, Any], locale: Locale) -> Iterable[tuple[str, str, str, str]]:
        return [(locale, name, "valor", str(value)) for name, value in document.items()]

    def as_csv(self, document: Mapping[str, Any], locale: Locale) -> bytes:
        lines = [("parte", "item", "campo", "valor"), *self.rows(document, locale)]
        return "".join(";".join(line) + "\r\n" for line in lines).encode("utf-8-sig")


@dataclass
class SignedReceipts:
    """Implements `PublishedReceipts`."""

    receipts: dict[str, str] = field(default_factory=dict)

    def find(self, receipt_id: str) -> str | None:
        return self.receipts.get(receipt_id)

    def public_keys(self) -> Sequence[Mapping[str, str]]:
        return [{"kty": "OKP", "crv": "Ed25519", "kid": "1", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "use": "sig"}]


def instant(minute: int = 0) -> datetime:
    """A minute of a day."""
    return datetime(2026, 3, 14, 15, minute, tzinfo=UTC)
