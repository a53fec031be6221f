"""Consent and personal links in memory."""

from collections.abc import Callable
from datetime import datetime

from shared.intake.ports import Claims, Consent, Invitation, Occasion, PersonErasedError
from shared.store.invitations import LEFT_ALONE_AFTER, hash_of
from tests.fakes.memory import Memory
from tests.fakes.people import MemoryPeople


class MemoryConsents:
    """Implements `Consents`."""

    def __init__(self, memory: Memory, people: MemoryPeople) -> None:
        self.memory = memory
        self.people = people
        self.kept: dict[tuple[str, str], Consent] = {}

    def keep(self, consent: Consent) -> None:
        with self.memory.call("keep_consent"):
            self.people.refuse_erased(consent.person_id)
            place = (consent.person_id, consent.answer_id)
            if place not in self.kept or self.kept[place].version != consent.version:
                self.kept[place] = consent

    def has(self, person_id: str, answer_id: str) -> bool:
        with self.memory.call("has_consent"):
            return (person_id, answer_id) in self.kept

    def drop(self, person_id: str, answer_id: str) -> None:
        with self.memory.call("drop_consent"):
            self.kept.pop((person_id, answer_id), None)


class MemoryInvitations:
    """Implements `Invitations`, and makes them."""

    def __init__(self, memory: Memory, people: MemoryPeople) -> None:
        self.memory = memory
        self.people = people
        self.made: dict[str, Invitation] = {}
        self.claimed: dict[str, tuple[str, datetime]] = {}

    def invite(self, claims: Claims, invitation: Callable[[str], Invitation], now: datetime) -> str:
        del now

        def note(person_id: str) -> None:
            made = invitation(person_id)
            self.made[made.hash] = made

        return self.people.bring_up_to_date(claims, invitation("").expires_at, note)

    def find(self, text: str, survey_id: str, now: datetime) -> Invitation | None:
        with self.memory.call("find_invitation"):
            made = self.made.get(hash_of(text))
        return made if made is not None and made.survey_id == survey_id and made.expires_at > now else None

    def claim(self, invitation: Invitation, answer_id: str, now: datetime, *, is_there: Callable[[str], bool]) -> bool:
        with self.memory.call("claim_invitation"):
            answer, since = self.claimed.get(invitation.hash, (answer_id, now))
            if answer == answer_id:
                self.claimed[invitation.hash] = (answer_id, now)
                return True
        if since > now - LEFT_ALONE_AFTER or is_there(answer):
            return False
        with self.memory.call("claim_invitation"):
            if self.claimed[invitation.hash][0] != answer:
                return False
            self.claimed[invitation.hash] = (answer_id, now)
            return True

    def accept(self, invitation: Invitation, occasion: Occasion, now: datetime) -> None:
        with self.memory.call("accept_invitation"):
            person = self.people.persons.get(invitation.person_id)
            if person is None or person.erased:
                raise PersonErasedError
            person.expires_at = max(person.expires_at or occasion.keep_until, occasion.keep_until)
            self.people.note_answer(invitation.person_id, occasion, now)
