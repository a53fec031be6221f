"""Ledger: erasures and what each has to do with. Implements `privacy.ports.Ledger`. No stream reads this table."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import batched, islice
from typing import Final

from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.transactions import TransactWrite

from shared.answer import AnswerKey
from shared.privacy.erasure import FIVE_YEARS, Erasure, Ours, Recipient, TellingStatus
from shared.store import ledger_items as items
from shared.store import transactions
from shared.store.answer_items import milliseconds
from shared.store.answers import CONDITION_FAILED
from shared.store.registry import written
from shared.store.settings import pause_with_jitter
from shared.store.tables import LedgerItem, connection

_TRIES: Final = 6
_MOST_ACTIONS: Final = 100


class LedgerBusyError(Exception):
    """The items kept changing under us; the same may pass a moment later."""


class Ledger:
    """The repository of erasures. Notes and receivers are kept until times counted from `now`, as the table's TTL has it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """`now` only says until when notes and receivers are kept."""
        self._now = now

    def open(self, erasure: Erasure) -> bool:
        """Write a new erasure, that it is due, and where the list names it, all or nothing."""

        def opening(transaction: TransactWrite) -> None:
            transaction.save(items.erasure_item(erasure), condition=LedgerItem.pk.does_not_exist())
            _save_row(transaction, items.due_key(erasure), erasure)
            _save_row(transaction, items.listing_key(erasure), erasure)

        return _commit(opening)

    def find(self, erasure_id: str) -> Erasure | None:
        """One erasure, strongly read."""
        try:
            return items.erasure_of(LedgerItem.get(items.partition_of(erasure_id), items.ERASURE, consistent_read=True))
        except LedgerItem.DoesNotExist:
            return None

    def advance(self, seen: Erasure, new: Erasure) -> bool:
        """Write how far it is, if it still is as seen; the row that says when it is due moves with it."""
        item, as_seen = items.erasure_item(new), LedgerItem.revision == seen.revision
        before, after = items.due_key(seen), items.due_key(new)
        if before == after:
            return written(lambda: item.save(condition=as_seen))

        def advancing(transaction: TransactWrite) -> None:
            transaction.save(item, condition=as_seen)
            _save_row(transaction, after, new)
            if before is not None:
                transaction.delete(LedgerItem(*before))

        return _commit(advancing)

    def due(self, now: datetime) -> Iterator[str]:
        """The ids of the erasures that are due, the longest due first."""
        until = LedgerItem.sk < f"{milliseconds(now) + 1:013d}"
        return (item.sk.split("#", 1)[1] for item in LedgerItem.query(items.DUE, until, consistent_read=True))

    def listed(self, first: datetime, last: datetime) -> Iterator[Erasure]:
        """The erasures asked for in the span, newest first; read as they are asked for."""
        span = LedgerItem.sk.between(f"{milliseconds(first):013d}", f"{milliseconds(last):013d}#~")
        named = (item.sk.split("#", 1)[1] for item in LedgerItem.query(items.LISTING, span, scan_index_forward=False))
        for page in batched(named, _MOST_ACTIONS, strict=False):
            keys = [(items.partition_of(erasure_id), items.ERASURE) for erasure_id in page]
            found = {each.erasure_id: each for each in map(items.erasure_of, LedgerItem.batch_get(keys, consistent_read=True))}
            yield from (found[erasure_id] for erasure_id in page if erasure_id in found)

    def note_answers(self, erasure_id: str, answers: Iterable[AnswerKey]) -> int:
        """Keep which answers are the person's. A note is made by an update, which leaves alone what one that is there says."""
        wanted = {key.answer_id: key for key in answers}
        if not wanted:
            return 0
        first, last = min(wanted), max(wanted)
        span = LedgerItem.sk.between(items.ANSWER + first, items.ANSWER + last)
        there = {
            item.sk.removeprefix(items.ANSWER) for item in LedgerItem.query(items.partition_of(erasure_id), span, consistent_read=True)
        }
        new = [key for answer_id, key in sorted(wanted.items()) if answer_id not in there]
        expires_at = items.expiry(self._now(), items.NOTES_KEPT)
        for some in batched(new, _MOST_ACTIONS, strict=False):
            _commit(lambda transaction, some=some: _note(transaction, erasure_id, some, expires_at))  # type: ignore[misc]  # bound at once
        return len(new)

    def answers(self, erasure_id: str, after: str = "") -> Iterator[Ours]:
        """The notes in the order of the answers' ids; `!` sorts before whatever an id is written with."""
        first = f"{items.ANSWER}{after}!" if after else items.ANSWER
        span = LedgerItem.sk.between(first, f"{items.ANSWER}~")
        return map(items.note_of, LedgerItem.query(items.partition_of(erasure_id), span, consistent_read=True, page_size=_MOST_ACTIONS))

    def answers_found(self, erasure_id: str, keys: Collection[AnswerKey], *, late: bool = False) -> None:
        """Write in their notes that these name the person; not where a note says so, or is gone."""
        found = LedgerItem.found.set("late" if late else "first")
        for key in keys:
            note = _note_item(erasure_id, key)
            written(lambda note=note: note.update(actions=[found], condition=LedgerItem.pk.exists() & LedgerItem.found.does_not_exist()))  # type: ignore[misc]  # bound at once

    def answer_withdrawn(self, erasure_id: str, key: AnswerKey) -> None:
        """Write in its note that it was withdrawn too."""
        note = _note_item(erasure_id, key)
        written(lambda: note.update(actions=[LedgerItem.withdrawn.set(1)], condition=LedgerItem.pk.exists()))

    def note_messages(self, erasure_id: str, key: AnswerKey, message_ids: Collection[str], *, late: bool = False) -> None:
        """Add to the note of an answer the messages that are about to be deleted."""
        attribute = LedgerItem.late_messages if late else LedgerItem.messages
        note = _note_item(erasure_id, key)
        written(lambda: note.update(actions=[attribute.add(set(message_ids))], condition=LedgerItem.pk.exists()))

    def forget_answers(self, erasure_id: str, most: int) -> bool:
        """Delete notes of answers; False where none is left."""
        some = list(islice(self.answers(erasure_id), most))
        with LedgerItem.batch_write() as batch:
            for note in some:
                batch.delete(_note_item(erasure_id, note.key))
        return bool(some)

    def note_recipients(self, erasure_id: str, recipients: Iterable[Recipient]) -> None:
        """Keep those that are not known yet."""
        for recipient in recipients:
            item = self._recipient_item(erasure_id, recipient)
            written(lambda item=item: item.save(condition=LedgerItem.pk.does_not_exist()))  # type: ignore[misc]  # bound at once

    def note_recipient(self, erasure_id: str, recipient: Recipient) -> bool:
        """Keep how far a receiver is; False, and nothing written, where it is further already."""
        not_further = [status.value for status in TellingStatus if status.rank <= recipient.status.rank]
        try:
            self._recipient_item(erasure_id, recipient).save(
                condition=LedgerItem.pk.does_not_exist() | LedgerItem.status.is_in(*not_further)
            )
        except PutError as error:
            if error.cause_response_code == CONDITION_FAILED:
                return False
            raise
        return True

    def recipients(self, erasure_id: str) -> Sequence[Recipient]:
        """Those that were noted."""
        known = LedgerItem.query(items.partition_of(erasure_id), LedgerItem.sk.startswith(items.RECIPIENT), consistent_read=True)
        return [items.recipient_of(item) for item in known]

    def _recipient_item(self, erasure_id: str, recipient: Recipient) -> LedgerItem:
        return items.recipient_item(erasure_id, recipient, items.expiry(self._now(), FIVE_YEARS))


def _note_item(erasure_id: str, key: AnswerKey) -> LedgerItem:
    return LedgerItem(items.partition_of(erasure_id), items.ANSWER + key.answer_id)


def _note(transaction: TransactWrite, erasure_id: str, keys: Sequence[AnswerKey], expires_at: int) -> None:
    for key in keys:
        note = _note_item(erasure_id, key)
        transaction.update(note, actions=[LedgerItem.partition.set(key.partition), LedgerItem.expires_at.set(expires_at)])


def _save_row(transaction: TransactWrite, key: tuple[str, str] | None, erasure: Erasure) -> None:
    if key is not None:
        transaction.save(LedgerItem(*key, expires_at=items.expiry(erasure.asked_at, FIVE_YEARS)))


def _commit(fill: Callable[[TransactWrite], None]) -> bool:
    """Write a transaction; False where a condition does not hold."""
    for attempt in range(_TRIES):
        transaction = TransactWrite(connection=connection())
        fill(transaction)
        try:
            transaction._commit()  # noqa: SLF001 - what leaving its `with` block does; here the error has to be told apart
        except TransactWriteError as error:
            reasons = transactions.reasons(error)
            if transactions.CONDITION in reasons:
                return False
            if not transactions.is_busy(reasons):
                raise
            pause_with_jitter(attempt)
        else:
            return True
    raise LedgerBusyError
