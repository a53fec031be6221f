"""Who must not be invited or imported again: entries that hold a keyed hash of a keyed hash, and an end.

Deleting everything would also forget that the person does not want to be written to: the next import would bring them back. An entry is
personal data (pseudonymous, LGPD art. 13 §4) kept for that alone, to honour what the person asked (arts. 16 I and 18 §2). It stops
invitations and imports only: whoever answers again, identified and of their own will, is taken in like anybody; intake does not look here.

The lookup hash is hashed again with a key of its own, a new one each year. What a leaked key of an older version tells ends with its
entries, and whatever is found on the way moves to the newest version.

Beside them, of every erased person, anonymous ones too, lies a keyed hash of their id, by which whatever a restored copy brings back is
found (`privacy.replaying`). Nobody gets such an id again, so it stops nobody who comes back of their own will.
"""

import hmac
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Protocol

from shared.identity import IdentityKind, lookup_of
from shared.privacy.erasure import FIVE_YEARS

ROTATE_AFTER: Final = timedelta(days=365)
KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class SuppressionKey:
    """One version of the key."""

    version: int
    secret: bytes = field(repr=False)
    made_at: datetime

    def entry(self, lookup: str) -> str:
        """The name of a lookup hash's entry: HMAC-SHA256, in hex."""
        return hmac.digest(self.secret, lookup.encode(), sha256).hex()

    def is_old(self, now: datetime) -> bool:
        """Whether the next entry asks for a new version."""
        return now - self.made_at >= ROTATE_AFTER


@dataclass(frozen=True, slots=True)
class Entry:
    """That an identity is suppressed, until when, under which version of the key."""

    name: str
    version: int
    until: datetime


class SuppressionKeys(Protocol):
    """The versions of the key."""

    def versions(self) -> Sequence[SuppressionKey]:
        """Those under which entries may still be, newest first; none before the first entry."""

    def make(self, version: int, now: datetime, needed_until: datetime) -> None:
        """Make that version, unless it is there: of several calls at once one does."""


class Suppressions(Protocol):
    """The entries."""

    def put(self, entry: Entry) -> None:
        """Keep an entry; one that is there is only ever kept longer."""

    def find(self, names: Sequence[str]) -> Mapping[str, Entry]:
        """The entries of these names, strongly read, those whose end has passed too."""

    def remove(self, name: str) -> None:
        """Drop an entry, if it is there."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """Adds entries and asks for them. `pepper` gives the key of identity lookups."""

    keys: SuppressionKeys
    entries: Suppressions
    pepper: Callable[[], bytes]
    kept: timedelta = FIVE_YEARS

    def add(self, lookups: Iterable[str], now: datetime) -> None:
        """Suppress these identities from now on. Repeatable."""
        wanted = set(lookups)
        if not wanted:
            return
        key = self._newest(now)
        for lookup in sorted(wanted):
            self.entries.put(Entry(key.entry(lookup), key.version, now + self.kept))

    def remember(self, person_id: str, now: datetime) -> None:
        """Keep that this person was erased. Repeatable."""
        self.add([_of_person(person_id)], now)

    def remembered(self, person_ids: Collection[str], now: datetime) -> frozenset[str]:
        """Those among them that were erased; all are asked for at once, and stay under the version that they are under."""
        versions = self.keys.versions()
        names = {key.entry(_of_person(person_id)): person_id for key in versions for person_id in person_ids}
        return frozenset(names[name] for name, entry in self.entries.find(list(names)).items() if entry.until > now)

    def is_suppressed(self, kind: IdentityKind, identifier: str, now: datetime) -> bool:
        """Whether nobody with that customer id or e-mail is to be invited or imported."""
        return self.has(lookup_of(kind, identifier, self.pepper()), now)

    def has(self, lookup: str, now: datetime) -> bool:
        """Whether a lookup hash is suppressed. What is found under an older version of the key moves to the newest."""
        keys = self.keys.versions()
        if not keys:
            return False
        found = self.entries.find([key.entry(lookup) for key in keys])
        living = [entry for entry in found.values() if entry.until > now]
        older = [entry for entry in living if entry.version != keys[0].version]
        if older:
            self.entries.put(Entry(keys[0].entry(lookup), keys[0].version, max(entry.until for entry in living)))
            for entry in older:
                self.entries.remove(entry.name)
        return bool(living)

    def standing(self, lookups: Collection[str], now: datetime) -> frozenset[str]:
        """Those of these lookup hashes that are suppressed; nothing is written, so that whoever asks needs no right to."""
        names = {key.entry(lookup): lookup for key in self.keys.versions() for lookup in lookups}
        found = self.entries.find(list(names)) if names else {}
        return frozenset(names[name] for name, entry in found.items() if entry.until > now)

    def _newest(self, now: datetime) -> SuppressionKey:
        """The version for new entries. A key is needed as long as what may be written under it."""
        keys = self.keys.versions()
        if not keys or keys[0].is_old(now):
            self.keys.make(keys[0].version + 1 if keys else 1, now, now + ROTATE_AFTER + self.kept + ROTATE_AFTER)
            keys = self.keys.versions()
        return keys[0]


def _of_person(person_id: str) -> str:
    """What stands for a person among lookup hashes, which are hex and so never like it."""
    return f"person|{person_id}"
