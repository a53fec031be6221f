"""When a person was asked: `asked` of all surveys and `asked#SURVEY` of one, under the person's id.

Instants and counts in clear, like those of answers: under a random id they name nobody, and go with the person's partition. They live as
long as the person is kept. Who is not known yet is kept by their identifiers alone, until they may be asked again.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from pynamodb.transactions import TransactWrite

from shared.contact import History, remembered_for
from shared.display_counts import DisplayCounts, Displayed
from shared.identity import lookup_of
from shared.intake.ports import Claims, PeopleBusyError, PersonErasedError
from shared.store.answer_items import instant_of, milliseconds
from shared.store.people import ASKED, OWNER, PROFILE, TRIES, People, find, lookup_key, refused
from shared.store.settings import pause_with_jitter
from shared.store.tables import PersonItem, connection
from shared.survey import Survey

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

ASKED_IN: Final = "asked#"


class Contacts:
    """The repository of when people were asked."""

    def __init__(self, people: People, pepper: Callable[[], bytes]) -> None:
        """`pepper` gives the key of identity lookups when one is needed."""
        self._people = people
        self._pepper = pepper

    def persons_of(self, claims: Claims) -> Collection[str]:
        """Whose claims those are: of the customer id, and whoever was invited by the e-mail."""
        owners = (find(lookup_key(lookup), OWNER) for lookup in self._lookups(claims))
        return {owner.person_id for owner in owners if owner is not None}

    def history(self, person_id: str, survey_id: str) -> History:
        """What is remembered of them."""
        asked, asked_in = _values(person_id, ASKED), _values(person_id, ASKED_IN + survey_id)
        answered_at, dismissed_at = _instant(asked, "answered_at"), _instant(asked, "dismissed_at")
        shown_at = _instant(asked_in, "last_at")
        over = [at for at in (answered_at, dismissed_at) if at is not None]
        is_before = shown_at is not None and over and shown_at <= max(over)
        return History(answered_at=answered_at, dismissed_at=dismissed_at, shown=0 if is_before else int(asked_in.get("times", 0)))

    def note(self, claims: Claims, survey: Survey, counts: DisplayCounts, now: datetime, *, may_make: bool) -> bool:
        """Remember that these happened now; False, and nothing written, of who is not known (unless `may_make`) or was erased."""
        owner = find(lookup_key(self._lookups(claims)[0]), OWNER)
        person_id = owner.person_id if owner is not None else None
        try:
            if person_id is not None:
                self._note(person_id, survey, counts, now)
            elif may_make:
                named = Claims(customer_id=claims.customer_id, email=claims.email)
                until = now + remembered_for(survey)
                self._people.bring_up_to_date(named, until, lambda made, kept: _notes(made, survey, counts, now, kept, again=False), now)
        except PersonErasedError:
            return False
        return person_id is not None or may_make

    def _lookups(self, claims: Claims) -> list[str]:
        """By what they are found, the customer id first."""
        pepper = self._pepper()
        found = [lookup_of("customer_id", claims.customer_id, pepper)] if claims.customer_id is not None else []
        return [*found, lookup_of("email", claims.email, pepper)] if claims.email is not None else found

    def _note(self, person_id: str, survey: Survey, counts: DisplayCounts, now: datetime) -> None:
        again = self.history(person_id, survey.survey_id).shown > 0
        for attempt in range(TRIES):
            profile = find(person_id, PROFILE)
            if profile is None:
                raise PersonErasedError
            transaction = TransactWrite(connection=connection())
            transaction.condition_check(PersonItem, person_id, PROFILE, condition=PersonItem.erased.does_not_exist())
            for item, actions in _notes(person_id, survey, counts, now, int(profile.expires_at), again=again):
                transaction.update(item, actions=actions)
            if not refused(transaction):
                return
            pause_with_jitter(attempt)
        raise PeopleBusyError


class EverybodysContacts(Contacts):
    """The same for whoever may look up all persons of an e-mail, which several customers may share."""

    def persons_of(self, claims: Claims) -> Collection[str]:
        """Whose claims those may be."""
        return {item.person_id for lookup in self._lookups(claims) for item in PersonItem.query(lookup_key(lookup), consistent_read=True)}


def _notes(  # noqa: PLR0913 - whose, what, when, how long
    person_id: str, survey: Survey, counts: DisplayCounts, now: datetime, kept: int, *, again: bool
) -> "list[tuple[PersonItem, list[Action]]]":
    at, kept_until = milliseconds(now), PersonItem.expires_at.set(kept)
    notes: list[tuple[PersonItem, list[Action]]] = []
    if shown := counts.get(Displayed.SHOWN):
        times: list[Action] = [PersonItem.times.add(shown)] if again else [PersonItem.times.set(shown), PersonItem.first_at.set(at)]
        life = [PersonItem.survey_id.set(survey.survey_id), PersonItem.last_at.set(at), kept_until]
        notes.append((PersonItem(person_id, ASKED_IN + survey.survey_id), [*times, *life]))
    over: list[Action] = []
    if counts.get(Displayed.ANSWERED):
        over.append(PersonItem.answered_at.set(at))
    if counts.get(Displayed.DISMISSED):
        over.append(PersonItem.dismissed_at.set(at))
    return [*notes, (PersonItem(person_id, ASKED), [*over, kept_until])] if over else notes


def _values(person_id: str, place: str) -> dict[str, Any]:
    item = find(person_id, place)
    return item.attribute_values if item is not None else {}


def _instant(values: dict[str, Any], name: str) -> datetime | None:
    return instant_of(values[name]) if values.get(name) is not None else None
