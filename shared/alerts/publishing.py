"""Detractors on the SNS topic: as any alert, but SNS itself brings it to its subscribers, and nothing of a person ever goes there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from shared.alerts.channel import SNS_CHANNEL, Channel, ChannelKind, ChannelSettings, ChannelStatus
from shared.alerts.compose import sns
from shared.alerts.deliver import LEASE
from shared.alerts.message import Attempt, Message, MessageStatus
from shared.alerts.ports import Deliveries, PersonFacts
from shared.alerts.saying import Later, Saying, matter_of
from shared.alerts.subject import content_of
from shared.survey import Locale

_LONG_AGO: Final = datetime(2026, 1, 1, tzinfo=UTC)


class Topic(Protocol):
    """Where it is published."""

    def publish(self, message: sns.SnsMessage) -> None:
        """Publish once; raises where that is not certain."""


class TopicAsChannel:
    """The topic as the one channel that notifying knows. Implements `alerts.ports.Directory`."""

    def __init__(self, wait_seconds: int, locale: Locale = "pt-BR") -> None:
        """How long an unfinished answer is waited for, and in what language subscribers are told."""
        settings = ChannelSettings(name="Amazon SNS", wait_seconds=wait_seconds, locale=locale)
        self.channel = Channel(
            channel_id=SNS_CHANNEL,
            kind=ChannelKind.SNS_EMAIL,
            settings=settings,
            status=ChannelStatus.ACTIVE,
            created_at=_LONG_AGO,
            verified_at=_LONG_AGO,
        )

    def find(self, channel_id: str) -> Channel | None:
        """The topic, under its own id."""
        return self.channel if channel_id == SNS_CHANNEL else None

    def verified(self) -> Sequence[Channel]:
        """The topic alone: each subscriber's filter policy says what it hears."""
        return (self.channel,)


@dataclass(frozen=True, slots=True)
class Publishing:
    """What publishing works with."""

    channel: Channel
    deliveries: Deliveries
    saying: Saying
    topic: Topic
    now: Callable[[], datetime]


def publish(message_id: str, work: Publishing) -> MessageStatus | None:
    """Publish a message that is due; None where there was nothing to do, or another worker has it.

    Raises what kept it from being published; then its id has to be brought again, at the earliest when the lease has passed.
    """
    now = work.now()
    message = work.deliveries.lease(message_id, now, now + LEASE)
    if message is None:
        return None  # whoever has it has its event brought again should they not come to an end
    try:
        said = _what_to_say(message, work, now)
    except Exception:
        work.deliveries.release(message, MessageStatus.WAITING, now)
        raise
    for each in said:
        work.topic.publish(each)  # where this raises, it may have been heard all the same: the call stays counted
    attempt = Attempt(number=message.calls, at=now, duration_ms=_milliseconds(work.now() - now), status=200) if said else None
    status = MessageStatus.DELIVERED if said else MessageStatus.DROPPED
    work.deliveries.release(message, status, work.now(), attempt)
    return status


def _what_to_say(message: Message, work: Publishing, now: datetime) -> list[sns.SnsMessage]:
    matter = matter_of(message, work.channel, work.saying, now)
    if isinstance(matter, Later):
        raise NotYetError
    return [sns.compose(content_of(subject, work.channel, PersonFacts(), work.saying.link)) for subject in matter.subjects]


def _milliseconds(taken: timedelta) -> int:
    return round(taken.total_seconds() * 1000)


class NotYetError(Exception):
    """The alert that this message adds to is just being sent."""
