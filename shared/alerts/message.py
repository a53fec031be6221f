"""Messages of the outbox and receipts: ids, enums, numbers and times only. What a message says is read when it is sent."""

from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from hashlib import sha256
from typing import Final

from shared.alerts.call import CallError
from shared.alerts.content import AlertKind
from shared.answer import AnswerKey

MOST_IN_DIGEST: Final = 20
"""What fits into a message of every tool; more alerts make more digests."""
RECEIPTS_KEPT: Final = timedelta(days=75)
"""Longer than an answer can be edited after its alert, than any queue keeps a message, and than a message is kept."""


class MessageStatus(StrEnum):
    """What became of a message."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    """Every attempt failed; it can be replayed."""
    HELD = "held"
    """Its channel was paused or disabled when its time came; it can be replayed."""
    DROPPED = "dropped"
    """There was nothing left to say: the answer is no detractor's any more, or is gone."""
    IN_DIGEST = "in_digest"
    """It goes out as part of a digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing to be said to one channel. `message_id` is the receivers' idempotency key: the same over retries and replays."""

    message_id: str
    channel_id: str
    kind: AlertKind
    created_at: datetime
    answer: AnswerKey | None = None
    status: MessageStatus = MessageStatus.WAITING
    attempts: int = 0
    """Calls begun since it was opened or last replayed, with the one under way and those that a crash cut off."""
    calls: int = 0
    """All calls ever begun: 0 means that no receiver can know of it."""
    delivered: bool = False
    """A receiver took it once, whatever became of a replay."""
    next_at: datetime | None = None
    lease_until: datetime | None = None
    digest_id: str | None = None
    erasure_id: str | None = None
    """What `subject.erased` is about."""

    @property
    def may_be_sent(self) -> bool:
        """Whether it waits to be sent, or was dropped before anybody took it: an answer may become a detractor's again."""
        return self.status is MessageStatus.WAITING or (self.status is MessageStatus.DROPPED and not self.delivered)

    def held_until(self, now: datetime) -> datetime | None:
        """Until when a worker has it; None where nobody has."""
        return self.lease_until if self.lease_until is not None and self.lease_until > now else None

    @property
    def due(self) -> "Due":
        """What brings it to whoever delivers. A test is sent whatever rests, so it names no channel that could."""
        return Due(self.message_id, None if self.kind is AlertKind.TEST else self.channel_id)


@dataclass(frozen=True, slots=True)
class Due:
    """A message's id on its way to whoever delivers."""

    message_id: str
    channel_id: str | None = None
    """Whose endpoint has to have room for the call."""
    times: int = 0
    """How often it had none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One call: when, how long, and what came of it. No body, no address."""

    number: int
    at: datetime
    duration_ms: int
    status: int | None = None
    error: CallError | None = None
    acknowledged: bool = False
    """The receiver answered that its copies of an erased person are gone."""

    @property
    def accepted(self) -> bool:
        """Whether the receiver took it: 2xx only."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - RFC 9110 §15.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a channel has been told of an answer. Kept longer than any queue or edit, so that it is told once."""

    channel_id: str
    answer_id: str
    commented: bool = False
    """The alert, when it was first delivered, carried the comment."""
    comment_added: bool = False
    """A message says so, or will."""
    withdrawn: bool = False
    """A message says so, or will."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of the alert about one answer: `commented` where it carried the comment; `message_id` where it is part of a digest."""

    answer_id: str
    commented: bool = False
    message_id: str | None = None
    status: MessageStatus = MessageStatus.DELIVERED


class Opened(Enum):
    """What came of putting a message in the outbox."""

    NEW = auto()
    THERE = auto()
    """It, or its like in the receipt, was there already; nothing was written."""
    DIGEST_CLOSED = auto()
    """The digest that was to take it along is full, or was sent already; nothing was written."""


def message_id_of(channel_id: str, kind: AlertKind, about: str) -> str:
    """The id of what `kind` says to a channel about `about` (an answer's id, a digest's time): the same however often it is asked for."""
    digest = sha256(f"{channel_id}|{kind}|{about}".encode()).digest()
    return "msg_" + b32encode(digest[:16]).decode().rstrip("=").lower()
