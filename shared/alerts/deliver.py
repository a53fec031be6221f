"""From a message's id to a receiver: read what is to be said, say it, write down what came of it, and when it is tried again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shared.alerts.call import CallFailed, Reply
from shared.alerts.channel import Channel, ChannelStatus, StatusReason
from shared.alerts.content import AlertKind
from shared.alerts.erased import acknowledges
from shared.alerts.message import Attempt, Due, Message, MessageStatus, Told
from shared.alerts.ports import Caller, Channels, Deliveries, Notices, Outbox
from shared.alerts.retrying import DELAYS, Breaker, next_attempt_at
from shared.alerts.saying import Later, Matter, Said, Saying, matter_of, say
from shared.alerts.turns import Turn, Turns, begin, end

LEASE: Final = timedelta(seconds=60)
"""Longer than a function that delivers may run, shorter than anybody would wait for a crashed one's second try."""


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

    @property
    def turns(self) -> Turns:
        """What taking turns at an endpoint works with."""
        return Turns(self.deliveries, self.outbox, self.now, self.chance)


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
        work.outbox.enqueue(there.due, due, now)
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
    turn: Turn | None
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
    turn = begin(channel.channel_id, work.turns) if message.kind is not AlertKind.TEST else None
    if isinstance(turn, datetime):
        return _later(message, turn, work)
    try:
        return _say(matter, channel, turn, work, now)
    except Exception:
        end(channel.channel_id, turn, work.turns)
        raise


def _say(matter: Matter, channel: Channel, turn: Turn | None, work: Delivering, now: datetime) -> _Made | MessageStatus:
    said = say(matter, channel, work.saying, now)
    if said is None:
        end(channel.channel_id, turn, work.turns)
        return _end(matter.message, MessageStatus.DROPPED, work)
    return _call(matter.message, channel, turn, said, work)


def _refused(channel: Channel, message: Message) -> MessageStatus | None:
    """What becomes of a message that is not sent.

    A test is, on a paused or disabled channel too: to see whether it works again. That a person was erased is told to a paused one: its
    owner is spared alerts, not the duty to delete (LGPD art. 18 §6).
    """
    is_test = message.kind is AlertKind.TEST and channel.status is not ChannelStatus.UNVERIFIED
    is_duty = message.kind is AlertKind.ERASED and channel.status is ChannelStatus.PAUSED
    if channel.status is not ChannelStatus.ACTIVE and not is_test and not is_duty:
        return MessageStatus.HELD
    return MessageStatus.FAILED if message.attempts > len(DELAYS) else None  # crashes used them up


def _call(message: Message, channel: Channel, turn: Turn | None, said: Said, work: Delivering) -> _Made:
    parts = [told.message_id for told in said.told if told.message_id is not None and told.status is MessageStatus.DELIVERED]
    if parts:
        work.deliveries.count_call(parts)
    at = work.now()
    try:
        reply = work.caller.call(channel, message.message_id, said.body, said.content_type)
    except CallFailed as failed:
        attempt = Attempt(number=message.calls, at=at, duration_ms=failed.duration_ms, error=failed.error)
        return _Made(channel, turn, attempt, None, said.told)
    gone = acknowledges(message, channel, reply)
    attempt = Attempt(number=message.calls, at=at, duration_ms=reply.duration_ms, status=reply.status, acknowledged=gone)
    return _Made(channel, turn, attempt, reply, said.told)


def _conclude(message: Message, made: _Made, work: Delivering) -> MessageStatus:
    return _succeeded(message, made, work) if made.reply and made.reply.accepted else _failed(message, made, work)


def _succeeded(message: Message, made: _Made, work: Delivering) -> MessageStatus:
    now = work.now()
    end(made.channel.channel_id, made.turn, work.turns, Breaker.after_success)
    for told in made.told:
        if told.status is MessageStatus.WAITING and told.message_id is not None:  # the digest had no room for it
            work.outbox.enqueue(Due(told.message_id, message.channel_id), message.lease_until, now)
    work.deliveries.release(message, MessageStatus.DELIVERED, now, made.attempt, told=made.told)
    return MessageStatus.DELIVERED


def _failed(message: Message, made: _Made, work: Delivering) -> MessageStatus:
    now = work.now()
    retry_after = made.reply.retry_after if made.reply else None
    breaker = end(made.channel.channel_id, made.turn, work.turns, lambda seen: seen.after_failure(now, retry_after))
    reason: StatusReason | None = "gone" if made.reply and made.reply.gone else "failing" if breaker.gives_up(now) else None
    if reason is not None and work.channels.disable(made.channel.channel_id, reason, now):
        _tell_owner(made.channel, reason, work)
    again = reason is None and message.kind is not AlertKind.TEST
    next_at = next_attempt_at(message.attempts, now, work.chance(), retry_after) if again else None
    status = MessageStatus.WAITING if next_at else MessageStatus.HELD if reason else MessageStatus.FAILED
    work.deliveries.release(message, status, now, made.attempt, next_at)
    if next_at is not None:
        work.outbox.enqueue(message.due, next_at, now)
    return status


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
    work.outbox.enqueue(message.due, at, now)
    return MessageStatus.WAITING


def _end(message: Message, status: MessageStatus, work: Delivering, told: Sequence[Told] = ()) -> MessageStatus:
    work.deliveries.release(message, status, work.now(), told=told)
    return status
