"""People as erasing and answering a person see it. Implements `privacy.ports.PeopleToErase`. All reads are strong, by key."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from pynamodb.exceptions import DeleteError

from shared.identity import IdentityKind, lookup_of
from shared.privacy.erasure import Recipient
from shared.privacy.ports import HeldComment, HeldConsent, HeldContact, HeldInvitation, Profile, Unsealing
from shared.store.answer_items import instant_of
from shared.store.answers import CONDITION_FAILED
from shared.store.consents import CONSENT
from shared.store.held import held_consent, held_contact, held_invitation
from shared.store.invitations import INVITATION, OF
from shared.store.people import ASKED, PROFILE
from shared.store.registry import written
from shared.store.sharing import SHARED
from shared.store.tables import PersonItem, connection

MARK_LIVES: Final = timedelta(days=40)
"""Answers can be changed for 30 days, and the ids of new ones may be as old: for longer nothing can name the person."""
POINTER: Final = "answer#"
COMMENT: Final = "comment#"
_OWNER: Final = "owner"
_LOOKUP: Final = "lookup#"
_OF_THE_MARK: Final = frozenset({"pk", "sk", "erased", "expires_at"})


class PeopleToErase:
    """All that People holds of a person."""

    def __init__(self, pepper: Callable[[], bytes], unsealing: Unsealing) -> None:
        """`pepper` gives the key of identity lookups when one is needed."""
        self._pepper = pepper
        self._unsealing = unsealing

    def persons_of(self, kind: IdentityKind, identifier: str) -> Sequence[str]:
        """The ids of the persons with that `customer_id` or `email`, in clear."""
        there = PersonItem.query(_LOOKUP + lookup_of(kind, identifier, self._pepper()), consistent_read=True)
        return sorted({item.person_id for item in there})

    def mark_erased(self, person_id: str, now: datetime) -> bool:
        """Mark the person erased; False where they were already."""
        item, until = PersonItem(person_id, PROFILE), int((now + MARK_LIVES).timestamp())
        return written(
            lambda: item.update(
                actions=[PersonItem.erased.set(1), PersonItem.expires_at.set(until)], condition=PersonItem.erased.does_not_exist()
            )
        )

    def is_known(self, person_id: str) -> bool:
        """Whether anything but the mark is held under the id."""
        return bool(_beyond_the_mark(person_id)) or any(sk != PROFILE for sk in _sort_keys(person_id, most=2))

    def answers_of(self, person_id: str, after: str = "") -> Iterator[tuple[str, str]]:
        """(survey_id, answer_id) by answer id, from pointers and comments."""
        found = heapq.merge(*(_under(person_id, prefix, after) for prefix in (POINTER, COMMENT)))
        for answer_id, same in groupby(found, key=lambda pair: pair[0]):
            yield next(same)[1], answer_id

    def recipients_of(self, person_id: str) -> Sequence[Recipient]:
        """Who was given data of theirs."""
        return [_recipient_of(item) for item in PersonItem.query(person_id, PersonItem.sk.startswith(SHARED), consistent_read=True)]

    def lookups_of(self, person_id: str) -> Sequence[str]:
        """The keyed hashes of their identifiers."""
        return sorted(_raw_profile(person_id).get("lookups", {}).get("SS", ()))

    def holdings(self, person_id: str) -> Mapping[str, int]:
        """How many items of each kind there are."""
        counts = Counter(f"people.{sk.split('#')[0]}" for sk in _sort_keys(person_id) if sk != PROFILE)
        counts["people.profile"] = int(bool(_beyond_the_mark(person_id)))
        counts["people.lookup"] = len(_lookup_items(person_id, self.lookups_of(person_id)))
        return +counts

    def delete_some(self, person_id: str, most: int) -> bool:
        """Delete what lies under the id; once nothing but the profile does, lookups, and last the profile itself."""
        there = [sk for sk in _sort_keys(person_id, most=most + 1) if sk != PROFILE][:most]
        for sk in there:
            if sk.startswith(INVITATION):  # before what leads to it goes
                delete_lookup(sk, OF, person_id)
        with PersonItem.batch_write() as batch:
            for sk in there:
                batch.delete(PersonItem(person_id, sk))
        if there:
            return True
        profile = _raw_profile(person_id)
        if profile.keys() <= _OF_THE_MARK:
            return False
        for pk, sk in _lookup_items(person_id, profile.get("lookups", {}).get("SS", ())):
            delete_lookup(pk, sk, person_id)
        mark = PersonItem(person_id, PROFILE, erased=1, expires_at=int(profile["expires_at"]["N"]))
        mark.save(condition=PersonItem.erased.exists())  # a put: whatever else the item has goes
        return True

    def profile(self, person_id: str) -> Profile | None:
        """What identifies them, unsealed; None where nothing does, or the key is gone."""
        raw = _raw_profile(person_id)
        sealed = {name: raw[name]["S"] for name in ("customer_id", "email", "name") if name in raw}
        plain = {name: self._unsealing.unseal(person_id, PROFILE, name, text) for name, text in sealed.items()}
        if all(text is None for text in plain.values()):
            return None
        return Profile(
            customer_id=plain.get("customer_id"),
            email=plain.get("email"),
            name=plain.get("name"),
            changed_at=instant_of(float(raw["changed_at"]["N"])) if "changed_at" in raw else None,
            keep_until=_seconds(float(raw["expires_at"]["N"])) if "expires_at" in raw else None,
        )

    def comments(self, person_id: str) -> Iterator[HeldComment]:
        """Their comments, unsealed; those that were removed, or whose key is gone, left out."""
        for item in PersonItem.query(person_id, PersonItem.sk.startswith(COMMENT), consistent_read=True):
            sealed = item.attribute_values.get("text")
            text = self._unsealing.unseal(person_id, item.sk, "text", sealed) if sealed else None
            if text is not None:
                yield HeldComment(
                    survey_id=item.survey_id,
                    answer_id=item.sk.removeprefix(COMMENT),
                    text=text,
                    written_at=instant_of(item.changed_at),
                    keep_until=_seconds(item.expires_at),
                )

    def consents(self, person_id: str) -> Sequence[HeldConsent]:
        """What they consented to; what was given to another id since is left out."""
        return [held_consent(item) for item in _items(person_id, CONSENT) if "consent_version" in item.attribute_values]

    def invitations(self, person_id: str) -> Sequence[HeldInvitation]:
        """The personal links that were made for them."""
        return [held_invitation(item) for item in _items(person_id, INVITATION)]

    def contacts(self, person_id: str) -> Sequence[HeldContact]:
        """When they were asked."""
        return [held_contact(item) for item in _items(person_id, ASKED)]


def _items(person_id: str, prefix: str) -> Iterator[PersonItem]:
    return PersonItem.query(person_id, PersonItem.sk.startswith(prefix), consistent_read=True)


def _sort_keys(person_id: str, most: int | None = None) -> list[str]:
    return [item.sk for item in PersonItem.query(person_id, consistent_read=True, attributes_to_get=["pk", "sk"], limit=most)]


def _under(person_id: str, prefix: str, after: str) -> Iterator[tuple[str, str]]:
    """(answer_id, survey_id) by answer id; `!` sorts before whatever an id is written with."""
    span = PersonItem.sk.between(f"{prefix}{after}!" if after else prefix, f"{prefix}~")
    for item in PersonItem.query(person_id, span, consistent_read=True, page_size=100):
        yield item.sk.removeprefix(prefix), item.survey_id


def _raw_profile(person_id: str) -> dict[str, Any]:
    """The item as it is, with attributes that the model may not know."""
    found: dict[str, Any] = connection().get_item(PersonItem.Meta.table_name, person_id, PROFILE, consistent_read=True)
    item: dict[str, Any] = found.get("Item", {})
    return item


def _beyond_the_mark(person_id: str) -> frozenset[str]:
    return frozenset(_raw_profile(person_id).keys() - _OF_THE_MARK)


def _lookup_items(person_id: str, lookups: Sequence[str]) -> list[tuple[str, str]]:
    """Where the lookups lie that lead to this person and to nobody else by now."""
    keys = [(_LOOKUP + lookup, sk) for lookup in lookups for sk in (_OWNER, person_id)]
    there = PersonItem.batch_get(keys, consistent_read=True)
    return sorted((item.pk, item.sk) for item in there if item.person_id == person_id)


def delete_lookup(pk: str, sk: str, person_id: str) -> bool:
    """Delete a lookup, if it still leads to that person; False where it does not."""
    try:
        PersonItem(pk, sk).delete(condition=PersonItem.person_id == person_id)
    except DeleteError as error:
        if error.cause_response_code == CONDITION_FAILED:
            return False
        raise
    return True


def _recipient_of(item: PersonItem) -> Recipient:
    return Recipient(
        channel_id=item.sk.removeprefix(SHARED),
        name=item.receiver["name"],
        kind=item.receiver["kind"],
        host=item.receiver["host"],
        country=item.receiver["country"],
        fields=frozenset(item.fields),
        first_at=instant_of(item.first_at),
        last_at=instant_of(item.last_at),
        times=int(item.times),
    )


def _seconds(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
