"""Deliveries: the outbox with its attempts, receipts, digests and breakers. Implements `alerts.ports.Deliveries`."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import batched
from typing import Final

from pynamodb.exceptions import DoesNotExist, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from shared.alerts.content import AlertKind
from shared.alerts.message import MOST_IN_DIGEST, Attempt, Message, MessageStatus, Opened, Receipt, Told
from shared.alerts.retrying import WELL, Breaker
from shared.store import delivery_items as items
from shared.store import transactions
from shared.store.delivery_items import DeliveryItem
from shared.store.tables import connection

_CONDITION_FAILED: Final = "ConditionalCheckFailedException"
_TRIES: Final = 6
_STEP_SECONDS: Final = 0.05
_PAGE: Final = 50
_NO_MORE: Final = (MessageStatus.WAITING.value, MessageStatus.IN_DIGEST.value)


class DeliveriesBusyError(Exception):
    """Others kept writing the same items; what was asked for has to be asked for again."""


class Deliveries:
    """The repository of deliveries."""

    def receipt(self, channel_id: str, answer_id: str) -> Receipt | None:
        """What the channel has been told of the answer, strongly read."""
        item = _find(*items.receipt_key(channel_id, answer_id))
        return items.receipt_of(item, channel_id, answer_id) if item else None

    def open(self, message: Message) -> Opened:
        """Put a message in the outbox with its receipt, and in its digest, all or nothing."""

        def opening() -> TransactWrite:
            transaction = TransactWrite(connection=connection())
            transaction.save(items.message_item(message), condition=DeliveryItem.pk.does_not_exist())
            transaction.save(DeliveryItem(*items.listing_key(message), expires_at=items.seconds(message.created_at + items.MESSAGES_KEPT)))
            if message.digest_id is not None:
                transaction.save(DeliveryItem(*items.part_key(message.digest_id, message.message_id), expires_at=_until(message)))
                digest = DeliveryItem(*items.message_key(message.digest_id))
                transaction.update(digest, actions=[DeliveryItem.parts.add(1)], condition=_takes_more())
            if message.answer is not None:
                _write_receipt(transaction, message)
            return transaction

        codes = _commit(opening)
        if not codes:
            return Opened.NEW
        puts = 2 if message.digest_id is None else 3
        digest_closed = message.digest_id is not None and codes[puts] == transactions.CONDITION
        others = [code for number, code in enumerate(codes) if not (digest_closed and number == puts)]
        return Opened.THERE if transactions.CONDITION in others else Opened.DIGEST_CLOSED

    def find(self, message_id: str) -> Message | None:
        """One message, strongly read."""
        item = _find(*items.message_key(message_id))
        return items.message_of(item) if item else None

    def lease(self, message_id: str, now: datetime, until: datetime) -> Message | None:
        """Take a message that may be sent, is due and is held by nobody, and count the call that is about to be made; None otherwise."""
        waiting = DeliveryItem.status == MessageStatus.WAITING.value
        unheard = (DeliveryItem.status == MessageStatus.DROPPED.value) & (DeliveryItem.calls == 0)
        free = DeliveryItem.lease_until.does_not_exist() | (DeliveryItem.lease_until <= items.milliseconds(now))
        due = DeliveryItem.next_at.does_not_exist() | (DeliveryItem.next_at <= items.milliseconds(now))
        actions: list[Action] = [
            DeliveryItem.status.set(MessageStatus.WAITING.value),
            DeliveryItem.lease_until.set(items.milliseconds(until)),
            DeliveryItem.attempts.add(1),
            DeliveryItem.calls.add(1),
        ]
        item = DeliveryItem(*items.message_key(message_id))
        return items.message_of(item) if _updated(item, actions, (waiting | unheard) & free & due) else None

    def release(  # noqa: PLR0913, PLR0917 - as the port has it
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
        if message.lease_until is None:
            return
        held = DeliveryItem.lease_until == items.milliseconds(message.lease_until)
        actions: list[Action] = [
            DeliveryItem.status.set(status.value),
            DeliveryItem.lease_until.remove(),
            items.set_or_remove(DeliveryItem.next_at, next_at),
        ]
        if attempt is None:
            actions += [DeliveryItem.attempts.add(-1), DeliveryItem.calls.add(-1)]

        def releasing() -> TransactWrite:
            transaction = TransactWrite(connection=connection())
            transaction.update(DeliveryItem(*items.message_key(message.message_id)), actions=actions, condition=held)
            if attempt is not None:
                transaction.save(items.attempt_item(message, attempt))
            for each in told:
                _tell(transaction, message.channel_id, each)
            return transaction

        _commit(releasing)

    def reopen(self, message_id: str) -> bool:
        """Replay: waiting again and due, attempts from 0; False where it is waiting already, is in a digest or is unknown."""
        actions: list[Action] = [
            DeliveryItem.status.set(MessageStatus.WAITING.value),
            DeliveryItem.attempts.set(0),
            DeliveryItem.next_at.remove(),
            DeliveryItem.lease_until.remove(),
        ]
        there = DeliveryItem.pk.exists() & ~DeliveryItem.status.is_in(*_NO_MORE)
        return _updated(DeliveryItem(*items.message_key(message_id)), actions, there)

    def attempts(self, message_id: str) -> Sequence[Attempt]:
        """The calls made for it, oldest first."""
        partition, _ = items.message_key(message_id)
        found = DeliveryItem.query(partition, range_key_condition=DeliveryItem.sk.startswith("attempt#"))
        return [items.attempt_of(item) for item in found]

    def listed(self, channel_id: str, first: datetime, last: datetime, status: MessageStatus | None = None) -> Iterator[Message]:
        """A channel's messages opened in the span (both ends included), newest first."""
        span = DeliveryItem.sk.between(items.listing_time(first), f"{items.listing_time(last)}#~")
        listing = DeliveryItem.query(f"channel#{channel_id}", range_key_condition=span, scan_index_forward=False)
        ids = (item.sk.partition("#")[2] for item in listing)
        for page in batched(ids, _PAGE, strict=False):
            yield from (message for message in _read(page) if status is None or message.status is status)

    def in_digest(self, digest_id: str) -> Sequence[Message]:
        """The messages that a digest takes along, strongly read."""
        parts = DeliveryItem.query(f"digest#{digest_id}", consistent_read=True)
        return _read([part.sk for part in parts])

    def breaker(self, channel_id: str) -> Breaker:
        """What recent calls say of the channel's endpoint, strongly read."""
        item = _find(*items.breaker_key(channel_id))
        return items.breaker_of(item.breaker) if item else WELL

    def set_breaker(self, channel_id: str, seen: Breaker, new: Breaker) -> bool:
        """Replace it if it is still as seen."""
        as_seen = DeliveryItem.breaker == items.breaker_text(seen)
        if seen == WELL:
            as_seen |= DeliveryItem.breaker.does_not_exist()
        return _updated(DeliveryItem(*items.breaker_key(channel_id)), [DeliveryItem.breaker.set(items.breaker_text(new))], as_seen)


def _until(message: Message) -> int:
    return items.seconds(message.created_at + items.MESSAGES_KEPT)


def _takes_more() -> Condition:
    """A digest that was not called for yet, and has room."""
    waiting = (DeliveryItem.status == MessageStatus.WAITING.value) & (DeliveryItem.calls == 0)
    open_: Condition = waiting & (DeliveryItem.parts.does_not_exist() | (DeliveryItem.parts < MOST_IN_DIGEST))
    return open_


def _write_receipt(transaction: TransactWrite, message: Message) -> None:
    """The receipt that goes with a message about an answer: made by the alert, told more of by what follows it."""
    if message.answer is None:
        return
    actions: list[Action] = [DeliveryItem.expires_at.set(items.seconds(message.created_at + items.RECEIPTS_KEPT))]
    condition: Condition = DeliveryItem.pk.does_not_exist()
    if message.kind is not AlertKind.DETRACTOR:
        said = DeliveryItem.comment_added if message.kind is AlertKind.COMMENT_ADDED else DeliveryItem.withdrawn
        actions.append(said.set(1))
        condition = DeliveryItem.pk.exists() & said.does_not_exist()
    receipt = DeliveryItem(*items.receipt_key(message.channel_id, message.answer.answer_id))
    transaction.update(receipt, actions=actions, condition=condition)


def _tell(transaction: TransactWrite, channel_id: str, told: Told) -> None:
    if told.message_id is not None:
        actions: list[Action] = [DeliveryItem.status.set(told.status.value), DeliveryItem.next_at.remove()]
        transaction.update(DeliveryItem(*items.message_key(told.message_id)), actions=actions, condition=DeliveryItem.pk.exists())
    if told.commented:
        receipt = DeliveryItem(*items.receipt_key(channel_id, told.answer_id))
        transaction.update(receipt, actions=[DeliveryItem.commented.set(1)], condition=DeliveryItem.pk.exists())


def _commit(make: Callable[[], TransactWrite]) -> list[str]:
    """Commit, again after a while where others are at the same items. Returns the reasons where a condition did not hold, else nothing."""
    for attempt in range(_TRIES):
        try:
            make()._commit()  # noqa: SLF001 - what leaving its `with` block does; here the error has to be told apart
        except TransactWriteError as error:
            codes = transactions.reasons(error)
            if transactions.CONDITION in codes:
                return codes
            if not transactions.is_busy(codes):
                raise
            time.sleep(_STEP_SECONDS * 2**attempt)
        else:
            return []
    raise DeliveriesBusyError


def _updated(item: DeliveryItem, actions: list[Action], condition: Condition) -> bool:
    try:
        item.update(actions=actions, condition=condition)
    except UpdateError as error:
        if error.cause_response_code == _CONDITION_FAILED:
            return False
        raise
    return True


def _find(partition: str, sort: str) -> DeliveryItem | None:
    try:
        return DeliveryItem.get(partition, sort, consistent_read=True)
    except DoesNotExist:
        return None


def _read(message_ids: Sequence[str]) -> list[Message]:
    """The messages of these ids in their order, strongly read; those that are gone are left out."""
    keys = [items.message_key(message_id) for message_id in message_ids]
    found = {message.message_id: message for message in map(items.message_of, DeliveryItem.batch_get(keys, consistent_read=True))}
    return [found[message_id] for message_id in message_ids if message_id in found]
