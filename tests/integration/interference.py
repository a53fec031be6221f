"""Something happens before or after the effect of any call to AWS: the process ends, or somebody else gets in between."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.client import BaseClient


class Crash(BaseException):
    """The process ends here; nothing in it can catch that."""


@contextmanager
def at_step(step: int, happens: Callable[[], object]) -> Iterator[list[str]]:
    """`happens` at the `step`-th place, once; two places a call. Yields the names of the places that were passed."""
    passed: list[str] = []
    call = BaseClient._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001 - the one door that every call goes through

    def place(name: str) -> None:
        passed.append(name)
        if len(passed) == step:
            happens()

    def interfered(self: BaseClient, operation: str, parameters: dict[str, Any]) -> object:
        place(f"before {operation}")
        result = call(self, operation, parameters)
        place(f"after {operation}")
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", interfered)
        yield passed


def crash() -> None:
    """End the process."""
    raise Crash
