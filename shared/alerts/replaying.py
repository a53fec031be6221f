"""Sending again what was sent, failed or was held: one message, or all of a span. The `webhook-id` stays the same."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from shared.alerts.channel import Channel
from shared.alerts.content import AlertKind
from shared.alerts.message import Message, MessageStatus, message_id_of
from shared.alerts.ports import Deliveries, Outbox

UNTOLD: Final = frozenset({MessageStatus.FAILED, MessageStatus.HELD})
"""What a channel did not get to hear."""
MOST_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many messages are on their way again; `more` where the same call has to be made once more for the rest."""

    messages: int
    more: bool


def replay(message_id: str, deliveries: Deliveries, outbox: Outbox, now: datetime) -> bool:
    """Send a message once more, from its first attempt; False where there is none that could be sent by itself."""
    reopened = deliveries.reopen(message_id)
    there = deliveries.find(message_id)
    if there is None or not there.may_be_sent:
        return False
    outbox.enqueue(there.due, None if reopened else there.next_at, now)
    return True


def replay_span(  # noqa: PLR0913, PLR0917 - whose, from when, to when, which
    channel_id: str,
    first: datetime,
    last: datetime,
    statuses: Collection[MessageStatus],
    deliveries: Deliveries,
    outbox: Outbox,
    now: datetime,
) -> Replayed:
    """Send a channel's messages of these statuses that were opened in the span (both ends included), the newest `MOST_AT_ONCE` of them."""
    found = (message for message in deliveries.listed(channel_id, first, last) if message.status in statuses)
    chosen = list(islice(found, MOST_AT_ONCE + 1))
    sent = [replay(message.message_id, deliveries, outbox, now) for message in reversed(chosen[:MOST_AT_ONCE])]
    return Replayed(sum(sent), more=len(chosen) > MOST_AT_ONCE)


def said_of(channel_id: str, answer_id: str, deliveries: Deliveries) -> list[Message]:
    """The messages to a channel about one answer, in the order in which they may be sent."""
    kinds = (AlertKind.DETRACTOR, AlertKind.COMMENT_ADDED, AlertKind.WITHDRAWN)
    found = (deliveries.find(message_id_of(channel_id, kind, answer_id)) for kind in kinds)
    return [message for message in found if message is not None]


def send_test(channel: Channel, deliveries: Deliveries, outbox: Outbox, now: datetime) -> str:
    """Put a test on its way, which is tried once; returns its message id."""
    message_id = message_id_of(channel.channel_id, AlertKind.TEST, now.isoformat())
    message = Message(message_id=message_id, channel_id=channel.channel_id, kind=AlertKind.TEST, created_at=now)
    deliveries.open(message)
    outbox.enqueue(message.due, None, now)
    return message_id
