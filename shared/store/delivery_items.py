"""Items of Deliveries: messages, attempts, receipts, digests and breakers, and the domain's types made of them."""

from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from shared.alerts.call import CallError
from shared.alerts.content import AlertKind
from shared.alerts.message import Attempt, Message, MessageStatus, Receipt
from shared.alerts.retrying import Breaker
from shared.answer import AnswerKey

MESSAGES_KEPT: Final = timedelta(days=45)
RECEIPTS_KEPT: Final = timedelta(days=75)
"""Longer than an answer can be edited (30 days), with all that queues and schedules may hold it back."""


class DeliveryItem(Model):
    """One item of Deliveries. Ids, enums, numbers and times only."""

    class Meta:
        """Where it lies, and how long a call may take."""

        table_name = "unbound"
        connect_timeout_seconds = 1
        read_timeout_seconds = 3
        max_retry_attempts = 3

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    channel_id = UnicodeAttribute(null=True)
    kind = UnicodeAttribute(null=True)
    created_at = NumberAttribute(null=True)
    partition = UnicodeAttribute(null=True)
    answer_id = UnicodeAttribute(null=True)
    status = UnicodeAttribute(null=True)
    attempts = NumberAttribute(null=True)
    calls = NumberAttribute(null=True)
    next_at = NumberAttribute(null=True)
    lease_until = NumberAttribute(null=True)
    digest_id = UnicodeAttribute(null=True)
    parts = NumberAttribute(null=True)
    number = NumberAttribute(null=True)
    at = NumberAttribute(null=True)
    duration_ms = NumberAttribute(null=True)
    http_status = NumberAttribute(null=True)
    error = UnicodeAttribute(null=True)
    commented = NumberAttribute(null=True)
    comment_added = NumberAttribute(null=True)
    withdrawn = NumberAttribute(null=True)
    breaker = UnicodeAttribute(null=True)
    expires_at = NumberAttribute(null=True)


def message_key(message_id: str) -> tuple[str, str]:
    """Where a message lies; its attempts lie beside it."""
    return f"message#{message_id}", "message"


def receipt_key(channel_id: str, answer_id: str) -> tuple[str, str]:
    """Where what a channel was told of an answer lies."""
    return f"receipt#{channel_id}#{answer_id}", "receipt"


def listing_key(message: Message) -> tuple[str, str]:
    """Where a channel's message is listed, by when it was opened."""
    return f"channel#{message.channel_id}", f"{listing_time(message.created_at)}#{message.message_id}"


def listing_time(instant: datetime) -> str:
    """An instant as listings sort it."""
    return f"{milliseconds(instant):015d}"


def part_key(digest_id: str, message_id: str) -> tuple[str, str]:
    """Where a digest's part is listed."""
    return f"digest#{digest_id}", message_id


def breaker_key(channel_id: str) -> tuple[str, str]:
    """Where what recent calls say of an endpoint lies."""
    return f"breaker#{channel_id}", "breaker"


def message_item(message: Message) -> DeliveryItem:
    """A new message's item."""
    return DeliveryItem(
        *message_key(message.message_id),
        channel_id=message.channel_id,
        kind=message.kind.value,
        created_at=milliseconds(message.created_at),
        partition=message.answer.partition if message.answer else None,
        answer_id=message.answer.answer_id if message.answer else None,
        status=message.status.value,
        attempts=message.attempts,
        calls=message.calls,
        next_at=milliseconds(message.next_at) if message.next_at else None,
        digest_id=message.digest_id,
        expires_at=seconds(message.created_at + MESSAGES_KEPT),
    )


def message_of(item: DeliveryItem) -> Message:
    """The message in an item."""
    given = item.attribute_values
    return Message(
        message_id=item.pk.removeprefix("message#"),
        channel_id=given["channel_id"],
        kind=AlertKind(given["kind"]),
        created_at=instant_of(given["created_at"]),
        answer=AnswerKey(given["partition"], given["answer_id"]) if "answer_id" in given else None,
        status=MessageStatus(given["status"]),
        attempts=int(given["attempts"]),
        calls=int(given["calls"]),
        next_at=instant_of(given["next_at"]) if "next_at" in given else None,
        lease_until=instant_of(given["lease_until"]) if "lease_until" in given else None,
        digest_id=given.get("digest_id"),
    )


def attempt_item(message: Message, attempt: Attempt) -> DeliveryItem:
    """One call's item, beside its message's."""
    return DeliveryItem(
        message_key(message.message_id)[0],
        f"attempt#{attempt.number:06d}",
        number=attempt.number,
        at=milliseconds(attempt.at),
        duration_ms=attempt.duration_ms,
        http_status=attempt.status,
        error=attempt.error.value if attempt.error else None,
        expires_at=seconds(attempt.at + MESSAGES_KEPT),
    )


def attempt_of(item: DeliveryItem) -> Attempt:
    """The call in an item."""
    given = item.attribute_values
    return Attempt(
        number=int(given["number"]),
        at=instant_of(given["at"]),
        duration_ms=int(given["duration_ms"]),
        status=given.get("http_status"),
        error=CallError(given["error"]) if "error" in given else None,
    )


def receipt_of(item: DeliveryItem, channel_id: str, answer_id: str) -> Receipt:
    """What a channel was told, in an item."""
    given = item.attribute_values
    return Receipt(
        channel_id=channel_id,
        answer_id=answer_id,
        commented="commented" in given,
        comment_added="comment_added" in given,
        withdrawn="withdrawn" in given,
    )


def breaker_text(breaker: Breaker) -> str:
    """A breaker as it is kept, and compared."""
    return msgspec.json.encode(breaker).decode()


def breaker_of(text: str) -> Breaker:
    """The breaker in a text."""
    return msgspec.json.decode(text, type=Breaker)


def set_or_remove(attribute: NumberAttribute, instant: datetime | None) -> Action:
    """The action that keeps an instant, or that there is none."""
    action: Action = attribute.remove() if instant is None else attribute.set(milliseconds(instant))
    return action


def milliseconds(instant: datetime) -> int:
    """An instant as epoch milliseconds."""
    return round(instant.timestamp() * 1000)


def seconds(instant: datetime) -> int:
    """An instant as DynamoDB's TTL reads it."""
    return int(instant.timestamp())


def instant_of(milliseconds_: float) -> datetime:
    """The instant of epoch milliseconds."""
    return datetime.fromtimestamp(milliseconds_ / 1000, UTC)
