"""Counting as a state machine: hypothesis chooses what happens, who goes on and who crashes, and shrinks what it finds."""

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from shared import answer_id as ids
from shared.answer import REOPENED, Answer, AnswerKey, Change, Standing, SuspicionReason, quarantined_for
from shared.counting import recount
from shared.counting.reach import needs_announcing
from shared.rollup import RowDay
from shared.survey import Survey
from tests.counting.scheduler import Worker
from tests.counting.world import Parts, World
from tests.fakes.memory import Unreadable
from tests.fakes.samples import PLANS, TOUCHPOINTS, answer_of, settings_of, survey_of

PLAIN = settings_of(pairs=())
DIMENSIONS = st.fixed_dictionaries({}, optional={"touchpoint": st.sampled_from(TOUCHPOINTS), "segment.plan": st.sampled_from(PLANS)})
CHANGES = st.one_of(
    st.builds(Change, score=st.integers(0, 10)),
    st.builds(Change, dimensions=DIMENSIONS),
    st.sampled_from([Change(finished=True), Change(standing=Standing.WITHDRAWN), Change(standing=Standing.SUPERSEDED), REOPENED]),
    st.sampled_from([quarantined_for(SuspicionReason.NETWORK), Change(standing=Standing.EXCLUDED), Change(standing=Standing.VALID)]),
)
CALLS = st.integers(0, 5) | st.just(1000)
"""How many calls a worker makes before somebody else goes on: a few, or all there are."""
SOME = st.lists(st.integers(0, 100), min_size=1, max_size=6)
"""Chosen by number, round and round, of whatever there is."""


class Settling(RuleBasedStateMachine):
    """Respondents and workers over the stores in memory. The world's auditor looks at every write."""

    @initialize(shards=st.integers(1, 3), page=st.integers(1, 5), crowded=st.booleans())
    def open(self, shards: int, page: int, crowded: bool) -> None:  # noqa: FBT001 - drawn
        self.world = World(0, [survey_of(settings=PLAIN, row_shards=shards, buckets=1 if crowded else 3)], Parts(), page=page)
        self.keys: list[AnswerKey] = []

    @property
    def survey(self) -> Survey:
        return self.world.surveys["loja"]

    @property
    def workers(self) -> list[Worker]:
        return self.world.scheduler.workers

    def some(self, chosen: list[int]) -> list[AnswerKey]:
        return [self.keys[number % len(self.keys)] for number in chosen]

    @rule(score=st.integers(0, 10), dimensions=DIMENSIONS, age=st.sampled_from([0, 0, 0, 2, 700]), suspicious=st.booleans())
    def post(self, score: int, dimensions: dict[str, str], age: int, suspicious: bool) -> None:  # noqa: FBT001 - drawn
        answer = answer_of(self.survey, len(self.keys), score, dimensions, self.world.now - timedelta(hours=age))
        if suspicious:
            answer = replace(answer, standing=Standing.QUARANTINED, suspicions=(SuspicionReason.HONEYPOT,))
        self.keys.append(answer.key)
        self._touch(answer.key)
        self.world.answers.add(replace(answer, changed_at=self.world.now))

    @precondition(lambda self: self.keys)
    @rule(chosen=SOME)
    def post_again(self, chosen: list[int]) -> None:
        for key in self.some(chosen):
            with suppress(ids.AnswerIdOutOfTimeError):
                ids.parse_current(key.answer_id, self.world.now)
                self._touch(key)
                self.world.answers.add(Answer(key=key, score=5, person_id="p", edit_key_hash="", changed_at=self.world.now))

    @precondition(lambda self: self.keys)
    @rule(chosen=SOME, change=CHANGES)
    def change(self, chosen: list[int], change: Change) -> None:
        for key in self.some(chosen):
            self._touch(key)
            self.world.answers.change(key, change, self.world.now)

    @precondition(lambda self: self.keys)
    @rule(chosen=SOME, calls=CALLS)
    def settle(self, chosen: list[int], calls: int) -> None:
        keys, counting = self.some(chosen), self.world.counting()
        self.world.start("settle", lambda: self.world.parts.settle(keys, counting))
        self.go_on(-1, calls)

    @precondition(lambda self: self.workers)
    @rule(which=st.integers(0, 20), calls=CALLS)
    def go_on(self, which: int, calls: int) -> None:
        worker = self.workers[which % len(self.workers)]
        for _ in range(2 * calls):
            if worker in self.workers:
                self.world.scheduler.advance(worker)

    @precondition(lambda self: self.workers)
    @rule(which=st.integers(0, 20))
    def crash(self, which: int) -> None:
        self.world.scheduler.crash(self.workers[which % len(self.workers)])

    @rule(up=st.booleans())
    def bus(self, up: bool) -> None:  # noqa: FBT001 - drawn
        self.world.bus_is_up = up

    @rule(busy=st.booleans())
    def store(self, busy: bool) -> None:  # noqa: FBT001 - drawn
        self.world.memory.faults.busy = lambda: busy

    def teardown(self) -> None:
        """No more faults: delivered once more, everything must come to rest."""
        if hasattr(self, "world"):
            self.calm()
            self.settle(list(range(len(self.keys))), 1000)
            self.world.auditor.check_quiet(self.world.surveys, {"loja": self._open_days()})

    def calm(self) -> None:
        """Nobody is at work any more, nothing goes wrong any more, and poison is mended."""
        world = self.world
        world.scheduler.crash_all()
        world.bus_is_up, world.memory.faults.busy = True, lambda: False
        world.memory.faults.unwritable.clear()
        for key, item in list(world.memory.items.items()):
            if isinstance(item, Unreadable):
                world.memory.plant(key, item.was)

    def _open_days(self) -> list[date]:
        return recount.unsealed_days(self.survey, self.world.rollups, self.world.now)

    def _touch(self, key: AnswerKey) -> None:
        if needs_announcing(ids.parse(key.answer_id), self.world.now):
            self.world.ledger.touch(key.partition, self.world.now)


class Operating(Settling):
    """And sweeps, recounts, seals, expiry, poison, damage, surveys that grow, and time that passes."""

    @rule(calls=CALLS)
    def sweep(self, calls: int) -> None:
        sweep, counting, surveys = self.world.parts.sweep, self.world.counting(), [self.survey]
        assert sweep
        self.world.start("sweep", lambda: sweep(surveys, self.world.ledger, counting))
        self.go_on(-1, calls)

    @rule(calls=CALLS)
    def recount(self, calls: int) -> None:
        survey, now = self.survey, self.world.now
        self.world.start("recount", lambda: self._recount(survey, now))
        self.go_on(-1, calls)

    @rule(calls=CALLS)
    def seal(self, calls: int) -> None:
        survey, now, world = self.survey, self.world.now, self.world

        def seal() -> None:
            for day in recount.seal_due(survey, recount.unsealed_days(survey, world.rollups, now), now):
                recount.seal(survey, day, world.answers, world.rollups, now)

        self.world.start("seal", seal)
        self.go_on(-1, calls)

    @precondition(lambda self: self.keys)
    @rule(chosen=st.integers(0, 100), readable=st.booleans())
    def poison(self, chosen: int, readable: bool) -> None:  # noqa: FBT001 - drawn
        [key] = self.some([chosen])
        answer = self.world.answer(key)
        if readable:
            self.world.memory.faults.unwritable.add(key)
        elif answer:
            self.world.memory.plant(key, Unreadable(answer))

    @precondition(lambda self: self.keys)
    @rule(chosen=st.integers(0, 100), score=st.integers(0, 10), by=st.sampled_from([-1, 2]))
    def spoil(self, chosen: int, score: int, by: int) -> None:
        [key] = self.some([chosen])
        answer = self.world.answer(key)
        mark = answer.mark.contribution if answer and answer.mark else None
        if mark and date.fromisoformat(mark.day) > self.world.now.date() - timedelta(days=30):
            self.world.memory.spoil(RowDay("loja", mark.rows[chosen % len(mark.rows)], mark.day), Counter({score: by}))

    @rule()
    def gain_a_pair(self) -> None:
        self.world.put_survey(msgspec.structs.replace(self.survey, settings=settings_of()))

    @rule(days=st.sampled_from([0, 1, 20, 40]), minutes=st.integers(1, 90))
    def wait(self, days: int, minutes: int) -> None:
        """Longer than any call may take, so none is under way any more, except over the shortest of waits."""
        if days or minutes > 14:
            self.world.scheduler.crash_all()
        self.world.now += timedelta(days=days, minutes=minutes)

    @rule()
    def expire(self) -> None:
        for answer in list(self.world.memory.answers()):
            if answer.has_expired(self.world.now):
                self.world.memory.remove(answer.key)

    def _recount(self, survey: Survey, now: datetime) -> None:
        world = self.world
        days = recount.unsealed_days(survey, world.rollups, now)
        for check in recount.compare(survey, days, world.answers, world.rollups, now):
            if check.rows:
                recount.repair(survey, check, world.answers, world.rollups, now)
            recount.reopen(check, world.answers, world.ledger, now)

    def teardown(self) -> None:
        """Sweeps alone, without any stream, must bring everything to rest."""
        if not hasattr(self, "world"):
            return
        self.calm()
        for _ in range(2):
            for _ in range(2):
                self.world.now += timedelta(minutes=16)
                self.sweep(1000)
            self._recount(self.survey, self.world.now)
        self.world.auditor.check_quiet(self.world.surveys, {"loja": self._open_days()})


TestSettling = Settling.TestCase
TestSettling.settings = settings(max_examples=200, stateful_step_count=30)
TestOperating = Operating.TestCase
TestOperating.settings = settings(max_examples=200, stateful_step_count=50)
