"""Receipts of erasures: the key that signs them, in Registry, sealed by KMS; the receipts, in the ledger, for five years.

Implements `privacy.ports.Receipts` and `privacy.door_ports.PublishedReceipts`.

The public half of the key lies beside the sealed one, so whoever shows receipts and keys to the public needs no right to unseal anything.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from shared.privacy.erasure import FIVE_YEARS, Erasure, Recipient
from shared.privacy.receipt import SEED_BYTES, Jwk, ReceiptKey, claims_of, sign
from shared.store.answer_items import milliseconds
from shared.store.registry import find_item, written
from shared.store.sealing import Sealing
from shared.store.tables import LedgerItem, RegistryItem

RECEIPT: Final = "receipt"
_SECRET: Final = "secret"  # noqa: S105 - where secrets lie, none itself
_OWNER: Final = "#receipt-signing"
_PURPOSE: Final = "receipt-signing"


class NoReceiptKeyError(Exception):
    """The signing key vanished between being made and being read."""


class ReceiptKeys:
    """The Ed25519 key, made when the first receipt is signed and never replaced: every receipt has to be verifiable for five years."""

    def __init__(self, sealing: Sealing, random_bytes: Callable[[int], bytes], now: Callable[[], datetime]) -> None:
        """`random_bytes` is of a cryptographic source."""
        self._sealing = sealing
        self._random_bytes = random_bytes
        self._now = now
        self._key: ReceiptKey | None = None

    def key(self) -> ReceiptKey:
        """The key, made if need be; of several calls at once one makes it."""
        if self._key is None:
            item = find_item(_SECRET, _OWNER) or self._made()
            self._key = ReceiptKey(self._sealing.unseal(item.sealed, purpose=_PURPOSE, owner=_OWNER))
        return self._key

    def public(self) -> Sequence[Jwk]:
        """The public keys of all receipts; none before the first."""
        item = find_item(_SECRET, _OWNER)
        return [msgspec.json.decode(item.document, type=dict[str, str])] if item else []

    def _made(self) -> RegistryItem:
        new = ReceiptKey(self._random_bytes(SEED_BYTES))
        sealed = self._sealing.seal(new.seed, purpose=_PURPOSE, owner=_OWNER)
        public = msgspec.json.encode(new.public).decode()
        item = RegistryItem(_SECRET, _OWNER, sealed=sealed, document=public, created_at=milliseconds(self._now()))
        written(lambda: item.save(RegistryItem.pk.does_not_exist()))
        there = find_item(_SECRET, _OWNER)
        if there is None:
            raise NoReceiptKeyError
        return there


class Receipts:
    """Signs receipts and keeps them."""

    def __init__(self, keys: ReceiptKeys) -> None:
        """Take what signs."""
        self._keys = keys

    def sign(self, erasure: Erasure, recipients: Iterable[Recipient]) -> str:
        """Sign and keep the erasure's receipt under its `receipt_id`, once: what was said first stands. Returns that id."""
        claims = claims_of(erasure, recipients)
        receipt_id, done_at = str(claims["receipt_id"]), datetime.fromisoformat(claims["done_at"])
        item = LedgerItem(*_place(receipt_id), receipt=sign(claims, self._keys.key()), expires_at=int((done_at + FIVE_YEARS).timestamp()))
        written(lambda: item.save(LedgerItem.pk.does_not_exist()))
        return receipt_id

    def find(self, receipt_id: str) -> str | None:
        """A receipt by its id, strongly read."""
        try:
            return str(LedgerItem.get(*_place(receipt_id), consistent_read=True).receipt)
        except LedgerItem.DoesNotExist:
            return None

    def public_keys(self) -> Sequence[Jwk]:
        """The public keys to verify receipts with."""
        return self._keys.public()


def _place(receipt_id: str) -> tuple[str, str]:
    return f"receipt#{receipt_id}", RECEIPT
