"""From a message's id to a receiver: read what is to be said, say it, write down what came of it, and when it is tried again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shared.alerts.call import CallFailed, Reply
from shared.alerts.channel import Channel, ChannelStatus, StatusReason
from shared.alerts.content import AlertKind
from shared.alerts.message import Attempt, Message, MessageStatus, Told
from shared.alerts.ports import Caller, Channels, Deliveries, Notices, Outbox
from shared.alerts.retrying import DELAYS, WELL, Breaker, next_attempt_at
from shared.alerts.saying import Later, Said, Saying, matter_of, say

LEASE: Final = timedelta(seconds=60)
"""Longer than a function that delivers may run, shorter than anybody would wait for a crashed one's second try."""
_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Delivering:
    """What delivering works with; `chance` is random in [0, 1)."""

    channels: Channels
    deliveries: Deliveries
    outbox: Outbox
    caller: Caller
    notices: Notices
    saying: Saying
    now: Callable[[], datetime]
    chance: Callable[[], float]


def deliver(message_id: str, work: Delivering) -> MessageStatus | None:
    """Make at most one call for a message that is due; returns what became of it, None where there was nothing to do.

    A message brought twice, or by two workers at once, is called for once: whoever takes the lease calls. Raises what kept the call from
    being made; then the message's id has to be brought again.
    """
    now = work.now()
    there = work.deliveries.find(message_id)
    if there is None or not there.may_be_sent:
        return None
    due = max(there.next_at or now, there.held_until(now) or now)  # who holds it may have crashed
    if due > now:
        work.outbox.enqueue(message_id, due, now)
        return None
    message = work.deliveries.lease(message_id, now, now + LEASE)
    if message is None:
        return None  # another worker took it a moment ago, and has its id brought again should it not come to an end
    try:
        made = _try(message, work, now)
    except Exception:
        work.deliveries.release(message, MessageStatus.WAITING, now, next_at=there.next_at)
        raise
    return made if isinstance(made, MessageStatus) else _conclude(message, made, work)


@dataclass(frozen=True, slots=True)
class _Made:
    """A call that was made; no reply where it failed."""

    channel: Channel
    attempt: Attempt
    reply: Reply | None
    told: tuple[Told, ...]


def _try(message: Message, work: Delivering, now: datetime) -> _Made | MessageStatus:
    """Call the receiver, if there is something to say and somebody who listens; else what becomes of the message."""
    channel = work.channels.find(message.channel_id)
    if channel is None:
        return _end(message, MessageStatus.DROPPED, work)
    _remind_owner(channel, now, work)
    refused = _refused(channel, message)
    if refused is not None:
        return _end(message, refused, work)
    matter = matter_of(message, channel, work.saying, now)
    if isinstance(matter, Later):
        return _later(message, matter.until, work)
    if matter.is_nothing:
        return _end(message, MessageStatus.DROPPED, work, matter.left_out)
    resting_until = _resting_until(channel, now, work) if message.kind is not AlertKind.TEST else None
    if resting_until is not None:
        return _later(message, resting_until, work)
    said = say(matter, channel, work.saying, now)
    return _end(message, MessageStatus.DROPPED, work) if said is None else _call(message, channel, said, work)


def _refused(channel: Channel, message: Message) -> MessageStatus | None:
    """What becomes of a message that is not sent. A test is, on a paused or disabled channel too: to see whether it works again."""
    is_test = message.kind is AlertKind.TEST and channel.status is not ChannelStatus.UNVERIFIED
    if channel.status is not ChannelStatus.ACTIVE and not is_test:
        return MessageStatus.HELD
    return MessageStatus.FAILED if message.attempts > len(DELAYS) else None  # crashes used them up


def _resting_until(channel: Channel, now: datetime, work: Delivering) -> datetime | None:
    """When to come again, as the endpoint is left in peace; None: call it now, perhaps as the one who tries whether it is well again."""
    breaker = work.deliveries.breaker(channel.channel_id)
    if breaker.open_until is None:
        return None
    if breaker.open_until <= now and work.deliveries.set_breaker(channel.channel_id, breaker, breaker.during_trial(now)):
        return None
    return max(breaker.open_until, now) + LEASE * work.chance()


def _call(message: Message, channel: Channel, said: Said, work: Delivering) -> _Made:
    parts = [told.message_id for told in said.told if told.message_id is not None and told.status is MessageStatus.DELIVERED]
    if parts:
        work.deliveries.count_call(parts)
    at = work.now()
    try:
        reply = work.caller.call(channel, message.message_id, said.body, said.content_type)
    except CallFailed as failed:
        return _Made(channel, Attempt(number=message.calls, at=at, duration_ms=failed.duration_ms, error=failed.error), None, said.told)
    return _Made(channel, Attempt(number=message.calls, at=at, duration_ms=reply.duration_ms, status=reply.status), reply, said.told)


def _conclude(message: Message, made: _Made, work: Delivering) -> MessageStatus:
    return _succeeded(message, made, work) if made.reply and made.reply.accepted else _failed(message, made, work)


def _succeeded(message: Message, made: _Made, work: Delivering) -> MessageStatus:
    now = work.now()
    _update_breaker(made.channel, lambda _seen: WELL, work)
    for told in made.told:
        if told.status is MessageStatus.WAITING and told.message_id is not None:  # the digest had no room for it
            work.outbox.enqueue(told.message_id, message.lease_until, now)
    work.deliveries.release(message, MessageStatus.DELIVERED, now, made.attempt, told=made.told)
    return MessageStatus.DELIVERED


def _failed(message: Message, made: _Made, work: Delivering) -> MessageStatus:
    now = work.now()
    retry_after = made.reply.retry_after if made.reply else None
    breaker = _update_breaker(made.channel, lambda seen: seen.after_failure(now, retry_after), work)
    reason: StatusReason | None = "gone" if made.reply and made.reply.gone else "failing" if breaker.gives_up(now) else None
    if reason is not None and work.channels.disable(made.channel.channel_id, reason, now):
        _tell_owner(made.channel, reason, work)
    again = reason is None and message.kind is not AlertKind.TEST
    next_at = next_attempt_at(message.attempts, now, work.chance(), retry_after) if again else None
    status = MessageStatus.WAITING if next_at else MessageStatus.HELD if reason else MessageStatus.FAILED
    work.deliveries.release(message, status, now, made.attempt, next_at)
    if next_at is not None:
        work.outbox.enqueue(message.message_id, next_at, now)
    return status


def _update_breaker(channel: Channel, change: Callable[[Breaker], Breaker], work: Delivering) -> Breaker:
    """Change it as it now is; after some lost races, leave it to those that won them."""
    new = WELL
    for _ in range(_TRIES):
        seen = work.deliveries.breaker(channel.channel_id)
        new = change(seen)
        if new == seen or work.deliveries.set_breaker(channel.channel_id, seen, new):
            break
    return new


def _tell_owner(channel: Channel, reason: StatusReason, work: Delivering) -> None:
    work.notices.disabled(channel, reason)
    work.channels.owner_told(channel.channel_id, work.now())


def _remind_owner(channel: Channel, now: datetime, work: Delivering) -> None:
    """Give the notice that whoever disabled the channel did not come to give."""
    overdue = channel.disabled_at is not None and channel.disabled_at + LEASE <= now
    if channel.status is ChannelStatus.DISABLED and channel.status_reason and channel.owner_told_at is None and overdue:
        _tell_owner(channel, channel.status_reason, work)


def _later(message: Message, at: datetime, work: Delivering) -> MessageStatus:
    """Come again at `at`; no attempt is used up."""
    now = work.now()
    work.deliveries.release(message, MessageStatus.WAITING, now, next_at=at)
    work.outbox.enqueue(message.message_id, at, now)
    return MessageStatus.WAITING


def _end(message: Message, status: MessageStatus, work: Delivering, told: Sequence[Told] = ()) -> MessageStatus:
    work.deliveries.release(message, status, work.now(), told=told)
    return status
