"""What a message says, read at the moment of sending: so what was replaced, withdrawn or erased since is not said.

First `matter_of` finds out whether there is anything to say now, from what identifies nobody. Only `say`, when the call is about to be
made, reads of the person what the channel asked for, and writes to their sharing record what the payload really carries of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from shared.alerts.channel import Channel
from shared.alerts.compose import ChannelTest, Payload, SubjectErased, compose, compose_told
from shared.alerts.compose.letter import PRODUCT
from shared.alerts.content import AlertContent, AlertKind, Person
from shared.alerts.erased import ErasureNotes, erased_of
from shared.alerts.matching import is_urgent, quiet_until, wants
from shared.alerts.message import Message, MessageStatus, Told, message_id_of
from shared.alerts.ports import Answers, Deliveries, Erasures, People, PersonFacts, Surveys
from shared.alerts.subject import Subject, content_of
from shared.scoring import NpsClass

_NOBODY: Final = Person()


@dataclass(frozen=True, slots=True)
class Saying:
    """What is read from; `link` is a template with {survey_id} and {answer_id}, or empty."""

    answers: Answers
    people: People
    surveys: Surveys
    deliveries: Deliveries
    link: str = ""
    erasures: Erasures | None = None
    """Only a deliverer that has one can tell receivers of erasures."""

    @property
    def notes(self) -> ErasureNotes:
        """What a word about an erasure is read from."""
        return ErasureNotes(self.erasures, self.surveys, self.deliveries, self.link)


@dataclass(frozen=True, slots=True)
class Matter:
    """What there is to say now. `left_out`: parts of a digest of which there is nothing to say."""

    message: Message
    subjects: tuple[Subject, ...] = ()
    left_out: tuple[Told, ...] = ()
    erased: SubjectErased | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether the message has become pointless."""
        return not self.subjects and self.erased is None and self.message.kind is not AlertKind.TEST


@dataclass(frozen=True, slots=True)
class Later:
    """It is not the time to say it."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """A payload ready to be sent, and what is to be written down of each answer once it was taken."""

    body: bytes
    content_type: str
    told: tuple[Told, ...] = ()


def matter_of(message: Message, channel: Channel, saying: Saying, now: datetime) -> Matter | Later:
    """What a leased message is about, if it is about anything any more, and if the channel may be told now.

    That a person was erased is said whatever the channel's rules, quiet hours and digest: it is a duty, and no alert.
    """
    if message.kind is AlertKind.ERASED:
        return Matter(message, erased=erased_of(message, channel, saying.notes, now))
    quiet = quiet_until(channel.settings.rules, now)
    if message.kind is AlertKind.DIGEST:
        return Later(quiet) if quiet else _digest(message, channel, saying, now)
    if message.kind is AlertKind.TEST:
        return Matter(message)
    subject = _subject(message, channel, saying, now)
    if subject is None:
        return Matter(message)
    if quiet and not (subject.answer.nps_class is NpsClass.DETRACTOR and is_urgent(channel.settings.rules, subject.answer.score)):
        return Later(quiet)
    return Matter(message, (subject,)) if message.kind is AlertKind.DETRACTOR else _more_on(subject, saying, now)


def say(matter: Matter, channel: Channel, saying: Saying, now: datetime) -> Said | None:
    """Give it the shape of the channel's tool, with what the channel asked for of each person; None where that was all there was to say."""
    if matter.message.kind is AlertKind.TEST:
        return _test(matter.message, channel, now)
    if matter.erased is not None:
        return _said(compose_told(channel.kind, matter.erased))
    parts = [_part(subject, channel, saying) for subject in matter.subjects]
    if not all(part.says_something for part in parts):
        return None
    payload = _payload(matter, parts, channel, now)
    while matter.message.kind is AlertKind.DIGEST and payload.shown < len(parts) > 1:
        parts = parts[: max(payload.shown, 1)]
        payload = _payload(matter, parts, channel, now)
    shared = [part.shared_with(channel, saying.people, now) for part in parts]
    if not all(part.says_something for part in shared):
        return None
    if shared != parts:
        payload = _payload(matter, shared, channel, now)
    return Said(payload.body, payload.content_type, _told(matter, shared))


@dataclass(frozen=True, slots=True)
class _Part:
    """What is said of one answer, and until when that person's data are kept."""

    subject: Subject
    content: AlertContent
    facts: PersonFacts

    @property
    def says_something(self) -> bool:
        """A word about a comment says nothing without it."""
        return self.content.kind is not AlertKind.COMMENT_ADDED or self.content.person.comment is not None

    def shared_with(self, channel: Channel, people: People, now: datetime) -> "_Part":
        """Written to the person's sharing record; without anything of a person who was erased meanwhile."""
        sent = [name for name in channel.settings.include if getattr(self.content.person, name) is not None]
        if not sent or people.record_sharing(self.subject.answer.person_id, channel, sent, now, self.facts.keep_until):
            return self
        return replace(self, content=replace(self.content, person=_NOBODY))


def _digest(message: Message, channel: Channel, saying: Saying, now: datetime) -> Matter:
    subjects, left_out = [], []
    for part in saying.deliveries.in_digest(message.message_id):
        if part.answer is None or part.status not in {MessageStatus.IN_DIGEST, MessageStatus.DELIVERED}:
            continue  # it went its own way
        subject = _subject(part, channel, saying, now)
        if subject is not None:
            subjects.append(subject)
        elif part.status is MessageStatus.IN_DIGEST:
            left_out.append(Told(answer_id=part.answer.answer_id, message_id=part.message_id, status=MessageStatus.DROPPED))
    subjects.sort(key=lambda subject: (subject.answer.score, subject.answer.key.answer_id))
    return Matter(message, tuple(subjects), tuple(left_out))


def _subject(message: Message, channel: Channel, saying: Saying, now: datetime) -> Subject | None:
    """The message's answer, if it still is what the message says and the channel still wants to hear it."""
    answer = saying.answers.find(message.answer) if message.answer else None
    if answer is None or answer.has_expired(now):
        return None
    is_detractor = answer.nps_class is NpsClass.DETRACTOR
    fits = not is_detractor if message.kind is AlertKind.WITHDRAWN else is_detractor and wants(channel, answer)
    survey = saying.surveys.find(answer.key.survey_id) if fits else None
    return Subject(message, answer, survey) if survey else None


def _more_on(subject: Subject, saying: Saying, now: datetime) -> Matter | Later:
    """A word more is said only on top of an alert: to whoever may have heard it, once it is not just being sent."""
    message, answer_id = subject.message, subject.answer.key.answer_id
    alert = saying.deliveries.find(message_id_of(message.channel_id, AlertKind.DETRACTOR, answer_id))
    digest = saying.deliveries.find(alert.digest_id) if alert and alert.digest_id else None
    held_until = [until for carrier in (alert, digest) if carrier and (until := carrier.held_until(now))]
    if held_until:
        return Later(max(held_until))
    delivered = alert is None or alert.delivered  # a receipt outlives its message
    if message.kind is AlertKind.WITHDRAWN:
        heard = delivered or bool(alert and alert.calls)
    else:
        receipt = saying.deliveries.receipt(message.channel_id, answer_id)
        heard = delivered and receipt is not None and not receipt.commented  # an alert still to be sent will carry the comment
    return Matter(message, (subject,) if heard else ())


def _test(message: Message, channel: Channel, now: datetime) -> Said:
    told = ChannelTest(
        message_id=message.message_id,
        locale=channel.settings.locale,
        at=now,
        company=PRODUCT,
        channel_id=channel.channel_id,
        channel_name=channel.settings.name,
    )
    return _said(compose_told(channel.kind, told))


def _said(payload: Payload) -> Said:
    return Said(payload.body, payload.content_type)


def _payload(matter: Matter, parts: Sequence[_Part], channel: Channel, now: datetime) -> Payload:
    contents = [part.content for part in parts]
    return compose(channel.kind, matter.message.kind, matter.message.message_id, contents, channel.settings.locale, now)


def _told(matter: Matter, parts: Sequence[_Part]) -> tuple[Told, ...]:
    """What becomes of each alert: in a digest, what it had no room for goes by itself."""
    if matter.message.kind is AlertKind.DETRACTOR:
        first = not matter.message.delivered  # receivers may overlook what a replay says more
        return tuple(Told(answer_id=part.content.answer_id, commented=True) for part in parts if first and part.content.person.comment)
    if matter.message.kind is not AlertKind.DIGEST:
        return ()
    carried = [
        Told(answer_id=part.content.answer_id, commented=bool(part.content.person.comment), message_id=part.content.message_id)
        for part in parts
    ]
    rest = [
        Told(answer_id=subject.answer.key.answer_id, message_id=subject.message.message_id, status=MessageStatus.WAITING)
        for subject in matter.subjects[len(parts) :]
    ]
    return (*carried, *rest, *matter.left_out)


def _part(subject: Subject, channel: Channel, saying: Saying) -> _Part:
    """Read of the person what the channel asked for; a withdrawn alert names nobody."""
    asks = bool(channel.settings.include) and subject.message.kind is not AlertKind.WITHDRAWN
    answer = subject.answer
    facts = saying.people.facts(answer) if asks else PersonFacts()
    return _Part(subject, content_of(subject, channel, facts, saying.link), facts)
