"""AWS in this process (moto) as something left it: made once a process, and from then on put back as it was.

Ten tables, some queues and a key are made in 25 ms here, which was most of what a thousand tests computed; they are put back in a
tenth of one. That is all that moto keeps, so what a test leaves is gone, also where nobody would think of emptying.
"""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from threading import Condition, RLock
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from moto import mock_aws
from moto.core.base_backend import BackendDict

_ANEW: Final = {type(RLock()): RLock, Condition: Condition}
"""What no copy may share, by its type."""


@contextmanager
def prepared_aws[T](make: Callable[[], T]) -> Iterator[T]:
    """An AWS in which nothing has happened but `make`, and what that returned."""
    with mock_aws():
        state, shared, made = _left_by(make)
        for service, account, region, backend in _Reading(BytesIO(state), shared).load():
            dict.__setitem__(service[account], region, backend)
        yield made


@cache
def _left_by[T](make: Callable[[], T]) -> tuple[bytes, list[object], T]:
    """What moto keeps, and beside it the parts that are the same in every copy; and what `make` returned."""
    made = make()
    file = BytesIO()
    writing = _Writing(file)
    writing.dump([(service, *backend) for service in _services() for backend in service.iter_backends()])
    return file.getvalue(), writing.shared, made


def _services() -> list[Any]:
    """The services of which anything is kept."""
    return BackendDict._instances  # type: ignore[misc]  # noqa: SLF001


class _Writing(pickle.Pickler):
    """Leaves aside what cannot be written: locks, moto's register of services, and keys that nobody uses."""

    def __init__(self, file: BytesIO) -> None:
        super().__init__(file)
        self.shared: list[object] = []

    def persistent_id(self, obj: object) -> type | int | None:
        if type(obj) in _ANEW:
            return type(obj)
        if not isinstance(obj, BackendDict | RSAPrivateKey):
            return None
        self.shared.append(obj)
        return len(self.shared) - 1


class _Reading(pickle.Unpickler):
    """Puts in what was left aside."""

    def __init__(self, file: BytesIO, shared: list[object]) -> None:
        super().__init__(file)
        self._shared = shared

    def persistent_load(self, pid: type | int) -> object:
        return self._shared[pid] if isinstance(pid, int) else _ANEW[pid]()
