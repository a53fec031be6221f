"""Runs ordinary synchronous code of many workers a step at a time, in an order that a seed decides, and lets any of them crash anywhere."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from greenlet import getcurrent, greenlet  # type: ignore[import-untyped]  # it has no types


class Crash(BaseException):
    """The process ends here: a time-out, a lost machine, an exhausted memory. Nothing in it can catch that."""


@dataclass(eq=False, slots=True)
class Worker:
    """One call of a function. `done` gets what it returned, `crashed` is told that it ended before."""

    name: str
    run: Callable[[], Any]
    done: Callable[[Any], None]
    crashed: Callable[[], None]
    began_at: datetime
    thread: Any = field(init=False)


class Scheduler:
    """Takes turns among workers. `turn` is what stores call where another worker may go on."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.workers: list[Worker] = []
        self.crash_rate = 0.0
        self.crashes = 0
        self.steps = 0
        self._main = getcurrent()

    def turn(self, _name: str) -> None:
        """Let others go on. Outside of any worker, nothing happens."""
        if getcurrent() is not self._main:
            self._main.switch()

    def start(self, worker: Worker) -> None:
        """Have a worker take part."""
        worker.thread = greenlet(worker.run, parent=self._main)
        self.workers.append(worker)

    def step(self) -> None:
        """Let one worker go on to its next call, or crash."""
        worker = self.workers[self.random.randrange(len(self.workers))]
        if self.random.random() < self.crash_rate:
            self.crash(worker)
        else:
            self.advance(worker)

    def advance(self, worker: Worker) -> None:
        """Let this worker go on to its next call, or to its end."""
        self.steps += 1
        result = worker.thread.switch()
        if worker.thread.dead:
            self.workers.remove(worker)
            worker.done(result)

    def crash(self, worker: Worker) -> None:
        """End a worker where it stands: before the effect of its next call, or after that of its last one."""
        self.crashes += 1
        self.workers.remove(worker)
        try:
            worker.thread.throw(Crash())
        except Crash:
            worker.crashed()
            return
        raise AssertionError(f"{worker.name} went on after its end")

    def crash_all(self, *, began_before: datetime | None = None) -> None:
        """End every worker, or those that have been at it for too long."""
        for worker in [worker for worker in self.workers if began_before is None or worker.began_at < began_before]:
            self.crash(worker)
