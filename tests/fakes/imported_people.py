"""People, for answers of the past, in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.answer import Answer
from shared.identity import IdentityKind, lookup_of
from shared.importing.ports import Said, Unkept
from shared.intake.ports import Claims, Comment, Occasion, PersonErasedError
from tests.fakes.people import MemoryPeople


class MemoryImportedPeople:
    """Implements `Persons`."""

    def __init__(self, people: MemoryPeople) -> None:
        self.people = people

    def keep(self, said: Sequence[Said], now: datetime) -> Sequence[str | Unkept]:
        return [self._one(each, now) for each in said]

    def take_back(self, answer: Answer) -> None:
        self.people.remove_comment(answer.person_id, answer.key.answer_id, answer.edit_key_hash)

    def _one(self, said: Said, now: datetime) -> str | Unkept:
        person_id = said.answer.person_id
        answer_id, survey_id = said.answer.key.answer_id, said.answer.key.survey_id
        try:
            if said.claims is not None:
                occasion = Occasion(survey_id, answer_id, said.keep_until)
                person_id = self.people.bring_up_to_date(
                    self._unknown(said.claims), said.keep_until, lambda whose: self.people.answers.update({(whose, answer_id): occasion})
                )
            if said.comment is not None:
                self.people.add_comment(
                    Comment(
                        person_id=person_id,
                        survey_id=survey_id,
                        answer_id=answer_id,
                        edit_key_hash=said.answer.edit_key_hash,
                        text=said.comment,
                        written_at=now,
                        expires_at=said.keep_until,
                    )
                )
        except PersonErasedError:
            return Unkept.ERASED
        return person_id

    def _unknown(self, claims: Claims) -> Claims:
        """What is not known yet: history does not bring old addresses back."""
        kind: IdentityKind = "customer_id" if claims.customer_id is not None else "email"
        owner = self.people.owners.get(lookup_of(kind, claims.customer_id or claims.email or "", self.people.pepper))
        person = self.people.persons.get(owner or "")
        if person is None:
            return claims
        leads = claims.email is not None and lookup_of("email", claims.email, self.people.pepper) in person.lookups
        email = claims.email if leads or "email" not in person.known else None
        return replace(claims, email=email, name=None if "name" in person.known else claims.name)
