"""Messages, attempts, receipts and breakers to items and back."""

from datetime import datetime, timedelta
from typing import Any, Final

from shared.alerts.call import CallError
from shared.alerts.content import AlertKind
from shared.alerts.message import Attempt, Message, MessageStatus, Receipt
from shared.alerts.retrying import Breaker
from shared.answer import AnswerKey
from shared.store.answer_items import instant_of, milliseconds
from shared.store.tables import DeliveryItem

MESSAGES_KEPT: Final = timedelta(days=45)
MESSAGE: Final = "message"
RECEIPT: Final = "receipt"
BREAKER: Final = "breaker"
ATTEMPT: Final = "attempt#"


def message_key(message_id: str) -> tuple[str, str]:
    """Where a message lies."""
    return f"message#{message_id}", MESSAGE


def receipt_key(channel_id: str, answer_id: str) -> tuple[str, str]:
    """Where a receipt lies."""
    return f"receipt#{channel_id}#{answer_id}", RECEIPT


def listing_key(message: Message) -> tuple[str, str]:
    """Where a channel's list names a message."""
    return f"channel#{message.channel_id}", f"{milliseconds(message.created_at):013d}#{message.message_id}"


def digest_key(digest_id: str, message_id: str) -> tuple[str, str]:
    """Where a digest's list names a message."""
    return f"digest#{digest_id}", message_id


def breaker_key(channel_id: str) -> tuple[str, str]:
    """Where a breaker lies."""
    return f"breaker#{channel_id}", BREAKER


def expiry(instant: datetime, kept: timedelta) -> int:
    """When an item may go, in epoch seconds."""
    return int((instant + kept).timestamp())


def item_of(message: Message) -> DeliveryItem:
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
        erasure_id=message.erasure_id,
        size=0 if message.kind is AlertKind.DIGEST else None,
        expires_at=expiry(message.created_at, MESSAGES_KEPT),
    )


def message_of(item: DeliveryItem) -> Message:
    """The message in an item."""
    given = item.attribute_values
    return Message(
        message_id=item.pk.removeprefix("message#"),
        channel_id=item.channel_id,
        kind=AlertKind(item.kind),
        created_at=instant_of(item.created_at),
        answer=AnswerKey(item.partition, item.answer_id) if "answer_id" in given else None,
        status=MessageStatus(item.status),
        attempts=int(item.attempts),
        calls=int(item.calls),
        delivered="delivered" in given,
        next_at=_instant(given, "next_at"),
        lease_until=_instant(given, "lease_until"),
        digest_id=given.get("digest_id"),
        erasure_id=given.get("erasure_id"),
    )


def attempt_item(message_id: str, attempt: Attempt) -> DeliveryItem:
    """A call's item."""
    return DeliveryItem(
        message_key(message_id)[0],
        f"{ATTEMPT}{attempt.number:04d}",
        number=attempt.number,
        at=milliseconds(attempt.at),
        duration_ms=attempt.duration_ms,
        code=attempt.status,
        error=attempt.error.value if attempt.error else None,
        acknowledged=1 if attempt.acknowledged else None,
        expires_at=expiry(attempt.at, MESSAGES_KEPT),
    )


def attempt_of(item: DeliveryItem) -> Attempt:
    """The call in an item."""
    given = item.attribute_values
    return Attempt(
        number=int(item.number),
        at=instant_of(item.at),
        duration_ms=int(item.duration_ms),
        status=int(given["code"]) if "code" in given else None,
        error=CallError(given["error"]) if "error" in given else None,
        acknowledged="acknowledged" in given,
    )


def receipt_of(item: DeliveryItem, channel_id: str, answer_id: str) -> Receipt:
    """The receipt in an item."""
    given = item.attribute_values
    flags = {name: name in given for name in ("commented", "comment_added", "withdrawn")}
    return Receipt(channel_id=channel_id, answer_id=answer_id, **flags)


def breaker_values(breaker: Breaker) -> dict[str, int | list[int] | None]:
    """A breaker's attributes; what is None, empty, or no failure, is not there."""
    instants = {"failing_since": breaker.failing_since, "failed_at": breaker.failed_at, "open_until": breaker.open_until}
    under_way = [milliseconds(until) for until in breaker.under_way]
    return {
        "failures": breaker.failures or None,
        "under_way": under_way or None,
        **{name: milliseconds(at) if at else None for name, at in instants.items()},
    }


def breaker_item(channel_id: str, breaker: Breaker) -> DeliveryItem:
    """A breaker's item; it goes when nothing it tells of matters any more."""
    item = DeliveryItem(*breaker_key(channel_id))
    for name, value in breaker_values(breaker).items():
        setattr(item, name, value)
    last = max((at for at in (breaker.failed_at, *breaker.under_way) if at), default=None)
    item.expires_at = expiry(last, MESSAGES_KEPT) if last else None
    return item


def breaker_of(item: DeliveryItem) -> Breaker:
    """The breaker in an item."""
    given = item.attribute_values
    return Breaker(
        failures=int(given.get("failures", 0)),
        failing_since=_instant(given, "failing_since"),
        failed_at=_instant(given, "failed_at"),
        open_until=_instant(given, "open_until"),
        under_way=tuple(instant_of(int(until)) for until in given.get("under_way", ())),
    )


def _instant(given: dict[str, Any], name: str) -> datetime | None:
    return instant_of(given[name]) if name in given else None
