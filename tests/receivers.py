"""Endpoints on loopback that behave as badly as the internet's: each takes connections on a port of its own and counts them."""

import socket
import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, repeat
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Final, Self

MOMENT: Final = 0.02
"""How long a drip takes: far shorter than any deadline, so that no timeout of a single read ever fires."""


@dataclass(frozen=True, slots=True)
class Request:
    """What arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


type Behaviour = Callable[["Receiver", socket.socket], None]


class Receiver:
    """Listens while it is entered; every connection goes to `behaviour` in a thread of its own."""

    def __init__(self, behaviour: Behaviour, *, tls: ssl.SSLContext | None = None, address: str = "127.0.0.1", port: int = 0) -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._listener = socket.create_server((address, port), family=family)
        self.port: int = self._listener.getsockname()[1]
        self.accepted = 0
        self.requests: list[Request] = []
        self.closing = Event()
        self._behaviour = behaviour
        self._tls = tls
        self._open: list[socket.socket] = []
        self._threads: list[Thread] = []
        self._lock = Lock()
        self._server = Thread(target=self._accept)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._server.join()
        self._listener.close()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def take(self, connection: socket.socket) -> Request:
        """Read one request and remember it."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += _more(connection)
        head, body = received.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        while len(body) < int(headers.get("content-length", "0")):
            body += _more(connection)
        method, target, _ = first.split(" ")
        request = Request(method, target, headers, body)
        with self._lock:
            self.requests.append(request)
        return request

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.accepted += 1
                self._open.append(connection)
            thread = Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:  # the caller left, as it is free to
            if self._tls is None:
                self._behaviour(self, connection)
            else:
                # `connection` stays open as the handle that __exit__ shuts down.
                with self._tls.wrap_socket(connection.dup(), server_side=True) as secured:
                    self._behaviour(self, secured)


def _more(connection: socket.socket) -> bytes:
    piece = connection.recv(65_536)
    if not piece:
        raise ConnectionError
    return piece


def message(status: int = 200, headers: str = "", body: bytes = b"") -> bytes:
    """A response, with `headers` as they go over the line (each with its line end)."""
    return f"HTTP/1.1 {status} Whatever\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode("latin-1") + body


def says(*responses: bytes) -> Behaviour:
    """Answer with the first response, then the next, and with the last for ever; each exactly as given, then close."""
    left = chain(responses, repeat(responses[-1]))

    def behave(receiver: Receiver, connection: socket.socket) -> None:
        receiver.take(connection)
        connection.sendall(next(left))

    return behave


def flapping(*statuses: int) -> Behaviour:
    """One status after the other; the last one stays."""
    return says(*(message(status) for status in statuses))


def gone() -> Behaviour:
    """The endpoint is no more, and says so."""
    return says(message(410))


def redirecting(location: str, status: int = 302) -> Behaviour:
    """Send the caller elsewhere."""
    return says(message(status, f"Location: {location}\r\n"))


def slow(seconds: float) -> Behaviour:
    """Answer 200 after a while."""

    def behave(receiver: Receiver, connection: socket.socket) -> None:
        receiver.take(connection)
        if not receiver.closing.wait(seconds):
            connection.sendall(message())

    return behave


def hanging(begin: bytes = b"") -> Behaviour:
    """Take the request, say `begin`, and neither go on nor close."""

    def behave(receiver: Receiver, connection: socket.socket) -> None:
        receiver.take(connection)
        connection.sendall(begin)
        receiver.closing.wait()

    return behave


def deaf() -> Behaviour:
    """Take the connection and read nothing from it."""

    def behave(receiver: Receiver, _: socket.socket) -> None:
        receiver.closing.wait()

    return behave


def dripping(content: Iterable[int], begin: bytes = b"") -> Behaviour:
    """Say `begin` at once and the rest byte by byte."""

    def behave(receiver: Receiver, connection: socket.socket) -> None:
        receiver.take(connection)
        connection.sendall(begin)
        for byte in content:
            connection.sendall(bytes([byte]))
            if receiver.closing.wait(MOMENT):
                return

    return behave


def pouring(piece: bytes, times: int, begin: bytes) -> Behaviour:
    """Say `begin`, then the piece over and over, as fast as the caller takes it."""

    def behave(receiver: Receiver, connection: socket.socket) -> None:
        receiver.take(connection)
        connection.sendall(begin)
        for _ in range(times):
            connection.sendall(piece)

    return behave


def blurting(content: bytes) -> Behaviour:
    """Speak before being spoken to: no TLS where TLS is due, say."""

    def behave(receiver: Receiver, connection: socket.socket) -> None:
        connection.sendall(content)
        receiver.closing.wait()

    return behave


def dripping_unasked(content: Iterable[int]) -> Behaviour:
    """Byte by byte from the first moment: a TLS record that never ends, say."""

    def behave(receiver: Receiver, connection: socket.socket) -> None:
        for byte in content:
            connection.sendall(bytes([byte]))
            if receiver.closing.wait(MOMENT):
                return

    return behave


def hanging_up() -> Behaviour:
    """Close without a word."""

    def behave(receiver: Receiver, connection: socket.socket) -> None:
        pass

    return behave
