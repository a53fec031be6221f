"""From a message's id to a receiver: read what is to be said, say it, write down what came of it, and when it is tried again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shared.alerts.channel import Channel, ChannelStatus
from shared.alerts.content import AlertKind
from shared.alerts.message import Attempt, CallError, Message, MessageStatus
from shared.alerts.ports import Caller, Channels, Deliveries, Notices, Outbox, Reply
from shared.alerts.retrying import next_attempt_at
from shared.alerts.saying import Nothing, Saying, what_to_say

LEASE: Final = timedelta(seconds=60)
"""Longer than a call may take, shorter than anybody would wait for a crashed one's second try."""
GONE: Final = 410


class CallFailed(Exception):  # noqa: N818 - an expected outcome of calling somebody else's server
    """A call that brought no HTTP status."""

    def __init__(self, error: CallError, duration_ms: int) -> None:
        """Keep what is written down of it."""
        super().__init__(error)
        self.error = error
        self.duration_ms = duration_ms


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

    A message brought twice, or by two workers at once, is called for once: whoever takes the lease calls.
    """
    now = work.now()
    there = work.deliveries.find(message_id)
    if there is None or there.status is not MessageStatus.WAITING:
        return None
    if there.next_at is not None and there.next_at > now:
        work.outbox.enqueue(message_id, there.next_at, now)
        return None
    message = work.deliveries.lease(message_id, now, now + LEASE)
    if message is None:
        if there.lease_until is not None:
            work.outbox.enqueue(message_id, there.lease_until, now)  # its holder may have crashed
        return None
    channel = work.channels.find(message.channel_id)
    if channel is None or (channel.status is not ChannelStatus.ACTIVE and message.kind not in _BEFORE_ACTIVE):
        return _end(message, MessageStatus.HELD if channel else MessageStatus.DROPPED, work)
    breaker = work.deliveries.breaker(channel.channel_id)
    if not breaker.may_call(now) and breaker.open_until is not None:
        return _later(message, breaker.open_until + LEASE * work.chance(), work)
    if breaker.open_until is not None and not work.deliveries.set_breaker(channel.channel_id, breaker, breaker.during_trial(now)):
        return _later(message, now + LEASE, work)
    said = what_to_say(message, channel, work.saying, now)
    if isinstance(said, Nothing):
        return _end(message, MessageStatus.DROPPED, work)
    return _call(message, channel, said.body, said.content_type, commented=said.commented, work=work)


_BEFORE_ACTIVE: Final = frozenset({AlertKind.CHALLENGE, AlertKind.TEST})


def _call(message: Message, channel: Channel, body: bytes, content_type: str, *, commented: bool, work: Delivering) -> MessageStatus:
    at = work.now()
    reply: Reply | None = None
    try:
        reply = work.caller.call(channel, message.message_id, body, content_type)
        attempt = Attempt(number=message.calls + 1, at=at, duration_ms=reply.duration_ms, status=reply.status)
    except CallFailed as failed:
        attempt = Attempt(number=message.calls + 1, at=at, duration_ms=failed.duration_ms, error=failed.error)
    if reply is not None and 200 <= reply.status < 300:  # noqa: PLR2004 - success is 2xx only, a redirect is a failure
        return _succeeded(message, channel, attempt, commented=commented, work=work)
    return _failed(message, channel, attempt, reply, work)


def _succeeded(message: Message, channel: Channel, attempt: Attempt, *, commented: bool, work: Delivering) -> MessageStatus:
    breaker = work.deliveries.breaker(channel.channel_id)
    if breaker.failures:
        work.deliveries.set_breaker(channel.channel_id, breaker, breaker.after_success())
    if commented and message.answer is not None:
        work.deliveries.mark_commented(channel.channel_id, message.answer.answer_id)
    work.deliveries.release(message, MessageStatus.DELIVERED, work.now(), attempt)
    return MessageStatus.DELIVERED


def _failed(message: Message, channel: Channel, attempt: Attempt, reply: Reply | None, work: Delivering) -> MessageStatus:
    now = work.now()
    seen = work.deliveries.breaker(channel.channel_id)
    breaker = seen.after_failure(now)
    work.deliveries.set_breaker(channel.channel_id, seen, breaker)
    reason = "gone" if reply is not None and reply.status == GONE else "failing" if breaker.gives_up(now) else None
    if reason and work.channels.disable(channel.channel_id, reason, now):
        work.notices.disabled(channel, reason)
    retry_after = timedelta(seconds=reply.retry_after_seconds) if reply and reply.retry_after_seconds is not None else None
    next_at = None if reason else next_attempt_at(message.attempts + 1, now, work.chance(), retry_after)
    status = MessageStatus.HELD if reason else MessageStatus.WAITING if next_at else MessageStatus.FAILED
    work.deliveries.release(message, status, now, attempt, next_at)
    if next_at is not None:
        work.outbox.enqueue(message.message_id, next_at, now)
    return status


def _later(message: Message, at: datetime, work: Delivering) -> MessageStatus:
    """Leave the endpoint in peace until `at`; no attempt is used up."""
    work.deliveries.release(message, MessageStatus.WAITING, work.now(), None, at)
    work.outbox.enqueue(message.message_id, at, work.now())
    return MessageStatus.WAITING


def _end(message: Message, status: MessageStatus, work: Delivering) -> MessageStatus:
    work.deliveries.release(message, status, work.now())
    return status
