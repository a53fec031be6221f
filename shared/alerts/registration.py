"""Making channels and changing them: an address is checked, kept sealed, and hears of nothing before it is proved to be the owner's."""

import re
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from shared.alerts import channel_rules, places
from shared.alerts.channel import Channel, ChannelKind, ChannelSettings, ChannelStatus
from shared.alerts.guard import AddressRefusedError, Guard, UnresolvedError, Url, UrlRefusedError
from shared.alerts.ports import Caller, Deliveries
from shared.alerts.register import Register, Subscriptions
from shared.alerts.signature import new_secret
from shared.phrase import Phrase

MOST_CHANNELS: Final = 100
"""Each is looked at for every detractor."""
_ID_BYTES: Final = 10
_CHANNEL_ID: Final = re.compile(r"ch_[a-z2-7]{16}")


class RegistrationError(Exception):
    """What was asked of a channel is not done. The texts hold nothing of an address or a secret."""


class AddressError(RegistrationError):
    """The address is not one that a channel of its kind may have; `advice` is for whoever typed it."""

    def __init__(self, advice: str) -> None:
        """Keep what to do."""
        super().__init__(advice)
        self.advice = advice


class TooManyChannelsError(RegistrationError):
    """There are as many channels as the system looks after."""


class UnknownChannelError(RegistrationError):
    """There is no such channel."""


class PassedRevisionError(RegistrationError):
    """The channel kept changing, or is not at the revision that was seen any more."""


class NotSignedError(RegistrationError):
    """Only generic webhooks are signed."""


@dataclass(frozen=True, slots=True)
class Registering:
    """What registering works with. `local`: each tool's URLs may lead anywhere the guard lets through, for development alone."""

    register: Register
    deliveries: Deliveries
    subscriptions: Subscriptions
    guard: Guard
    caller: Caller
    now: Callable[[], datetime]
    random_bytes: Callable[[int], bytes]
    local: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A new channel; with the signing secret, which is shown this once, where it is signed."""

    channel: Channel
    secret: str | None


def make(kind: ChannelKind, address: str, settings: ChannelSettings, work: Registering) -> Made:
    """Keep a new channel, unverified. Raises `AddressError`, `ChannelRuleError`, `TooManyChannelsError`."""
    channel_rules.check(kind, settings)
    address, host = address_of(kind, address, work)
    if len(work.register.list()) >= MOST_CHANNELS:
        raise TooManyChannelsError
    channel_id = "ch_" + b32encode(work.random_bytes(_ID_BYTES)).decode().lower()
    channel = Channel(channel_id=channel_id, kind=kind, settings=settings, host=host, created_at=work.now())
    secret = new_secret(work.random_bytes) if kind is ChannelKind.WEBHOOK else None
    if not work.register.create(channel, address, secret):
        raise PassedRevisionError
    return Made(channel, secret)


def change(channel: Channel, settings: ChannelSettings, url: str | None, work: Registering) -> Channel:
    """Keep other settings, and another URL, which has to be verified anew. Itself where nothing changes.

    Raises `AddressError`, `ChannelRuleError`, `PassedRevisionError`.
    """
    channel_rules.check(channel.kind, settings)
    changed, address = replace(channel, settings=settings), None
    if url is not None:
        changed, address = _moved(changed, url, work)
    if changed == channel and address is None:
        return channel
    kept = keep(changed, work, address)
    apply_policy(kept, work)
    return kept


def keep(changed: Channel, work: Registering, address: str | None = None) -> Channel:
    """Store a channel that was read and changed. Raises `PassedRevisionError` where somebody else changed it meanwhile."""
    kept = replace(changed, revision=changed.revision + 1)
    if not work.register.replace(kept, changed.revision, address):
        raise PassedRevisionError
    return kept


def apply_policy(channel: Channel, work: Registering) -> None:
    """Have SNS let through what the channel's rules and status say, where SNS delivers."""
    if channel.subscription is not None:
        work.subscriptions.set_policy(channel.subscription, channel_rules.filter_policy(channel))


def remove(channel: Channel, work: Registering) -> None:
    """End it: nothing more is sent, and nothing of its address and secrets is kept."""
    if channel.subscription is not None:
        work.subscriptions.unsubscribe(channel.subscription)
    work.register.delete(channel.channel_id)


def rotate_secret(channel: Channel, work: Registering) -> tuple[str, datetime]:
    """Another signing secret, shown this once, and until when the one before signs too. Raises `NotSignedError`, `UnknownChannelError`."""
    if channel.kind is not ChannelKind.WEBHOOK:
        raise NotSignedError
    secret = new_secret(work.random_bytes)
    until = work.register.replace_secret(channel.channel_id, secret, work.now())
    if until is None:
        raise UnknownChannelError  # it was deleted meanwhile
    return secret, until


def there(channel_id: str, work: Registering) -> Channel:
    """The channel as it is now. Raises `UnknownChannelError`."""
    channel = work.register.find(channel_id) if _CHANNEL_ID.fullmatch(channel_id) else None
    if channel is None:
        raise UnknownChannelError
    return channel


def address_of(kind: ChannelKind, address: str, work: Registering) -> tuple[str, str]:
    """The address in its normal spelling, and what may be shown of it. Raises `AddressError`."""
    if kind.is_subscription:
        return address, "sms" if kind is ChannelKind.SNS_SMS else "email"
    url = _checked(address, work.guard)
    if not work.local and not places.is_at_home(kind, url.host):
        raise AddressError(places.advice_on(kind))
    return url.text, url.host


def _moved(channel: Channel, url: str, work: Registering) -> tuple[Channel, str | None]:
    """The channel at another URL, unverified, with that; or as it is, with None, where the URL is its own."""
    if channel.kind.is_subscription:
        raise AddressError("a subscription keeps its address: make a channel with the other one and delete this")
    address, host = address_of(channel.kind, url, work)
    if address == work.register.address(channel.channel_id):
        return channel, None
    anew = replace(channel, host=host, status=ChannelStatus.UNVERIFIED, verified_at=None)
    return replace(anew, status_reason=None, disabled_at=None, owner_told_at=None), address


def _checked(address: str, guard: Guard) -> Url:
    """The URL as it may be called now, by how it is written and where it leads."""
    try:
        url = guard.check_url(address)
        guard.resolve(url)
    except UrlRefusedError as error:
        expected = "this URL {fault}; one like https://host.example/path is expected, on port 443"
        raise AddressError(Phrase(expected, fault=Phrase(error.fault))) from None
    except UnresolvedError:
        raise AddressError("the host was not found in the DNS; check its spelling, or wait until its name is known") from None
    except AddressRefusedError:
        raise AddressError("the host leads to an address that is not on the public internet; give the receiver a public one") from None
    return url
