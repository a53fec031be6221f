"""Personal links: whom each invites, found by the hash of what stands in the link. Implements `intake.ports.Invitations`.

Under `invitation#HASH` lies, as `of`, whose it is, to which survey, with which segments, and which answer was given by it; under the
person's id, as `invitation#HASH`, that there is one, for an erasure to find it. The link's text is 128 random bits, so a plain hash cannot
be turned back; it is kept nowhere.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from pynamodb.exceptions import UpdateError
from pynamodb.transactions import TransactWrite

from shared.intake.ports import Claims, Invitation, Occasion, PeopleBusyError, PersonErasedError
from shared.store.answer_items import milliseconds
from shared.store.answers import CONDITION_FAILED
from shared.store.people import OWNER, PROFILE, TRIES, People, answered, find, lookup_key, refused, seconds
from shared.store.person_keys import PersonKeys
from shared.store.settings import pause_with_jitter
from shared.store.tables import PersonItem, connection

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

INVITATION: Final = "invitation#"
OF: Final = "of"
LEFT_ALONE_AFTER: Final = timedelta(minutes=1)
"""A function ends sooner: an answer that was begun longer ago, and is not there, does not come any more."""


def hash_of(text: str) -> str:
    """What an invitation is found by: the SHA-256, in hex, of what stands in its link."""
    return sha256(text.encode()).hexdigest()


class Inviting:
    """Makes invitations."""

    def __init__(self, people: People) -> None:
        """Take what writes profiles."""
        self._people = people

    def invite(self, claims: Claims, invitation: Callable[[str], Invitation], now: datetime, known: str | None = None) -> str:
        """Keep an invitation and whom it invites, in one transaction; `invitation` makes it for a person id.

        `known`: the one customer with that e-mail, where it is all that is given. Raises `PersonErasedError`, `PeopleBusyError`.
        """
        until = invitation("").expires_at

        def notes(person_id: str, _expires_at: int) -> "list[tuple[PersonItem, list[Action]]]":
            made = invitation(person_id)
            life: list[Action] = [PersonItem.survey_id.set(made.survey_id), PersonItem.expires_at.set(seconds(made.expires_at))]
            whose: list[Action] = [PersonItem.person_id.set(person_id), *life]
            if made.segments:
                whose.append(PersonItem.segments.set(dict(made.segments)))
            if made.touchpoint is not None:
                whose.append(PersonItem.touchpoint.set(made.touchpoint))
            noted = [PersonItem.created_at.set(milliseconds(now)), *life]
            return [(PersonItem(INVITATION + made.hash, OF), whose), (PersonItem(person_id, INVITATION + made.hash), noted)]

        return self._people.bring_up_to_date(claims, until, notes, now, known)


class Invitations:
    """What answering asks of them."""

    def __init__(self, keys: PersonKeys) -> None:
        """`keys`: whoever is kept for longer, their key is too."""
        self._keys = keys

    def find(self, text: str, survey_id: str, now: datetime) -> Invitation | None:
        """The invitation to that survey which the link's text opens; none once it has expired, though TTL may not have removed it yet."""
        item = find(INVITATION + hash_of(text), OF)
        if item is None or item.survey_id != survey_id or item.expires_at <= now.timestamp():
            return None
        return Invitation(
            hash=hash_of(text),
            person_id=item.person_id,
            survey_id=item.survey_id,
            segments=dict(item.attribute_values.get("segments") or {}),
            touchpoint=item.attribute_values.get("touchpoint"),
            expires_at=datetime.fromtimestamp(item.expires_at, UTC),
        )

    def claim(self, invitation: Invitation, answer_id: str, now: datetime, *, is_there: Callable[[str], bool]) -> bool:
        """Make it that answer's; of several that ask at once one gets it."""
        if self._claim(invitation, answer_id, now, PersonItem.answer_id.does_not_exist() | (PersonItem.answer_id == answer_id)):
            return True
        item = find(INVITATION + invitation.hash, OF)
        if item is None:
            return True  # erased or expired meanwhile: `accept` finds nobody
        if item.claimed_at > milliseconds(now - LEFT_ALONE_AFTER) or is_there(item.answer_id):
            return False
        return self._claim(invitation, answer_id, now, PersonItem.answer_id == item.answer_id)

    def accept(self, invitation: Invitation, occasion: Occasion, now: datetime) -> None:
        """Note the answer as its person's. Profile, lookups and key are kept as long as it."""
        for attempt in range(TRIES):
            profile = find(invitation.person_id, PROFILE)
            if profile is None or profile.erased:
                raise PersonErasedError
            if self._accepted(profile, occasion, now):
                return
            pause_with_jitter(attempt)
        raise PeopleBusyError

    def _accepted(self, profile: PersonItem, occasion: Occasion, now: datetime) -> bool:
        person_id, expires_at = profile.pk, max(int(profile.expires_at), seconds(occasion.keep_until))
        key = self._keys.find_or_new(person_id)
        transaction = TransactWrite(connection=connection())
        kept: list[Action] = [PersonItem.expires_at.set(expires_at)]
        transaction.update(
            PersonItem(person_id, PROFILE),
            actions=kept,
            condition=PersonItem.erased.does_not_exist() & PersonItem.pk.exists(),
        )
        self._keys.keep(transaction, key, expires_at)
        for lookup in sorted(profile.lookups or ()):
            for sort_key in (OWNER, person_id):
                there = find(lookup_key(lookup), sort_key)
                if there is not None and there.person_id == person_id:
                    transaction.update(there, actions=kept, condition=PersonItem.person_id == person_id)
        for item, actions in answered(occasion, now)(person_id, expires_at):
            transaction.update(item, actions=actions)
        return not refused(transaction)

    @staticmethod
    def _claim(invitation: Invitation, answer_id: str, now: datetime, free: "Condition") -> bool:
        actions: list[Action] = [PersonItem.answer_id.set(answer_id), PersonItem.claimed_at.set(milliseconds(now))]
        try:
            PersonItem(INVITATION + invitation.hash, OF).update(actions=actions, condition=PersonItem.person_id.exists() & free)
        except UpdateError as error:
            if error.cause_response_code == CONDITION_FAILED:
                return False
            raise
        return True
