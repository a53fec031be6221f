"""One run: bursts of everything at once, leaps of time between them, and at last quiet, in which all must come right."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from shared.alerts.deliver import deliver
from shared.alerts.notify import notify
from shared.answer import AnswerKey
from shared.counting.settle import settle
from shared.counting.sweep import sweep
from shared.privacy.erasing import Taken, take_step
from shared.privacy.erasure import Step, TellingStatus
from tests.alerts.auditor import Broken as BrokenAlert
from tests.erasing.auditor import Auditor, Broken
from tests.erasing.respondents import Respondents
from tests.erasing.world import LONGEST_CALL, World
from tests.fakes.bus import ChangedEventError

_ROUNDS: Final = 5_000
_AGAIN: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a run goes. `weights` says how often what happens; what is not in it never does."""

    answers: int = 40
    bursts: int = 8
    stirs: int = 60
    """How many things happen in a burst."""
    step: timedelta = timedelta(seconds=2)
    """The longest time between two of them."""
    leap: timedelta = timedelta(hours=20)
    """The longest pause between bursts."""
    pace: int = 14
    weights: dict[str, int]
    crash_rate: float = 0.0
    outage_rate: float = 0.0


def run(seed: int, plan: Plan) -> Counter[str]:
    """One run; what happened in it, by name. Raises `Broken` at the first thing that is wrong."""
    world = World(seed)
    stage = Stage(world, plan)
    try:
        for _ in range(plan.bursts):
            stage.burst()
            stage.leap()
        stage.quieten()
        stage.auditor.check_quiet()
    except (Broken, BrokenAlert, ChangedEventError) as broken:
        raise Broken(f"seed {seed}: {broken}") from broken
    world.happened["answers"] = len(stage.auditor.owners)
    world.happened["crashes"] = world.scheduler.crashes
    for erasure in world.ledger.erasures.values():
        world.happened["held" if erasure.refusal else "erased"] += 1
        world.happened.update(erasure.counts)
    world.happened["told"] = len(world.telling.told_at)
    return world.happened


class Stage:
    """Leads a run through its bursts."""

    def __init__(self, world: World, plan: Plan) -> None:
        self.world = world
        self.plan = plan
        self.auditor = Auditor(world)
        self.respondents = Respondents(world, self.auditor, plan.answers)
        self.happenings = {
            "post": self.respondents.post,
            "repeat": self.respondents.repeat,
            "change": self.respondents.change,
            "ask": self.respondents.ask,
            "hold": self.respondents.hold,
            "settle": self.settle,
            "notify": self.notify,
            "message": self.message,
            "sweep": self.sweep,
            "erase": self.erase,
            "deaf": self.deafen,
            "acknowledge": self.acknowledge,
        }
        self.names, self.chances = list(plan.weights), list(plan.weights.values())
        self.announced: list[AnswerKey] = []

    def settle(self) -> None:
        """A record of the stream comes."""
        if self.world.stream:
            key = self.world.stream.pop(self.world.random.randrange(len(self.world.stream)))
            self.world.start("settle", lambda: self._settle(key), lambda: self.world.stream.append(key))

    def _settle(self, key: AnswerKey) -> None:
        settle([key], self.world.counting)
        self.announced.append(key)

    def notify(self) -> None:
        """An event comes."""
        if self.announced:
            key = self.announced.pop(self.world.random.randrange(len(self.announced)))
            self.world.start("notify", lambda: notify(key, self.world.notifying), lambda: self.announced.append(key))

    def message(self) -> None:
        """A message is due."""
        due = [each for each in self.world.outbox.queue if each[0] <= self.world.now]
        if due:
            each = self.world.random.choice(due)
            self.world.outbox.queue.remove(each)
            again = (self.world.now + LONGEST_CALL, each[1])
            self.world.start(
                "deliver", lambda: deliver(each[1].message_id, self.world.delivering), lambda: self.world.outbox.queue.append(again)
            )

    def sweep(self) -> None:
        """What is pending for long is settled."""
        self.world.start("sweep", lambda: sweep(self.world.surveys.values(), self.world.touched, self.world.counting))

    def erase(self) -> None:
        """A worker takes some steps of an erasure, whoever else may be at it."""
        open_ones = [each.erasure_id for each in self.world.ledger.erasures.values() if each.step is not Step.DONE]
        if open_ones:
            erasure_id = self.world.random.choice(open_ones[-3:])
            self.world.start("erase", lambda: self._erase(erasure_id))

    def _erase(self, erasure_id: str) -> None:
        for _ in range(self.world.random.randint(1, 12)):
            if take_step(erasure_id, self.world.erasing) is not Taken.AGAIN:
                return

    def deafen(self) -> None:
        """A receiver takes nothing any more, or again."""
        self.world.deaf ^= {self.world.random.choice(list(self.world.channels.channels))}

    def acknowledge(self) -> None:
        """A receiver says that its copy is gone."""
        random, ledger = self.world.random, self.world.ledger
        told = [
            (erasure_id, each)
            for erasure_id, known in ledger.known.items()
            for each in known.values()
            if each.message_id in self.world.telling.told_at and each.status is not TellingStatus.ACKNOWLEDGED
        ]
        if told:
            erasure_id, recipient = random.choice(told)
            gone = replace(recipient, status=TellingStatus.ACKNOWLEDGED, acknowledged_at=self.world.now)
            ledger.note_recipient(erasure_id, gone)
            self.auditor.acknowledged.add((erasure_id, recipient.channel_id))

    def burst(self) -> None:
        """Some minutes in which all happens at once."""
        world, random = self.world, self.world.random
        world.scheduler.crash_rate = self.plan.crash_rate
        for name in random.choices(self.names, self.chances, k=self.plan.stirs):
            world.now += self.plan.step * random.random()
            self.happenings[name]()
            world.outage_rate = self.plan.outage_rate
            for _ in range(random.randint(1, self.plan.pace)):
                if world.scheduler.workers:
                    world.scheduler.step()
            world.outage_rate = 0.0
            world.scheduler.crash_all(began_before=world.now - LONGEST_CALL)

    def leap(self) -> None:
        """Time passes in which nobody comes, but for the sweep of counting."""
        self.world.scheduler.crash_rate = 0
        self.world.run_to_end()
        self.world.now += _AGAIN
        self.sweep()
        self.world.run_to_end()
        self.world.now += self.plan.leap * self.world.random.random()

    def quieten(self) -> None:
        """No more faults: what is due is done, time after time, until nothing is."""
        world = self.world
        for _ in range(_ROUNDS):
            self._do_all_at_hand()
            due = list(world.ledger.due(world.now))
            for erasure_id in due:
                take_step(erasure_id, world.erasing)
            if due or world.stream or self.announced:
                continue
            if not world.memory.pending() and all(each.step is Step.DONE for each in world.ledger.erasures.values()):
                return
            world.now += _AGAIN
            self.sweep()
            world.run_to_end()
        raise Broken("it goes on for ever")

    def _do_all_at_hand(self) -> None:
        for happen in (self.settle, self.notify, self.message):
            happen()
            self.world.run_to_end()
