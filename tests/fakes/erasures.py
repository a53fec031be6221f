"""The ledger of erasures in memory, and what else an erasure needs beside the stores."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from shared.answer import AnswerKey
from shared.privacy.erasure import Erasure, Impossible, Ours, Recipient, Step, TellingStatus
from shared.privacy.holds import Hold
from tests.fakes.memory import Memory

PLACED_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)


class MemoryErasures:
    """Implements `privacy.ports.Ledger`."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.erasures: dict[str, Erasure] = {}
        self.notes: defaultdict[str, dict[str, Ours]] = defaultdict(dict)
        self.known: defaultdict[str, dict[str, Recipient]] = defaultdict(dict)

    def open(self, erasure: Erasure) -> bool:
        with self.memory.call("open_erasure"):
            return self.erasures.setdefault(erasure.erasure_id, erasure) is erasure

    def find(self, erasure_id: str) -> Erasure | None:
        with self.memory.call("find_erasure"):
            return self.erasures.get(erasure_id)

    def advance(self, seen: Erasure, new: Erasure) -> bool:
        with self.memory.call("advance"):
            if not self.is_as_seen(seen):
                return False
            self.erasures[seen.erasure_id] = new
            return True

    def is_as_seen(self, seen: Erasure) -> bool:
        """Whether nobody has written it since."""
        return self.erasures[seen.erasure_id].revision == seen.revision

    def due(self, now: datetime) -> Iterator[str]:
        with self.memory.call("due"):
            waiting = [(each.next_at or each.asked_at, each.erasure_id) for each in self.erasures.values() if each.step is not Step.DONE]
        return (erasure_id for at, erasure_id in sorted(waiting) if at <= now)

    def listed(self, first: datetime, last: datetime) -> Iterator[Erasure]:
        with self.memory.call("listed_erasures"):
            found = [each for each in self.erasures.values() if first <= each.asked_at <= last]
        return iter(sorted(found, key=lambda each: (each.asked_at, each.erasure_id), reverse=True))

    def note_answers(self, erasure_id: str, answers: Iterable[AnswerKey]) -> int:
        new = 0
        for key in answers:
            with self.memory.call("note_answer"):
                new += key.answer_id not in self.notes[erasure_id]
                self.notes[erasure_id].setdefault(key.answer_id, Ours(key))
        return new

    def answers(self, erasure_id: str, after: str = "") -> Iterator[Ours]:
        with self.memory.call("noted_answers"):
            there = sorted(self.notes[erasure_id].items())
        return (note for answer_id, note in there if answer_id > after)

    def answers_found(self, erasure_id: str, keys: Collection[AnswerKey], *, late: bool = False) -> None:
        for key in sorted(keys):
            with self.memory.call("answer_found"):
                there = self.notes[erasure_id].get(key.answer_id)
                if there is not None and not there.anonymised:
                    self.notes[erasure_id][key.answer_id] = replace(there, anonymised=True, late=late)

    def answer_withdrawn(self, erasure_id: str, key: AnswerKey) -> None:
        with self.memory.call("answer_withdrawn"):
            there = self.notes[erasure_id].get(key.answer_id)
            if there is not None:
                self.notes[erasure_id][key.answer_id] = replace(there, withdrawn=True)

    def note_messages(self, erasure_id: str, key: AnswerKey, message_ids: Collection[str], *, late: bool = False) -> None:
        with self.memory.call("note_messages"):
            there = self.notes[erasure_id].get(key.answer_id)
            if there is None:
                return
            if late:
                there = replace(there, late_messages=there.late_messages.union(message_ids))
            else:
                there = replace(there, messages=there.messages.union(message_ids))
            self.notes[erasure_id][key.answer_id] = there

    def forget_answers(self, erasure_id: str, most: int) -> bool:
        with self.memory.call("forget_answers"):
            some = list(self.notes[erasure_id])[:most]
            for answer_id in some:
                del self.notes[erasure_id][answer_id]
            return bool(some)

    def note_recipients(self, erasure_id: str, recipients: Iterable[Recipient]) -> None:
        for recipient in recipients:
            with self.memory.call("note_new_recipient"):
                self.known[erasure_id].setdefault(recipient.channel_id, recipient)

    def note_recipient(self, erasure_id: str, recipient: Recipient) -> bool:
        with self.memory.call("note_recipient"):
            there = self.known[erasure_id].get(recipient.channel_id)
            if there is not None and self.is_behind(recipient, there):
                return False
            self.known[erasure_id][recipient.channel_id] = recipient
            return True

    def is_behind(self, recipient: Recipient, there: Recipient) -> bool:
        """Whether what is written is further."""
        return recipient.status.rank < there.status.rank

    def recipients(self, erasure_id: str) -> Sequence[Recipient]:
        with self.memory.call("noted_recipients"):
            return sorted(self.known[erasure_id].values(), key=lambda recipient: recipient.channel_id)


@dataclass
class MemoryHolds:
    """Implements `Holds`: one hold on each of the lookups."""

    memory: Memory
    lookups: set[str] = field(default_factory=set)

    def in_force(self, lookups: Iterable[str]) -> Sequence[Hold]:
        with self.memory.call("holds_in_force"):
            return [
                Hold(
                    hold_id=f"hold-{lookup}", lookup=lookup, reason="Processo em curso", legal_reference="CPC art. 77", placed_at=PLACED_AT
                )
                for lookup in sorted(self.lookups.intersection(lookups))
            ]


@dataclass
class MemorySuppression:
    """Implements `Suppression`."""

    memory: Memory
    entries: set[str] = field(default_factory=set)
    persons: set[str] = field(default_factory=set)

    def add(self, lookups: Collection[str], now: datetime) -> None:
        del now
        with self.memory.call("suppress"):
            self.entries |= set(lookups)

    def remember(self, person_id: str, now: datetime) -> None:
        del now
        with self.memory.call("remember"):
            self.persons.add(person_id)

    def remembered(self, person_ids: Collection[str], now: datetime) -> frozenset[str]:
        del now
        with self.memory.call("remembered"):
            return frozenset(self.persons.intersection(person_ids))


@dataclass
class MemoryTelling:
    """Implements `Telling`. A message is taken once `takes` says so, and sent to no channel that is `disabled`."""

    memory: Memory
    now: Callable[[], datetime]
    takes: Callable[[str], bool] = lambda _channel_id: True
    disabled: set[str] = field(default_factory=set)
    sent: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    """The ids that receivers were told under, by erasure and channel."""
    begun_at: dict[str, datetime] = field(default_factory=dict)
    """When each message was first asked for."""
    told_at: dict[str, datetime] = field(default_factory=dict)
    """When each message first reached its receiver."""
    answers: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    times: Counter[str] = field(default_factory=Counter)

    def tell(self, erasure: Erasure, recipient: Recipient, answer_ids: Sequence[str]) -> Recipient:
        if recipient.channel_id in self.disabled:
            return replace(recipient, status=TellingStatus.IMPOSSIBLE, reason=Impossible.CHANNEL_DISABLED)
        message_id = f"msg-{erasure.erasure_id}-{recipient.channel_id}"
        with self.memory.call("tell"):
            self.sent[erasure.erasure_id, recipient.channel_id].add(message_id)
            self.answers[message_id] |= set(answer_ids)
            self.times[message_id] += 1
            self.begun_at.setdefault(message_id, self.now())
        return self.look(replace(recipient, message_id=message_id))

    def look(self, recipient: Recipient) -> Recipient:
        with self.memory.call("look"):
            message_id = recipient.message_id
            assert message_id is not None
            if message_id not in self.told_at and self.takes(recipient.channel_id):
                self.told_at[message_id] = self.now()
            if message_id not in self.told_at:
                return recipient
            return replace(recipient, status=TellingStatus.TOLD, told_at=self.told_at[message_id], reason=None)


@dataclass
class MemoryReceipts:
    """Implements `Receipts`."""

    memory: Memory
    signed: dict[str, Erasure] = field(default_factory=dict)
    receivers: dict[str, Sequence[Recipient]] = field(default_factory=dict)

    def sign(self, erasure: Erasure, recipients: Sequence[Recipient]) -> str:
        assert erasure.receipt_id is not None
        with self.memory.call("sign"):
            self.signed[erasure.receipt_id] = erasure
            self.receivers[erasure.receipt_id] = recipients
            return erasure.receipt_id
