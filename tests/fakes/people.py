"""People in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.identity import lookup_of, person_id_from
from shared.intake.ports import Claims, Comment, CommentTakenError, Occasion, PersonErasedError
from tests.fakes.memory import Memory


@dataclass(slots=True)
class Person:
    """One person's profile."""

    known: dict[str, str] = field(default_factory=dict)
    lookups: set[str] = field(default_factory=set)
    expires_at: datetime | None = None
    erased: bool = False


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
        self._random_bytes = random_bytes or (lambda count: len(self.owners).to_bytes(count))

    def identify(self, claims: Claims, occasion: Occasion, now: datetime) -> str:
        del now
        lookup = lookup_of("customer_id", claims.customer_id, self.pepper)
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
            person.expires_at = max(person.expires_at or occasion.keep_until, occasion.keep_until)
            self.answers[person_id, occasion.answer_id] = occasion
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

    def erase(self, person_id: str) -> None:
        """Mark a person as erased."""
        self.persons.setdefault(person_id, Person()).erased = True

    def texts(self) -> dict[tuple[str, str], str]:
        """What was typed, by (person id, answer id)."""
        return {key: text for key, (_, text) in self.comments.items() if text is not None}

    def _refuse_erased(self, person_id: str) -> None:
        if person_id in self.persons and self.persons[person_id].erased:
            raise PersonErasedError
