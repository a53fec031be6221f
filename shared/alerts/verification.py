"""Proving that whoever registers a channel owns the place it leads to, and waking one that was paused or disabled.

A generic webhook echoes a random text that it is sent, signed. Into a room of a chat tool six digits are posted, to be typed back. SNS has
its own way: it asks the address to confirm.
"""

from typing import Final

from msgspec.structs import replace

from shared.alerts.channel import Channel, ChannelKind, ChannelSettings, ChannelStatus
from shared.alerts.channel_rules import filter_policy
from shared.alerts.outcome import Outcome, Result
from shared.alerts.proof import echo, send_code, sign_of_life
from shared.alerts.register import AlreadySubscribedError, SubscriptionRefusedError
from shared.alerts.registration import Made, PassedRevisionError, Registering, RegistrationError, apply_policy, keep, make, remove, there
from shared.alerts.retrying import WELL

_TRIES: Final = 10


class CodeRefusedError(RegistrationError):
    """The code is wrong, too old, or was tried too often."""


class UnverifiedError(RegistrationError):
    """Nobody has proved yet that the place is theirs."""


class DisabledError(RegistrationError):
    """The channel was disabled: it has to be resumed."""


class UnwellError(RegistrationError):
    """The receiver does not take what it is sent; `outcome` tells what came of it."""

    def __init__(self, outcome: "Outcome") -> None:
        """Keep it for the answer."""
        super().__init__()
        self.outcome = outcome


def register(kind: ChannelKind, address: str, settings: ChannelSettings, work: Registering) -> tuple[Made, Outcome]:
    """Keep a new channel and ask for the proof at once. Raises what `make` does, and `SubscriptionRefusedError`, keeping nothing."""
    made = make(kind, address, settings, work)
    try:
        channel, outcome = verify(made.channel, work)
    except SubscriptionRefusedError:
        remove(made.channel, work)
        raise
    return Made(channel, made.secret), outcome


def verify(channel: Channel, work: Registering) -> tuple[Channel, Outcome]:
    """Ask for the proof; the channel as it is then. Raises `DisabledError`, `TooSoonError`, `AlreadySubscribedError`."""
    if channel.status is ChannelStatus.DISABLED:
        raise DisabledError
    if channel.status is not ChannelStatus.UNVERIFIED:
        return channel, Outcome(Result.VERIFIED)
    if channel.kind.is_subscription:
        return _confirmed(channel, work)
    if channel.kind is not ChannelKind.WEBHOOK:
        return channel, send_code(channel, work)
    outcome = echo(channel, work)
    return (_activated(channel, work) if outcome.result is Result.VERIFIED else channel), outcome


def enter_code(channel_id: str, code: str, work: Registering) -> Channel:
    """Take the code that was posted in the room. Raises `CodeRefusedError`, also for a channel that is sent no code."""
    for _ in range(_TRIES):
        channel, now = there(channel_id, work), work.now()
        if channel.status is not ChannelStatus.UNVERIFIED:
            return channel
        seen, address = work.register.challenge(channel_id), work.register.address(channel_id)
        if seen is None or not seen.is_open(now):
            raise CodeRefusedError
        if not work.register.set_challenge(channel_id, seen, seen.tried()):
            continue  # somebody else used up a try
        if not seen.admits(code, address, channel_id):
            raise CodeRefusedError
        active = _activated(channel, work)
        work.register.set_challenge(channel_id, seen.tried(), None)
        return active
    raise PassedRevisionError


def pause(channel: Channel, work: Registering) -> Channel:
    """Send nothing until it is resumed: what comes meanwhile is held, and can be replayed. Raises `UnverifiedError`, `DisabledError`."""
    if channel.status is ChannelStatus.UNVERIFIED:
        raise UnverifiedError
    if channel.status is ChannelStatus.DISABLED:
        raise DisabledError
    return channel if channel.status is ChannelStatus.PAUSED else _with_status(channel, ChannelStatus.PAUSED, work)


def resume(channel: Channel, work: Registering) -> Channel:
    """Send again; to one that was disabled only if it takes a test now. Raises `UnverifiedError`, `UnwellError`."""
    if channel.status is ChannelStatus.UNVERIFIED:
        raise UnverifiedError
    if channel.status is ChannelStatus.ACTIVE:
        return channel
    if channel.status is ChannelStatus.DISABLED:
        outcome = echo(channel, work) if channel.kind is ChannelKind.WEBHOOK else sign_of_life(channel, work)
        if outcome.result is not Result.VERIFIED:
            raise UnwellError(outcome)
        _forget_failures(channel, work)
    awake = replace(channel, status_reason=None, disabled_at=None, owner_told_at=None)
    return _with_status(awake, ChannelStatus.ACTIVE, work)


def _with_status(channel: Channel, status: ChannelStatus, work: Registering) -> Channel:
    kept = keep(replace(channel, status=status), work)
    apply_policy(kept, work)
    return kept


def _activated(channel: Channel, work: Registering) -> Channel:
    active = keep(replace(channel, status=ChannelStatus.ACTIVE, verified_at=work.now()), work)
    _forget_failures(channel, work)
    return active


def _confirmed(channel: Channel, work: Registering) -> tuple[Channel, Outcome]:
    """Look whether SNS's question was answered; ask where it never was, or where SNS has dropped it meanwhile."""
    confirmed = work.subscriptions.is_confirmed(channel.subscription) if channel.subscription else None
    if confirmed is None:
        channel = _subscribed(channel, work)
        confirmed = work.subscriptions.is_confirmed(channel.subscription) if channel.subscription else None
    if confirmed:
        return _activated(channel, work), Outcome(Result.VERIFIED)
    return channel, Outcome(Result.UNCONFIRMED)


def _subscribed(channel: Channel, work: Registering) -> Channel:
    address = work.register.address(channel.channel_id)
    subscription = work.subscriptions.subscribe(channel.kind, address, filter_policy(channel))
    if any(other.subscription == subscription and other.channel_id != channel.channel_id for other in work.register.list()):
        raise AlreadySubscribedError
    return keep(replace(channel, subscription=subscription), work)


def _forget_failures(channel: Channel, work: Registering) -> None:
    """What was called before, or failed for days, says nothing of what is called from now on."""
    for _ in range(_TRIES):
        seen = work.deliveries.breaker(channel.channel_id)
        if seen == WELL or work.deliveries.set_breaker(channel.channel_id, seen, WELL):
            return
