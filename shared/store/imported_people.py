"""People, for answers of the past: many at once. Implements `importing.ports.Persons`.

What `People` writes for one answer in several calls goes here for a hundred items a transaction: owners, profiles and keys are read in
batches, each person's writes stand together, under the same conditions. A transaction that is refused, as one of its persons changed
meanwhile or was erased, is done again person by person, by `People` itself.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from shared.answer import Answer
from shared.identity import lookup_of, person_id_from
from shared.importing.ports import Said, Unkept
from shared.intake.ports import Claims, Comment, PeopleBusyError, PersonErasedError
from shared.store import transactions
from shared.store.answer_items import milliseconds
from shared.store.answers import CONDITION_FAILED
from shared.store.people import (
    ASKED,
    OWNER,
    PROFILE,
    People,
    comment_item,
    find,
    lookup_key,
    profile_actions,
    sealed_claims,
    seconds,
)
from shared.store.person_answers import ANSWER
from shared.store.person_keys import PersonKey, PersonKeys
from shared.store.tables import PersonItem, connection

_MOST_ACTIONS: Final = 100
_FIELDS: Final = ("customer_id", "email", "name")


@dataclass(slots=True)
class _Bundle:
    """All that is said by one person in a batch."""

    person_id: str
    owner: str | None
    """The lookup hash that leads to them; None for an anonymous answer's."""
    owned_until: int | None = None
    """Until when that is kept as yet; None: there is no such person."""
    profile: Mapping[str, Any] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)

    @property
    def actions(self) -> int:
        """How many a transaction needs for it, at most."""
        return 3 + 3 * len(self.said)

    @property
    def keep_until(self) -> int:
        """Until when all of it is kept."""
        return max(self.owned_until or 0, *(seconds(each.keep_until) for each in self.said))

    def claims(self, known: Collection[str]) -> Claims:
        """What is not known yet, of the latest answer that tells: history does not bring old addresses back."""
        found: dict[str, str] = {}
        for each in sorted(self.said, key=lambda said: said.answer.instant, reverse=True):
            for name in _FIELDS:
                text = getattr(each.claims, name) if each.claims else None
                if text is not None and name not in known:
                    found.setdefault(name, text)
        return Claims(customer_id=found.get("customer_id"), email=found.get("email"), name=found.get("name"))


class ImportedPeople:
    """Keeps who answered in the past, and what they wrote."""

    def __init__(self, people: People, keys: PersonKeys, pepper: Callable[[], bytes], random_bytes: Callable[[int], bytes]) -> None:
        """`pepper` gives the key of identity lookups; `random_bytes` is of a cryptographic source."""
        self._people = people
        self._keys = keys
        self._pepper = pepper
        self._random_bytes = random_bytes

    def keep(self, said: Sequence[Said], now: datetime) -> Sequence[str | Unkept]:
        """Whose each of these answers is."""
        if not said:
            return []
        bundles = self._bundles(said)
        keys = self._keys.some([bundle.person_id for bundle in bundles])
        kept: dict[str, str | Unkept] = {}
        for group in _groups(bundles):
            if self._write(group, keys, now):
                kept |= {each.answer.key.answer_id: bundle.person_id for bundle in group for each in bundle.said}
            else:
                for bundle in group:
                    kept |= {each.answer.key.answer_id: self._alone(each, now) for each in bundle.said}
        for each in said:
            person_id = kept[each.answer.key.answer_id]
            if each.claims and each.is_recent and isinstance(person_id, str):
                _note_asked(person_id, each)
        return [kept[each.answer.key.answer_id] for each in said]

    def take_back(self, answer: Answer) -> None:
        """Drop the comment of an answer that was not kept after all."""
        self._people.remove_comment(answer.person_id, answer.key.answer_id, answer.edit_key_hash)

    def _bundles(self, said: Sequence[Said]) -> list[_Bundle]:
        """By person; those who are known with what is known of them."""
        pepper = self._pepper()
        owners = {id(each): _owner_in(each.claims, pepper) for each in said if each.claims is not None}
        found = {item.pk: item for item in _items((lookup_key(owner), OWNER) for owner in owners.values())}
        bundles: dict[str, _Bundle] = {}
        for each in said:
            owner = owners.get(id(each))
            if owner is None:
                bundles[each.answer.person_id] = _Bundle(each.answer.person_id, None, said=[each])
            elif owner in bundles:
                bundles[owner].said.append(each)
            else:
                item = found.get(lookup_key(owner))
                person_id = item.person_id if item else person_id_from(self._random_bytes(16))
                bundles[owner] = _Bundle(person_id, owner, int(item.expires_at) if item else None, said=[each])
        known = {bundle.person_id: bundle for bundle in bundles.values() if bundle.owned_until is not None}
        for profile in _items((person_id, PROFILE) for person_id in known):
            known[profile.pk].profile = profile.attribute_values
        return list(bundles.values())

    def _write(self, group: Sequence[_Bundle], keys: Mapping[str, PersonKey], now: datetime) -> bool:
        """All of these persons in one transaction; False where it was refused."""
        if sum(bundle.actions for bundle in group) > _MOST_ACTIONS:
            return False
        transaction = TransactWrite(connection=connection())
        for bundle in group:
            self._add(transaction, bundle, keys[bundle.person_id], now)
        try:
            transaction._commit()  # noqa: SLF001 - what leaving its `with` block does; here the error has to be told apart
        except TransactWriteError as error:
            reasons = transactions.reasons(error)
            if transactions.CONDITION not in reasons and not transactions.is_busy(reasons):
                raise
            return False
        return True

    def _add(self, transaction: TransactWrite, bundle: _Bundle, key: PersonKey, now: datetime) -> None:
        """One person's writes, on the condition that they were not erased and are as they were read."""
        not_erased = PersonItem.erased.does_not_exist()
        if bundle.owner is None:
            transaction.condition_check(PersonItem, bundle.person_id, PROFILE, condition=not_erased)
        else:
            self._add_profile(transaction, bundle, key, now)
        for each in bundle.said:
            if each.claims is not None:
                transaction.update(PersonItem(bundle.person_id, ANSWER + each.answer.key.answer_id), actions=_pointer(each))
            if each.comment is not None:
                transaction.save(comment_item(_comment_on(each, bundle.person_id, each.comment, now), key))
        self._keys.keep(transaction, key, bundle.keep_until)

    def _add_profile(self, transaction: TransactWrite, bundle: _Bundle, key: PersonKey, now: datetime) -> None:
        claims, until, owner = bundle.claims(() if key.is_new else bundle.profile), bundle.keep_until, bundle.owner or ""
        lookups = {owner, *self._lookups(bundle, claims)}
        transaction.update(
            PersonItem(bundle.person_id, PROFILE),
            actions=[*sealed_claims(claims, key), *profile_actions(lookups, until, now)],
            condition=PersonItem.erased.does_not_exist(),
        )
        as_read = PersonItem.pk.does_not_exist()
        if bundle.owned_until is not None:
            as_read = (PersonItem.person_id == bundle.person_id) & (PersonItem.expires_at == bundle.owned_until)
        whose: list[Action] = [PersonItem.person_id.set(bundle.person_id), PersonItem.expires_at.set(until)]
        transaction.update(PersonItem(lookup_key(owner), OWNER), actions=whose, condition=as_read)
        for lookup in sorted(lookups - {owner}):
            transaction.update(PersonItem(lookup_key(lookup), bundle.person_id), actions=whose)

    def _lookups(self, bundle: _Bundle, claims: Claims) -> set[str]:
        """Of the e-mails that were said, those that lead to the person: the one that is kept now, and those that did before."""
        said = {lookup_of("email", each.claims.email, self._pepper()) for each in bundle.said if each.claims and each.claims.email}
        kept = {lookup_of("email", claims.email, self._pepper())} if claims.email else set()
        return said & (bundle.profile.get("lookups") or set()) | kept

    def _alone(self, said: Said, now: datetime) -> str | Unkept:
        """One answer, by the repository that takes live ones."""
        try:
            person_id = said.answer.person_id
            if said.claims is not None:
                claims = self._unknown(said.claims)
                person_id = self._people.bring_up_to_date(claims, said.keep_until, lambda whose, _: [_note(whose, said)], now)
            if said.comment is not None:
                self._people.add_comment(_comment_on(said, person_id, said.comment, now))
        except PersonErasedError:
            return Unkept.ERASED
        except PeopleBusyError:
            return Unkept.BUSY
        return person_id

    def _unknown(self, claims: Claims) -> Claims:
        """What is not known yet of whom these name; what they are found by always."""
        owner = find(lookup_key(_owner_in(claims, self._pepper())), OWNER)
        profile = find(owner.person_id, PROFILE) if owner else None
        known = profile.attribute_values if profile else {}
        by_email = claims.customer_id is None
        return replace(
            claims, email=claims.email if by_email or "email" not in known else None, name=None if "name" in known else claims.name
        )


def _owner_in(claims: Claims, pepper: bytes) -> str:
    if claims.customer_id is not None:
        return lookup_of("customer_id", claims.customer_id, pepper)
    return lookup_of("email", claims.email or "", pepper)


def _items(keys: Iterable[tuple[str, str]]) -> Iterator[PersonItem]:
    return PersonItem.batch_get(list(dict.fromkeys(keys)), consistent_read=True)


def _groups(bundles: Iterable[_Bundle]) -> Iterator[list[_Bundle]]:
    """As many persons as a transaction takes. Whoever is found in two ways comes in one after the other."""
    group: list[_Bundle] = []
    actions = 0
    for bundle in bundles:
        is_there = any(each.person_id == bundle.person_id for each in group)
        if group and (is_there or actions + bundle.actions > _MOST_ACTIONS):
            yield group
            group, actions = [], 0
        group.append(bundle)
        actions += bundle.actions
    if group:
        yield group


def _pointer(said: Said) -> list[Action]:
    return [PersonItem.survey_id.set(said.answer.key.survey_id), PersonItem.expires_at.set(seconds(said.keep_until))]


def _note(person_id: str, said: Said) -> tuple[PersonItem, list[Action]]:
    return PersonItem(person_id, ANSWER + said.answer.key.answer_id), _pointer(said)


def _note_asked(person_id: str, said: Said) -> None:
    """That they answered then, unless they have answered since."""
    at = milliseconds(said.answer.instant)
    earlier = PersonItem.answered_at.does_not_exist() | (PersonItem.answered_at < at)
    try:
        PersonItem(person_id, ASKED).update(
            actions=[PersonItem.answered_at.set(at), PersonItem.expires_at.set(seconds(said.keep_until))], condition=earlier
        )
    except UpdateError as error:
        if error.cause_response_code != CONDITION_FAILED:
            raise


def _comment_on(said: Said, person_id: str, text: str, now: datetime) -> Comment:
    return Comment(
        person_id=person_id,
        survey_id=said.answer.key.survey_id,
        answer_id=said.answer.key.answer_id,
        edit_key_hash=said.answer.edit_key_hash,
        text=text,
        written_at=now,
        expires_at=said.keep_until,
    )
