"""One run's world: the stores, the surveys, the clock, and every function that works on them, as workers of one scheduler."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any, Final, Protocol

from shared.answer import Answer, AnswerKey
from shared.counting.ports import SurveyReader, SweepLedger
from shared.counting.settle import Counting, Outcome, settle
from shared.counting.sweep import Swept, sweep
from shared.survey import Survey
from tests.counting.auditor import Auditor
from tests.counting.scheduler import Scheduler, Worker
from tests.fakes.answers import MemoryAnswers
from tests.fakes.bus import MemoryBus
from tests.fakes.erasable import ErasableAnswers
from tests.fakes.imported import MemoryImported
from tests.fakes.memory import Memory
from tests.fakes.people import MemoryPeople, MemoryPersonAnswers
from tests.fakes.registry import MemoryLedger, MemorySurveys
from tests.fakes.rollups import MemoryRollups
from tests.fakes.samples import NOON

LONGEST_CALL: Final = timedelta(minutes=15)
"""No Lambda function runs for longer."""
STALEST_SURVEY: Final = timedelta(minutes=1)
"""For how long a warm function may go on with a survey that it has read."""


class Sweep(Protocol):
    """`sweep`, or a copy of it with a rule switched off."""

    def __call__(self, surveys: Collection[Survey], ledger: SweepLedger, work: Counting) -> Swept: ...


@dataclass(kw_only=True)
class Parts:
    """What a run is put together from; a test that switches a rule off replaces a part by a copy without it."""

    answers: Callable[[Memory], MemoryAnswers] = MemoryAnswers
    rollups: Callable[[Memory], MemoryRollups] = MemoryRollups
    imported: Callable[[Memory], MemoryImported] = MemoryImported
    settle: Callable[[Collection[AnswerKey], Counting], Outcome] = settle
    sweep: Sweep | None = sweep
    auditor: Callable[[Memory, MemoryBus], Auditor] = Auditor


class World:
    """All there is in a run."""

    def __init__(self, seed: int, surveys: Collection[Survey], parts: Parts, *, page: int) -> None:
        self.random = Random(seed)
        self.parts = parts
        self.now = NOON
        self.memory = Memory(page=page)
        self.answers = parts.answers(self.memory)
        self.rollups = parts.rollups(self.memory)
        self.imported = parts.imported(self.memory)
        self.bus_is_up = True
        self.bus_refuses = 0.0
        self.bus = MemoryBus(self.memory, lambda: self.bus_is_up and self.random.random() >= self.bus_refuses)
        self.ledger = MemoryLedger(self.memory)
        persons = count()
        self.people = MemoryPeople(self.memory, random_bytes=lambda size: next(persons).to_bytes(size))
        self.parting = ErasableAnswers(self.memory)
        self.persons = MemoryPersonAnswers(self.memory, self.people.noted)
        self.surveys = {survey.survey_id: survey for survey in surveys}
        self._earlier: list[tuple[datetime, Survey]] = []
        self.auditor = parts.auditor(self.memory, self.bus)
        self.auditor.surveys = self.surveys
        self.scheduler = Scheduler(self.random)
        self.memory.faults.turn = self.scheduler.turn
        self.happened: Counter[str] = Counter()

    def start(
        self, name: str, run: Callable[[], Any], done: Callable[[Any], None] | None = None, crashed: Callable[[], None] | None = None
    ) -> None:
        """Have a function called; `done` gets its result and `crashed` is told if it ended before."""
        self.happened[name] += 1
        self.scheduler.start(Worker(name, run, done or (lambda _result: None), crashed or (lambda: None), self.now))

    def run_to_end(self) -> None:
        """Let every worker come to its end."""
        while self.scheduler.workers:
            self.now += timedelta(milliseconds=10)
            self.scheduler.step()

    def counting(self) -> Counting:
        """What a container that settles works with; its surveys may be a little old."""
        return Counting(
            answers=self.answers,
            surveys=self.container(),
            bus=self.bus,
            now=lambda: self.now,
            pause=lambda _n: self.scheduler.turn("pause"),
            shard=self.random.randrange,
            persons=self.persons,
            touched=self.ledger,
        )

    def container(self) -> SurveyReader:
        """The surveys as a warm function may know them."""
        known = dict(self.surveys)
        for until, survey in self._earlier:
            if until > self.now - STALEST_SURVEY and self.random.random() < 0.5:
                known[survey.survey_id] = survey
                break
        return MemorySurveys(*known.values())

    def put_survey(self, survey: Survey) -> None:
        """Change a survey; warm functions may go on with the one before for a while."""
        before = self.surveys[survey.survey_id]
        self._earlier = [(until, earlier) for until, earlier in self._earlier if until > self.now - STALEST_SURVEY]
        self._earlier.append((self.now, before))
        self.surveys[survey.survey_id] = survey

    def answer(self, key: AnswerKey) -> Answer | None:
        """The answer at a key, if it is readable."""
        item = self.memory.items.get(key)
        return item if isinstance(item, Answer) else None
