"""Receivers that would hold a caller for minutes. Each byte of a drip begins a socket's own timeout anew; the deadline is a total."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from threading import Event

import pytest

from shared.alerts.call import CallError
from shared.alerts.guard import Allowance, Guard
from shared.alerts.post import Poster
from tests.calls import BRIEF, NAME, NOW, OK, call, failure_of, poster
from tests.hostile import Names
from tests.receivers import Behaviour, Receiver, deaf, dripping, dripping_unasked, flapping, hanging, pouring, slow


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(slow(60), id="slow"),
        pytest.param(deaf(), id="reads nothing"),
        pytest.param(hanging(), id="says nothing"),
        pytest.param(hanging(b"HTTP/1.1 200"), id="stops in the status line"),
        pytest.param(hanging(OK), id="stops in the headers"),
        pytest.param(dripping(cycle(b"a"), b"HTTP/1.1 200 "), id="drips a status line"),
        pytest.param(dripping(cycle(b"a"), OK + b"X-Long: "), id="drips a header"),
        pytest.param(dripping(cycle(b"X: y\r\n"), OK), id="drips headers"),
        pytest.param(dripping(cycle(b"HTTP/1.1 100 Continue\r\n\r\n")), id="drips interim answers"),
        pytest.param(pouring(b"HTTP/1.1 100 Continue\r\n\r\n" * 100, 10**6, b""), id="pours interim answers"),
    ],
)
def test_a_call_without_an_answer_ends_at_its_deadline(behaviour: Behaviour) -> None:
    with Receiver(behaviour) as receiver:
        assert failure_of(lambda: call(receiver, seconds=BRIEF)) is CallError.TIMEOUT


def test_a_large_message_to_one_that_reads_nothing_ends_at_its_deadline() -> None:
    with Receiver(deaf()) as receiver:
        assert failure_of(lambda: call(receiver, seconds=BRIEF, body=bytes(50_000_000))) is CallError.TIMEOUT


@pytest.mark.parametrize("behaviour", [deaf(), dripping_unasked(b"\x16\x03\x03\x40\x00\x02" + bytes(10_000))], ids=["silent", "dripping"])
def test_a_tls_handshake_that_never_ends_ends_at_its_deadline(behaviour: Behaviour) -> None:
    with Receiver(behaviour) as receiver:
        url = f"https://{NAME}:{receiver.port}/"

        assert failure_of(lambda: poster(seconds=BRIEF).post(url, b"", {}, now=NOW)) is CallError.TIMEOUT


def test_a_resolver_that_never_answers_ends_at_the_deadline() -> None:
    never = Event()

    def resolver(_: str) -> list[str]:
        never.wait()
        return []

    unanswered = Poster(Guard(resolver), seconds=BRIEF)

    assert failure_of(lambda: unanswered.post(f"https://{NAME}/", b"", {}, now=NOW)) is CallError.DNS
    never.set()


@contextmanager
def never_accepting(address: str, port: int = 0) -> Iterator[int]:
    """A port where the system neither accepts nor refuses: the backlog is full."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server((address, port), backlog=0))
        port = listener.getsockname()[1]
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.settimeout(0)
            waiting.connect_ex((address, port))
        yield port


def test_a_connection_that_is_never_made_ends_at_its_deadline() -> None:
    with never_accepting("127.0.0.1") as port:
        url = f"http://127.0.0.1:{port}/"

        assert failure_of(lambda: poster(seconds=BRIEF).post(url, b"", {}, now=NOW)) is CallError.TIMEOUT


def test_an_address_that_never_answers_leaves_time_for_the_next() -> None:
    with Receiver(flapping(200)) as receiver, never_accepting("127.0.0.2", receiver.port):
        guard = Guard(Names({NAME: ["127.0.0.2", "127.0.0.1"]}), allowance=Allowance.LOOPBACK)

        assert Poster(guard, seconds=3.0).post(f"http://{NAME}:{receiver.port}/", b"", {}, now=NOW).accepted


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(hanging(OK + b"Content-Length: 10\r\n\r\nabc"), id="answers 200 and hangs"),
        pytest.param(hanging(OK + b"\r\nabc"), id="answers 200, of no length, and hangs"),
        pytest.param(dripping(cycle(b"a"), OK + b"Content-Length: 1000000\r\n\r\nabc"), id="drips a body"),
        pytest.param(dripping(cycle(b"1\r\na\r\n"), OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"), id="drips chunks"),
        pytest.param(dripping(cycle(b"a: b\r\n"), OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"), id="drips trailers"),
    ],
)
def test_a_body_that_does_not_end_is_left_long_before_the_deadline(behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.alerts.post._BODY_SECONDS", BRIEF)
    with Receiver(behaviour) as receiver:
        reply = call(receiver, seconds=100)

    assert reply.accepted
    assert reply.body.startswith(b"abc")
    assert reply.duration_ms < 50_000
