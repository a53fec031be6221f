"""Deliveries: outbox, attempts, receipts and breakers. Implements `alerts.ports.Deliveries`. No stream reads this table."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from functools import reduce
from itertools import batched
from operator import and_
from typing import Final

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import PutError, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from shared.alerts.content import AlertKind
from shared.alerts.message import MOST_IN_DIGEST, RECEIPTS_KEPT, Attempt, Message, MessageStatus, Opened, Receipt, Told
from shared.alerts.retrying import WELL, Breaker
from shared.answer import AnswerKey
from shared.store import delivery_items as items
from shared.store import transactions
from shared.store.answer_items import milliseconds
from shared.store.answers import CONDITION_FAILED
from shared.store.settings import pause_with_jitter
from shared.store.tables import DeliveryItem, connection

_TRIES: Final = 6
_PAGE: Final = 100
_FLAGS: Final = {AlertKind.COMMENT_ADDED: DeliveryItem.comment_added, AlertKind.WITHDRAWN: DeliveryItem.withdrawn}


class DeliveriesBusyError(Exception):
    """The items kept changing under us; the same may pass a moment later."""


class Deliveries:
    """The repository of messages and what became of them."""

    def receipt(self, channel_id: str, answer_id: str) -> Receipt | None:
        """What the channel has been told of the answer, strongly read."""
        item = _find(items.receipt_key(channel_id, answer_id))
        return items.receipt_of(item, channel_id, answer_id) if item else None

    def open(self, message: Message) -> Opened:
        """Put a message in the outbox with its receipt, and in its digest, all or nothing."""
        for attempt in range(_TRIES):
            refused = _commit(_opening(message))
            if transactions.CONDITION in refused[: -1 if message.digest_id else None]:
                return Opened.THERE
            if transactions.CONDITION in refused:
                return Opened.DIGEST_CLOSED
            if not refused:
                return Opened.NEW
            pause_with_jitter(attempt)
        raise DeliveriesBusyError

    def find(self, message_id: str) -> Message | None:
        """One message, strongly read."""
        item = _find(items.message_key(message_id))
        return items.message_of(item) if item and _is_whole(item) else None

    def lease(self, message_id: str, now: datetime, until: datetime) -> Message | None:
        """Take a message that may be sent, is due and is held by nobody, and count the call that is about to be made."""
        item = DeliveryItem(*items.message_key(message_id))
        taking: list[Action] = [
            DeliveryItem.status.set(MessageStatus.WAITING.value),
            DeliveryItem.lease_until.set(milliseconds(until)),
            DeliveryItem.attempts.add(1),
            DeliveryItem.calls.add(1),
        ]
        try:
            item.update(
                actions=taking, condition=_may_be_sent() & _not_after(DeliveryItem.lease_until, now) & _not_after(DeliveryItem.next_at, now)
            )
        except UpdateError as error:
            if error.cause_response_code == CONDITION_FAILED:
                return None
            raise
        return items.message_of(item)

    def release(  # noqa: PLR0913, PLR0917 - all of what came of it, in one transaction
        self,
        message: Message,
        status: MessageStatus,
        now: datetime,
        attempt: Attempt | None = None,
        next_at: datetime | None = None,
        told: Sequence[Told] = (),
    ) -> None:
        """Say what came of a leased message, all or nothing; nothing where the lease has passed to another."""
        del now
        for again in range(_TRIES):
            refused = _commit(_releasing(message, status, attempt, next_at, told))
            if not refused or transactions.CONDITION in refused:
                return
            pause_with_jitter(again)
        raise DeliveriesBusyError

    def count_call(self, message_ids: Collection[str]) -> None:
        """Write that these parts of a leased digest are about to be told, all or nothing."""
        for attempt in range(_TRIES):
            transaction = TransactWrite(connection=connection())
            for message_id in message_ids:
                transaction.update(DeliveryItem(*items.message_key(message_id)), actions=[DeliveryItem.calls.add(1)])
            if not _commit(transaction):
                return
            pause_with_jitter(attempt)
        raise DeliveriesBusyError

    def reopen(self, message_id: str) -> bool:
        """Replay: waiting again and due, attempts from 0."""
        waits = DeliveryItem.status.is_in(MessageStatus.WAITING.value, MessageStatus.IN_DIGEST.value)
        reopening: list[Action] = [
            DeliveryItem.status.set(MessageStatus.WAITING.value),
            DeliveryItem.attempts.set(0),
            DeliveryItem.next_at.remove(),
            DeliveryItem.lease_until.remove(),
        ]
        try:
            DeliveryItem(*items.message_key(message_id)).update(actions=reopening, condition=DeliveryItem.pk.exists() & ~waits)
        except UpdateError as error:
            if error.cause_response_code == CONDITION_FAILED:
                return False
            raise
        return True

    def attempts(self, message_id: str) -> Sequence[Attempt]:
        """The calls made for it, oldest first."""
        made = DeliveryItem.query(items.message_key(message_id)[0], DeliveryItem.sk.startswith(items.ATTEMPT), consistent_read=True)
        return [items.attempt_of(item) for item in made]

    def listed(self, channel_id: str, first: datetime, last: datetime, status: MessageStatus | None = None) -> Iterator[Message]:
        """A channel's messages opened in the span (both ends included), newest first; read as they are asked for."""
        span = DeliveryItem.sk.between(f"{milliseconds(first):013d}", f"{milliseconds(last):013d}#~")
        named = (item.sk.split("#")[1] for item in DeliveryItem.query(f"channel#{channel_id}", span, scan_index_forward=False))
        for page in batched(named, _PAGE, strict=False):
            found = _read(page)
            yield from (found[each] for each in page if each in found and (status is None or found[each].status is status))

    def in_digest(self, digest_id: str) -> Sequence[Message]:
        """The messages that a digest takes along, strongly read."""
        named = [item.sk for item in DeliveryItem.query(f"digest#{digest_id}", consistent_read=True)]
        return list(_read(named).values())

    def breaker(self, channel_id: str) -> Breaker:
        """What recent calls say of the channel's endpoint, strongly read."""
        item = _find(items.breaker_key(channel_id))
        return items.breaker_of(item) if item else WELL

    def set_breaker(self, channel_id: str, seen: Breaker, new: Breaker) -> bool:
        """Replace it if it is still as seen."""
        attributes = DeliveryItem.get_attributes()
        as_seen = [
            attributes[name].does_not_exist() if value is None else attributes[name] == value
            for name, value in items.breaker_values(seen).items()
        ]
        try:
            items.breaker_item(channel_id, new).save(reduce(and_, as_seen))
        except PutError as error:
            if error.cause_response_code == CONDITION_FAILED:
                return False
            raise
        return True


def _find(key: tuple[str, str]) -> DeliveryItem | None:
    try:
        return DeliveryItem.get(*key, consistent_read=True)
    except DeliveryItem.DoesNotExist:
        return None


def _read(message_ids: Iterable[str]) -> dict[str, Message]:
    found = DeliveryItem.batch_get([items.message_key(each) for each in message_ids], consistent_read=True)
    return {message.message_id: message for message in map(items.message_of, filter(_is_whole, found))}


def _is_whole(item: DeliveryItem) -> bool:
    """Not what a call under way wrote of a message after an erasure had deleted it; the erasure's second look finds that too."""
    return "kind" in item.attribute_values


def _commit(transaction: TransactWrite) -> list[str]:
    """Commit; why it was refused, action by action, where that is a condition or may pass another time."""
    try:
        transaction._commit()  # noqa: SLF001 - what leaving its `with` block does; here the error has to be told apart
    except TransactWriteError as error:
        reasons = transactions.reasons(error)
        if transactions.CONDITION not in reasons and not transactions.is_busy(reasons):
            raise
        return reasons
    return []


def _opening(message: Message) -> TransactWrite:
    """PynamoDB sends puts before updates, whatever their order here; a digest's update is the last action."""
    transaction = TransactWrite(connection=connection())
    expires_at = items.expiry(message.created_at, items.MESSAGES_KEPT)
    transaction.save(items.item_of(message), condition=DeliveryItem.pk.does_not_exist())
    transaction.save(DeliveryItem(*items.listing_key(message), expires_at=expires_at))
    if message.answer is not None:
        _add_receipt(transaction, message, message.answer)
    if message.digest_id is not None:
        transaction.save(DeliveryItem(*items.digest_key(message.digest_id, message.message_id), expires_at=expires_at))
        is_open = (DeliveryItem.status == MessageStatus.WAITING.value) & (DeliveryItem.calls == 0) & (DeliveryItem.size < MOST_IN_DIGEST)
        transaction.update(DeliveryItem(*items.message_key(message.digest_id)), actions=[DeliveryItem.size.add(1)], condition=is_open)
    return transaction


def _add_receipt(transaction: TransactWrite, message: Message, answer: AnswerKey) -> None:
    receipt = DeliveryItem(*items.receipt_key(message.channel_id, answer.answer_id))
    if message.kind is AlertKind.DETRACTOR:
        receipt.expires_at = items.expiry(message.created_at, RECEIPTS_KEPT)
        transaction.save(receipt, condition=DeliveryItem.pk.does_not_exist())
        return
    flag = _FLAGS[message.kind]
    transaction.update(receipt, actions=[flag.set(1)], condition=DeliveryItem.pk.exists() & flag.does_not_exist())


def _releasing(
    message: Message, status: MessageStatus, attempt: Attempt | None, next_at: datetime | None, told: Sequence[Told]
) -> TransactWrite:
    transaction = TransactWrite(connection=connection())
    releasing: list[Action] = [
        *_ending(status),
        DeliveryItem.lease_until.remove(),
        DeliveryItem.next_at.set(milliseconds(next_at)) if next_at else DeliveryItem.next_at.remove(),
    ]
    if attempt is not None:
        transaction.save(items.attempt_item(message.message_id, attempt))
    else:
        releasing += [DeliveryItem.attempts.add(-1), DeliveryItem.calls.add(-1)]
    still_held = DeliveryItem.lease_until == (milliseconds(message.lease_until) if message.lease_until else None)
    transaction.update(DeliveryItem(*items.message_key(message.message_id)), actions=releasing, condition=still_held)
    for each in told:
        if each.message_id is not None:
            actions = [*_ending(each.status), DeliveryItem.next_at.remove()]
            transaction.update(DeliveryItem(*items.message_key(each.message_id)), actions=actions)
        if each.commented:
            receipt = DeliveryItem(*items.receipt_key(message.channel_id, each.answer_id))
            transaction.update(receipt, actions=[DeliveryItem.commented.set(1)])
    return transaction


def _ending(status: MessageStatus) -> list[Action]:
    ending: list[Action] = [DeliveryItem.status.set(status.value)]
    return [*ending, DeliveryItem.delivered.set(1)] if status is MessageStatus.DELIVERED else ending


def _may_be_sent() -> Condition:
    waiting: Condition = DeliveryItem.status == MessageStatus.WAITING.value
    dropped: Condition = (DeliveryItem.status == MessageStatus.DROPPED.value) & DeliveryItem.delivered.does_not_exist()
    either: Condition = waiting | dropped
    return either


def _not_after(attribute: NumberAttribute, now: datetime) -> Condition:
    past: Condition = attribute.does_not_exist() | (attribute <= milliseconds(now))
    return past
