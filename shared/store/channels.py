"""Channels in the registry, and beside them, sealed, where each leads and what its calls are signed with.

Implements `alerts.register.Register`. The code that was posted in a room lies beside them too, hashed.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from math import ceil
from typing import Any, Final

import msgspec
from msgspec.structs import replace
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from shared.alerts.challenge import Challenge
from shared.alerts.channel import Channel, ChannelStatus, StatusReason
from shared.store import transactions
from shared.store.answer_items import milliseconds
from shared.store.registry import PREVIOUS_SECRET_LIVES, TRIES, BusyError, find_item, written
from shared.store.sealing import Sealing
from shared.store.tables import RegistryItem, connection

_CHANNEL, _ADDRESS, _SECRET, _CODE = "channel", "channel_address", "channel_secret", "channel_code"
_ADDRESS_PURPOSE: Final = "channel-address"
_SIGNING_PURPOSE: Final = "channel-signing"
_MOST_UNSEALED: Final = 200


class NoAddressError(Exception):
    """The channel has no address: it was deleted, or is a subscription of the topic."""


class ChannelStore:
    """The repository of channels. What was unsealed stays in the container."""

    def __init__(self, sealing: Sealing) -> None:
        """`sealing` is of addresses and secrets."""
        self._sealing = sealing
        self._unsealed: dict[str, str] = {}

    def find(self, channel_id: str) -> Channel | None:
        """One channel, strongly read; None where there is none."""
        item = find_item(_CHANNEL, channel_id)
        return _channel_of(item) if item else None

    def list(self) -> tuple[Channel, ...]:
        """All channels as they are now, by id."""
        return tuple(_channel_of(item) for item in RegistryItem.query(_CHANNEL, consistent_read=True))

    def verified(self) -> tuple[Channel, ...]:
        """The channels that we call and that were ever verified, as they are now: a new one hears of the next detractor."""
        return tuple(channel for channel in self.list() if channel.verified_at is not None and not channel.kind.is_subscription)

    def create(self, channel: Channel, address: str | None = None, secret: str | None = None) -> bool:
        """Store a new channel with what is sealed of it, all or nothing; False where its id is taken."""
        transaction = TransactWrite(connection=connection())
        transaction.save(_item_of(channel), RegistryItem.pk.does_not_exist())
        for pk, purpose, text in ((_ADDRESS, _ADDRESS_PURPOSE, address), (_SECRET, _SIGNING_PURPOSE, secret)):
            if text is not None:
                sealed = self._sealing.seal(text.encode(), purpose=purpose, owner=channel.channel_id)
                item = RegistryItem(pk, channel.channel_id, sealed=sealed, created_at=milliseconds(channel.created_at))
                transaction.save(item, RegistryItem.pk.does_not_exist())
        return _committed(transaction)

    def replace(self, channel: Channel, seen: int, address: str | None = None) -> bool:
        """Store a changed channel, perhaps at another address, in place of revision `seen`; False where that has passed."""
        if address is None:
            return self._put(channel, RegistryItem.revision == seen)
        sealed = self._sealing.seal(address.encode(), purpose=_ADDRESS_PURPOSE, owner=channel.channel_id)
        transaction = TransactWrite(connection=connection())
        transaction.save(_item_of(channel), RegistryItem.revision == seen)
        transaction.save(RegistryItem(_ADDRESS, channel.channel_id, sealed=sealed, created_at=milliseconds(channel.created_at)))
        return _committed(transaction)

    def delete(self, channel_id: str) -> bool:
        """Drop a channel with what is sealed of it; False where there is none."""
        transaction = TransactWrite(connection=connection())
        transaction.delete(RegistryItem(_CHANNEL, channel_id), RegistryItem.pk.exists())
        transaction.delete(RegistryItem(_ADDRESS, channel_id))
        transaction.delete(RegistryItem(_SECRET, channel_id))
        transaction.delete(RegistryItem(_CODE, channel_id))
        return _committed(transaction)

    def address(self, channel_id: str) -> str:
        """The address, in clear: for the call that is about to be made only. Raises `NoAddressError`."""
        item = find_item(_ADDRESS, channel_id)
        if item is None:
            raise NoAddressError
        return self._unseal(item.sealed, _ADDRESS_PURPOSE, channel_id)

    def signing_secrets(self, channel_id: str, now: datetime) -> tuple[str, ...]:
        """The secrets to sign with now, newest first: two for 24 hours after a rotation."""
        item = find_item(_SECRET, channel_id)
        if item is None:
            return ()
        given = item.attribute_values
        sealed = [item.sealed]
        if milliseconds(now) < given.get("previous_until", 0):
            sealed.append(given["previous_sealed"])
        return tuple(self._unseal(text, _SIGNING_PURPOSE, channel_id) for text in sealed)

    def replace_secret(self, channel_id: str, secret: str, now: datetime) -> datetime | None:
        """Make `secret` the channel's; the one before is signed with too until what is returned. None where there is none to replace."""
        sealed = self._sealing.seal(secret.encode(), purpose=_SIGNING_PURPOSE, owner=channel_id)
        until = now + PREVIOUS_SECRET_LIVES
        for _ in range(TRIES):
            before = find_item(_SECRET, channel_id)
            if before is None:
                return None
            if before.sealed == sealed:  # our own first attempt, whose answer was lost on the way
                return until
            item = RegistryItem(_SECRET, channel_id, sealed=sealed, created_at=milliseconds(now))
            item.previous_sealed, item.previous_until = before.sealed, milliseconds(until)
            if written(partial(item.save, RegistryItem.sealed == before.sealed)):
                return until
        raise BusyError

    def challenge(self, channel_id: str) -> Challenge | None:
        """The code that was sent last, strongly read."""
        item = find_item(_CODE, channel_id)
        return msgspec.json.decode(item.document, type=Challenge) if item else None

    def set_challenge(self, channel_id: str, seen: Challenge | None, new: Challenge | None) -> bool:
        """Replace it if it is still as seen; False, and nothing written, otherwise."""
        as_seen = RegistryItem.pk.does_not_exist() if seen is None else RegistryItem.document == _text_of(seen)
        if new is None:
            return written(partial(RegistryItem(_CODE, channel_id).delete, as_seen))
        item = RegistryItem(_CODE, channel_id, document=_text_of(new), expires_at=ceil(new.expires_at.timestamp()))
        return written(partial(item.save, as_seen))

    def disable(self, channel_id: str, reason: StatusReason, now: datetime) -> bool:
        """Disable an active channel; False where it was not active."""
        gone = {"status": ChannelStatus.DISABLED, "status_reason": reason, "disabled_at": now, "owner_told_at": None}
        return self._change(channel_id, lambda channel: gone if channel.status is ChannelStatus.ACTIVE else None)

    def owner_told(self, channel_id: str, now: datetime) -> None:
        """Write that the notice of its disabling is out."""
        self._change(channel_id, lambda channel: {"owner_told_at": now} if channel.status is ChannelStatus.DISABLED else None)

    def _change(self, channel_id: str, changes_of: Callable[[Channel], dict[str, Any] | None]) -> bool:
        """Change a channel as it now is; False where there is none or nothing to change."""
        for _ in range(TRIES):
            there = self.find(channel_id)
            changes = changes_of(there) if there else None
            if there is None or changes is None:
                return False
            if self.replace(replace(there, revision=there.revision + 1, **changes), there.revision):
                return True
        raise BusyError

    def _put(self, channel: Channel, condition: Condition) -> bool:
        # A call repeated after a time-out may meet its own first attempt: then what is there is ours.
        return written(lambda: _item_of(channel).save(condition)) or self.find(channel.channel_id) == channel

    def _unseal(self, sealed: str, purpose: str, owner: str) -> str:
        if sealed not in self._unsealed:
            if len(self._unsealed) >= _MOST_UNSEALED:
                self._unsealed.clear()
            self._unsealed[sealed] = self._sealing.unseal(sealed, purpose=purpose, owner=owner).decode()
        return self._unsealed[sealed]


def _item_of(channel: Channel) -> RegistryItem:
    return RegistryItem(_CHANNEL, channel.channel_id, document=_text_of(channel), revision=channel.revision)


def _channel_of(item: RegistryItem) -> Channel:
    return msgspec.json.decode(item.document, type=Channel)


def _text_of(document: Channel | Challenge) -> str:
    return msgspec.json.encode(document).decode()


def _committed(transaction: TransactWrite) -> bool:
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
