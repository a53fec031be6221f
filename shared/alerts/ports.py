"""What alerting needs of the stores and of the world. Two implementations each: on AWS, and in memory for tests; one contract suite."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.alerts.channel import Channel
from shared.alerts.message import Attempt, Message, MessageStatus, Receipt
from shared.alerts.retrying import Breaker
from shared.answer import Answer, AnswerKey
from shared.survey import Survey


class Channels(Protocol):
    """The channels, and what is sealed of them."""

    def find(self, channel_id: str) -> Channel | None:
        """One channel, strongly read; None where it was deleted."""

    def active(self) -> Sequence[Channel]:
        """The active channels, perhaps some seconds old."""

    def address(self, channel_id: str) -> str:
        """The sealed address, in clear: for the call that is about to be made only."""

    def signing_secrets(self, channel_id: str, now: datetime) -> Sequence[str]:
        """The secrets to sign with now, newest first: two for 24 hours after a rotation."""

    def disable(self, channel_id: str, reason: str, now: datetime) -> bool:
        """Disable an active channel; False where it was not active."""


class Deliveries(Protocol):
    """Outbox, attempts, receipts and breakers."""

    def receipt(self, channel_id: str, answer_id: str) -> Receipt | None:
        """What the channel has been told of the answer, strongly read."""

    def open(self, message: Message) -> bool:
        """Put a message in the outbox with its receipt, all or nothing; False where it (or its like in the receipt) is there already.

        `alert.detractor` makes the receipt; `alert.comment_added` and `alert.withdrawn` need one that does not say so yet.
        """

    def find(self, message_id: str) -> Message | None:
        """One message, strongly read."""

    def lease(self, message_id: str, now: datetime, until: datetime) -> Message | None:
        """Take a waiting message that nobody holds; None where there is none to take."""

    def release(self, message: Message, status: MessageStatus, now: datetime, attempt: Attempt | None = None, next_at: datetime | None = None) -> None:  # noqa: E501
        """Say what came of a leased message: its new status, the call that was made if one was, and when the next is due."""

    def mark_commented(self, channel_id: str, answer_id: str) -> None:
        """The alert that went out carried the comment."""

    def reopen(self, message_id: str, now: datetime) -> bool:
        """Replay: waiting again, attempts from 0; False where it is waiting already or unknown."""

    def attempts(self, message_id: str) -> Sequence[Attempt]:
        """The calls made for it, oldest first."""

    def listed(self, channel_id: str, first: datetime, last: datetime, status: MessageStatus | None = None) -> Iterator[Message]:
        """A channel's messages opened in the span, newest first."""

    def in_digest(self, digest_id: str) -> Iterator[Message]:
        """The messages that a digest takes along."""

    def breaker(self, channel_id: str) -> Breaker:
        """What recent calls say of the channel's endpoint."""

    def set_breaker(self, channel_id: str, seen: Breaker, new: Breaker) -> bool:
        """Replace it if it is still as seen."""


class Outbox(Protocol):
    """Brings a message's id to the deliverer when it is due."""

    def enqueue(self, message_id: str, at: datetime | None, now: datetime) -> None:
        """Now (None) or at a time, however far ahead. Bringing it twice does no harm."""


class Checks(Protocol):
    """Brings an answer back to the notifier after a channel's wait."""

    def check_later(self, key: AnswerKey, channel_id: str, seconds: int) -> None:
        """After at most 900 seconds."""


class Notices(Protocol):
    """Tells whoever runs the system about a channel."""

    def disabled(self, channel: Channel, reason: str) -> None:
        """The channel was disabled and hears of nothing more until it is seen to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What People holds of a person and one answer of theirs. Personal; all None after an erasure."""

    comment: str | None = None
    name: str | None = None
    email: str | None = None
    customer_id: str | None = None


class People(Protocol):
    """The part of People that an alert may need."""

    def facts(self, person_id: str, answer_id: str) -> PersonFacts:
        """What is held now."""

    def record_sharing(self, person_id: str, channel: Channel, fields: Sequence[str], now: datetime) -> bool:
        """Write that these fields are about to be sent to the channel (LGPD art. 18 VII); False, and nothing written, once erased."""


class Answers(Protocol):
    """The part of Answers that alerting reads."""

    def find(self, key: AnswerKey) -> Answer | None:
        """One answer, strongly read."""


class Surveys(Protocol):
    """Surveys by id."""

    def find(self, survey_id: str) -> Survey | None:
        """The survey, perhaps some seconds old."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What an endpoint answered."""

    status: int
    duration_ms: int
    retry_after_seconds: float | None = None


class Caller(Protocol):
    """Makes one outgoing call, guarded."""

    def call(self, channel: Channel, message_id: str, body: bytes, content_type: str) -> Reply:
        """POST to the channel's address. Raises `alerts.post.CallFailed`."""
