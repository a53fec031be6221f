"""What must be true of alerting: of every call that reaches a receiver, and once all is quiet."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.alerts.channel import Channel
from shared.alerts.content import AlertKind
from shared.alerts.deliver import LEASE
from shared.alerts.matching import is_urgent, quiet_until, wants, wants_words
from shared.alerts.message import Message, MessageStatus, message_id_of
from shared.answer import Answer, AnswerKey
from shared.scoring import NpsClass
from tests.fakes.carriers import Heard, MemoryCaller
from tests.fakes.channels import MemoryChannels
from tests.fakes.deliveries import MemoryDeliveries
from tests.fakes.memory import Memory
from tests.fakes.sharing import SharingPeople


class Broken(AssertionError):  # noqa: N818 - it says what is wrong with alerting, not with a program
    """A rule of alerting does not hold."""


@dataclass(slots=True)
class Truth:
    """What a test knows of an answer beside what is stored: the planted texts, and how things were at each lease."""

    key: AnswerKey
    person_id: str
    theme: str
    """What all their comments are about: that a comment became another is not announced."""
    secrets: dict[str, str] = field(default_factory=dict)
    """Texts by the field of `include` they belong to; all comments ever written are in `comments`."""
    comments: set[str] = field(default_factory=set)
    never: str = "\0"
    """A text that no channel can ask for."""


@dataclass(slots=True)
class Told:
    """What a receiver accepted about one answer."""

    kinds: Counter[str] = field(default_factory=Counter)
    ids: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    commented: bool = False
    reached: bool = False
    """An alert or a comment reached the receiver, accepted or not."""


class Auditor:
    """Watches every call. Raises `Broken` at the first that should not have been."""

    def __init__(
        self,
        memory: Memory,
        people: SharingPeople,
        deliveries: MemoryDeliveries,
        caller: MemoryCaller,
        channels: MemoryChannels,
    ) -> None:
        self.memory = memory
        self.people = people
        self.deliveries = deliveries
        self.caller = caller
        self.channels = channels
        self.truths: dict[str, Truth] = {}
        self.told: defaultdict[tuple[str, str], Told] = defaultdict(Told)
        self.ids: dict[tuple[str, str, str], str] = {}
        self.revisions_at_lease: dict[str, dict[str, int]] = {}
        self.erased_at_lease: dict[str, set[str]] = {}
        self.sharings_at_lease: dict[str, dict[str, int]] = {}
        self.quiet_at_lease: dict[str, bool] = {}
        self.hops = 0
        self._heard = 0
        self._leases: dict[str, datetime | None] = {}

    def watch(self, name: str) -> None:
        """Whatever has happened since the last time."""
        if name not in {"lease", "call"}:
            return
        for message_id, message in self.deliveries.messages.items():
            if message.lease_until != self._leases.get(message_id):
                self._leases[message_id] = message.lease_until
                if message.lease_until is not None:
                    self._note_lease(message_id, message.channel_id, message.lease_until - LEASE)
        for heard in self.caller.heard[self._heard :]:
            self._heard += 1
            self._check(heard)

    def _note_lease(self, message_id: str, channel_id: str, at: datetime) -> None:
        """How things were when the message was taken: what is said must not be older."""
        self.revisions_at_lease[message_id] = {answer.key.answer_id: answer.rev for answer in self.memory.answers()}
        self.erased_at_lease[message_id] = {person_id for person_id, person in self.people.persons.items() if person.erased}
        self.sharings_at_lease[message_id] = {
            person_id: len(record.times) for (person_id, channel), record in self.people.shared.items() if channel == channel_id
        }
        self.quiet_at_lease[message_id] = quiet_until(self.channels.channels[channel_id].settings.rules, at) is not None

    def _check(self, heard: Heard) -> None:
        channel = self.channels.channels[heard.channel_id]
        if heard.type == "channel.test":
            return
        for kind, about in _abouts(heard):
            if self.ids.setdefault((heard.channel_id, heard.type, about["answer_id"]), heard.message_id) != heard.message_id:
                raise Broken(f"two ids for {heard.type} of {about['answer_id']}")
            self._check_one(heard, channel, kind, about)
        carried = {answer_id for answer_id, truth in self.truths.items() if _holds(heard.raw, truth)}
        if any(truth.never.encode() in heard.raw for truth in self.truths.values()):
            raise Broken("what nobody asked for is in it")
        if carried - {about["answer_id"] for _, about in _abouts(heard)}:
            raise Broken("somebody else's data are in it")

    def _check_one(self, heard: Heard, channel: Channel, kind: str, about: dict[str, Any]) -> None:
        answer_id = about["answer_id"]
        truth = self.truths[answer_id]
        if about["revision"] < self.revisions_at_lease[heard.message_id][answer_id]:
            raise Broken(f"an older revision was told: {answer_id}")
        if (about["class"] == "detractor") != (kind != "alert.withdrawn"):
            raise Broken(f"{kind} of a {about['class']}")
        if self.quiet_at_lease[heard.message_id] and not (about["score"] is not None and is_urgent(channel.settings.rules, about["score"])):
            raise Broken(f"quiet hours broken by {kind}")
        person = about.get("person", {})
        if not set(person) <= set(channel.settings.include) or (person and kind == "alert.withdrawn"):
            raise Broken(f"never asked for: {sorted(person)}")
        if person:
            self._check_sharing(heard, truth, set(person))
        told = self.told[heard.channel_id, answer_id]
        told.reached |= kind != "alert.withdrawn"
        if heard.accepted:
            told.kinds[kind] += 1
            told.commented |= "comment" in person

    def _check_sharing(self, heard: Heard, truth: Truth, fields: set[str]) -> None:
        """LGPD art. 18 VII: written before it left, just what left."""
        self.hops += 1
        if truth.person_id in self.erased_at_lease[heard.message_id]:
            raise Broken("an erased person was told of")
        record = self.people.shared.get((truth.person_id, heard.channel_id))
        since = self.sharings_at_lease[heard.message_id].get(truth.person_id, 0)
        if record is None or frozenset(fields) not in {written for _, written in record.times[since:]}:
            raise Broken("a hop that is in no sharing record")

    def check_quiet(self, *, crashes: int) -> None:
        """Once nothing is under way, receivers take everything and what was held was replayed."""
        ended = {MessageStatus.DELIVERED, MessageStatus.DROPPED, MessageStatus.FAILED, MessageStatus.IN_DIGEST}
        stuck = [message for message in self.deliveries.messages.values() if message.status not in ended and not self._is_empty(message)]
        if stuck:
            raise Broken(f"never brought to its end: {stuck[0]}")
        for answer in self.memory.answers():
            for channel in self.channels.channels.values():
                self._check_told(answer, channel)
        self._check_kept()
        sharings = sum(len(record.times) for record in self.people.shared.values())
        if not self.hops <= sharings <= self.hops + crashes:
            raise Broken(f"{sharings} sharings were written of {self.hops} hops")

    def _is_empty(self, message: Message) -> bool:
        """A digest whose opener crashed before it put anything in."""
        return message.kind is AlertKind.DIGEST and not self.deliveries.digests[message.message_id]

    def _check_told(self, answer: Answer, channel: Channel) -> None:
        told = self.told[channel.channel_id, answer.key.answer_id]
        accepted = told.kinds["alert.detractor"]
        if answer.nps_class is not NpsClass.DETRACTOR:
            if accepted and not told.kinds["alert.withdrawn"]:
                raise Broken(f"never withdrawn at {channel.channel_id}: {answer}")
            if told.kinds["alert.withdrawn"] and not told.reached and not self._may_have_been_told(channel, answer):
                raise Broken(f"withdrawn though never told at {channel.channel_id}: {answer}")
            return
        truth = self.truths[answer.key.answer_id]
        comment = self.people.texts().get((truth.person_id, answer.key.answer_id))
        wanted = wants(channel, answer) and wants_words(channel.settings.rules, comment)
        if wanted and not accepted:
            raise Broken(f"never told at {channel.channel_id}: {answer}")
        may_say = comment is not None and answer.commented and "comment" in channel.settings.include
        if wanted and may_say and not told.commented and not self._is_erased(truth.person_id):
            raise Broken(f"the comment was never told at {channel.channel_id}: {answer}")

    def _may_have_been_told(self, channel: Channel, answer: Answer) -> bool:
        """Whether whoever was about to tell it crashed, and nobody can know what became of the call."""
        return self.deliveries.messages[message_id_of(channel.channel_id, AlertKind.DETRACTOR, answer.key.answer_id)].calls > 0

    def _is_erased(self, person_id: str) -> bool:
        return person_id in self.people.persons and self.people.persons[person_id].erased

    def _check_kept(self) -> None:
        kept = repr((self.deliveries.messages, self.deliveries.receipts, self.deliveries.made, self.deliveries.digests)).encode()
        if any(_holds(kept, truth) for truth in self.truths.values()):
            raise Broken("the outbox holds personal data")


def _abouts(heard: Heard) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a call says of each answer."""
    data = heard.body["data"]
    if heard.type == "alert.digest":
        yield from ((alert["type"], alert) for alert in data["alerts"])
    else:
        yield heard.type, data


def _holds(raw: bytes, truth: Truth) -> bool:
    return any(text.encode() in raw for text in (*truth.secrets.values(), *truth.comments))
