"""Processes of functions, forked from one that has imported the handler, as the emulator has them in place of `subprocess.Popen`."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Final, Self

_START: Final = Path(__file__).with_name("function_start.py")
_OF_ONE_PROCESS: Final = ("AWS_LAMBDA_LOG_STREAM_NAME", "LAMBDA_TASK_ROOT")
_MOST_DIGITS: Final = 20
_MILLISECONDS: Final = 1_000


class Source:
    """What processes of one function, in one environment, are forked from."""

    known: ClassVar[dict[str, Self]] = {}
    _finding: ClassVar = threading.Lock()

    def __init__(self, package: str, module: str) -> None:
        """Begin it; it imports `module` from `package` with the first order."""
        self.lock = threading.Lock()
        self._imported = {"package": package, "module": module}
        self._begin()

    @classmethod
    def of(cls, package: str, module: str, environment: dict[str, str]) -> Self:
        """The one of a function in an environment, begun when it is first asked for."""
        lasting = {name: value for name, value in environment.items() if name not in _OF_ONE_PROCESS}
        key = json.dumps([package, module, lasting], sort_keys=True)
        with cls._finding:
            if key not in cls.known:
                cls.known[key] = cls(package, module)
            return cls.known[key]

    def fork(self, told: dict[str, Any], streams: Sequence[int]) -> int:
        """Return the process id, which is nobody else's until the next order. One at a time."""
        try:
            return self._order(told, streams)
        except ConnectionError:  # somebody ended it, as they may any process
            self.end()
            self._begin()
            return self._order(told, streams)

    def end(self) -> None:
        """Wait for its end, which comes when nobody can give it orders any more."""
        self._orders.close()
        self._process.wait()

    def _order(self, told: dict[str, Any], streams: Sequence[int]) -> int:
        socket.send_fds(self._orders, [json.dumps(self._imported | told).encode()], streams)
        answer = self._orders.recv(_MOST_DIGITS)
        if not answer:
            raise ConnectionResetError
        return int(answer)

    def _begin(self) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, str(_START), str(theirs.fileno())]
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


class ForkedProcess:
    """As much of `Popen` as the emulator uses, its streams text."""

    def __init__(self, process: int, streams: tuple[int, int, int]) -> None:
        """Take over a process just forked, and our ends of its standard streams."""
        self.pid = process
        self._handle = os.pidfd_open(process)
        self.stdin = open(streams[0], "w", buffering=1)  # noqa: SIM115, PTH123 - a descriptor, open as long as the process is known
        self.stdout = open(streams[1])  # noqa: SIM115, PTH123 - likewise
        self.stderr = open(streams[2])  # noqa: SIM115, PTH123 - likewise

    def __del__(self) -> None:
        """Let go of it."""
        os.close(self._handle)

    @classmethod
    def started(cls, module: str, script: str, folder: Path, environment: dict[str, str]) -> Self:
        """Start a process that runs `script` in `folder`, with `module` imported from there."""
        source = Source.of(str(folder.resolve()), module, environment)
        ours, theirs = zip(*(ends if number else ends[::-1] for number, ends in enumerate(os.pipe() for _ in range(3))), strict=True)
        with source.lock:
            made = cls(source.fork({"script": script, "folder": str(folder), "environment": environment}, theirs), ours)
        for stream in theirs:
            os.close(stream)
        return made

    def poll(self) -> int | None:
        """None as long as it runs; how it ended is known to nobody but its parent."""
        waiting = select.poll()
        waiting.register(self._handle, select.POLLIN)
        return 0 if waiting.poll(0) else None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises `subprocess.TimeoutExpired`."""
        waiting = select.poll()
        waiting.register(self._handle, select.POLLIN)
        if not waiting.poll(None if timeout is None else timeout * _MILLISECONDS):
            raise subprocess.TimeoutExpired("function", timeout or 0)
        return 0

    def terminate(self) -> None:
        """Ask it to end."""
        signal.pidfd_send_signal(self._handle, signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        signal.pidfd_send_signal(self._handle, signal.SIGKILL)
