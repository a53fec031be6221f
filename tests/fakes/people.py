"""People in memory."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.identity import IdentityKind, lookup_of, person_id_from
from shared.intake.ports import Claims, Comment, CommentTakenError, Occasion, PersonErasedError
from tests.fakes.memory import Memory


@dataclass(slots=True)
class Person:
    """One person's profile."""

    known: dict[str, str] = field(default_factory=dict)
    lookups: set[str] = field(default_factory=set)
    expires_at: datetime | None = None
    erased: bool = False


class MemoryPersonAnswers:
    """Implements `PersonAnswers`. `noted` gives the survey of each (person id, answer id)."""

    def __init__(self, memory: Memory, noted: Callable[[], Mapping[tuple[str, str], str]]) -> None:
        self.memory = memory
        self._noted = noted

    def answers(self, person_id: str, survey_id: str, first_id: str, last_id: str, *, newest_first: bool = False) -> Iterator[str]:
        left = None
        while True:
            with self.memory.call("person_answers"):
                found = sorted(
                    (answer_id for (whose, answer_id), where in self._noted().items() if (whose, where) == (person_id, survey_id)),
                    reverse=newest_first,
                )
            found = [each for each in found if first_id <= each <= last_id]
            if left is not None:
                found = [each for each in found if (each < left if newest_first else each > left)]
            yield from found[: self.memory.page]
            if len(found) <= self.memory.page:
                return
            left = found[self.memory.page - 1]


class MemoryPeople:
    """Implements `PeopleStore`. A comment whose text is None was removed."""

    def __init__(self, memory: Memory, pepper: bytes = b"pepper", random_bytes: Callable[[int], bytes] | None = None) -> None:
        self.memory = memory
        self.pepper = pepper
        self.persons: dict[str, Person] = {}
        self.owners: dict[str, str] = {}
        self.comments: dict[tuple[str, str], tuple[Comment, str | None]] = {}
        self.answers: dict[tuple[str, str], Occasion] = {}
        """What persons who are known answered, by (person id, answer id)."""
        self.answered: dict[str, datetime] = {}
        """When each person answered last."""
        self._random_bytes = random_bytes or (lambda count: len(self.owners).to_bytes(count))

    def identify(self, claims: Claims, occasion: Occasion, now: datetime) -> str:
        return self.bring_up_to_date(claims, occasion.keep_until, lambda person_id: self.note_answer(person_id, occasion, now))

    def noted(self) -> dict[tuple[str, str], str]:
        """The survey of each answer of a person who is known, by (person id, answer id)."""
        return {key: occasion.survey_id for key, occasion in self.answers.items()}

    def note_answer(self, person_id: str, occasion: Occasion, now: datetime) -> None:
        """The answer is theirs, and they answered last then."""
        self.answers[person_id, occasion.answer_id] = occasion
        self.answered[person_id] = now

    def bring_up_to_date(self, claims: Claims, keep_until: datetime, note: Callable[[str], None]) -> str:
        """Find or make whom the claims name; `note` writes the rest in the same transaction."""
        kind: IdentityKind = "customer_id" if claims.customer_id is not None else "email"
        lookup = lookup_of(kind, claims.customer_id or claims.email or "", self.pepper)
        with self.memory.call("find_owner"):
            person_id = self.owners.get(lookup)
        if person_id is None:
            with self.memory.call("make_owner"):
                person_id = self.owners.setdefault(lookup, person_id_from(self._random_bytes(16)))
        with self.memory.call("write_profile"):
            person = self.persons.setdefault(person_id, Person())
            if person.erased:
                raise PersonErasedError
            given = {"customer_id": claims.customer_id, "email": claims.email, "name": claims.name}
            person.known |= {name: value for name, value in given.items() if value is not None}
            person.lookups |= {lookup} | ({lookup_of("email", claims.email, self.pepper)} if claims.email else set())
            person.expires_at = max(person.expires_at or keep_until, keep_until)
            note(person_id)
        return person_id

    def add_comment(self, comment: Comment) -> bool:
        with self.memory.call("add_comment"):
            self._refuse_erased(comment.person_id)
            there = self.comments.get((comment.person_id, comment.answer_id))
            if there is None:
                self.comments[comment.person_id, comment.answer_id] = (comment, comment.text)
            elif there[0].edit_key_hash != comment.edit_key_hash:
                raise CommentTakenError
        return there is None

    def replace_comment(self, comment: Comment) -> None:
        with self.memory.call("replace_comment"):
            self._refuse_erased(comment.person_id)
            self.comments[comment.person_id, comment.answer_id] = (comment, comment.text)

    def remove_comment(self, person_id: str, answer_id: str, edit_key_hash: str) -> None:
        with self.memory.call("remove_comment"):
            there = self.comments.get((person_id, answer_id))
            if there is not None and there[0].edit_key_hash == edit_key_hash:
                self.comments[person_id, answer_id] = (replace(there[0], text=""), None)

    def copy_comment(self, comment: Comment, person_id: str) -> None:
        with self.memory.call("copy_comment"):
            there, text = self.comments.get((comment.person_id, comment.answer_id), (None, None))
            if there is None or text is None or there.edit_key_hash != comment.edit_key_hash:
                return
            self._refuse_erased(person_id)
            self.comments.setdefault((person_id, comment.answer_id), (replace(comment, person_id=person_id, text=text), text))

    def owner_of(self, customer_id: str) -> str | None:
        """Whose customer id that is."""
        return self.owners.get(lookup_of("customer_id", customer_id, self.pepper))

    def erase(self, person_id: str) -> None:
        """Mark a person as erased."""
        self.persons.setdefault(person_id, Person()).erased = True

    def forget_owner(self, person_id: str) -> None:
        """Under their identifiers comes somebody new."""
        self.owners = {lookup: owner for lookup, owner in self.owners.items() if owner != person_id}

    def texts(self) -> dict[tuple[str, str], str]:
        """What was typed, by (person id, answer id)."""
        return {key: text for key, (_, text) in self.comments.items() if text is not None}

    def refuse_erased(self, person_id: str) -> None:
        """What every write asks in its own transaction."""
        self._refuse_erased(person_id)

    def _refuse_erased(self, person_id: str) -> None:
        if person_id in self.persons and self.persons[person_id].erased:
            raise PersonErasedError
