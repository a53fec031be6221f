"""A connection to addresses that were checked, and a deadline that holds however slowly the other end speaks.

A socket's own timeout starts anew with every byte. So a timer shuts the connection down instead, through a second handle of the
same socket: it stays valid when TLS takes the first one over, and wakes whatever call waits on it.
"""

import socket
import ssl
import time
from contextlib import suppress
from threading import Timer
from typing import Final

from urllib3.connection import HTTPConnection, HTTPSConnection

from shared.alerts.call import CallError
from shared.alerts.guard import Target

_MOST_TRIED: Final = 4


class Deadline:
    """The end of a call's time."""

    def __init__(self, seconds: float) -> None:
        """From now on."""
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left, never less than a thousandth: what waits for none at all would wait for ever, or not even try."""
        return max(self._end - time.monotonic(), 0.001)

    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._end


class Line:
    """The one connection of a call."""

    def __init__(self, target: Target, deadline: Deadline) -> None:
        """Connects to nothing yet."""
        self._target = target
        self._deadline = deadline
        self._watch: socket.socket | None = None
        self._timer: Timer | None = None
        self._was_cut = False

    def connection(self, tls: ssl.SSLContext) -> HTTPConnection:
        """What speaks HTTP over the line: Host, SNI and the certificate's check go by the name, the socket by the addresses."""
        url = self._target.url
        if url.scheme == "https":
            return _PinnedHttps(self, url.host, url.port, self._deadline.remaining(), tls)
        return _PinnedHttp(self, url.host, url.port, self._deadline.remaining())

    def open(self) -> socket.socket:
        """Connect to the first address that answers, and begin to watch the deadline. Raises OSError."""
        addresses = self._target.addresses[:_MOST_TRIED]
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            try:
                opened = socket.create_connection((address, self._target.url.port), self._deadline.remaining() / left)
            except OSError:
                if left == 1:
                    raise
            else:
                opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                opened.settimeout(self._deadline.remaining())
                self._watch = opened.dup()
                self.cut_in(self._deadline.remaining())
                return opened
        raise OSError

    def cut_in(self, seconds: float) -> None:
        """Shut the connection down after `seconds`, or at the deadline if that comes first."""
        self._stop_timer()
        self._timer = Timer(min(seconds, self._deadline.remaining()), self._cut)
        self._timer.daemon = True
        self._timer.start()

    def was_cut(self) -> bool:
        """Whether the deadline ended the connection, which reads like an end that the other side made."""
        return self._was_cut

    def reason_of(self, error: Exception, otherwise: CallError) -> CallError:
        """Why the call failed: the deadline, or else what the stage it failed at says; with no socket yet, connecting."""
        if self._was_cut or isinstance(error, TimeoutError) or self._deadline.is_over():
            return CallError.TIMEOUT
        return otherwise if self._watch else CallError.CONNECT

    def close(self) -> None:
        """Stop watching. The timer ends first, so that it never shuts down a later socket of the same number."""
        self._stop_timer()
        if self._watch:
            self._watch.close()

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer.join()

    def _cut(self) -> None:
        self._was_cut = True
        if self._watch:
            with suppress(OSError):  # the other end has closed already
                self._watch.shutdown(socket.SHUT_RDWR)


class _PinnedHttp(HTTPConnection):
    def __init__(self, line: Line, host: str, port: int, seconds: float) -> None:
        super().__init__(host.strip("[]"), port, timeout=seconds)
        self._line = line

    def _new_conn(self) -> socket.socket:  # where urllib3's own SOCKS connection puts its socket too
        return self._line.open()


class _PinnedHttps(HTTPSConnection):
    def __init__(self, line: Line, host: str, port: int, seconds: float, tls: ssl.SSLContext) -> None:
        super().__init__(host.strip("[]"), port, timeout=seconds, ssl_context=tls)
        self._line = line

    def _new_conn(self) -> socket.socket:
        return self._line.open()
