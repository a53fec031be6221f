"""What People holds of many answers at once. Implements `reading.page.Facts`.

A hundred answers are three or four calls: their profiles and comments, a hundred keys a call, and then the persons' own keys.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import batched
from typing import Any, Final

from shared.alerts.ports import PersonFacts
from shared.answer import NOBODY, Answer, AnswerKey
from shared.privacy.sealing import BrokenSealError, DataKey
from shared.store.batches import MOST_KEYS, raw_items
from shared.store.people import PROFILE, SEALED_OF_PROFILE, comment_key
from shared.store.person_keys import PersonKeys
from shared.store.tables import PersonItem

type Held = Mapping[str, Any]
"""The attributes of an item; empty where there is none."""
_NOTHING: Final[Held] = {}


class PeopleFacts:
    """The part of People that is read for many answers."""

    def __init__(self, keys: PersonKeys) -> None:
        """Take what opens what is sealed."""
        self._keys = keys

    def facts_of(self, answers: Sequence[Answer]) -> Mapping[AnswerKey, PersonFacts]:
        """What is held now of each of the answers, strongly read; nothing of whoever was erased, or whose key is gone."""
        held = _held_at(_places_of(answers))
        keys = self._keys.find_all(sorted({person_id for person_id, _ in held}))
        return {answer.key: _facts(answer, held, keys.get(answer.person_id)) for answer in answers}


def _places_of(answers: Iterable[Answer]) -> list[tuple[str, str]]:
    """Where profiles and comments lie. Whether there is a comment, the answer itself says."""
    places: dict[tuple[str, str], None] = {}
    for answer in answers:
        if answer.person_id != NOBODY:
            places[answer.person_id, PROFILE] = None
            if answer.commented:
                places[answer.person_id, comment_key(answer.key.answer_id)] = None
    return list(places)


def _held_at(places: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], Held]:
    raws = (raw for some in batched(places, MOST_KEYS, strict=False) for raw in raw_items(PersonItem, some))
    items = (PersonItem.from_raw_data(raw) for raw in raws)
    return {(item.pk, item.sk): item.attribute_values for item in items}


def _facts(answer: Answer, held: Mapping[tuple[str, str], Held], key: DataKey | None) -> PersonFacts:
    profile = held.get((answer.person_id, PROFILE), _NOTHING)
    comment = held.get((answer.person_id, comment_key(answer.key.answer_id)), _NOTHING)
    return facts_in(answer, profile, own(comment, answer), key)


def own(comment: Held, answer: Answer) -> Held:
    """The comment, if it is the answer's own: a refused attempt may have left one under the same id, but with another key."""
    return comment if comment.get("edit_key_hash") == answer.edit_key_hash else _NOTHING


def facts_in(answer: Answer, profile: Held, comment: Held, key: DataKey | None) -> PersonFacts:
    """What a profile and a comment say, opened with their person's key: nothing without it, nor of whoever was erased."""
    if "erased" in profile or key is None:
        return PersonFacts()
    known = {name: _opened(key, profile[name], PROFILE, name) for name in SEALED_OF_PROFILE if name in profile}
    keep_until = profile.get("expires_at") or comment.get("expires_at")
    sort_key = comment_key(answer.key.answer_id)
    return PersonFacts(
        comment=_opened(key, comment["text"], sort_key, "text") if "text" in comment else None,
        keep_until=datetime.fromtimestamp(keep_until, UTC) if keep_until else None,
        **known,
    )


def _opened(key: DataKey, sealed: str, sort_key: str, name: str) -> str | None:
    """None where another key sealed it: the person was erased and came back between two of our reads."""
    try:
        return key.unseal(sealed, sort_key, name)
    except BrokenSealError:
        return None
