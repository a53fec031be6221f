"""One run: bursts of everything at once, leaps of time between them, and at last quiet, in which all must come right."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import msgspec

from shared.answer import AnswerKey
from shared.counting.recount import unsealed_days
from shared.survey import Survey
from shared.wave import Wave
from tests.counting.auditor import Broken
from tests.counting.deliveries import Deliveries
from tests.counting.importers import Importers
from tests.counting.operators import Operators
from tests.counting.respondents import Respondents
from tests.counting.reviewers import Reviewers
from tests.counting.world import LONGEST_CALL, Parts, World
from tests.fakes.answers import answer_in
from tests.fakes.bus import ChangedEventError
from tests.fakes.memory import Unreadable
from tests.fakes.samples import settings_of, survey_of

WAVES: Final = (
    Wave(wave_id=f"{1:016x}", name="Antes", first_day=date(2026, 2, 16), last_day=date(2026, 3, 6)),
    Wave(wave_id=f"{2:016x}", name="Março", first_day=date(2026, 3, 10), last_day=date(2026, 3, 15)),
    Wave(wave_id=f"{3:016x}", name="Depois", first_day=date(2026, 3, 16)),
)
"""Two that meet, and days between them."""
_STEP: Final = timedelta(seconds=1)
_ROUNDS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a run goes. `weights` says how often what happens; what is not in it never does."""

    answers: int
    bursts: int
    stirs: int
    """How many things happen in a burst."""
    pace: int = 16
    """How many calls to stores are made between two of those, at most. Below what is needed, more and more is under way at once."""
    leap: timedelta
    """The longest pause between bursts."""
    weights: Mapping[str, int]
    crash_rate: float = 0.01
    bus_refuses: float = 0.1
    outages: float = 0.0
    """How many of the bursts see the bus down."""
    busy: float = 0.03
    repeated: float = 0.02
    overlooked: float = 0.0
    """How often a query leaves out an item that is there."""
    tries: int = 4
    largest_batch: int = 12
    page: int = 7
    row_shards: tuple[int, ...] = (1, 3)
    strays: float = 0.15
    """How many answers come from a device that was offline, or whose clock is ahead."""
    customers: float = 0.0
    """How many answers come with proof of whose they are."""
    once_per: tuple[str, str] = ("none", "none")
    """In which span each survey counts a person once."""
    parts: Parts = field(default_factory=Parts)


def two_surveys(plan: Plan) -> Sequence[Survey]:
    """One in São Paulo and one half an hour off any whole one; one with row shards."""
    one, other = plan.row_shards
    first, second = settings_of(count_once_per=plan.once_per[0]), settings_of(count_once_per=plan.once_per[1])
    second = msgspec.structs.replace(second, time_zone="Asia/Kolkata", pairs=())
    return [
        survey_of("loja", first, row_shards=one, buckets=2, waves=WAVES),
        survey_of("posto", second, row_shards=other, buckets=1, waves=WAVES),
    ]


def run(seed: int, plan: Plan) -> Counter[str]:
    """One run; what happened in it, by name. Raises `Broken` at the first thing that is wrong."""
    world = World(seed, two_surveys(plan), plan.parts, page=plan.page)
    stage = Stage(world, plan)
    try:
        for _ in range(plan.bursts):
            stage.burst()
            stage.leap()
        stage.quieten()
    except (Broken, ChangedEventError) as broken:
        raise Broken(f"seed {seed}: {broken}") from broken
    world.happened.update(world.memory.happened)
    world.happened["answers"] = len(world.auditor.placed)
    world.happened["crashes"] = world.scheduler.crashes
    world.happened["steps"] = world.scheduler.steps
    world.happened["commits"] = sum(world.auditor.writes.values())
    return world.happened


class Stage:
    """Leads a run through its bursts."""

    def __init__(self, world: World, plan: Plan) -> None:
        self.world = world
        self.plan = plan
        self.respondents = Respondents(world, plan.answers, plan.strays, plan.customers)
        self.deliveries = Deliveries(world, tries=plan.tries, largest=plan.largest_batch)
        self.operators = Operators(world)
        self.reviewers = Reviewers(world)
        self.importers = Importers(world, plan.customers)
        random, faults = world.random, world.memory.faults
        faults.busy = lambda: random.random() < plan.busy
        faults.repeated = lambda: random.random() < plan.repeated
        if plan.overlooked:
            faults.overlooked = lambda _key: random.random() < plan.overlooked
        self.events: dict[str, Callable[[], None]] = {
            "post": self.post,
            "post again": self.respondents.post_again,
            "edit": self.respondents.edit,
            "retire": self.respondents.retire,
            "identify": self.respondents.identify,
            "erase": self.respondents.erase,
            "include": self.reviewers.include,
            "exclude": self.reviewers.exclude,
            "include all": self.reviewers.include_all,
            "flood": self.reviewers.flood,
            "import": self.importers.import_new,
            "import again": self.importers.import_again,
            "deliver": self.deliveries.deliver,
            "replay": self.deliveries.replay,
            "again": self.deliveries.deliver_again,
            "sweep": self.operators.sweep,
            "recount": self.operators.recount,
            "seal": self.operators.seal,
            "expire": self.operators.expire,
            "purge": self.operators.purge,
            "grow": self.operators.grow,
            "retention": self.operators.change_retention,
            "rebucket": self.operators.rebucket,
            "spoil": self.operators.spoil,
            "poison": self.operators.poison,
            "nothing": lambda: None,
        }
        self.names, self.chances = list(plan.weights), list(plan.weights.values())

    def post(self) -> None:
        """A new answer, as long as there are any left."""
        if self.respondents.left:
            self.respondents.post()

    def burst(self) -> None:
        """Some minutes in which all happens at once."""
        world, plan, random = self.world, self.plan, self.world.random
        world.scheduler.crash_rate = plan.crash_rate
        world.bus_refuses = plan.bus_refuses
        world.bus_is_up = random.random() >= plan.outages
        for name in random.choices(self.names, self.chances, k=plan.stirs):
            world.now += _STEP * random.random()
            self.events[name]()
            for _ in range(random.randint(1, self.plan.pace)):
                if world.scheduler.workers:
                    world.scheduler.step()
            world.scheduler.crash_all(began_before=world.now - LONGEST_CALL)

    def leap(self) -> None:
        """Time passes in which nobody comes; what was under way has ended or timed out."""
        world, random = self.world, self.world.random
        if random.random() < 0.5:
            world.scheduler.crash_all()
        world.scheduler.crash_rate = 0
        world.run_to_end()
        pause = self.plan.leap * random.random()
        world.now += pause
        if pause > timedelta(days=1):
            self.deliveries.lose_old_records()

    def quieten(self) -> None:
        """No more faults but poison: everything settles. Then the poison is healed, and that settles too."""
        world = self.world
        world.bus_is_up, world.bus_refuses, world.scheduler.crash_rate = True, 0.0, 0.0
        world.memory.faults.busy = world.memory.faults.repeated = lambda: False
        world.memory.faults.overlooked = lambda _key: False
        poison = world.memory.faults.unwritable
        self._settle_all_but(poison)
        self.operators.heal()
        self.importers.complete()
        self._settle_all_but(poison)
        self.operators.recount_all()
        self._settle_all_but(poison)
        world.auditor.check_quiet(
            world.surveys, {survey.survey_id: unsealed_days(survey, world.rollups, world.now) for survey in world.surveys.values()}
        )
        world.auditor.check_once(world.now, {person_id for person_id, person in world.people.persons.items() if person.erased})

    def _held_up_by(self, poison: set[AnswerKey]) -> set[AnswerKey]:
        """Poison, and what is of the same person where each counts once: which is the last, nobody knows before it is healed."""
        items, noted = self.world.memory.items, self.world.people.noted()
        ill = {key.answer_id for key, item in items.items() if key in poison or isinstance(item, Unreadable)}
        persons = {person_id for person_id, answer_id in noted if answer_id in ill}
        return poison | {key for key, item in items.items() if (there := answer_in(item)) and there.person_id in persons}

    def _settle_all_but(self, poison: set[AnswerKey]) -> None:
        """Stream, queue and a sweep every 15 minutes until nothing is pending but `poison`."""
        for _ in range(_ROUNDS):
            while self.deliveries.cursor < len(self.deliveries.stream):
                self.deliveries.deliver()
                self.world.run_to_end()
            while self.deliveries.again:
                self.deliveries.deliver_again()
                self.world.run_to_end()
            if self._held_up_by(poison).issuperset(self.world.memory.pending()):
                return
            self.world.now += timedelta(minutes=15)
            self.operators.sweep()
            self.world.run_to_end()
        raise Broken(f"pending for ever: {set(self.world.memory.pending()) - poison}")
