"""One outgoing call: a POST to a URL that a customer typed, at addresses the guard checked, within one deadline.

urllib3 is under it: botocore brings it anyway, so it costs a function nothing, and its connections do one exchange and nothing
else. Not used are its pool (which retries, follows redirects and logs URLs) and its reading of answers (which logs the URL and the
headers that it cannot parse). Nothing here reads the proxy variables of the environment.
"""

import socket
import ssl
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Thread
from typing import Final

from urllib3.exceptions import HTTPError

from shared.alerts.call import CallError, CallFailed, Reply
from shared.alerts.guard import Guard, GuardError, Target, UnresolvedError
from shared.alerts.pinned import Deadline, Line

DEADLINE_SECONDS: Final = 15.0
BODY_CAP: Final = 4_096
LONGEST_RETRY_AFTER: Final = 86_400
_BODY_SECONDS: Final = 2.0
_OWN_HEADERS: Final = {"User-Agent": "Recomenda", "Accept-Encoding": "identity", "Connection": "close"}


class Poster:
    """Makes calls; one instance serves many, also at once."""

    def __init__(self, guard: Guard, *, seconds: float = DEADLINE_SECONDS, trust: str | None = None) -> None:
        """`seconds` is for a whole call, DNS included; `trust` is a PEM of the authorities to trust instead of the system's."""
        self._guard = guard
        self._seconds = seconds
        self._tls = ssl.create_default_context(cadata=trust)
        self._tls.hostname_checks_common_name = False

    def post(self, url: str, body: bytes, headers: Mapping[str, str], *, now: datetime) -> Reply:
        """Check the URL, ask the DNS, check and pin the addresses, POST once. Raises `CallFailed`.

        The status line is the endpoint's answer: what becomes of the body after it changes nothing, and is waited for briefly.
        A Retry-After that is a date counts from `now`.
        """
        began = time.monotonic()
        outcome = self._outcome(url, body, headers, Deadline(self._seconds))
        duration_ms = round((time.monotonic() - began) * 1_000)
        if isinstance(outcome, CallError):
            raise CallFailed(outcome, duration_ms)
        status, retry_after, beginning = outcome
        return Reply(status=status, duration_ms=duration_ms, retry_after_seconds=retry_after_seconds(retry_after, now), body=beginning)

    def _outcome(self, url: str, body: bytes, headers: Mapping[str, str], deadline: Deadline) -> "_Outcome":
        try:
            checked = self._guard.check_url(url)
            target = _within(deadline.remaining(), lambda: self._guard.resolve(checked))
        except (UnresolvedError, TimeoutError):
            return CallError.DNS
        except GuardError:
            return CallError.REFUSED_ADDRESS
        line = Line(target, deadline)
        try:
            return self._exchange(target, body, headers, line)
        finally:
            line.close()

    def _exchange(self, target: Target, body: bytes, headers: Mapping[str, str], line: Line) -> "_Outcome":
        connection = line.connection(self._tls)
        try:
            try:
                connection.connect()
            except (OSError, HTTPError) as error:
                return line.reason_of(error, CallError.TLS)
            try:
                connection.request("POST", target.url.request_target, body=body, headers={**headers, **_OWN_HEADERS})
                answer = HTTPConnection.getresponse(connection)
            except (OSError, HTTPException, HTTPError) as error:
                return line.reason_of(error, CallError.TLS if isinstance(error, ssl.SSLError) else CallError.PROTOCOL)
            with answer:
                if line.was_cut():  # an end in the middle of the head passes for the end of the head
                    return CallError.TIMEOUT
                line.cut_in(_BODY_SECONDS)
                return answer.status, answer.getheader("Retry-After"), _beginning_of(answer)
        finally:
            connection.close()


type _Outcome = CallError | tuple[int, str | None, bytes]


def system_addresses(host: str) -> list[str]:
    """All addresses of a host, by the system's resolver."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


def retry_after_seconds(value: str | None, now: datetime) -> int | None:
    """Read a Retry-After header (RFC 9110 §10.2.3: seconds, or a date), 0 to a day; None if there is none to be read."""
    if value is None or len(value) > 40:  # noqa: PLR2004 - the longest form of a date has 33
        return None
    if value.isascii() and value.isdigit():
        return min(int(value), LONGEST_RETRY_AFTER)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return min(max(round(seconds.total_seconds()), 0), LONGEST_RETRY_AFTER)


def _within[T](seconds: float, work: Callable[[], T]) -> T:
    """Wait for `work` no longer than `seconds`, as the system's resolver cannot be told to hurry. Raises TimeoutError."""
    outcome = Future[T]()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again where the result is awaited
            outcome.set_exception(error)

    Thread(target=run, daemon=True).start()
    return outcome.result(timeout=seconds)


def _beginning_of(answer: HTTPResponse) -> bytes:
    """As much of the body as came in time, up to the cap; a body that breaks off is no failure."""
    received = bytearray()
    try:
        while len(received) < BODY_CAP and (piece := answer.read1(BODY_CAP - len(received))):
            received += piece
    except (OSError, HTTPException):
        pass  # the status was the answer
    return bytes(received[:BODY_CAP])
