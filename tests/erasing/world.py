"""One run's world: the stores, everybody who works on them, and the clock."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from shared.alerts.deliver import Delivering
from shared.alerts.notify import Notifying
from shared.alerts.saying import Saying
from shared.answer import Answer, AnswerKey
from shared.counting.settle import Counting
from shared.privacy.steps import Erasing
from tests.alerts.world import Outage, Uneven
from tests.counting.scheduler import Worker
from tests.fakes.bus import MemoryBus
from tests.fakes.carriers import MemoryCaller, MemoryChecks, MemoryOutbox
from tests.fakes.channels import MemoryChannels, MemoryNotices, channel_of
from tests.fakes.deliveries import MemoryDeliveries
from tests.fakes.erasable import ErasableAnswers, ErasableOutbox, ErasablePeople, MemoryPeopleToErase
from tests.fakes.erasures import MemoryErasures, MemoryHolds, MemoryReceipts, MemorySuppression, MemoryTelling
from tests.fakes.memory import Memory
from tests.fakes.people import MemoryPersonAnswers
from tests.fakes.reception import FindableAnswers
from tests.fakes.registry import MemoryLedger, MemorySurveys
from tests.fakes.rollups import MemoryRollups
from tests.fakes.samples import NOON, settings_of, survey_of

LONGEST_CALL: Final = timedelta(seconds=60)
"""No function of ours runs for longer."""
_STANDSTILLS: Final = 0.008


class Standstills(Uneven):
    """Some workers stand still for so long that others go through all of an erasure."""

    def step(self) -> None:
        if self.random.random() < _STANDSTILLS:
            self._asleep[self.random.choice(self.workers)] = self.random.randint(60, 3000)
        super().step()


class World:
    """All there is in a run."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.now = NOON
        self.memory = Memory()
        plain, forgetful = settings_of(retention_days=3650), settings_of(retention_days=3650, on_erasure="forget_score")
        surveys = [survey_of("loja", plain), survey_of("posto", forgetful, buckets=1)]
        self.surveys = {survey.survey_id: survey for survey in surveys}
        self.known_surveys = MemorySurveys(*self.surveys.values())
        self.answers = FindableAnswers(self.memory)
        self.rollups = MemoryRollups(self.memory)
        self.bus = MemoryBus(self.memory)
        self.touched = MemoryLedger(self.memory)
        self.people = ErasablePeople(self.memory)
        self.channels = MemoryChannels(self.memory)
        everything = ("comment", "first_name", "email", "customer_id")
        channels = [channel_of("sala", include=everything), channel_of("rede", include=("comment",)), channel_of("mudo")]
        self.channels.channels = {channel.channel_id: channel for channel in channels}
        self.deliveries = MemoryDeliveries(self.memory)
        self.outbox = MemoryOutbox(self.memory)
        self.checks = MemoryChecks(self.memory, lambda: self.now)
        self.caller = MemoryCaller(self.memory, lambda: self.now)
        self.ledger = MemoryErasures(self.memory)
        self.holds = MemoryHolds(self.memory)
        self.suppression = MemorySuppression(self.memory)
        self.deaf: set[str] = set()
        """Channels that do not take what they are told of erasures."""
        self.telling = MemoryTelling(self.memory, lambda: self.now, lambda channel_id: channel_id not in self.deaf)
        self.receipts = MemoryReceipts(self.memory)
        self.parting = ErasableAnswers(self.memory)
        self.emptying = ErasableOutbox(self.memory, self.deliveries)
        self.happened: Counter[str] = Counter()
        self.outage_rate = 0.0
        self.scheduler = Standstills(self.random)
        self.memory.faults.turn = self._turn
        self.ids = iter(range(1, 1_000_000))
        self.stream: list[AnswerKey] = []
        """Answers whose records are on their way to be counted."""
        self.asked: dict[str, str] = {}
        """Who was asked to be erased, by the erasure's id."""

    def _turn(self, name: str) -> None:
        self.scheduler.turn(name)
        if name != "call" and self.scheduler.workers and self.random.random() < self.outage_rate:
            self.happened["outages"] += 1
            raise Outage(name)

    @property
    def counting(self) -> Counting:
        return Counting(
            answers=self.answers,
            surveys=self.known_surveys,
            bus=self.bus,
            now=lambda: self.now,
            pause=lambda _n: self.scheduler.turn("pause"),
            shard=self.random.randrange,
            persons=MemoryPersonAnswers(self.memory, lambda: self.people.pointers),
            touched=self.touched,
        )

    @property
    def notifying(self) -> Notifying:
        return Notifying(self.answers, self.people, self.channels, self.deliveries, self.outbox, self.checks, lambda: self.now)

    @property
    def delivering(self) -> Delivering:
        saying = Saying(self.answers, self.people, self.known_surveys, self.deliveries)
        notices = MemoryNotices(self.memory)
        return Delivering(self.channels, self.deliveries, self.outbox, self.caller, notices, saying, lambda: self.now, self.random.random)

    @property
    def erasing(self) -> Erasing:
        return Erasing(
            people=MemoryPeopleToErase(self.people),
            keys=self.people.keys,
            answers=self.parting,
            outbox=self.emptying,
            surveys=self.known_surveys,
            touched=self.touched,
            channel_ids=lambda: list(self.channels.channels),
            holds=self.holds,
            suppression=self.suppression,
            telling=self.telling,
            receipts=self.receipts,
            ledger=self.ledger,
            now=lambda: self.now,
            new_receipt_id=lambda: f"receipt-{next(self.ids)}",
        )

    def start(self, name: str, run: Callable[[], Any], again: Callable[[], None] = lambda: None) -> None:
        """Have a function called; `again` is told where it did not come to its end."""
        self.happened[name] += 1

        def attempt() -> bool:
            ended = True
            try:
                run()
            except* Outage:
                ended = False
            return ended

        self.scheduler.start(Worker(name, attempt, lambda ended: None if ended else again(), again, self.now))

    def run_to_end(self) -> None:
        """Let every worker come to its end."""
        while self.scheduler.workers:
            self.now += timedelta(milliseconds=5)
            self.scheduler.step()

    def next_due(self) -> datetime | None:
        """When the next of all that waits is due."""
        waiting = [each.next_at or self.now for each in self.ledger.erasures.values() if each.done_at is None or each.person_id]
        return min([at for at, _ in self.outbox.queue] + waiting, default=None)

    def answer(self, key: AnswerKey) -> Answer:
        """The answer at a key."""
        item = self.memory.items[key]
        assert isinstance(item, Answer)
        return item
