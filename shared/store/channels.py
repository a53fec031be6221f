"""Channels in the registry: what is shown of them and, sealed beside it, where they are and what signs.

Implements `alerts.register.Register`.

Items: `channel` (the document), `channel_address`, `channel_secret` (with the one before, for 24 hours after a rotation), `channel_code`.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec.structs import replace
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from shared.alerts.challenge import Challenge
from shared.alerts.channel import Channel, ChannelStatus, StatusReason
from shared.store import transactions
from shared.store.answer_items import milliseconds
from shared.store.registry import CACHED_SECONDS, TRIES, BusyError, find_item, written
from shared.store.tables import RegistryItem, connection

if TYPE_CHECKING:
    from shared.store.sealing import Sealing

SECRET_OVERLAP: Final = timedelta(hours=24)
CHANNEL: Final = "channel"
ADDRESS: Final = "channel_address"
SECRET: Final = "channel_secret"  # noqa: S105 - the name of a kind of item
CODE: Final = "channel_code"
_CODE_KEPT: Final = timedelta(hours=1)


class NoChannelError(Exception):
    """The channel was deleted meanwhile."""


class ChannelStore:
    """The repository of channels."""

    def __init__(self, sealing: "Sealing", clock: Callable[[], float] = time.monotonic) -> None:
        """Take what seals, and what counts seconds, for the cache of `verified`."""
        self._sealing = sealing
        self._clock = clock
        self._verified: tuple[float, tuple[Channel, ...]] | None = None

    def find(self, channel_id: str) -> Channel | None:
        """One channel, strongly read; None where it was deleted."""
        item = find_item(CHANNEL, channel_id)
        return _channel_of(item) if item else None

    def list(self) -> tuple[Channel, ...]:
        """All channels as they are now, by id."""
        return tuple(_channel_of(item) for item in RegistryItem.query(CHANNEL, consistent_read=True))

    def verified(self) -> Sequence[Channel]:
        """The channels that we call and that were ever verified, paused and disabled ones too, at most 15 seconds old."""
        if self._verified is None or self._clock() - self._verified[0] >= CACHED_SECONDS:
            asked_at = self._clock()
            found = (channel for channel in self.list() if channel.verified_at is not None and not channel.kind.is_subscription)
            self._verified = (asked_at, tuple(found))
        return self._verified[1]

    def address(self, channel_id: str) -> str:
        """The sealed address, in clear. Raises `NoChannelError`."""
        item = find_item(ADDRESS, channel_id)
        if item is None:
            raise NoChannelError
        return self._sealing.unseal(item.sealed, purpose=ADDRESS, owner=channel_id).decode()

    def signing_secrets(self, channel_id: str, now: datetime) -> Sequence[str]:
        """The secrets to sign with now, newest first; none for a tool that knows no signatures."""
        item = find_item(SECRET, channel_id)
        if item is None:
            return ()
        sealed = [item.sealed]
        if item.previous_until and milliseconds(now) < item.previous_until:
            sealed.append(item.previous_sealed)
        return [self._sealing.unseal(text, purpose=SECRET, owner=channel_id).decode() for text in sealed]

    def create(self, channel: Channel, address: str, secret: str | None) -> bool:
        """Store a new channel, its address and signing secret sealed; False, and nothing written, where its id is taken."""
        transaction = TransactWrite(connection=connection())
        transaction.save(_item(channel), condition=RegistryItem.pk.does_not_exist())
        transaction.save(self._sealed(ADDRESS, channel.channel_id, address))
        if secret is not None:
            transaction.save(self._sealed(SECRET, channel.channel_id, secret))
        return _committed(transaction)

    def replace(self, channel: Channel, seen: int, address: str | None = None) -> bool:
        """Store a changed channel, perhaps with another address, in place of revision `seen`; False where that has passed."""
        transaction = TransactWrite(connection=connection())
        transaction.save(_item(channel), condition=RegistryItem.revision == seen)
        if address is not None:
            transaction.save(self._sealed(ADDRESS, channel.channel_id, address))
        return _committed(transaction)

    def delete(self, channel_id: str) -> None:
        """Delete it with all that is sealed of it; again, it stays deleted."""
        transaction = TransactWrite(connection=connection())
        for kind in (CHANNEL, ADDRESS, SECRET, CODE):
            transaction.delete(RegistryItem(kind, channel_id))
        if not _committed(transaction):
            raise BusyError

    def rotate_secret(self, channel_id: str, secret: str, now: datetime) -> datetime:
        """Make `secret` the one to sign with; until what is returned, the one before signs too. Raises `NoChannelError`, `BusyError`."""
        until = now + SECRET_OVERLAP
        new = self._sealed(SECRET, channel_id, secret)
        for _ in range(TRIES):
            before = find_item(SECRET, channel_id)
            if before is None:
                raise NoChannelError
            if before.sealed == new.sealed:  # our own first attempt, whose answer was lost on the way
                return until
            new.previous_sealed, new.previous_until = before.sealed, milliseconds(until)
            if written(partial(new.save, RegistryItem.sealed == before.sealed)):
                return until
        raise BusyError

    def disable(self, channel_id: str, reason: StatusReason, now: datetime) -> bool:
        """Disable an active channel; False where it was not active."""

        def disabled(channel: Channel) -> Channel | None:
            if channel.status is not ChannelStatus.ACTIVE:
                return None
            return replace(channel, status=ChannelStatus.DISABLED, status_reason=reason, disabled_at=now, owner_told_at=None)

        return self._change(channel_id, disabled)

    def owner_told(self, channel_id: str, now: datetime) -> None:
        """Write that the notice of its disabling is out."""
        self._change(channel_id, lambda channel: replace(channel, owner_told_at=now))

    def challenge(self, channel_id: str) -> Challenge | None:
        """The code that was sent last, strongly read."""
        item = find_item(CODE, channel_id)
        return msgspec.json.decode(item.document, type=Challenge) if item else None

    def set_challenge(self, channel_id: str, seen: Challenge | None, new: Challenge | None) -> bool:
        """Replace it if it is still as seen; False, and nothing written, otherwise."""
        as_seen = RegistryItem.pk.does_not_exist() if seen is None else RegistryItem.document == _text(seen)
        item = RegistryItem(CODE, channel_id)
        if new is None:
            return seen is None or written(partial(item.delete, as_seen))
        item.document, item.expires_at = _text(new), int((new.expires_at + _CODE_KEPT).timestamp())
        return written(partial(item.save, as_seen))

    def _change(self, channel_id: str, change: Callable[[Channel], Channel | None]) -> bool:
        """Change a channel as it now is; False where it is gone or `change` finds nothing to do. Raises `BusyError`."""
        for _ in range(TRIES):
            there = self.find(channel_id)
            after = change(there) if there else None
            if there is None or after is None:
                return False
            if self.replace(replace(after, revision=there.revision + 1), there.revision):
                return True
        raise BusyError

    def _sealed(self, kind: str, channel_id: str, text: str) -> RegistryItem:
        return RegistryItem(kind, channel_id, sealed=self._sealing.seal(text.encode(), purpose=kind, owner=channel_id))


def _item(channel: Channel) -> RegistryItem:
    return RegistryItem(CHANNEL, channel.channel_id, document=_text(channel), revision=channel.revision)


def _channel_of(item: RegistryItem) -> Channel:
    return msgspec.json.decode(item.document, type=Channel)


def _text(document: msgspec.Struct) -> str:
    return msgspec.json.encode(document).decode()


def _committed(transaction: TransactWrite) -> bool:
    """Commit; False where a condition did not hold. Raises `BusyError` where others are at the same items."""
    try:
        transaction._commit()  # noqa: SLF001 - what leaving its `with` block does; here the error has to be told apart
    except TransactWriteError as error:
        codes = transactions.reasons(error)
        if transactions.CONDITION in codes:
            return False
        if transactions.is_busy(codes):
            raise BusyError from None
        raise
    return True
