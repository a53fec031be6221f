"""All of counting in memory, for tests that state one behaviour."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from shared.answer import Answer, AnswerKey, Change
from shared.counting.ports import SurveyReader
from shared.counting.settle import Counting, Outcome, settle
from shared.counting.sweep import Swept, sweep
from shared.rollup import Bins
from shared.survey import Survey
from tests.fakes.answers import MemoryAnswers
from tests.fakes.bus import MemoryBus
from tests.fakes.memory import Memory
from tests.fakes.people import MemoryPeople, MemoryPersonAnswers
from tests.fakes.registry import MemoryLedger, MemorySurveys
from tests.fakes.rollups import MemoryRollups
from tests.fakes.samples import NOON, answer_of, survey_of

LONG_AGO = date(2000, 1, 1)
FAR_AHEAD = date(2100, 1, 1)


@dataclass
class House:
    """One survey, its stores, a clock that stands still and a bus that takes everything."""

    survey: Survey = field(default_factory=survey_of)
    now: datetime = NOON
    page: int = 100

    def __post_init__(self) -> None:
        self.memory = Memory(page=self.page)
        self.answers = MemoryAnswers(self.memory)
        self.rollups = MemoryRollups(self.memory)
        self.bus = MemoryBus(self.memory)
        self.ledger = MemoryLedger(self.memory)
        self.people = MemoryPeople(self.memory)
        self.persons = MemoryPersonAnswers(self.memory, self.people.noted)
        self.pauses: list[int] = []

    def counting(self, surveys: SurveyReader | None = None) -> Counting:
        """What settling works with."""
        return Counting(
            answers=self.answers,
            surveys=surveys or MemorySurveys(self.survey),
            bus=self.bus,
            now=lambda: self.now,
            pause=self.pauses.append,
            shard=lambda shards: shards - 1,
            persons=self.persons,
            touched=self.ledger,
        )

    def given(self, *scores: int, instant: datetime | None = None, **changes: Any) -> list[AnswerKey]:  # noqa: ANN401 - any field of an answer
        """Store new answers with these scores."""
        first = len(self.memory.items)
        answers = [
            answer_of(self.survey, number, score, instant=instant or self.now, **changes)
            for number, score in enumerate(scores, start=first)
        ]
        assert all(self.answers.add(answer) for answer in answers)
        return [answer.key for answer in answers]

    def counted(self, *scores: int, instant: datetime | None = None, **changes: Any) -> list[AnswerKey]:  # noqa: ANN401 - any field of an answer
        """Store new answers with these scores and settle them."""
        keys = self.given(*scores, instant=instant, **changes)
        assert not self.settle(*keys).unsettled
        return keys

    def settle(self, *keys: AnswerKey) -> Outcome:
        """Settle these."""
        return settle(keys, self.counting())

    def sweep(self) -> Swept:
        """Sweep the one survey."""
        return sweep([self.survey], self.ledger, self.counting())

    def change(self, key: AnswerKey, change: Change) -> None:
        """Change an answer that may be changed."""
        assert self.answers.change(key, change, self.now)

    def wait(self, pause: timedelta) -> None:
        """Let time pass."""
        self.now += pause

    def answer(self, key: AnswerKey) -> Answer:
        """The answer at a key."""
        item = self.memory.items[key]
        assert isinstance(item, Answer)
        return item

    def row(self, row: str = "all") -> Bins:
        """A row's counts, all days together."""
        total: Bins = Counter()
        for bins in self.rollups.sums(self.survey, [row], LONG_AGO, FAR_AHEAD).values():
            total.update(bins)
        return total
