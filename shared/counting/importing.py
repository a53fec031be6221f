"""Answers of the past: stored and counted in one transaction, so that the rollups are the sum of the marks here too.

`settle` counts what is stored already, and tells of it. History is neither news nor worth a stream record an answer, so an imported answer
is written as it will stand once counted: marked, not pending, with its expiry. Beside it lies a marker, for ever: the same answer of the
same file is counted once, whoever sends it again, and whatever became of the answer meanwhile.

An answer whose retention is over, or of a day that is sealed, is counted and not kept. No recount judges such a day: nothing in it says
any more what its rows should be.

Where a survey counts each person once a span, an answer of somebody known is counted here too, and left to `settle` at one more revision,
which lets it take its place among the person's others.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from shared.answer import Answer, Contribution, Mark, expiry_of, target_of
from shared.counting.ports import Refusal, Touching
from shared.counting.settle import MOST_ACTIONS
from shared.rollup import Bins, Difference, FamilyDay, RowDay, difference, family_of
from shared.superseding import reach_of
from shared.survey import Survey

TRIES: Final = 8
NOBODYS: Final = ""
"""Which import a marker would name, where an answer is there without one: Rollups was put back to an earlier time."""


@dataclass(frozen=True, slots=True)
class Marker:
    """That an answer of a file was counted: `name` is a keyed hash of its id. Nothing in it says whose answer it is, or what it said."""

    name: str
    import_id: str
    row: int
    kept: bool


@dataclass(frozen=True, slots=True)
class Past:
    """One answer of the past as it is to be stored, and the marker that goes with it."""

    marker: Marker
    answer: Answer

    @property
    def contribution(self) -> Contribution:
        """What it is counted as."""
        if self.answer.mark is None or self.answer.mark.contribution is None:
            raise ValueError("an answer of the past is counted before it is stored")
        return self.answer.mark.contribution

    @property
    def actions(self) -> int:
        """How many a transaction needs for it, rows aside."""
        return 2 if self.marker.kept else 1


@dataclass(frozen=True, slots=True)
class Missed:
    """Why nothing of a group was written: these markers (or their answers) are there, these days have been sealed. Neither: it was."""

    there: frozenset[str] = frozenset()
    sealed: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether nothing was written."""
        return bool(self.there or self.sealed)


class PastStore(Protocol):
    """Answers, their markers and the rows, together."""

    def markers(self, survey_id: str, names: Collection[str]) -> Mapping[str, Marker]:
        """Those of these markers that are there, strongly read."""

    def count(self, survey: Survey, group: Sequence[Past], rows: Mapping[RowDay, Bins]) -> Missed | Refusal:
        """Store markers, answers (those that are kept) and rows in one transaction of at most 100 items, all or nothing.

        Refused where a marker or an answer is there already, or a day with an answer that is kept has been sealed.
        """


type Counted = Mapping[str, Marker | Refusal]
"""By its name, the marker that there is now, this import's or another's; or why there is none."""


@dataclass(frozen=True, slots=True)
class PastCounting:
    """What counting the past works with. `pause(n)` waits before the n-th repetition."""

    store: PastStore
    touched: Touching
    pause: Callable[[int], None]


def settled(answer: Answer, survey: Survey, now: datetime) -> Answer:
    """The answer as it stands once it has been counted; pending again, where it has to take its place among its person's others."""
    mark = Mark(answer.rev, target_of(answer, survey))
    if reach_of(answer, survey) is not None:
        return replace(answer, imported=True, mark=mark, rev=answer.rev + 1, pending=True)
    expires_at = expiry_of(answer, survey, now).replace(microsecond=0)
    return replace(answer, imported=True, mark=mark, pending=False, expires_at=expires_at)


def is_over(instant: datetime, survey: Survey, now: datetime) -> bool:
    """Whether the retention of an answer given at `instant` is over."""
    return instant + timedelta(days=survey.retention_days) <= now


def count_past(survey: Survey, answers: Iterable[Past], sealed: set[str], now: datetime, work: PastCounting) -> Counted:
    """Count each of these answers once. `sealed` are the days known to be so, and gains those that turn out to be.

    No two may have the same marker. Whatever this is interrupted by, calling it again with the same answers completes it.
    """
    answers = [_without_sealed(each, sealed) for each in answers]
    for partition in sorted({each.answer.key.partition for each in answers if each.answer.pending and each.marker.kept}):
        work.touched.touch(partition, now)
    counted: dict[str, Marker | Refusal] = {}
    for group in _groups(answers):
        counted |= _count(survey, group, sealed, work)
    return counted


def _without_sealed(past: Past, sealed: Collection[str]) -> Past:
    """The answer; not kept, where its day is sealed."""
    return replace(past, marker=replace(past.marker, kept=False)) if past.contribution.day in sealed else past


def _groups(answers: Iterable[Past]) -> Iterator[list[Past]]:
    """Those of a day beside each other, as many in a transaction as it holds together with the rows that they change."""
    group: list[Past] = []
    items: set[FamilyDay] = set()
    actions = 0
    for past in sorted(answers, key=lambda each: (each.contribution.day, each.marker.name)):
        its_items = {family_of(row) for row in _difference([past]).touched()}
        if group and actions + past.actions + len(items | its_items) > MOST_ACTIONS:
            yield group
            group, items, actions = [], set(), 0
        group.append(past)
        items |= its_items
        actions += past.actions
    if group:
        yield group


def _difference(group: Sequence[Past]) -> Difference:
    return difference((past.answer.key.survey_id, None, past.contribution) for past in group)


def _count(survey: Survey, group: Sequence[Past], sealed: set[str], work: PastCounting) -> dict[str, Marker | Refusal]:
    counted: dict[str, Marker | Refusal] = {}
    for attempt in range(TRIES):
        if not group:
            return counted
        result = work.store.count(survey, group, _difference(group).touched())
        if result is Refusal.INVALID:
            return counted | _halve(survey, group, sealed, work)
        if result is Refusal.BUSY:
            work.pause(attempt)
            continue
        if not result:
            return counted | {past.marker.name: past.marker for past in group}
        sealed |= result.sealed
        there = work.store.markers(survey.survey_id, result.there) if result.there else {}
        counted |= {name: there.get(name, Marker(name, NOBODYS, 0, kept=True)) for name in result.there}
        group = [_without_sealed(past, sealed) for past in group if past.marker.name not in result.there]
    return counted | {past.marker.name: Refusal.BUSY for past in group}


def _halve(survey: Survey, group: Sequence[Past], sealed: set[str], work: PastCounting) -> dict[str, Marker | Refusal]:
    """What cannot be written is found by halves, down to the one that is to blame."""
    if len(group) == 1:
        return {group[0].marker.name: Refusal.INVALID}
    middle = len(group) // 2
    return _count(survey, group[:middle], sealed, work) | _count(survey, group[middle:], sealed, work)
