"""Legal holds, in Ledger. Implements `privacy.door_ports.LegalHolds`.

Under `hold#HMAC` lie the holds on whoever that identifier leads to; under `holds` all of them, for the list. Both are written at once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Final

from pynamodb.transactions import TransactWrite

from shared.privacy.holds import Hold
from shared.store.answer_items import instant_of, milliseconds
from shared.store.tables import LedgerItem, connection

_ALL: Final = "holds"


class HoldStore:
    """The repository of holds."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """`now` says which are in force."""
        self._now = now

    def in_force(self, lookups: Iterable[str]) -> Sequence[Hold]:
        """The holds on them, the oldest first."""
        return _in_order(chain.from_iterable(self._found(lookup) for lookup in lookups))

    def place(self, hold: Hold) -> None:
        """Write a hold."""
        transaction = TransactWrite(connection=connection())
        for pk in (f"hold#{hold.lookup}", _ALL):
            transaction.save(_item_of(pk, hold))
        transaction._commit()  # noqa: SLF001 - what leaving its `with` block does; a refusal is raised as it is

    def list(self) -> Sequence[Hold]:
        """All that are in force, the oldest first."""
        return _in_order(self._of(_ALL))

    def lift(self, hold_id: str) -> bool:
        """End a hold; False where there is none."""
        try:
            hold = _hold_of(LedgerItem.get(_ALL, hold_id, consistent_read=True))
        except LedgerItem.DoesNotExist:
            return False
        transaction = TransactWrite(connection=connection())
        for pk in (f"hold#{hold.lookup}", _ALL):
            transaction.delete(LedgerItem(pk, hold_id))
        transaction._commit()  # noqa: SLF001 - likewise
        return hold.is_in_force(self._now())

    def _found(self, lookup: str) -> Sequence[Hold]:
        return tuple(self._of(f"hold#{lookup}"))

    def _of(self, pk: str) -> Iterator[Hold]:
        now = self._now()
        return (hold for hold in map(_hold_of, LedgerItem.query(pk, consistent_read=True)) if hold.is_in_force(now))


def _in_order(holds: Iterable[Hold]) -> Sequence[Hold]:
    return sorted(holds, key=lambda hold: (hold.placed_at, hold.hold_id))


def _item_of(pk: str, hold: Hold) -> LedgerItem:
    return LedgerItem(
        pk,
        hold.hold_id,
        hold_lookup=hold.lookup,
        hold_reason=hold.reason,
        hold_reference=hold.legal_reference,
        hold_placed_at=milliseconds(hold.placed_at),
        hold_until=milliseconds(hold.until) if hold.until else None,
        expires_at=int(hold.until.timestamp()) if hold.until else None,
    )


def _hold_of(item: LedgerItem) -> Hold:
    return Hold(
        hold_id=item.sk,
        lookup=item.hold_lookup,
        reason=item.hold_reason,
        legal_reference=item.hold_reference,
        placed_at=instant_of(item.hold_placed_at),
        until=instant_of(item.hold_until) if item.hold_until else None,
    )
