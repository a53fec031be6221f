"""A local deployment for a whole run of the tests, on a port and with a state of its own, shared by all of pytest's workers.

The first worker that needs it starts this file as a process of its own (`python -m tests.local_stack FOLDER`); the others wait and use it.
Every user holds a shared lock on a file as long as it lives. When nobody does any more, however they ended, the process stops everything
and goes.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from infra.environments import ROOT, locked
from infra.local.emulator import free_port
from infra.local.home import announced, running_stack
from infra.local.stack import STACK_FILE, Stack
from tests.local_home import begin_deployed

_started: list[subprocess.Popen[bytes]] = []  # kept: Python warns of a forgotten child, and this one is to live on
SECONDS_TO_START: Final = 240.0
_SECONDS_WITHOUT_USERS: Final = 2.0


@contextmanager
def shared_stack(folder: Path) -> Iterator[Stack]:
    """Use the deployment of this folder, starting it if nobody has."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "users.lock").open("a") as use:
        fcntl.flock(use, fcntl.LOCK_SH)
        with locked(folder / "start.lock"):
            if not (folder / STACK_FILE).exists():
                _start(folder)
        yield Stack.read(folder)


def made_once(folder: Path, name: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever JSON can say
    """What the first worker that asks for it makes on the deployment of this folder, and the others only read."""
    kept = folder / f"{name}.json"
    with locked(folder / f"{name}.lock"):
        if not kept.exists():
            kept.write_text(json.dumps(make()))
        return json.loads(kept.read_text())


def _start(folder: Path) -> None:
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.local_stack", str(folder)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # it outlives the worker that happens to start it
        )
    _started.append(server)
    deadline = time.monotonic() + SECONDS_TO_START
    while not (folder / STACK_FILE).exists():
        if server.poll() is not None or time.monotonic() > deadline:
            server.terminate()
            raise RuntimeError(f"the local deployment did not come up:\n{log.read_text()}")
        time.sleep(0.1)


def _serve(folder: Path) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    begin_deployed(folder)
    with running_stack(folder, free_port(), partial(print, flush=True)) as (stack, emulator), announced(stack, folder):
        unused_since = time.monotonic()
        while emulator.is_running and time.monotonic() - unused_since < _SECONDS_WITHOUT_USERS:
            if _is_used(folder):
                unused_since = time.monotonic()
            time.sleep(0.2)
        return 0 if emulator.is_running else 1


def _is_used(folder: Path) -> bool:
    with (folder / "users.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(_serve(Path(sys.argv[1])))
