"""A local deployment from start to stop: one emulator, one stack, one folder that keeps their state."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from infra.local.demo import make_demo_survey
from infra.local.deployment import bring_up, settle_what_was_left, wait_until
from infra.local.emulator import Emulator, EmulatorError
from infra.local.stack import STACK_FILE, Stack


class HomeTakenError(EmulatorError):
    """Another process runs a deployment in the same folder."""


@contextmanager
def running_stack(home: Path, port: int, say: Callable[[str], None]) -> Iterator[tuple[Stack, Emulator]]:
    """Start the deployment kept in `home`, swept and with its demo survey open; stop it, state saved, at the end.

    Raises `EmulatorError` and what deploying raises.
    """
    home.mkdir(parents=True, exist_ok=True)
    with _alone_in(home), Emulator(home, port) as emulator:
        say(f"the local AWS is up at {emulator.url}")
        stack = bring_up(emulator, say)
        settle_what_was_left(stack)
        if make_demo_survey(stack):
            say("survey `demo` made and opened")
        form = f"/v1/surveys/{stack.survey_id}/form"
        wait_until(lambda: stack.request("GET", form).status == HTTPStatus.OK, 20, f"the form of {stack.survey_id} did not answer")
        yield stack, emulator


@contextmanager
def announced(stack: Stack, home: Path) -> Iterator[None]:
    """Have stack.json in `home`: whoever finds it there finds the stack ready."""
    stack.write(home)
    try:
        yield
    finally:
        (home / STACK_FILE).unlink(missing_ok=True)


@contextmanager
def _alone_in(home: Path) -> Iterator[None]:
    with (home / "running.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise HomeTakenError(f"it already runs here, as process {lock.read().strip()}: use that one, or stop it first") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        (home / STACK_FILE).unlink(missing_ok=True)  # of a run that was killed
        yield
