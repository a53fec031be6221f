"""Rows of many days at the price of few: weeks that are over lie packed beside their days, and are believed while no day has changed.

A family of five values takes a kilobyte a day, of which names are most. So its week is kept once more in one small item, with the revisions
that its days' `all` rows had: each commit that touches a day moves them in its own transaction (rule 6). Whoever reads a series reads
the `all` rows anyway. Where all revisions of a week are still those, so are its counts; where one has moved, the days themselves are read.
A packed week is a copy to read from and nothing else: recounts, repairs and seals never look at it, and it may be thrown away at any time.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

import msgspec

from shared import dimension as dim
from shared.rollup import Bins, RowDay
from shared.store.rollup_rows import bins_in, item_key
from shared.store.rollups import Rollups, query_days
from shared.store.tables import RollupItem
from shared.survey import Survey

_WEEK: Final = 7
_SCORES: Final = range(11)
_MOST_GAPS: Final = 10
"""More spans of changed weeks than that are not worth a query each."""

type DayRevisions = Mapping[str, Sequence[int]]
"""Of each day (ISO date), by shard."""
type Revisions = tuple[tuple[int, ...], ...]
"""Of the seven days from Monday on, each day's by shard; shards at its end that nothing touched are left out."""


class PackedWeek(msgspec.Struct, frozen=True, array_like=True):
    """A family's week: the revisions it is of, and by place in the family eleven counts for each of seven days."""

    revisions: Revisions
    counts: dict[str, tuple[tuple[int, ...], ...]]


class StaleWeek(NamedTuple):
    """A week of a family that is not packed as it is now."""

    survey: Survey
    family: str
    monday: date


class History:
    """Reads rows, from packed weeks where there are any; packs weeks."""

    def __init__(self, rollups: Rollups) -> None:
        """Take where the days lie."""
        self._rollups = rollups

    def sums(self, survey: Survey, rows: Collection[str], first: date, last: date) -> Mapping[RowDay, Bins]:
        """What `Rollups.sums` gives, eventually consistent likewise."""
        begin, end = _monday_of(first), _sunday_of(last)
        everyone, revisions = _read_all(survey, begin, end)
        found = {row: bins for row, bins in everyone.items() if dim.ALL in rows}
        families: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            families[dim.family_of(row)[0]].append(row)
        for family, wanted in families.items():
            if family != dim.ALL:
                found |= self._of_family(survey, wanted, (begin, first, last), revisions)
        return {row: bins for row, bins in found.items() if bins and first.isoformat() <= row.day <= last.isoformat()}

    def stale(self, survey: Survey, today: date) -> Iterator[StaleWeek]:
        """The weeks before `today`'s that have counts and are not packed as they are."""
        known = self._rollups.days(survey)
        if not known:
            return
        begin, end = _monday_of(known[0]), _monday_of(min(today, known[1] + timedelta(days=_WEEK))) - timedelta(days=1)
        if end < begin:
            return
        _, revisions = _read_all(survey, begin, end, strong=True)
        mondays = sorted({_monday_of(date.fromisoformat(day)) for day, touched in revisions.items() if any(touched)})
        families = {dim.family_of(row)[0] for row in survey.all_rows()} - {dim.ALL}
        for family in sorted(families):
            packed = _packed(survey, family, begin, end)
            for monday in mondays:
                if monday not in packed or packed[monday].revisions != _revisions_of(monday, revisions):
                    yield StaleWeek(survey, family, monday)

    def pack(self, week: StaleWeek) -> bool:
        """Pack a week, read strongly between two looks at its revisions; False where a day changed meanwhile."""
        survey, family, monday = week
        sunday = monday + timedelta(days=_WEEK - 1)
        _, before = _read_all(survey, monday, sunday, strong=True)
        rows = [row for row in survey.all_rows() if dim.family_of(row)[0] == family]
        sums = self._rollups.sums(survey, rows, monday, sunday, strong=True)
        _, after = _read_all(survey, monday, sunday, strong=True)
        if before != after:
            return False
        days = [(monday + timedelta(days=number)).isoformat() for number in range(_WEEK)]
        counts = {
            dim.family_of(row)[1]: tuple(
                tuple(sums.get(RowDay(survey.survey_id, row, day), Counter())[score] for score in _SCORES) for day in days
            )
            for row in {found.row for found in sums}
        }
        packed = msgspec.msgpack.encode(PackedWeek(_revisions_of(monday, before), counts))
        RollupItem(_partition(survey, family), monday.isoformat(), packed=packed).save()
        return True

    def _of_family(self, survey: Survey, rows: Sequence[str], days: tuple[date, date, date], revisions: DayRevisions) -> dict[RowDay, Bins]:
        """The rows of one family from `days[0]`, a Monday, to the last; the days before the first are looked at in packed weeks alone."""
        begin, first, last = days
        packed = _packed(survey, dim.family_of(rows[0])[0], begin, last)
        fresh = {monday: week for monday, week in packed.items() if week.revisions == _revisions_of(monday, revisions)}
        gaps = list(_gaps(first, last, fresh))
        if len(gaps) > _MOST_GAPS:
            return dict(self._rollups.sums(survey, rows, first, last))
        found = {row: bins for monday, week in fresh.items() for row, bins in _unpacked(survey, rows, monday, week)}
        for begins, ends in gaps:
            found |= self._rollups.sums(survey, rows, begins, ends)
        return found


def _gaps(first: date, last: date, weeks: Collection[date]) -> Iterator[tuple[date, date]]:
    """The spans from `first` to `last` that lie in none of the weeks."""
    begins = first
    for monday in sorted(weeks):
        if begins < monday:
            yield begins, monday - timedelta(days=1)
        begins = max(begins, monday + timedelta(days=_WEEK))
    if begins <= last:
        yield begins, last


def _unpacked(survey: Survey, rows: Sequence[str], monday: date, week: PackedWeek) -> Iterator[tuple[RowDay, Bins]]:
    for row in rows:
        for number, counts in enumerate(week.counts.get(dim.family_of(row)[1], ())):
            day = (monday + timedelta(days=number)).isoformat()
            yield RowDay(survey.survey_id, row, day), Counter({score: count for score, count in enumerate(counts) if count})


def _read_all(survey: Survey, first: date, last: date, *, strong: bool = False) -> tuple[dict[RowDay, Bins], DayRevisions]:
    """The `all` row of each day, and its revisions."""
    total: dict[RowDay, Bins] = defaultdict(Counter)
    revisions: dict[str, list[int]] = defaultdict(lambda: [0] * survey.row_shards)
    for shard in range(survey.row_shards):
        for raw in query_days(item_key(survey.survey_id, dim.ALL, shard), first, last, strong=strong):
            day = raw["sk"]["S"]
            revisions[day][shard] = int(raw.get("rev", {"N": "0"})["N"])
            for row, bins in bins_in(raw, [dim.ALL]):
                total[RowDay(survey.survey_id, row, day)].update(bins)
    without_zeros = {row: Counter({score: count for score, count in bins.items() if count}) for row, bins in total.items()}
    return without_zeros, dict(revisions)


def _revisions_of(monday: date, revisions: DayRevisions) -> Revisions:
    days = (revisions.get((monday + timedelta(days=number)).isoformat(), ()) for number in range(_WEEK))
    return tuple(_without_last_zeros(day) for day in days)


def _without_last_zeros(revisions: Sequence[int]) -> tuple[int, ...]:
    """A survey may have gained shards since a week was packed: those that nothing touched tell nothing."""
    touched = [place for place, revision in enumerate(revisions, start=1) if revision]
    return tuple(revisions[: touched[-1]]) if touched else ()


def _packed(survey: Survey, family: str, first: date, last: date) -> dict[date, PackedWeek]:
    items = RollupItem.query(_partition(survey, family), RollupItem.sk.between(first.isoformat(), last.isoformat()))
    return {date.fromisoformat(item.sk): msgspec.msgpack.decode(item.packed, type=PackedWeek) for item in items}


def _partition(survey: Survey, family: str) -> str:
    """Beside the shards of the family, whose keys end in a number."""
    return f"{survey.survey_id}#{family}#weeks"


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.isoweekday() - 1)


def _sunday_of(day: date) -> date:
    return date.fromordinal(min(_monday_of(day).toordinal() + _WEEK - 1, date.max.toordinal()))
