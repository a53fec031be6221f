"""People in memory, as alerts need them: what is held of a person, and what was shared of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.alerts.channel import Channel
from shared.alerts.ports import PersonFacts
from shared.answer import Answer
from shared.intake.ports import Comment
from tests.fakes.memory import Memory
from tests.fakes.people import MemoryPeople, Person
from tests.fakes.samples import NOON


@dataclass(slots=True)
class Shared:
    """What one channel got of a person."""

    fields: set[str] = field(default_factory=set)
    times: list[tuple[datetime, frozenset[str]]] = field(default_factory=list)
    country: str = ""
    keep_until: datetime | None = None


class SharingPeople(MemoryPeople):
    """Implements `alerts.ports.People` too."""

    def __init__(self, memory: Memory) -> None:
        super().__init__(memory)
        self.shared: dict[tuple[str, str], Shared] = {}
        self.ever_shared: defaultdict[str, set[str]] = defaultdict(set)
        """Who ever got anything of each person, whatever was deleted since."""

    def facts(self, answer: Answer) -> PersonFacts:
        with self.memory.call("facts"):
            person = self.persons.get(answer.person_id, Person())
            if person.erased:
                return PersonFacts()
            comment, text = self.comments.get((answer.person_id, answer.key.answer_id), (None, None))
            if comment is not None and comment.edit_key_hash != answer.edit_key_hash:
                comment, text = None, None
            return PersonFacts(
                comment=text,
                name=person.known.get("name"),
                email=person.known.get("email"),
                customer_id=person.known.get("customer_id"),
                keep_until=person.expires_at or (comment.expires_at if comment else None),
            )

    def record_sharing(self, person_id: str, channel: Channel, fields: Sequence[str], now: datetime, keep_until: datetime | None) -> bool:
        with self.memory.call("record_sharing"):
            if self.persons.get(person_id, Person()).erased:
                return False
            record = self.shared.setdefault((person_id, channel.channel_id), Shared())
            record.fields |= set(fields)
            record.times.append((now, frozenset(fields)))
            record.country = channel.settings.country
            record.keep_until = keep_until
            self.ever_shared[person_id].add(channel.channel_id)
            return True

    def know(self, person_id: str, **known: str) -> None:
        """Have a person with a profile."""
        self.persons[person_id] = Person(known, expires_at=NOON)

    def comment_on(self, person_id: str, answer_id: str, text: str) -> None:
        """Have a person say something with an answer."""
        self.replace_comment(
            Comment(
                person_id=person_id,
                survey_id="loja",
                answer_id=answer_id,
                edit_key_hash="0" * 64,
                text=text,
                written_at=NOON,
                expires_at=NOON,
            )
        )

    def erase_wholly(self, person_id: str) -> None:
        """What an erasure leaves: the mark."""
        self.erase(person_id)
        self.persons[person_id].known = {}
        self.comments = {key: kept for key, kept in self.comments.items() if key[0] != person_id}
