"""Suppression entries and, sealed by KMS, the versions of their key (the ports of `privacy.suppression`).

Both lie in the ledger: a key in a table that is restored to an instant before it was made would leave entries that nobody finds.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import batched
from math import ceil
from typing import TYPE_CHECKING, Final

from pynamodb.exceptions import UpdateError

from shared.privacy.suppression import KEY_BYTES, Entry, SuppressionKey
from shared.store.answer_items import instant_of, milliseconds
from shared.store.answers import CONDITION_FAILED
from shared.store.registry import written
from shared.store.sealing import Sealing
from shared.store.tables import LedgerItem

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

ENTRY: Final = "entry"
_SUPPRESSED: Final = "suppressed#"
_KEYS: Final = "suppression-keys"
_OWNER: Final = "#suppression#"
_PURPOSE: Final = "suppression"
_PAGE: Final = 100


class SuppressionKeyStore:
    """The versions of the key. Unsealed, they stay in the container."""

    def __init__(self, sealing: Sealing, random_bytes: Callable[[int], bytes]) -> None:
        """`random_bytes` is of a cryptographic source."""
        self._sealing = sealing
        self._random_bytes = random_bytes
        self._unsealed: dict[str, SuppressionKey] = {}

    def versions(self) -> Sequence[SuppressionKey]:
        """Those that are kept, newest first."""
        items = LedgerItem.query(_KEYS, LedgerItem.sk.startswith(_OWNER), scan_index_forward=False, consistent_read=True)
        return [self._unsealed.get(item.sk) or self._unseal(item) for item in items]

    def make(self, version: int, now: datetime, needed_until: datetime) -> None:
        """Make that version, unless it is there; it goes by itself once nothing can be under it."""
        owner = f"{_OWNER}{version:04d}"
        if any(item.sk == owner for item in LedgerItem.query(_KEYS, LedgerItem.sk == owner, consistent_read=True)):
            return
        sealed = self._sealing.seal(self._random_bytes(KEY_BYTES), purpose=_PURPOSE, owner=owner)
        item = LedgerItem(_KEYS, owner, sealed=sealed, made_at=milliseconds(now), expires_at=ceil(needed_until.timestamp()))
        written(lambda: item.save(LedgerItem.pk.does_not_exist()))

    def _unseal(self, item: LedgerItem) -> SuppressionKey:
        secret = self._sealing.unseal(item.sealed, purpose=_PURPOSE, owner=item.sk)
        key = SuppressionKey(int(item.sk.removeprefix(_OWNER)), secret, instant_of(item.made_at))
        self._unsealed[item.sk] = key
        return key


class SuppressionEntries:
    """The entries."""

    def put(self, entry: Entry) -> None:
        """Keep an entry; one that is there is only ever kept longer."""
        until = milliseconds(entry.until)
        keeping: list[Action] = [
            LedgerItem.until.set(until),
            LedgerItem.key_version.set(entry.version),
            LedgerItem.expires_at.set(ceil(entry.until.timestamp())),
        ]
        try:
            LedgerItem(*_place(entry.name)).update(
                actions=keeping, condition=LedgerItem.until.does_not_exist() | (LedgerItem.until < until)
            )
        except UpdateError as error:
            if error.cause_response_code != CONDITION_FAILED:
                raise

    def find(self, names: Sequence[str]) -> Mapping[str, Entry]:
        """The entries of these names, strongly read, those whose end has passed too."""
        found = (
            item
            for some in batched(set(names), _PAGE, strict=False)
            for item in LedgerItem.batch_get(map(_place, some), consistent_read=True)
        )
        entries = (Entry(item.pk.removeprefix(_SUPPRESSED), int(item.key_version), instant_of(item.until)) for item in found)
        return {entry.name: entry for entry in entries}

    def remove(self, name: str) -> None:
        """Drop an entry, if it is there."""
        LedgerItem(*_place(name)).delete()


def _place(name: str) -> tuple[str, str]:
    return f"{_SUPPRESSED}{name}", ENTRY
