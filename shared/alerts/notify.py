"""From a classified answer to messages in the outbox: one alert per (channel, answer), then at most one word more of each kind.

Events and waits only say that an answer may have to be told about. What is decided is decided from the answer as it is now, and from the
channel's receipt, so events that come twice, late or out of order change nothing. What a crash left behind is brought on its way when the
event comes again: a message that may be sent is enqueued whenever it is met, which does no harm.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from shared.alerts.channel import Channel
from shared.alerts.content import AlertKind
from shared.alerts.matching import next_digest, wants, wants_words
from shared.alerts.message import Message, MessageStatus, Opened, Receipt, message_id_of
from shared.alerts.ports import Answers, Checks, Deliveries, Directory, Outbox, People
from shared.answer import Answer, AnswerKey
from shared.scoring import NpsClass

_AT_ONCE: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Notifying:
    """What notifying works with."""

    answers: Answers
    people: People
    channels: Directory
    deliveries: Deliveries
    outbox: Outbox
    checks: Checks
    now: Callable[[], datetime]


@dataclass(slots=True)
class Notified:
    """How many messages were opened, and how many decisions were put off."""

    opened: int = 0
    waiting: int = 0


def notify(key: AnswerKey, work: Notifying) -> Notified:
    """Tell every channel what it should have heard of the answer by now.

    Raises an ExceptionGroup where some channels could not be told, once all others were: the event has to come again.
    """
    done = Notified()
    answer = _standing(key, work)
    if answer is None:
        return done
    failures = []
    for channel in work.channels.verified():
        try:
            _tell(channel, answer, work, done)
        except Exception as error:  # noqa: BLE001 - one channel's trouble keeps the alert from no other; raised below
            failures.append(error)
    if failures:
        raise ExceptionGroup("channels that could not be told", failures)
    return done


def check(key: AnswerKey, channel_id: str, work: Notifying) -> Notified:
    """After the channel's wait: tell it of the answer as it now is, finished or not."""
    done = Notified()
    answer, channel = _standing(key, work), work.channels.find(channel_id)
    if answer is not None and channel is not None:
        _tell(channel, answer, work, done, waited=True)
    return done


def _standing(key: AnswerKey, work: Notifying) -> Answer | None:
    """The answer, if there is anything left to tell of it: nothing once it is nobody's."""
    answer = work.answers.find(key)
    is_gone = answer is None or answer.has_expired(work.now()) or answer.anonymised_at is not None
    return None if is_gone else answer


def _tell(channel: Channel, answer: Answer, work: Notifying, done: Notified, *, waited: bool = False) -> None:
    receipt = work.deliveries.receipt(channel.channel_id, answer.key.answer_id)
    opened = _opened(receipt) if receipt else ()
    for kind in opened:
        _bring(work.deliveries.find(_id_of(channel, kind, answer)), work)
    new = _kind_for(channel, answer, receipt)
    if new is None or new in opened:
        return
    left = _AT_ONCE if waited else _left_of_wait(channel, answer, work.now())
    if left > _AT_ONCE:
        work.checks.check_later(answer.key, channel.channel_id, ceil(left.total_seconds()))
        done.waiting += 1
    elif receipt is not None or _has_words(channel, answer, work):
        done.opened += _open(channel, answer, new, work)


def _opened(receipt: Receipt) -> tuple[AlertKind, ...]:
    """The messages that were ever opened. Where one was not sent yet, a crash may have left it behind, or what it says be true again."""
    more = {AlertKind.COMMENT_ADDED: receipt.comment_added, AlertKind.WITHDRAWN: receipt.withdrawn}
    return (AlertKind.DETRACTOR, *(kind for kind, is_open in more.items() if is_open))


def _kind_for(channel: Channel, answer: Answer, receipt: Receipt | None) -> AlertKind | None:
    """What the channel should hear of the answer as it is, words of the comment aside: nothing that it did not want."""
    if answer.nps_class is not NpsClass.DETRACTOR:
        return None if receipt is None else AlertKind.WITHDRAWN
    if receipt is None:
        return AlertKind.DETRACTOR if wants(channel, answer) else None
    adds_comment = answer.commented and not receipt.commented and "comment" in channel.settings.include
    return AlertKind.COMMENT_ADDED if adds_comment else None


def _left_of_wait(channel: Channel, answer: Answer, now: datetime) -> timedelta:
    """How long a respondent who is not done is still waited for: from their last change on, however late its event comes."""
    if answer.finished or answer.nps_class is not NpsClass.DETRACTOR:
        return _AT_ONCE
    wait = timedelta(seconds=channel.settings.wait_seconds)
    return min(wait, answer.changed_at + wait - now)


def _has_words(channel: Channel, answer: Answer, work: Notifying) -> bool:
    rules = channel.settings.rules
    return not rules.words or wants_words(rules, work.people.facts(answer).comment)


def _open(channel: Channel, answer: Answer, kind: AlertKind, work: Notifying) -> int:
    """Open a message and bring it on its way. Returns 1, or 0 where another worker had opened it."""
    now = work.now()
    message = Message(message_id=_id_of(channel, kind, answer), channel_id=channel.channel_id, kind=kind, created_at=now, answer=answer.key)
    digest_at = next_digest(channel.settings.rules, answer.score, now) if kind is AlertKind.DETRACTOR else None
    opened = work.deliveries.open(message) if digest_at is None else _open_in_digest(message, digest_at, work)
    _bring(work.deliveries.find(message.message_id), work)
    return int(opened is Opened.NEW)


def _open_in_digest(message: Message, digest_at: datetime, work: Notifying) -> Opened:
    """Put it in the digest of that time, or in one more where it is full or gone already. Whichever alert comes first opens a digest."""
    number = 0
    while True:
        digest_id = message_id_of(message.channel_id, AlertKind.DIGEST, f"{digest_at.isoformat()}|{number}")
        part = replace(message, status=MessageStatus.IN_DIGEST, next_at=digest_at, digest_id=digest_id)
        digest = replace(message, message_id=digest_id, kind=AlertKind.DIGEST, answer=None, next_at=digest_at)
        opened = work.deliveries.open(part)
        if opened is Opened.DIGEST_CLOSED and work.deliveries.open(digest) is Opened.NEW:
            opened = work.deliveries.open(part)
        if opened is not Opened.DIGEST_CLOSED:
            return opened
        number += 1


def _bring(message: Message | None, work: Notifying) -> None:
    """Enqueue a message that may be sent, or the digest that it is in."""
    now = work.now()
    if message is None:
        return
    if message.status is MessageStatus.IN_DIGEST and message.digest_id is not None:
        digest = work.deliveries.find(message.digest_id)
        held_until = digest.held_until(now) if digest else None
        if held_until is not None:
            work.outbox.enqueue(message.due, held_until, now)  # should the digest, being made now, leave it out
        message = digest
    if message is not None and message.may_be_sent:
        work.outbox.enqueue(message.due, message.next_at, now)


def _id_of(channel: Channel, kind: AlertKind, answer: Answer) -> str:
    return message_id_of(channel.channel_id, kind, answer.key.answer_id)
