"""The stores in memory as erasing sees them. What is deleted is logged, for tests that count it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from shared.alerts.content import AlertKind
from shared.alerts.message import message_id_of
from shared.answer import AnswerKey, anonymised, coarsened
from shared.identity import IdentityKind, lookup_of, person_id_from
from shared.intake.ports import Claims, Occasion, PersonErasedError
from shared.privacy.erasure import Parted, Recipient
from shared.privacy.ports import HeldComment, HeldConsent, HeldContact, HeldInvitation, Profile
from tests.fakes.answers import answer_in, like
from tests.fakes.deliveries import MemoryDeliveries
from tests.fakes.memory import Kind, Memory
from tests.fakes.people import Person
from tests.fakes.sharing import SharingPeople

MARK_LIVES = timedelta(days=40)
type Place = tuple[str, str, str]
"""An item of People: what kind, whose, and about what."""


@dataclass
class MemoryKeys:
    """Implements `PersonKeys`."""

    memory: Memory
    salts: set[str] = field(default_factory=set)
    destroyed: Counter[str] = field(default_factory=Counter)

    def holds(self, person_id: str) -> bool:
        with self.memory.call("holds_key"):
            return person_id in self.salts

    def destroy(self, person_id: str) -> bool:
        with self.memory.call("destroy_key"):
            there = person_id in self.salts
            self.salts.discard(person_id)
            self.destroyed[person_id] += there
            return there


class ErasablePeople(SharingPeople):
    """Writes a pointer to each answer of an identified person, too."""

    def __init__(self, memory: Memory, keys: MemoryKeys | None = None) -> None:
        super().__init__(memory)
        numbers = count()
        self._random_bytes = lambda size: next(numbers).to_bytes(size)
        self.keys = keys or MemoryKeys(memory)
        self.pointers: dict[tuple[str, str], str] = {}
        self.emails: set[tuple[str, str]] = set()
        self.asked: set[str] = set()
        """Of whom it is remembered when they answered last."""
        self.marked_at: dict[str, datetime] = {}
        self.deleted: defaultdict[str, Counter[str]] = defaultdict(Counter)
        """How many items of each kind were deleted of each person."""

    def announce(self, claims: Claims, keep_until: datetime, answer: tuple[str, str]) -> str:
        """`identify`, for an answer (its survey's id and its own): profile, lookups, pointer and salt are one write."""
        lookup = lookup_of("customer_id", claims.customer_id or "", self.pepper)
        with self.memory.call("find_owner"):
            person_id = self.owners.get(lookup)
        if person_id is None:
            with self.memory.call("make_owner"):
                person_id = self.owners.setdefault(lookup, person_id_from(self._random_bytes(16)))
        with self.memory.call("write_profile"):
            if self.owners.get(lookup) != person_id:
                raise PersonErasedError  # in truth it tries again, and starts anew
            person = self._known(person_id)
            given = {"customer_id": claims.customer_id, "email": claims.email, "name": claims.name}
            person.known |= {name: value for name, value in given.items() if value is not None}
            person.lookups.add(lookup)
            if claims.email:
                person.lookups.add(email := lookup_of("email", claims.email, self.pepper))
                self.emails.add((email, person_id))
            person.expires_at = max(person.expires_at or keep_until, keep_until)
            self.pointers[person_id, answer[1]] = answer[0]
            self.asked.add(person_id)
            self.keys.salts.add(person_id)
        return person_id

    def _known(self, person_id: str) -> Person:
        self._refuse_erased(person_id)
        return self.persons.setdefault(person_id, Person())

    def _refuse_erased(self, person_id: str) -> None:
        """What every write asks in its own transaction; the salt is written in it too."""
        super()._refuse_erased(person_id)
        self.keys.salts.add(person_id)

    def items_of(self, person_id: str) -> list[Place]:
        """What is held of a person, in the order in which it is deleted; the mark is none of it."""
        of_them: list[Place] = [("answer", *key) for key in self.pointers if key[0] == person_id]
        of_them += [("comment", *key) for key in self.comments if key[0] == person_id]
        of_them += [("shared", *key) for key in self.shared if key[0] == person_id]
        of_them += [("asked", person_id, "")] if person_id in self.asked else []
        person = self.persons.get(person_id, Person())
        of_them += [("lookup", person_id, each) for each in sorted(person.lookups) if self._leads_to(each, person_id)]
        return of_them + ([("profile", person_id, "")] if person.known or person.lookups else [])

    def _leads_to(self, lookup: str, person_id: str) -> bool:
        return self.owners.get(lookup) == person_id or (lookup, person_id) in self.emails

    def delete_item(self, place: Place) -> None:
        """Delete one item; a customer's lookup only while it leads to this person."""
        kind, person_id, about = place
        there = place in self.items_of(person_id)
        self.deleted[person_id][f"people.{kind}"] += there
        match kind:
            case "answer":
                self.pointers.pop((person_id, about), None)
            case "comment":
                self.comments.pop((person_id, about), None)
            case "shared":
                self.shared.pop((person_id, about), None)
            case "asked":
                self.asked.discard(person_id)
            case "lookup":
                self.emails.discard((about, person_id))
                if self.owners.get(about) == person_id:
                    del self.owners[about]
            case _:
                self.persons[person_id].known, self.persons[person_id].lookups = {}, set()


class MemoryPeopleToErase:
    """Implements `PeopleToErase`."""

    def __init__(self, store: ErasablePeople) -> None:
        self.store = store

    def persons_of(self, kind: IdentityKind, identifier: str) -> Sequence[str]:
        lookup = lookup_of(kind, identifier, self.store.pepper)
        with self.store.memory.call("persons_of"):
            owner = {self.store.owners[lookup]} if lookup in self.store.owners else set()
            return sorted(owner | {person_id for email, person_id in self.store.emails if email == lookup})

    def mark_erased(self, person_id: str, now: datetime) -> bool:
        with self.store.memory.call("mark_erased"):
            person = self.store.persons.setdefault(person_id, Person())
            if person.erased:
                return False
            person.erased, person.expires_at = True, now + MARK_LIVES
            self.store.marked_at[person_id] = now
            return True

    def is_known(self, person_id: str) -> bool:
        with self.store.memory.call("is_known"):
            return bool(self.store.items_of(person_id))

    def answers_of(self, person_id: str, after: str = "") -> Iterator[tuple[str, str]]:
        with self.store.memory.call("answers_of"):
            found = {answer_id: survey_id for (whose, answer_id), survey_id in self.store.pointers.items() if whose == person_id}
            found |= {answer_id: kept.survey_id for (whose, answer_id), (kept, _) in self.store.comments.items() if whose == person_id}
        return ((survey_id, answer_id) for answer_id, survey_id in sorted(found.items()) if answer_id > after)

    def recipients_of(self, person_id: str) -> Sequence[Recipient]:
        with self.store.memory.call("recipients_of"):
            return [
                Recipient(
                    channel_id=channel_id,
                    name=channel_id,
                    kind="webhook",
                    host=f"{channel_id}.example",
                    country=shared.country,
                    fields=frozenset(shared.fields),
                    first_at=shared.times[0][0],
                    last_at=shared.times[-1][0],
                    times=len(shared.times),
                )
                for (whose, channel_id), shared in self.store.shared.items()
                if whose == person_id
            ]

    def lookups_of(self, person_id: str) -> Sequence[str]:
        with self.store.memory.call("lookups_of"):
            return sorted(self.store.persons[person_id].lookups) if person_id in self.store.persons else []

    def holdings(self, person_id: str) -> Mapping[str, int]:
        with self.store.memory.call("holdings"):
            return Counter(f"people.{kind}" for kind, _, _ in self.store.items_of(person_id))

    def delete_some(self, person_id: str, most: int) -> bool:
        with self.store.memory.call("items_of"):
            there = self.store.items_of(person_id)[:most]
        for place in there:
            with self.store.memory.call("delete_item"):
                self.store.delete_item(place)
        return bool(there)

    def profile(self, person_id: str) -> Profile | None:
        with self.store.memory.call("profile"):
            person = self.store.persons.get(person_id, Person())
            if not person.known or person_id not in self.store.keys.salts:
                return None
            known = person.known.get
            return Profile(customer_id=known("customer_id"), email=known("email"), name=known("name"), keep_until=person.expires_at)

    def comments(self, person_id: str) -> Iterator[HeldComment]:
        with self.store.memory.call("comments"):
            kept = [(comment, text) for (whose, _), (comment, text) in self.store.comments.items() if whose == person_id]
        for comment, text in kept:
            if text is not None and person_id in self.store.keys.salts:
                yield HeldComment(
                    survey_id=comment.survey_id,
                    answer_id=comment.answer_id,
                    text=text,
                    written_at=comment.written_at,
                    keep_until=comment.expires_at,
                )

    def consents(self, person_id: str) -> Sequence[HeldConsent]:
        del person_id
        return ()

    def invitations(self, person_id: str) -> Sequence[HeldInvitation]:
        del person_id
        return ()

    def contacts(self, person_id: str) -> Sequence[HeldContact]:
        return [HeldContact(keep_until=datetime.max.replace(tzinfo=UTC))] if person_id in self.store.asked else ()


class Announcing:
    """People as collect writes them. Implements `PeopleStore`."""

    def __init__(self, people: ErasablePeople) -> None:
        self._people = people
        self.add_comment = people.add_comment
        self.replace_comment = people.replace_comment
        self.remove_comment = people.remove_comment
        self.copy_comment = people.copy_comment

    def identify(self, claims: Claims, occasion: Occasion, now: datetime) -> str:
        del now
        return self._people.announce(claims, occasion.keep_until, (occasion.survey_id, occasion.answer_id))


class ErasableAnswers:
    """Implements `AnswersToErase`."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.parted: Counter[AnswerKey] = Counter()
        """How often each answer was parted from its person."""

    def naming(self, keys: Collection[AnswerKey], person_id: str) -> frozenset[AnswerKey]:
        with self.memory.call("naming"):
            there = {key: answer_in(self.memory.items.get(key)) for key in keys}
        return frozenset(key for key, answer in there.items() if answer is not None and answer.person_id == person_id)

    def anonymise(self, key: AnswerKey, person_id: str, now: datetime, *, withdraw: bool) -> Parted:
        with self.memory.call("anonymise"):
            item = self.memory.items.get(key)
            answer = answer_in(item)
            if answer is None:
                return Parted.NOT_THERE
            if answer.anonymised_at is None:
                if answer.person_id != person_id:
                    return Parted.ANOTHERS
                self.parted[key] += 1
                answer = anonymised(answer, now, withdraw=withdraw)
                self.memory.write(Kind.CHANGE, [(key, like(item, answer))], {})
            elif coarsened(answer) != answer:
                self.memory.write(Kind.CHANGE, [(key, like(item, coarsened(answer)))], {})
            return Parted.FORGOTTEN if answer.forgotten else Parted.ANONYMISED


class ErasableOutbox:
    """Implements `OutboxToErase`."""

    def __init__(self, memory: Memory, deliveries: MemoryDeliveries) -> None:
        self.memory = memory
        self.deliveries = deliveries
        self.forgotten: dict[str, str] = {}
        """The messages that were deleted, and which answers they were about."""

    def messages(self, answers: Collection[str], channel_ids: Collection[str]) -> Mapping[str, frozenset[str]]:
        with self.memory.call("messages_about"):
            kinds = (AlertKind.DETRACTOR, AlertKind.COMMENT_ADDED, AlertKind.WITHDRAWN)
            named = {each: {message_id_of(channel, kind, each) for channel in channel_ids for kind in kinds} for each in answers}
            found = {answer_id: frozenset(message_ids & self.deliveries.messages.keys()) for answer_id, message_ids in named.items()}
        return {answer_id: message_ids for answer_id, message_ids in found.items() if message_ids}

    def forget(self, message_ids: Iterable[str]) -> None:
        for message_id in sorted(message_ids):
            with self.memory.call("forget_message"):
                there = self.deliveries.messages.pop(message_id, None)
                self.deliveries.made.pop(message_id, None)
                if there is not None and there.answer is not None:
                    self.forgotten[message_id] = there.answer.answer_id
                    if there.digest_id is not None:
                        self.deliveries.digests[there.digest_id].remove(message_id)
