"""Messages of the outbox and receipts: ids, enums, numbers and times only. What a message says is read when it is sent."""

from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from shared.alerts.content import AlertKind
from shared.answer import AnswerKey


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


class CallError(StrEnum):
    """Why a call brought no HTTP status."""

    REFUSED_ADDRESS = "refused_address"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"


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
    """Failed or successful calls since it was opened or last replayed."""
    calls: int = 0
    """All calls ever made for it."""
    next_at: datetime | None = None
    lease_until: datetime | None = None
    digest_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One call: when, how long, and what came of it. No body, no address."""

    number: int
    at: datetime
    duration_ms: int
    status: int | None = None
    error: CallError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a channel has been told of an answer. Kept longer than any queue or edit, so that it is told once."""

    channel_id: str
    answer_id: str
    commented: bool = False
    """The alert carried the comment."""
    comment_added: bool = False
    withdrawn: bool = False


def message_id_of(channel_id: str, kind: AlertKind, about: str) -> str:
    """The id of what `kind` says to a channel about `about` (an answer's id, a digest's time): the same however often it is asked for."""
    digest = sha256(f"{channel_id}|{kind}|{about}".encode()).digest()
    return "msg_" + b32encode(digest[:16]).decode().rstrip("=").lower()
