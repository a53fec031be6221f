"""The deployed tables, for tests that look at them, or write to them, through the stores that the functions use."""

from collections.abc import Iterator

import pytest

from infra.local.emulator import CREDENTIALS
from infra.local.stack import Stack
from shared.store.session import session
from shared.store.tables import AnswerItem, RegistryItem, RollupItem, bind, forget_connection


@pytest.fixture
def deployed_tables(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The stores of `shared.store` work on the deployed tables."""
    for name, value in (CREDENTIALS | {"AWS_ENDPOINT_URL": stack.emulator_url}).items():
        monkeypatch.setenv(name, value)
    _forget()
    for output, model in {"AnswersTable": AnswerItem, "RollupsTable": RollupItem, "RegistryTable": RegistryItem}.items():
        bind(model, stack.outputs[output])
    yield
    _forget()


def _forget() -> None:
    session.cache_clear()
    forget_connection()
