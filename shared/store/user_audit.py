"""What was done to users of the console: entries of the ledger's audit trail, and the turn that takers of admins' rights wait for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from shared.signin.changing import Done
from shared.store.answer_items import milliseconds
from shared.store.decisions import AUDIT, KEPT
from shared.store.ledger_items import expiry
from shared.store.registry import BusyError, written
from shared.store.tables import LedgerItem, RegistryItem

USERS: Final = f"{AUDIT}#users"
"""No survey's id has a `#`, so no survey's trail is this one."""
_TURN: Final = ("users", "#turn")
_LEASE: Final = timedelta(seconds=30)
"""Longer than the function may run: whoever broke off keeps the others out no longer than this."""


def write_down(done: Done) -> None:
    """Add an entry: ids, enums and a time."""
    LedgerItem(
        USERS,
        f"{milliseconds(done.at):013d}#{done.user_id}#{done.deed}",
        decision=done.deed.value,
        role=done.role.value if done.role else None,
        asker=done.key_id,
        asked_at=milliseconds(done.at),
        expires_at=expiry(done.at, KEPT),
    ).save()


@contextmanager
def alone(now: Callable[[], datetime], token: str) -> Iterator[None]:
    """Hold the one turn there is, under a random token. Raises `BusyError` where somebody else has it."""
    at = int(now().timestamp())
    turn = RegistryItem(*_TURN, name=token, expires_at=at + int(_LEASE.total_seconds()))
    if not written(lambda: turn.save(RegistryItem.pk.does_not_exist() | (RegistryItem.expires_at < at))):
        raise BusyError
    try:
        yield
    finally:
        written(lambda: RegistryItem(*_TURN).delete(RegistryItem.name == token))  # unless it ended with its lease, and is another's
