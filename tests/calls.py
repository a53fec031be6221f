"""How tests make calls: to loopback, which the guard's allowance lets through, with deadlines that suit."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Final

import pytest

from shared.alerts.call import CallError, CallFailed, Reply
from shared.alerts.guard import Allowance, Guard
from shared.alerts.post import Poster
from tests.hostile import Names
from tests.receivers import Receiver

NOW: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NAME: Final = "hooks.example.com"
BRIEF: Final = 0.4
"""A deadline that a test can wait for."""
AMPLE: Final = 20.0
"""One that a receiver on loopback meets however busy the machine is."""
OK: Final = b"HTTP/1.1 200 OK\r\n"


def poster(*, seconds: float = AMPLE, trust: str | None = None) -> Poster:
    guard = Guard(Names({NAME: ["127.0.0.1"], "localhost": ["127.0.0.1"]}), allowance=Allowance.LOOPBACK)
    return Poster(guard, seconds=seconds, trust=trust)


def call(receiver: Receiver, *, seconds: float = AMPLE, body: bytes = b"{}", host: str = "127.0.0.1", path: str = "/hook") -> Reply:
    return poster(seconds=seconds).post(f"http://{host}:{receiver.port}{path}", body, {}, now=NOW)


def failure_of(make: Callable[[], object]) -> CallError:
    with pytest.raises(CallFailed) as failed:
        make()
    return failed.value.error


def failures_of(calling: Poster, urls: Iterable[str]) -> set[CallError]:
    return {failure_of(partial(calling.post, url, b"{}", {}, now=NOW)) for url in urls}
