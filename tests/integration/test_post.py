"""Calls to receivers on loopback: what is sent, and what is made of the answer or of what is none."""

import logging
from datetime import timedelta
from email.utils import format_datetime

import pytest

from shared.alerts.call import CallError, CallFailed
from shared.alerts.guard import Allowance, Guard
from shared.alerts.post import BODY_CAP, Poster, system_addresses
from tests.calls import AMPLE, NAME, NOW, OK, call, failure_of, poster
from tests.hostile import Names
from tests.receivers import Behaviour, Receiver, flapping, gone, hanging_up, message, pouring, redirecting, says


def test_a_message_arrives_as_it_was_given() -> None:
    with Receiver(says(message(204))) as receiver:
        url = f"http://localhost:{receiver.port}/a/b;c?d=e&f=%2Fg"
        reply = poster().post(url, b'{"text": "\xc3\xa7"}', {"Content-Type": "application/json", "webhook-id": "msg_1"}, now=NOW)

    assert (reply.status, reply.accepted, reply.body, reply.retry_after_seconds) == (204, True, b"", None)
    (request,) = receiver.requests
    assert (request.method, request.target, request.body) == ("POST", "/a/b;c?d=e&f=%2Fg", b'{"text": "\xc3\xa7"}')
    assert request.headers == {
        "host": f"localhost:{receiver.port}",
        "content-type": "application/json",
        "content-length": "14",
        "webhook-id": "msg_1",
        "user-agent": "Recomenda",
        "accept-encoding": "identity",
        "connection": "close",
    }


def test_ipv6_is_called_too() -> None:
    with Receiver(flapping(200), address="::1") as receiver:
        assert call(receiver, host="[::1]").accepted

    assert receiver.requests[0].headers["host"] == f"[::1]:{receiver.port}"


def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    with Receiver(flapping(200)) as receiver:
        guard = Guard(Names({NAME: ["127.0.0.2", "127.0.0.3", "127.0.0.1"]}), allowance=Allowance.LOOPBACK)

        assert Poster(guard, seconds=AMPLE).post(f"http://{NAME}:{receiver.port}/", b"", {}, now=NOW).accepted


def test_the_answer_s_beginning_is_given_for_an_ownership_challenge() -> None:
    with Receiver(says(message(200, body=b'{"challenge": "abc"}'))) as receiver:
        assert call(receiver).body == b'{"challenge": "abc"}'


def test_a_chunked_answer_is_read() -> None:
    with Receiver(says(OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")) as receiver:
        assert call(receiver).body == b"abcde"


def test_a_redirect_is_an_answer_that_is_not_followed_nor_accepted() -> None:
    with Receiver(flapping(200)) as elsewhere, Receiver(redirecting(f"http://127.0.0.1:{elsewhere.port}/", 307)) as receiver:
        reply = call(receiver)

    assert (reply.status, reply.accepted) == (307, False)
    assert (receiver.accepted, elsewhere.accepted) == (1, 0)


def test_gone_is_told_apart() -> None:
    with Receiver(gone()) as receiver:
        assert call(receiver).status == 410


def test_nothing_is_retried() -> None:
    with Receiver(flapping(503, 429, 200)) as receiver:
        assert [call(receiver).status for _ in range(4)] == [503, 429, 200, 200]

    assert receiver.accepted == 4


def test_the_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with Receiver(flapping(200)) as proxy, Receiver(flapping(200)) as receiver:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert call(receiver).accepted

    assert (proxy.accepted, receiver.accepted) == (0, 1)


def test_a_retry_after_comes_with_the_answer() -> None:
    later = f"Retry-After: {format_datetime(NOW + timedelta(minutes=3), usegmt=True)}\r\n"
    with Receiver(says(message(503, later), message(429, "Retry-After: 7\r\n"))) as receiver:
        assert [call(receiver).retry_after_seconds for _ in range(2)] == [180, 7]


@pytest.mark.parametrize(
    ("behaviour", "read"),
    [
        pytest.param(says(OK + b"Content-Length: 10\r\n\r\nabc"), b"abc", id="closes mid-body"),
        pytest.param(says(OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n"), b"abc", id="no chunk"),
        pytest.param(says(OK + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n" + b"a" * 9_000), None, id="a chunk of less than nothing"),
        pytest.param(pouring(bytes(1_000_000), 1_000, OK + b"Content-Length: 1000000000\r\n\r\n"), bytes(BODY_CAP), id="a gigabyte"),
        pytest.param(pouring(bytes(1_000_000), 1_000, OK + b"\r\n"), bytes(BODY_CAP), id="a gigabyte, of no length"),
        pytest.param(says(message(200, "Content-Encoding: gzip\r\n", b"\x1f\x8b")), b"\x1f\x8b", id="compressed, left so"),
    ],
)
def test_a_status_counts_whatever_becomes_of_the_body(behaviour: Behaviour, read: bytes | None) -> None:
    with Receiver(behaviour) as receiver:
        reply = call(receiver)

    assert reply.accepted
    assert len(reply.body) <= BODY_CAP
    assert read is None or reply.body == read


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(hanging_up(), id="hangs up"),
        pytest.param(says(b""), id="hangs up after the request"),
        pytest.param(says(b"SSH-2.0-OpenSSH_9.6\r\n"), id="no HTTP"),
        pytest.param(says(b"HTTP/1.1 twohundred OK\r\n\r\n"), id="no status"),
        pytest.param(says(b"HTTP/9.9 200 OK\r\n\r\n"), id="no known HTTP"),
        pytest.param(says(OK + b"X: " + b"a" * 100_000 + b"\r\n\r\n"), id="a header without end"),
        pytest.param(says(OK + b"X: y\r\n" * 1_000 + b"\r\n"), id="headers without end"),
    ],
)
def test_what_is_no_http_is_told_apart(behaviour: Behaviour) -> None:
    with Receiver(behaviour) as receiver:
        assert failure_of(lambda: call(receiver)) is CallError.PROTOCOL


def test_nobody_there_is_told_apart() -> None:
    with Receiver(hanging_up()) as receiver:
        pass

    assert failure_of(lambda: call(receiver)) is CallError.CONNECT


def test_a_name_that_leads_nowhere_is_told_apart() -> None:
    assert failure_of(lambda: poster().post("https://nowhere.example/", b"", {}, now=NOW)) is CallError.DNS


def test_neither_log_nor_error_tells_what_was_called_or_answered(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Receiver(says(OK + b"s3cr3t header\r\n: x\r\n\r\n", b"s3cr3t")) as receiver:
        call(receiver, path="/s3cr3t")
        with pytest.raises(CallFailed) as failed:
            call(receiver, path="/s3cr3t")

    assert not caplog.records
    assert failed.value.__context__ is None
    assert "s3cr3t" not in f"{failed.value!r} {failed.value}"


def test_the_system_s_resolver_finds_this_machine() -> None:
    assert set(system_addresses("localhost")) & {"127.0.0.1", "::1"}
