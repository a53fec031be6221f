"""Recount, repair and seal (rules 5 and 6): the rollups are the sum of the marks at every instant, and this is how one knows.

Marks are compared with rows, never scores with rows. A scan is no snapshot, so a day only tells anything if none of its `all` rows'
revisions moved from before the scan to after it; and only the same difference seen twice is repaired. Nor does a day tell anything once one
of its answers may have expired, or while one of them cannot be read: their marks would be missing from the sum.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from msgspec.structs import replace

from shared import answer_id as ids
from shared.answer import REOPENED, Answer, AnswerKey, Contribution, may_change, target_of
from shared.counting.ports import AnswerStore, RollupStore, SweepLedger
from shared.periods import day_span, local_day
from shared.rollup import Bins, RowDay, SurveyDay, rows_by_day
from shared.survey import MOST_SHARDS, SHORTEST_RETENTION, Survey

SEALED_BEFORE_EXPIRY: Final = timedelta(days=7)
"""Before the first expiry of the shortest retention, whatever the survey's own: a retention raised later does not keep what was settled."""
_WHOLE_FOR: Final = timedelta(days=SHORTEST_RETENTION - 1)
"""For so long every answer of a day is still there; a day's margin for the scan."""
_CLOCKS_MOVE_BY: Final = timedelta(hours=3)
"""A country may change its clocks at short notice, and answers were counted on days as they were known then."""


@dataclass(frozen=True, slots=True)
class DayCheck:
    """One day compared: `rows` is what would have to be added to the rollups to make them the sum of the marks (empty: they agree)."""

    day: date
    revisions: tuple[int, ...]
    quiet: bool
    answers: int
    unreadable: int
    pending: int
    rows: Mapping[RowDay, Bins]
    drifted: tuple[AnswerKey, ...]
    """Settled answers whose mark is not what they should be counted as, for instance since the survey gained a pair."""

    @property
    def agrees(self) -> bool:
        """Whether the day's rows are the sum of its marks, as far as that can be told."""
        return self.tells and not self.rows

    @property
    def tells(self) -> bool:
        """Whether `rows` means anything: nothing moved during the scan, and every mark was read."""
        return self.quiet and not self.unreadable


@dataclass(slots=True)
class _Tally:
    marks: list[Contribution] = field(default_factory=list)
    answers: int = 0
    unreadable: int = 0
    pending: int = 0
    drifted: list[AnswerKey] = field(default_factory=list)


def unsealed_days(survey: Survey, rollups: RollupStore, now: datetime) -> list[date]:
    """The days to recount: from the first that can hold an answer to tomorrow; without sealed ones, and those that are no longer whole."""
    first = local_day(survey.created_at - ids.OLDEST, survey.settings.time_zone)
    last = local_day(now + ids.FURTHEST_AHEAD, survey.settings.time_zone)
    known = rollups.days(survey)
    if known:
        first, last = min(first, known[0]), max(last, known[1])
    first = max(first, _first_whole_day(survey, now))
    sealed = rollups.sealed(survey, first, last)
    return [day for day in _days(first, last) if day not in sealed]


def compare(survey: Survey, days: Collection[date], answers: AnswerStore, rollups: RollupStore, now: datetime) -> list[DayCheck]:
    """Compare the marks of `days` with their rows.

    Left out of the result are days without answers and rows, and days that are no longer whole.
    """
    days = [day for day in sorted(days) if day >= _first_whole_day(survey, now)]
    if not days:
        return []
    every_shard = replace(survey, row_shards=MOST_SHARDS)
    before = rollups.revisions(every_shard, days[0], days[-1])
    tallies = _tally(survey, days, answers, now)
    rows = rollups.sums(survey, _rows_to_read(survey, tallies), days[0], days[-1], strong=True)
    after = rollups.revisions(every_shard, days[0], days[-1])
    held: dict[str, dict[RowDay, Bins]] = defaultdict(dict)
    for row, bins in rows.items():
        held[row.day][row] = bins
    return [
        _check(survey, day, tallies[day], held[day.isoformat()], (before.get(key, ()), after.get(key, ())))
        for day in days
        if day in tallies or held[day.isoformat()]
        for key in [SurveyDay(survey.survey_id, day.isoformat())]
    ]


def repair(survey: Survey, check: DayCheck, answers: AnswerStore, rollups: RollupStore, now: datetime) -> bool:
    """Make the day's rows the sum of its marks: only if looking again finds the same difference and nothing moved meanwhile."""
    for again in compare(survey, [check.day], answers, rollups, now):
        if check.tells and again.tells and (again.revisions, again.rows) == (check.revisions, check.rows):
            return rollups.repair(survey, check.day, check.revisions, check.rows, now)
    return False


def reopen(check: DayCheck, answers: AnswerStore, ledger: SweepLedger, now: datetime) -> int:
    """Have the drifted answers settled again, by the sweep if need be; returns how many took it."""
    for partition in sorted({key.partition for key in check.drifted}):
        ledger.touch(partition, now)
    return sum(answers.change(key, REOPENED, now) for key in check.drifted)


def seal_due(survey: Survey, days: Collection[date], now: datetime) -> list[date]:
    """The days among `days` that must be sealed by now, before the first of their answers can expire."""
    sealed_by_now = now - timedelta(days=SHORTEST_RETENTION) + SEALED_BEFORE_EXPIRY
    return [day for day in days if day < local_day(sealed_by_now, survey.settings.time_zone)]


def seal(survey: Survey, day: date, answers: AnswerStore, rollups: RollupStore, now: datetime) -> bool:
    """Verify a day, repair it where that is needed, and seal it; False where it was not quiet or holds pending answers."""
    checks = compare(survey, [day], answers, rollups, now)
    if not checks:
        return rollups.seal(survey, day, (), now)
    [check] = checks
    if check.rows and repair(survey, check, answers, rollups, now):
        [check] = compare(survey, [day], answers, rollups, now) or [check]
    return check.agrees and not check.pending and rollups.seal(survey, day, check.revisions, now)


def _first_whole_day(survey: Survey, now: datetime) -> date:
    """The first day of which no answer can have expired."""
    return local_day(now - _WHOLE_FOR, survey.settings.time_zone) + timedelta(days=1)


def _rows_to_read(survey: Survey, tallies: Mapping[date, _Tally]) -> list[str]:
    """The survey's rows and those of the marks: the survey may have gained some since it was read."""
    marked = (row for tally in tallies.values() for mark in tally.marks for row in mark.rows)
    return list(dict.fromkeys((*survey.all_rows(), *marked)))


def _tally(survey: Survey, days: Collection[date], answers: AnswerStore, now: datetime) -> dict[date, _Tally]:
    wanted = set(days)
    tallies: dict[date, _Tally] = defaultdict(_Tally)
    for utc_date in sorted({utc_date for day in wanted for utc_date in _utc_dates_around(day, survey)}):
        for bucket in range(survey.buckets):
            for found in answers.in_partition(ids.partition_of(survey.survey_id, utc_date, bucket)):
                day = _day_of(found, survey)
                if day in wanted:
                    _count(tallies[day], found, survey, now)
    return tallies


def _utc_dates_around(day: date, survey: Survey) -> Iterator[date]:
    """The UTC dates whose partitions can hold answers that were counted on `day`."""
    begins, ends = day_span(day, survey.settings.time_zone)
    return _days((begins - _CLOCKS_MOVE_BY).date(), (ends + _CLOCKS_MOVE_BY).date())


def _day_of(found: Answer | AnswerKey, survey: Survey) -> date | None:
    """The day it was counted on or, where it was not, would be; None of what never was an answer of ours."""
    if isinstance(found, Answer) and found.mark and found.mark.contribution:
        return date.fromisoformat(found.mark.contribution.day)
    try:
        answer_id = ids.parse(found.key.answer_id if isinstance(found, Answer) else found.answer_id)
    except ids.InvalidAnswerIdError:
        return None
    return local_day(answer_id.instant, survey.settings.time_zone)


def _count(tally: _Tally, answer: Answer | AnswerKey, survey: Survey, now: datetime) -> None:
    if not isinstance(answer, Answer):
        tally.unreadable += 1
        return
    tally.answers += 1
    mark = answer.mark.contribution if answer.mark else None
    if mark:
        tally.marks.append(mark)
    if answer.pending:
        tally.pending += 1
    elif mark != target_of(answer, survey) and may_change(answer, now):
        tally.drifted.append(answer.key)


def _check(
    survey: Survey, day: date, tally: _Tally, held: Mapping[RowDay, Bins], revisions: tuple[tuple[int, ...], tuple[int, ...]]
) -> DayCheck:
    before, after = revisions
    known, unknown = before[: survey.row_shards], before[survey.row_shards :]
    wanted = rows_by_day(survey.survey_id, tally.marks)
    missing = {row: _minus(wanted.get(row), held.get(row)) for row in wanted.keys() | held.keys()}
    return DayCheck(
        day=day,
        revisions=known,
        quiet=before == after and not any(unknown),
        answers=tally.answers,
        unreadable=tally.unreadable,
        pending=tally.pending,
        rows={row: bins for row, bins in sorted(missing.items()) if bins},
        drifted=tuple(tally.drifted),
    )


def _minus(wanted: Bins | None, held: Bins | None) -> Bins:
    """Bin by bin, negative ones kept; bins that agree are left out."""
    result: Bins = Counter(wanted or {})
    result.subtract(held or {})
    return Counter({score: count for score, count in result.items() if count})


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)
