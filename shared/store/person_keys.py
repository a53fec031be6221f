"""Keys: what makes each person's own data key. Implements `privacy.ports.PersonKeys`.

Under a person id lies one item: a random salt, and which master key it goes with. The master keys lie in the registry, sealed by KMS; they
stay in the container once unsealed, so that no answer waits for KMS (docs/decisions/0021). A person's data key is made anew each time from
the item as it is then: once that is destroyed, nothing opens what it sealed.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import Final

from pynamodb.exceptions import DeleteError
from pynamodb.transactions import TransactWrite

from shared.privacy.sealing import MASTER_BYTES, NONCE_BYTES, SALT_BYTES, DataKey, data_key_of
from shared.store.answer_items import instant_of, milliseconds
from shared.store.answers import CONDITION_FAILED
from shared.store.batches import MOST_KEYS, raw_items
from shared.store.registry import SECRET, find_item, written
from shared.store.sealing import Sealing
from shared.store.tables import PersonKeyItem, RegistryItem

MASTER_SERVES: Final = timedelta(days=90)
_ITEM: Final = "key"
_MASTER: Final = "#person-master#"  # no survey is named like that
_PURPOSE: Final = "person-master"


class NoMasterKeyError(Exception):
    """No master key was ever made: the deployment has no survey, or is older than sealing and was not deployed anew."""


class MasterKeys:
    """The repository of master keys, by version. Those before the newest stay: what was sealed with them is read with them."""

    def __init__(self, sealing: Sealing) -> None:
        """Take what seals."""
        self._sealing = sealing
        self._unsealed: dict[str, bytes] = {}
        self._newest = ""

    def newest(self) -> str:
        """The version that new persons' keys are made with; a container keeps to the one it found. Raises `NoMasterKeyError`."""
        if not self._newest:
            item = _newest_master()
            if item is None:
                raise NoMasterKeyError
            self._unseal(item)
            self._newest = item.sk.removeprefix(_MASTER)
        return self._newest

    def find(self, version: str) -> bytes:
        """The master key of that version. Raises `NoMasterKeyError`."""
        if version not in self._unsealed:
            item = find_item(SECRET, _MASTER + version)
            if item is None:
                raise NoMasterKeyError
            self._unseal(item)
        return self._unsealed[version]

    def renew(self, random_bytes: Callable[[int], bytes], now: datetime) -> datetime:
        """Make a new version where there is none, or the newest is 90 days old; when the next is due. Of several calls one does it."""
        newest = _newest_master()
        if newest is not None and now < (due_at := instant_of(newest.created_at) + MASTER_SERVES):
            return due_at
        number = int(newest.sk.removeprefix(_MASTER)) + 1 if newest else 1
        name = f"{_MASTER}{number:06d}"
        sealed = self._sealing.seal(random_bytes(MASTER_BYTES), purpose=_PURPOSE, owner=name)
        item = RegistryItem(SECRET, name, sealed=sealed, created_at=milliseconds(now))
        written(lambda: item.save(RegistryItem.pk.does_not_exist()))
        return now + MASTER_SERVES

    def _unseal(self, item: RegistryItem) -> None:
        master = self._sealing.unseal(item.sealed, purpose=_PURPOSE, owner=item.sk)
        self._unsealed[item.sk.removeprefix(_MASTER)] = master


class Rotation:
    """Renews master keys by a clock that ticks far more often than one is due: a container that knows when asks nobody before."""

    def __init__(self, masters: MasterKeys, random_bytes: Callable[[int], bytes]) -> None:
        """`random_bytes` is of a cryptographic source."""
        self._masters = masters
        self._random_bytes = random_bytes
        self._due_at: datetime | None = None

    def renew(self, now: datetime) -> None:
        """Make a new version if one is due."""
        if self._due_at is None or now >= self._due_at:
            self._due_at = self._masters.renew(self._random_bytes, now)


@dataclass(frozen=True, slots=True)
class PersonKey:
    """A person's key as it lies there, or as it will once it is kept (`expires_at` is None until then)."""

    data_key: DataKey
    salt: bytes
    master: str
    expires_at: int | None
    random_bytes: Callable[[int], bytes]

    @property
    def is_new(self) -> bool:
        """Whether nothing can have been sealed with it yet."""
        return self.expires_at is None

    def seal(self, text: str, sort_key: str, name: str) -> str:
        """Seal a field of an item of the person's."""
        return self.data_key.seal(text, sort_key, name, self.random_bytes(NONCE_BYTES))


class PersonKeys:
    """The repository of persons' keys."""

    def __init__(self, masters: MasterKeys, random_bytes: Callable[[int], bytes]) -> None:
        """`random_bytes` is of a cryptographic source."""
        self._masters = masters
        self._random_bytes = random_bytes

    def find(self, person_id: str) -> DataKey | None:
        """What opens all that is sealed of the person, strongly read; None where there is no such key (any more)."""
        item = _find(person_id)
        return data_key_of(person_id, item.salt, self._masters.find(item.master)) if item else None

    def find_all(self, person_ids: Sequence[str]) -> Mapping[str, DataKey]:
        """What opens all that is sealed of each of these, strongly read, a hundred a call; those without a key (any more) left out."""
        places = batched(((person_id, _ITEM) for person_id in person_ids), MOST_KEYS, strict=False)
        items = (PersonKeyItem.from_raw_data(raw) for some in places for raw in raw_items(PersonKeyItem, some))
        return {item.pk: data_key_of(item.pk, item.salt, self._masters.find(item.master)) for item in items}

    def find_or_new(self, person_id: str) -> PersonKey:
        """The person's key, or a new one, which counts only once `keep` went through with what it sealed."""
        return self._of(person_id, _find(person_id))

    def some(self, person_ids: Collection[str]) -> Mapping[str, PersonKey]:
        """The same for many at once, read strongly."""
        found = {item.pk: item for item in PersonKeyItem.batch_get([(each, _ITEM) for each in set(person_ids)], consistent_read=True)}
        return {person_id: self._of(person_id, found.get(person_id)) for person_id in person_ids}

    def _of(self, person_id: str, item: PersonKeyItem | None) -> PersonKey:
        salt = item.salt if item else self._random_bytes(SALT_BYTES)
        master = item.master if item else self._masters.newest()
        data_key = data_key_of(person_id, salt, self._masters.find(master))
        return PersonKey(data_key, salt, master, int(item.expires_at) if item else None, self._random_bytes)

    def keep(self, transaction: TransactWrite, key: PersonKey, expires_at: int) -> None:
        """Add to a transaction that the key is kept until then at least; refused where it is no longer as it was read."""
        there = PersonKeyItem.pk.does_not_exist()
        if key.expires_at is not None:
            there = (PersonKeyItem.salt == key.salt) & (PersonKeyItem.expires_at == key.expires_at)
        transaction.update(
            PersonKeyItem(key.data_key.person_id, _ITEM),
            actions=[
                PersonKeyItem.salt.set(key.salt),
                PersonKeyItem.master.set(key.master),
                PersonKeyItem.expires_at.set(max(expires_at, key.expires_at or 0)),
            ],
            condition=there,
        )

    def holds(self, person_id: str) -> bool:
        """Whether there is a key, strongly read."""
        return _find(person_id) is not None

    def destroy(self, person_id: str) -> bool:
        """Delete it for good; False where there was none (any more)."""
        try:
            PersonKeyItem(person_id, _ITEM).delete(condition=PersonKeyItem.pk.exists())
        except DeleteError as error:
            if error.cause_response_code == CONDITION_FAILED:
                return False
            raise
        return True


def _find(person_id: str) -> PersonKeyItem | None:
    try:
        return PersonKeyItem.get(person_id, _ITEM, consistent_read=True)
    except PersonKeyItem.DoesNotExist:
        return None


def _newest_master() -> RegistryItem | None:
    versions = RegistryItem.query(SECRET, RegistryItem.sk.startswith(_MASTER), consistent_read=True, scan_index_forward=False, limit=1)
    return next(iter(versions), None)
