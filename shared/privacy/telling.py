"""Receivers who were given data of an erased person are told to delete their copies (LGPD art. 18 §6), and how far each is is followed.

One message a receiver and erasure goes through the outbox like any other: the same `webhook-id` over retries, rests and replays. Paused
channels are told; disabled ones cannot be. Whoever calls waits until no alert that was on its way at the mark can arrive after it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from shared.alerts.channel import Channel, ChannelStatus
from shared.alerts.content import AlertKind
from shared.alerts.message import Message, MessageStatus, message_id_of
from shared.alerts.ports import Deliveries, Directory, Outbox
from shared.privacy.erasure import Erasure, Impossible, Recipient, TellingStatus

_REACHED: Final = frozenset({ChannelStatus.ACTIVE, ChannelStatus.PAUSED})


@dataclass(frozen=True, slots=True)
class Telling:
    """What telling works with."""

    channels: Directory
    deliveries: Deliveries
    outbox: Outbox
    now: Callable[[], datetime]

    def tell(self, erasure: Erasure, recipient: Recipient, answer_ids: Sequence[str]) -> Recipient:
        """Put the word on its way; how far the receiver is then. Repeatable: it is put there once, and brought again if it still waits."""
        if recipient.status is TellingStatus.ACKNOWLEDGED:
            return recipient
        now = self.now()
        impossible = _impossible(self.channels.find(recipient.channel_id), answer_ids)
        if impossible is not None:
            return replace(recipient, status=TellingStatus.IMPOSSIBLE, reason=impossible)
        message_id = message_id_of(recipient.channel_id, AlertKind.ERASED, erasure.erasure_id)
        self.deliveries.open(
            Message(
                message_id=message_id,
                channel_id=recipient.channel_id,
                kind=AlertKind.ERASED,
                created_at=now,
                erasure_id=erasure.erasure_id,
            )
        )
        there = self.deliveries.find(message_id)
        if there is not None and there.may_be_sent:
            self.outbox.enqueue(there.due, there.next_at, now)
        return self.look(replace(recipient, status=TellingStatus.WAITING, message_id=message_id, reason=None))

    def look(self, recipient: Recipient) -> Recipient:
        """How far the receiver is now. A message that was held is brought on its way again once its channel is active again."""
        message = self.deliveries.find(recipient.message_id) if recipient.message_id else None
        if message is None or recipient.status is TellingStatus.ACKNOWLEDGED:
            return recipient
        if message.delivered:
            return self._told(recipient, message)
        channel = self.channels.find(recipient.channel_id)
        if message.status is MessageStatus.HELD and channel is not None and channel.status is ChannelStatus.ACTIVE:
            if self.deliveries.reopen(message.message_id):
                self.outbox.enqueue(message.due, None, self.now())
            return replace(recipient, status=TellingStatus.WAITING, reason=None)
        reason = _reason(message, channel)
        return replace(recipient, status=TellingStatus.IMPOSSIBLE if reason else TellingStatus.WAITING, reason=reason)

    def _told(self, recipient: Recipient, message: Message) -> Recipient:
        accepted = [attempt for attempt in self.deliveries.attempts(message.message_id) if attempt.accepted]
        told_at = recipient.told_at or (accepted[0].at if accepted else self.now())
        told = replace(recipient, status=TellingStatus.TOLD, told_at=told_at, reason=None)
        gone = next((attempt.at for attempt in accepted if attempt.acknowledged), None)
        return acknowledge(told, gone) if gone else told


def acknowledge(recipient: Recipient, at: datetime) -> Recipient:
    """Somebody says, for the receiver, that its copies are gone: also for one that could not be told by us. The first word stands."""
    if recipient.status is TellingStatus.ACKNOWLEDGED:
        return recipient
    return replace(recipient, status=TellingStatus.ACKNOWLEDGED, acknowledged_at=at, reason=None)


def _impossible(channel: Channel | None, answer_ids: Sequence[str]) -> Impossible | None:
    """Why the receiver cannot even be sent the word."""
    if channel is None:
        return Impossible.CHANNEL_DELETED
    if channel.status not in _REACHED:
        return Impossible.CHANNEL_DISABLED
    return None if answer_ids else Impossible.NO_ANSWER


def _reason(message: Message, channel: Channel | None) -> Impossible | None:
    """Why an undelivered message will not arrive by itself; None while it may."""
    match message.status:
        case MessageStatus.FAILED:
            return Impossible.NOT_TAKEN
        case MessageStatus.HELD if channel is not None:
            return Impossible.NOT_TAKEN if channel.status in _REACHED else Impossible.CHANNEL_DISABLED
        case MessageStatus.DROPPED if channel is not None:
            return Impossible.NO_ANSWER
        case MessageStatus.HELD | MessageStatus.DROPPED:
            return Impossible.CHANNEL_DELETED
        case _:
            return None
