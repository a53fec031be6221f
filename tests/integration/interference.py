"""Something happens before or after the effect of any call to AWS: the process ends, or somebody else gets in between."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError


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


@contextmanager
def refusing(
    operation: str, where: Callable[[dict[str, Any]], bool] = lambda _parameters: True, code: str = "InternalServerError"
) -> Iterator[None]:
    """AWS refuses calls of one operation, those whose parameters are as `where` says."""
    call = BaseClient._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001 - the one door that every call goes through

    def refused(self: BaseClient, name: str, parameters: dict[str, Any]) -> object:
        if name == operation and where(parameters):
            raise ClientError({"Error": {"Code": code, "Message": "planted"}, "ResponseMetadata": {"HTTPStatusCode": 500}}, name)  # type: ignore[typeddict-item]  # the part that is read
        return call(self, name, parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", refused)
        yield


@contextmanager
def answering(operation: str, response: dict[str, Any]) -> Iterator[None]:
    """AWS answers every call of one operation with this."""
    call = BaseClient._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001 - the one door that every call goes through

    def answered(self: BaseClient, name: str, parameters: dict[str, Any]) -> object:
        return response if name == operation else call(self, name, parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", answered)
        yield
