"""From a classified answer to messages in the outbox: one alert per (channel, answer), then at most one word more of each kind.

Events and waits only say that an answer may have to be told about. What is decided is decided from the answer as it is now, and from the
channel's receipt, so events that come twice, late or out of order change nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared.alerts.channel import Channel
from shared.alerts.content import AlertKind
from shared.alerts.matching import next_digest, not_before, wants, wants_words
from shared.alerts.message import Message, MessageStatus, Receipt, message_id_of
from shared.alerts.ports import Answers, Channels, Checks, Deliveries, Outbox, People
from shared.answer import Answer, AnswerKey
from shared.scoring import NpsClass


@dataclass(frozen=True, slots=True)
class Notifying:
    """What notifying works with."""

    answers: Answers
    people: People
    channels: Channels
    deliveries: Deliveries
    outbox: Outbox
    checks: Checks
    now: Callable[[], datetime]


@dataclass(slots=True)
class Notified:
    """How many messages were opened, and how many decisions were put off."""

    opened: int = 0
    waiting: int = 0


def notify(key: AnswerKey, revision: int, work: Notifying) -> Notified:
    """Tell every channel what it should hear of revision `revision`; one that was replaced is left to the later one's event."""
    done = Notified()
    answer = work.answers.find(key)
    if answer is None or answer.rev > revision:
        return done
    for channel in work.channels.active():
        _tell(channel, answer, work, done)
    return done


def check(key: AnswerKey, channel_id: str, work: Notifying) -> Notified:
    """After the channel's wait: tell it of the answer as it now is, finished or not."""
    done = Notified()
    answer = work.answers.find(key)
    channel = work.channels.find(channel_id)
    if answer is not None and channel is not None:
        _tell(channel, answer, work, done, waited=True)
    return done


def _tell(channel: Channel, answer: Answer, work: Notifying, done: Notified, *, waited: bool = False) -> None:
    receipt = work.deliveries.receipt(channel.channel_id, answer.key.answer_id)
    kind = _kind_for(channel, answer, receipt, work)
    if kind is None:
        return
    if kind is AlertKind.DETRACTOR and not answer.finished and not waited and channel.settings.wait_seconds:
        work.checks.check_later(answer.key, channel.channel_id, channel.settings.wait_seconds)
        done.waiting += 1
        return
    done.opened += _open(channel, answer, kind, work)


def _kind_for(channel: Channel, answer: Answer, receipt: Receipt | None, work: Notifying) -> AlertKind | None:
    """What the channel is still to be told: nothing it did not want, nothing twice."""
    if answer.nps_class is not NpsClass.DETRACTOR:
        return AlertKind.WITHDRAWN if receipt is not None and not receipt.withdrawn else None
    if receipt is None:
        return AlertKind.DETRACTOR if wants(channel, answer) and _has_words(channel, answer, work) else None
    told = receipt.commented or receipt.comment_added or receipt.withdrawn
    return AlertKind.COMMENT_ADDED if answer.commented and not told and "comment" in channel.settings.include else None


def _has_words(channel: Channel, answer: Answer, work: Notifying) -> bool:
    rules = channel.settings.rules
    return not rules.words or wants_words(rules, work.people.facts(answer.person_id, answer.key.answer_id).comment)


def _open(channel: Channel, answer: Answer, kind: AlertKind, work: Notifying) -> int:
    """Open the message and bring it on its way; one that a crash left behind is brought again."""
    now = work.now()
    message = _message(channel, answer, kind, now)
    opened = work.deliveries.open(message)
    there = message if opened else work.deliveries.find(message.message_id)
    if there is None or there.attempts:
        return int(opened)
    if there.status is MessageStatus.WAITING:
        work.outbox.enqueue(there.message_id, there.next_at, now)
    elif there.status is MessageStatus.IN_DIGEST and there.digest_id is not None:
        _open_digest(there, there.digest_id, now, work)
    return int(opened)


def _message(channel: Channel, answer: Answer, kind: AlertKind, now: datetime) -> Message:
    rules = channel.settings.rules
    digest_at = next_digest(rules, now) if kind is AlertKind.DETRACTOR else None
    return Message(
        message_id=message_id_of(channel.channel_id, kind, answer.key.answer_id),
        channel_id=channel.channel_id,
        kind=kind,
        created_at=now,
        answer=answer.key,
        status=MessageStatus.IN_DIGEST if digest_at else MessageStatus.WAITING,
        next_at=digest_at or not_before(rules, answer.score, now),
        digest_id=message_id_of(channel.channel_id, AlertKind.DIGEST, digest_at.isoformat()) if digest_at else None,
    )


def _open_digest(message: Message, digest_id: str, now: datetime, work: Notifying) -> None:
    """The digest that takes the message along, opened by whichever comes first."""
    work.deliveries.open(
        Message(message_id=digest_id, channel_id=message.channel_id, kind=AlertKind.DIGEST, created_at=now, next_at=message.next_at)
    )
    digest = work.deliveries.find(digest_id)
    if digest is not None and digest.status is MessageStatus.WAITING and not digest.attempts:
        work.outbox.enqueue(digest_id, digest.next_at, now)
