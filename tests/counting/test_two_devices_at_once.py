"""A person's two answers, stored and settled by two workers: every order of their calls with few turns, and what may happen between."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from random import Random
from typing import Final

import pytest

from shared.answer import Answer, Change, Standing, anonymised
from shared.counting.settle import settle
from shared.intake.ports import Occasion
from tests.counting.auditor import Auditor
from tests.counting.scheduler import Scheduler, Worker
from tests.fakes.house import House
from tests.fakes.memory import Kind
from tests.fakes.samples import NOON, answer_of, settings_of, survey_of

CALLS: Final = 9
"""Of a worker that meets nobody: note and store, read, two queries, perhaps the other's answer and superseding it, announce, commit."""
HOUSE_DAY: Final = NOON.date()


@dataclass
class Stage:
    """One of the answers was settled before, or none."""

    house: House = field(default_factory=lambda: House(survey_of(settings=settings_of(count_once_per="days:30"))))

    def __post_init__(self) -> None:
        self.answers = {
            name: answer_of(self.house.survey, number, score, instant=NOON + number * timedelta(minutes=1), person_id="ana")
            for name, number, score in (("earlier", 1, 2), ("later", 2, 9))
        }
        self.auditor = Auditor(self.house.memory, self.house.bus)
        self.auditor.surveys = {self.house.survey.survey_id: self.house.survey}
        self.scheduler = Scheduler(Random(0))
        self.house.memory.faults.turn = self.scheduler.turn
        self.workers = {name: self._worker(answer) for name, answer in self.answers.items()}

    def _worker(self, answer: Answer) -> Worker:
        def post_and_settle() -> None:
            with self.house.memory.call("note"):
                self.house.people.note_answer("ana", Occasion("loja", answer.key.answer_id, NOON + timedelta(days=60)), NOON)
            self.house.answers.add(answer)
            settle([answer.key], self.house.counting())

        worker = Worker("device", post_and_settle, lambda _outcome: None, lambda: None, self.house.now)
        self.scheduler.start(worker)
        return worker

    def call(self, name: str, times: int) -> None:
        """Have a worker make so many calls, each up to before the next one."""
        for _ in range(2 * times):
            if self.workers[name] in self.scheduler.workers:
                self.scheduler.advance(self.workers[name])

    def there(self, name: str) -> Answer | None:
        item = self.house.memory.items.get(self.answers[name].key)
        return item if isinstance(item, Answer) else None

    def change(self, name: str, change: Change) -> None:
        self.house.answers.change(self.answers[name].key, change, NOON)

    def erase(self, name: str) -> None:
        """Part it from its person."""
        answer = self.there(name)
        if answer:
            self.house.memory.write(Kind.CHANGE, [(answer.key, anonymised(answer, NOON, withdraw=False))], {})

    def finish(self) -> None:
        """What was interrupted is delivered again; then all must be right."""
        self.call("earlier", 100)
        self.call("later", 100)
        self.house.settle(*(answer.key for answer in self.answers.values()))
        self.house.settle(*(answer.key for answer in self.answers.values()))
        self.auditor.check_quiet(self.auditor.surveys, {"loja": [HOUSE_DAY]})
        self.auditor.check_once(NOON, set())


MEANWHILE: Final[dict[str, Callable[[Stage], None]]] = {
    "nothing": lambda _stage: None,
    "the later one is excluded": lambda stage: stage.change("later", Change(standing=Standing.EXCLUDED)),
    "the later one is withdrawn": lambda stage: stage.change("later", Change(standing=Standing.WITHDRAWN)),
    "the earlier one is withdrawn": lambda stage: stage.change("earlier", Change(standing=Standing.WITHDRAWN)),
    "the earlier one is edited": lambda stage: stage.change("earlier", Change(score=5)),
    "the later one is edited": lambda stage: stage.change("later", Change(score=5)),
    "the earlier one is parted from its person": lambda stage: stage.erase("earlier"),
    "the later one is parted from its person": lambda stage: stage.erase("later"),
}


def orders() -> Iterator[tuple[str, str, int, int, int]]:
    """Who begins, and how many calls are made before each turn."""
    for one, other in (("earlier", "later"), ("later", "earlier")):
        for first, second, third in product(range(1, CALLS), range(CALLS), range(0, CALLS, 3)):
            yield one, other, first, second, third


@pytest.mark.parametrize("meanwhile", MEANWHILE)
def test_two_devices_come_out_right_in_every_order(meanwhile: str) -> None:
    left: set[tuple[str | None, ...]] = set()
    for one, other, first, second, third in orders():
        stage = Stage()
        stage.call(one, first)
        stage.call(other, second)
        MEANWHILE[meanwhile](stage)
        stage.call(one, third)
        stage.call(other, CALLS)
        stage.finish()
        left.add(tuple(answer.standing if (answer := stage.there(name)) else None for name in ("earlier", "later")))
    if meanwhile in {"nothing", "the earlier one is edited", "the later one is edited"}:
        assert left == {(Standing.SUPERSEDED, Standing.VALID)}
