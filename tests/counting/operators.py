"""What else goes on: the sweep, the night's sealing, an operator's recount, expiry, surveys that grow, and what is planted to go wrong."""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec

from shared import answer_id as ids
from shared.answer import Answer, Standing
from shared.counting import recount
from shared.rollup import RowDay
from shared.survey import Segment, Survey, Touchpoint
from tests.counting.world import World
from tests.fakes.memory import Unreadable

_ID_REFUSED: Final = ids.OLDEST + timedelta(days=1)


class Operators:
    """Whoever runs the system, and what runs by itself."""

    def __init__(self, world: World) -> None:
        self.world = world

    def sweep(self) -> None:
        """Every 15 minutes, or later, or twice at once."""
        world = self.world
        if world.parts.sweep:
            sweep, surveys, counting = world.parts.sweep, list(world.surveys.values()), world.counting()
            world.start("sweep", lambda: sweep(surveys, world.ledger, counting))

    def seal(self) -> None:
        """What the nightly function does."""
        surveys, now = self._as_read(), self.world.now
        self.world.start("seal", lambda: self._seal(surveys, now))

    def recount(self) -> None:
        """Compare some days one after the other, with the survey as it was at first; repair what differs, reopen what has drifted."""
        [survey], now = self.world.random.sample(self._as_read(), 1), self.world.now
        first = now.date() - timedelta(days=self.world.random.randint(1, 4))
        self.world.start("recount", lambda: self._recount_one_by_one(survey, [first + timedelta(days=after) for after in range(4)], now))

    def recount_all(self) -> None:
        """Recount every day that still can be, of every survey."""
        for survey in self.world.surveys.values():
            self._recount(survey, recount.unsealed_days(survey, self.world.rollups, self.world.now), self.world.now)

    def expire(self) -> None:
        """The table's TTL removes what has expired, at once or days later."""
        for answer in list(self.world.memory.answers()):
            if answer.has_expired(self.world.now) and self.world.random.random() < 0.8:
                self.world.happened["expired tombstone" if answer.standing is Standing.WITHDRAWN else "expired"] += 1
                self.world.memory.remove(answer.key)

    def purge(self) -> None:
        """An erasure deletes withdrawn answers that are settled and whose id can no longer be accepted."""
        for answer in list(self.world.memory.answers()):
            refused = self.world.now > answer.instant + _ID_REFUSED
            if refused and answer.standing is Standing.WITHDRAWN and not answer.pending and self.world.random.random() < 0.3:
                self.world.happened["purged"] += 1
                self.world.memory.remove(answer.key)

    def grow(self) -> None:
        """A survey gains a value, a segment or a pair."""
        random = self.world.random
        survey = random.choice(list(self.world.surveys.values()))
        settings, number = survey.settings, survey.revision
        grown: dict[str, Any] = random.choice(
            [
                {"touchpoints": (*settings.touchpoints, Touchpoint(key=f"new{number}", label="New"))},
                {"segments": (*settings.segments, Segment(key=f"new{number}", values=("x", "y")))},
                {"pairs": (*settings.pairs, ("channel", "segment.plan"))},
            ]
        )
        changed = msgspec.structs.replace(settings, **grown)
        if len(set(changed.pairs)) == len(changed.pairs):
            self.world.happened["survey grew"] += 1
            self.world.put_survey(msgspec.structs.replace(survey, settings=changed, revision=number + 1))

    def change_retention(self) -> None:
        """A survey's answers are to be kept for longer, or shorter, from now on."""
        random = self.world.random
        survey = random.choice(list(self.world.surveys.values()))
        settings = msgspec.structs.replace(survey.settings, retention_days=random.choice([60, 90, 365]))
        self.world.happened["retention changed"] += 1
        self.world.put_survey(msgspec.structs.replace(survey, settings=settings))

    def rebucket(self) -> None:
        """What must never happen: a survey's answers are placed in other partitions than before."""
        survey = self.world.random.choice(list(self.world.surveys.values()))
        self.world.put_survey(msgspec.structs.replace(survey, buckets=survey.buckets + 1))

    def spoil(self) -> None:
        """A row becomes wrong, whatever did it."""
        random = self.world.random
        answer = self._some_counted()
        if answer and answer.mark and answer.mark.contribution and self._can_be_recounted(answer):
            contribution = answer.mark.contribution
            row = RowDay(answer.key.survey_id, random.choice(contribution.rows), contribution.day)
            self.world.happened["spoilt"] += 1
            self.world.memory.spoil(row, Counter({random.randint(0, 10): random.choice([-1, 1, 3])}))

    def poison(self) -> None:
        """An answer that no transaction can write, or that nobody can read."""
        answer = self._some_counted()
        if answer and self.world.random.random() < 0.7:
            self.world.happened["unwritable"] += 1
            self.world.memory.faults.unwritable.add(answer.key)
        elif answer:
            self.world.happened["unreadable"] += 1
            self.world.memory.plant(answer.key, Unreadable(answer))

    def heal(self) -> None:
        """What was poison is mended by hand."""
        memory = self.world.memory
        memory.faults.unwritable.clear()
        for key, item in list(memory.items.items()):
            if isinstance(item, Unreadable):
                memory.plant(key, item.was)

    def _seal(self, surveys: Collection[Survey], now: datetime) -> None:
        world = self.world
        for survey in surveys:
            for day in recount.seal_due(survey, recount.unsealed_days(survey, world.rollups, now), now):
                sealed = recount.seal(survey, day, world.answers, world.rollups, now)
                world.happened["sealed" if sealed else "not sealed"] += 1

    def _recount_one_by_one(self, survey: Survey, days: Collection[date], now: datetime) -> None:
        unsealed = recount.unsealed_days(survey, self.world.rollups, now)
        for day in days:
            if day in unsealed:
                self._recount(survey, [day], now)

    def _recount(self, survey: Survey, days: Collection[date], now: datetime) -> None:
        world = self.world
        for check in recount.compare(survey, days, world.answers, world.rollups, now):
            world.happened["compared" if check.quiet else "compared, not quiet"] += 1
            if check.rows:
                repaired = recount.repair(survey, check, world.answers, world.rollups, now)
                world.happened["repaired" if repaired else "not repaired"] += 1
            world.happened["reopened"] += recount.reopen(check, world.answers, world.ledger, now)

    def _as_read(self) -> list[Survey]:
        """The surveys as a function reads them when it begins; they may change while it is at work."""
        return list(self.world.surveys.values())

    def _some_counted(self) -> Answer | None:
        answers = sorted((answer.key for answer in self.world.memory.answers()), key=lambda key: key.answer_id)
        return self.world.answer(self.world.random.choice(answers[-40:])) if answers else None

    def _can_be_recounted(self, answer: Answer) -> bool:
        return answer.instant > self.world.now - timedelta(days=40)
