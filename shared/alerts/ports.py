"""What alerting needs of the stores and of the world. Two implementations each: on AWS, and in memory for tests; one contract suite."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.alerts.call import Reply
from shared.alerts.channel import Channel, StatusReason
from shared.alerts.message import Attempt, Due, Message, MessageStatus, Opened, Receipt, Told
from shared.alerts.retrying import Breaker
from shared.answer import Answer, AnswerKey
from shared.privacy.erasure import Erasure, Ours
from shared.survey import Survey


class Directory(Protocol):
    """Who there is to be told."""

    def find(self, channel_id: str) -> Channel | None:
        """One channel, strongly read; None where it was deleted."""

    def verified(self) -> Sequence[Channel]:
        """The channels that were ever verified, paused and disabled ones too, strongly read."""


class Channels(Directory, Protocol):
    """The channels, and what is sealed of them."""

    def address(self, channel_id: str) -> str:
        """The sealed address, in clear: for the call that is about to be made only."""

    def signing_secrets(self, channel_id: str, now: datetime) -> Sequence[str]:
        """The secrets to sign with now, newest first: two for 24 hours after a rotation."""

    def disable(self, channel_id: str, reason: StatusReason, now: datetime) -> bool:
        """Disable an active channel; False where it was not active."""

    def owner_told(self, channel_id: str, now: datetime) -> None:
        """Write that the notice of its disabling is out."""


class Deliveries(Protocol):
    """Outbox, attempts, receipts and breakers."""

    def receipt(self, channel_id: str, answer_id: str) -> Receipt | None:
        """What the channel has been told of the answer, strongly read."""

    def open(self, message: Message) -> Opened:
        """Put a message in the outbox with its receipt, and in its digest, all or nothing.

        `alert.detractor` makes the receipt; `alert.comment_added` and `alert.withdrawn` need one that does not say so yet. A digest has to
        be open itself before anything is put in it, and takes no more once it was called for or holds `MOST_IN_DIGEST`.
        """

    def find(self, message_id: str) -> Message | None:
        """One message, strongly read."""

    def lease(self, message_id: str, now: datetime, until: datetime) -> Message | None:
        """Take a message that may be sent, is due and is held by nobody, and count the call that is about to be made; None otherwise."""

    def release(  # noqa: PLR0913, PLR0917 - all of what came of it, in one transaction
        self,
        message: Message,
        status: MessageStatus,
        now: datetime,
        attempt: Attempt | None = None,
        next_at: datetime | None = None,
        told: Sequence[Told] = (),
    ) -> None:
        """Say what came of a leased message, all or nothing; nothing where the lease has passed to another.

        Without an attempt no call was made, and the one that the lease counted is taken back. `told` goes to receipts and a digest's parts.
        """

    def count_call(self, message_ids: Collection[str]) -> None:
        """Write that these parts of a leased digest are about to be told, all or nothing: at most `MOST_IN_DIGEST` of them."""

    def reopen(self, message_id: str) -> bool:
        """Replay: waiting again and due, attempts from 0; False where it is waiting already, is in a digest or is unknown."""

    def attempts(self, message_id: str) -> Sequence[Attempt]:
        """The calls made for it, oldest first."""

    def listed(self, channel_id: str, first: datetime, last: datetime, status: MessageStatus | None = None) -> Iterator[Message]:
        """A channel's messages opened in the span (both ends included), newest first."""

    def in_digest(self, digest_id: str) -> Sequence[Message]:
        """The messages that a digest takes along, strongly read."""

    def breaker(self, channel_id: str) -> Breaker:
        """What recent calls say of the channel's endpoint, strongly read."""

    def set_breaker(self, channel_id: str, seen: Breaker, new: Breaker) -> bool:
        """Replace it if it is still as seen."""


class Outbox(Protocol):
    """Brings a message's id to the deliverer when it is due."""

    def enqueue(self, due: Due, at: datetime | None, now: datetime) -> None:
        """Now (None) or at a time, however far ahead. Bringing it twice does no harm."""

    def put_back(self, dues: Sequence[tuple[Due, datetime]], now: datetime) -> Collection[Due]:
        """At these times, or after 15 minutes where they are later; returns those that will be brought."""


class Checks(Protocol):
    """Brings an answer back to the notifier after a channel's wait."""

    def check_later(self, key: AnswerKey, channel_id: str, seconds: int) -> None:
        """After at most 900 seconds."""


class Notices(Protocol):
    """Tells whoever runs the system about a channel."""

    def disabled(self, channel: Channel, reason: StatusReason) -> None:
        """The channel was disabled and hears of nothing more until it is seen to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What People holds of a person and one answer of theirs, until `keep_until`. Personal; all None after an erasure."""

    comment: str | None = None
    name: str | None = None
    email: str | None = None
    customer_id: str | None = None
    keep_until: datetime | None = None


class People(Protocol):
    """The part of People that an alert may need."""

    def facts(self, answer: Answer) -> PersonFacts:
        """What is held now of the answer and its person, strongly read. A comment that another key left there is not the answer's."""

    def record_sharing(self, person_id: str, channel: Channel, fields: Sequence[str], now: datetime, keep_until: datetime | None) -> bool:
        """Write that these fields are about to be sent to the channel (LGPD art. 18 VII); False, and nothing written, once erased."""


class Answers(Protocol):
    """The part of Answers that alerting reads."""

    def find(self, key: AnswerKey) -> Answer | None:
        """One answer, strongly read."""


class Surveys(Protocol):
    """Surveys by id."""

    def find(self, survey_id: str) -> Survey | None:
        """The survey, perhaps some seconds old."""


class Erasures(Protocol):
    """What the ledger notes of erasures."""

    def find(self, erasure_id: str) -> Erasure | None:
        """One erasure, strongly read."""

    def answers(self, erasure_id: str) -> Iterator[Ours]:
        """The answers that were the person's, in the order of their ids."""


class Caller(Protocol):
    """Makes one outgoing call, guarded."""

    def call(self, channel: Channel, message_id: str, body: bytes, content_type: str) -> Reply:
        """POST to the channel's address. Raises `CallFailed`; whatever else it raises, nothing was sent."""
