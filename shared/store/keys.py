"""API keys in the registry. What is kept of a secret is its hash."""

from datetime import datetime, timedelta
from typing import Final

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from shared.access import ApiKey, Scope, is_key_id
from shared.store import transactions
from shared.store.answer_items import instant_of, milliseconds
from shared.store.registry import TRIES, BusyError, find_item, written
from shared.store.tables import RegistryItem, connection

USE_RECORDED_EVERY: Final = timedelta(hours=1)
_KEY: Final = "key"
_FIRST_KEY: Final = "#first"
"""No key is named like this; which key `create_first` made last."""


class KeyStore:
    """The repository of API keys: what is kept of a secret is its hash."""

    def find(self, key_id: str) -> ApiKey | None:
        """The key as it is now, revoked or not; None where there is none, or where no key could have that id."""
        item = find_item(_KEY, key_id) if is_key_id(key_id) else None
        return _key_of(item) if item else None

    def list(self) -> tuple[ApiKey, ...]:
        """All keys as they are now, revoked ones included, by id."""
        items = RegistryItem.query(_KEY, consistent_read=True)
        return tuple(_key_of(item) for item in items if item.sk != _FIRST_KEY)

    def create(self, key: ApiKey) -> None:
        """Store a new key. Its id has 80 random bits; raises `BusyError` if it is taken all the same."""
        if not written(lambda: _key_item(key).save(RegistryItem.pk.does_not_exist())) and not self._is_there(key):
            raise BusyError

    def create_first(self, key: ApiKey) -> bool:
        """Store a key that may manage keys, if none in force may; of several calls at once one does.

        So an installation whose last such key was revoked gets another, and a second deployment doesn't make a second key.
        """
        for _ in range(TRIES):
            before = find_item(_KEY, _FIRST_KEY)
            if any(Scope.KEYS in there.scopes and there.revoked_at is None for there in self.list()):
                return False
            same = RegistryItem.pk.does_not_exist() if before is None else RegistryItem.name == before.name
            transaction = TransactWrite(connection=connection())
            transaction.save(RegistryItem(_KEY, _FIRST_KEY, name=key.key_id), same)
            transaction.save(_key_item(key), RegistryItem.pk.does_not_exist())
            if _committed(transaction) or self._is_there(key):
                return True
        raise BusyError

    def _is_there(self, key: ApiKey) -> bool:
        """Whether a call repeated after a time-out met its own first attempt."""
        there = self.find(key.key_id)
        return there is not None and there.secret_hash == key.secret_hash

    def revoke(self, key_id: str, now: datetime) -> bool:
        """Revoke a key for good; the first time counts. False where there is none."""
        if not is_key_id(key_id):
            return False
        first = RegistryItem.revoked_at.set(RegistryItem.revoked_at | milliseconds(now))
        return written(lambda: RegistryItem(_KEY, key_id).update([first], RegistryItem.secret_hash.exists()))

    def record_use(self, key: ApiKey, now: datetime) -> None:
        """Note that it was used, at most once an hour."""
        if key.last_used_at is not None and now - key.last_used_at < USE_RECORDED_EVERY:
            return
        used = RegistryItem.last_used_at.set(milliseconds(now))
        written(lambda: RegistryItem(_KEY, key.key_id).update([used], RegistryItem.secret_hash.exists()))


def _key_item(key: ApiKey) -> RegistryItem:
    return RegistryItem(
        _KEY,
        key.key_id,
        name=key.name,
        scopes=sorted(scope.value for scope in key.scopes),
        secret_hash=key.secret_hash,
        created_at=milliseconds(key.created_at),
    )


def _key_of(item: RegistryItem) -> ApiKey:
    return ApiKey(
        key_id=item.sk,
        name=item.name,
        scopes=frozenset(Scope(scope) for scope in item.scopes),
        secret_hash=item.secret_hash,
        created_at=instant_of(item.created_at),
        last_used_at=instant_of(item.last_used_at) if item.last_used_at else None,
        revoked_at=instant_of(item.revoked_at) if item.revoked_at else None,
    )


def _committed(transaction: TransactWrite) -> bool:
    try:
        transaction._commit()  # noqa: SLF001 - what leaving its `with` block does; here the error has to be told apart
    except TransactWriteError as error:
        codes = transactions.reasons(error)
        if transactions.CONDITION in codes or transactions.is_busy(codes):
            return False
        raise
    return True
