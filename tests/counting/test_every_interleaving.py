"""Two workers and a change between their calls: not some orders, all of them, and each worker ended at every place."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import permutations, product
from random import Random

import pytest

from shared.answer import REOPENED, AnswerKey, Change, Standing, SuspicionReason, quarantined_for
from shared.counting.settle import settle
from tests.counting.auditor import Auditor
from tests.counting.scheduler import Scheduler, Worker
from tests.fakes.house import House
from tests.fakes.samples import survey_of

CHANGES = [
    *(Change(score=2), Change(finished=True), Change(dimensions={"channel": "chat"}), Change(standing=Standing.WITHDRAWN), REOPENED),
    *(quarantined_for(SuspicionReason.NETWORK), Change(standing=Standing.EXCLUDED)),
]
SET_ASIDE = quarantined_for(SuspicionReason.TOO_FAST)
LET_IN = Change(standing=Standing.VALID)
DAY = date(2026, 3, 10)
CALLS = 3
"""Of an undisturbed worker: read, announce, commit."""
ORDERS = sorted({order for one, other in product(range(CALLS + 1), repeat=2) for order in permutations("A" * one + "B" * other)})
"""Who makes the next call. A worker that makes fewer than it would have ends there, before its next call or after its last one."""


@dataclass
class Stage:
    """Three answers, counted once already or not, and two workers that settle them."""

    counted_before: bool
    refused: Collection[str]
    """The workers whose events the bus refuses."""
    first: Change | None = None
    """What became of the answer, uncounted yet, before the workers began."""
    house: House = field(default_factory=lambda: House(survey_of(row_shards=2)))

    def __post_init__(self) -> None:
        self.auditor = Auditor(self.house.memory, self.house.bus)
        self.keys: list[AnswerKey] = self.house.counted(9, 9, 3) if self.counted_before else self.house.given(9, 9, 3)
        if self.counted_before:
            self.house.change(self.keys[0], Change(score=7))
        if self.first:
            self.house.change(self.keys[0], self.first)
        self.scheduler = Scheduler(Random(0))
        self.house.memory.faults.turn = self.scheduler.turn
        self.workers = {name: self._worker(name) for name in "AB"}
        self.calling = ""
        self.house.bus.accepts = lambda: self.calling not in self.refused

    def _worker(self, name: str) -> Worker:
        worker = Worker(name, partial(settle, self.keys, self.house.counting()), lambda _outcome: None, lambda: None, self.house.now)
        self.scheduler.start(worker)
        self.scheduler.advance(worker)
        return worker

    def call(self, name: str) -> None:
        """Have a worker make its next call, if it has not come to its end, and stop before the one after."""
        self.calling = name
        for _ in ("its effect", "what follows from it"):
            if self.workers[name] in self.scheduler.workers:
                self.scheduler.advance(self.workers[name])

    def finish(self) -> None:
        """What was interrupted is delivered again; then all must be right."""
        self.calling = "redelivery"
        self.scheduler.crash_all()
        self.house.settle(*self.keys)
        survey_id = self.house.survey.survey_id
        self.auditor.check_quiet({survey_id: self.house.survey}, {survey_id: [DAY]})


def stages(first: Change | None) -> Iterator[Stage]:
    for counted_before, refused in product([False, True], ["", "A", "B", "AB"]):
        yield Stage(counted_before, refused, first)


@pytest.mark.parametrize(
    ("first", "change"), [*((None, change) for change in CHANGES), (SET_ASIDE, LET_IN), (SET_ASIDE, CHANGES[-1])], ids=str
)
def test_two_workers_and_a_change_come_out_right_in_every_order(first: Change | None, change: Change) -> None:
    for order in ORDERS:
        for place in range(len(order) + 1):
            for stage in stages(first):
                for caller in order[:place]:
                    stage.call(caller)
                stage.house.change(stage.keys[0], change)
                for caller in order[place:]:
                    stage.call(caller)
                stage.finish()


def test_every_order_is_tried() -> None:
    assert len(ORDERS) == 69
    assert len({"".join(order) for order in ORDERS if len(order) == 2 * CALLS}) == 20
