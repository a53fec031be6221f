"""One run's world: the stores, the queues that bring everything at least once, the receivers, and the clock."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from shared.alerts.channel import Channel
from shared.alerts.deliver import LEASE, Delivering, deliver
from shared.alerts.message import Due
from shared.alerts.notify import Notifying, check, notify
from shared.alerts.saying import Saying
from shared.alerts.turns import put_back
from shared.answer import Answer, AnswerKey
from tests.alerts.auditor import Auditor
from tests.counting.scheduler import Scheduler, Worker
from tests.fakes.carriers import MemoryCaller, MemoryChecks, MemoryOutbox, Outcome
from tests.fakes.channels import MemoryChannels, MemoryNotices
from tests.fakes.deliveries import MemoryDeliveries
from tests.fakes.memory import Memory
from tests.fakes.reception import FindableAnswers
from tests.fakes.registry import MemorySurveys
from tests.fakes.samples import NOON, survey_of
from tests.fakes.sharing import SharingPeople

LONGEST_CALL: Final = timedelta(seconds=30)
"""No function of ours runs for longer; a lease lasts longer than that."""
_STALLS: Final = 0.08
VISIBLE_AFTER: Final = timedelta(seconds=45)
"""When a queue brings again what its worker did not come to the end of."""
assert LONGEST_CALL < LEASE


class Outage(Exception):  # noqa: N818 - what a store or a queue has
    """A call that failed: before it did anything, or after, its answer lost on the way."""


@dataclass(eq=False, slots=True)
class Event:
    """An answer's event on its way."""

    due: datetime
    key: AnswerKey


class Uneven(Scheduler):
    """Some workers stand still for a while: for as long as it takes others to go all the way."""

    def __init__(self, random: Random) -> None:
        super().__init__(random)
        self._asleep: dict[Worker, int] = {}

    def step(self) -> None:
        everybody = self.workers
        self._asleep = {worker: left - 1 for worker, left in self._asleep.items() if left > 1 and worker in everybody}
        if self.random.random() < _STALLS:
            self._asleep[self.random.choice(everybody)] = self.random.randint(5, 60)
        self.workers = [worker for worker in everybody if worker not in self._asleep] or everybody
        awake = list(self.workers)
        super().step()
        self.workers = [worker for worker in everybody if worker not in awake or worker in self.workers]


class World:
    """All there is in a run."""

    def __init__(self, seed: int, channels: Sequence[Channel]) -> None:
        self.random = Random(seed)
        self.now = NOON
        self.survey = survey_of()
        self.memory = Memory()
        self.answers = FindableAnswers(self.memory)
        self.people = SharingPeople(self.memory)
        self.channels = MemoryChannels(self.memory)
        self.channels.channels = {channel.channel_id: channel for channel in channels}
        self.deliveries = MemoryDeliveries(self.memory)
        self.outbox = MemoryOutbox(self.memory)
        self.checks = MemoryChecks(self.memory, lambda: self.now)
        self.notices = MemoryNotices(self.memory)
        self.caller = MemoryCaller(self.memory, lambda: self.now)
        self.moods: dict[str, Callable[[], Outcome]] = {}
        for channel in channels:
            self.caller.behaviour[channel.channel_id] = lambda _now, channel_id=channel.channel_id: self._outcome(channel_id)  # type: ignore[misc]  # bound at once
        self.events: list[Event] = []
        self.happened: Counter[str] = Counter()
        self.outage_rate = 0.0
        self.auditor = Auditor(self.memory, self.people, self.deliveries, self.caller, self.channels)
        self.scheduler = Uneven(self.random)
        self.memory.faults.turn = self._turn

    def _outcome(self, channel_id: str) -> Outcome:
        return self.moods.get(channel_id, lambda: 204)()

    def _turn(self, name: str) -> None:
        self.auditor.watch(name)
        self.scheduler.turn(name)
        if name != "call" and self.scheduler.workers and self.random.random() < self.outage_rate:
            self.happened["outages"] += 1
            raise Outage(name)

    @property
    def notifying(self) -> Notifying:
        return Notifying(self.answers, self.people, self.channels, self.deliveries, self.outbox, self.checks, lambda: self.now)

    @property
    def delivering(self) -> Delivering:
        saying = Saying(self.answers, self.people, MemorySurveys(self.survey), self.deliveries)
        return Delivering(
            self.channels, self.deliveries, self.outbox, self.caller, self.notices, saying, lambda: self.now, self.random.random
        )

    def announce(self, key: AnswerKey, delay: timedelta) -> None:
        """Have an answer's event come, now and then twice."""
        for _ in range(1 + (self.random.random() < 0.1)):
            self.events.append(Event(self.now + delay * self.random.random(), key))

    def bring_event(self) -> None:
        """One that is due, in any order."""
        due = [event for event in self.events if event.due <= self.now]
        if due:
            event = self.random.choice(due)
            self.events.remove(event)
            self._start("event", lambda: notify(event.key, self.notifying), lambda: self._event_again(event.key))

    def _event_again(self, key: AnswerKey) -> None:
        self.events.append(Event(self.now + VISIBLE_AFTER, key))

    def bring_check(self) -> None:
        """A wait that is over."""
        due = [each for each in self.checks.queue if each[0] <= self.now]
        if due:
            each = self.random.choice(due)
            self.checks.queue.remove(each)
            _, key, channel_id = each
            again = (self.now + VISIBLE_AFTER, key, channel_id)
            self._start("check", lambda: check(key, channel_id, self.notifying), lambda: self.checks.queue.append(again))

    def bring_message(self) -> None:
        """A message's id that is due; now and then it stays in the queue and comes once more."""
        due = [each for each in self.outbox.queue if each[0] <= self.now]
        if due:
            each = self.random.choice(due)
            if self.random.random() > 0.01:
                self.outbox.queue.remove(each)
            brought = each[1]
            self._start("message", lambda: self._deliver(brought), lambda: self._message_again(brought))

    def _deliver(self, brought: Due) -> None:
        if not put_back([brought], self.delivering.turns):
            deliver(brought.message_id, self.delivering)

    def _message_again(self, brought: Due) -> None:
        self.outbox.queue.append((self.now + VISIBLE_AFTER, brought))

    def _start(self, name: str, run: Callable[[], Any], crashed: Callable[[], None]) -> None:
        self.happened[name] += 1

        def attempt() -> bool:
            ended = True
            try:
                run()
            except* Outage:
                ended = False
            return ended

        self.scheduler.start(Worker(name, attempt, lambda ended: None if ended else crashed(), crashed, self.now))

    def next_due(self) -> datetime | None:
        """When the next of all that waits is due."""
        dues = [event.due for event in self.events] + [at for at, _ in self.outbox.queue] + [at for at, _, _ in self.checks.queue]
        return min(dues, default=None)

    def run_to_end(self) -> None:
        """Let every worker come to its end."""
        while self.scheduler.workers:
            self.now += timedelta(milliseconds=5)
            self.scheduler.step()

    def answer(self, key: AnswerKey) -> Answer:
        item = self.memory.items[key]
        assert isinstance(item, Answer)
        return item
