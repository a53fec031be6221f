"""Recount, repair and seal (rules 5 and 6): the rollups are the sum of the marks at every instant, and this is how one knows.

Marks are compared with rows, never scores with rows. A scan is no snapshot, so a day only tells anything if none of its `all` rows' revisions
moved from before the scan to after it; and only the same difference seen twice is repaired.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from shared import answer_id as ids
from shared.answer import REOPENED, Answer, AnswerKey, Contribution, may_change, target_of
from shared.counting.ports import AnswerStore, RollupStore
from shared.periods import local_day, utc_dates_of
from shared.rollup import Bins, RowDay, SurveyDay, rows_by_day
from shared.survey import Survey

SEALED_BEFORE_EXPIRY: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DayCheck:
    """One day compared: `rows` is what would have to be added to the rollups to make them the sum of the marks (empty: they agree)."""

    day: date
    revisions: tuple[int, ...]
    quiet: bool
    answers: int
    pending: int
    rows: Mapping[RowDay, Bins]
    drifted: tuple[AnswerKey, ...]
    """Settled answers whose mark is not what they should be counted as, for instance since the survey gained a pair."""

    @property
    def agrees(self) -> bool:
        """Whether the day was quiet and its rows are the sum of its marks."""
        return self.quiet and not self.rows


@dataclass(slots=True)
class _Tally:
    marks: list[Contribution] = field(default_factory=list)
    answers: int = 0
    pending: int = 0
    drifted: list[AnswerKey] = field(default_factory=list)


def unsealed_days(survey: Survey, rollups: RollupStore, now: datetime) -> list[date]:
    """The days to recount: from the first that can hold an answer to tomorrow, sealed ones left out."""
    first = local_day(survey.created_at - ids.OLDEST, survey.settings.time_zone)
    last = local_day(now + ids.FURTHEST_AHEAD, survey.settings.time_zone)
    known = rollups.days(survey)
    if known:
        first, last = min(first, known[0]), max(last, known[1])
    sealed = rollups.sealed(survey, first, last)
    return [day for day in _days(first, last) if day not in sealed]


def compare(survey: Survey, days: Collection[date], answers: AnswerStore, rollups: RollupStore, now: datetime) -> list[DayCheck]:
    """Compare the marks of `days` with their rows. Days without answers and rows are left out of the result."""
    if not days:
        return []
    first, last = min(days), max(days)
    before = rollups.revisions(survey, first, last)
    tallies = _tally(survey, days, answers, now)
    rows = rollups.sums(survey, list(survey.all_rows()), first, last, strong=True)
    after = rollups.revisions(survey, first, last)
    held: dict[str, dict[RowDay, Bins]] = defaultdict(dict)
    for row, bins in rows.items():
        held[row.day][row] = bins
    return [
        _check(survey, day, tallies[day], held[day.isoformat()], (before.get(key, ()), after.get(key, ())))
        for day in sorted(days)
        if day in tallies or held[day.isoformat()]
        for key in [SurveyDay(survey.survey_id, day.isoformat())]
    ]


def repair(survey: Survey, check: DayCheck, answers: AnswerStore, rollups: RollupStore, now: datetime) -> bool:
    """Make the day's rows the sum of its marks: only if looking again finds the same difference and nothing moved meanwhile."""
    [again] = compare(survey, [check.day], answers, rollups, now) or [check]
    if not (check.quiet and again.quiet) or again.revisions != check.revisions or again.rows != check.rows:
        return False
    return rollups.repair(survey, check.day, check.revisions, check.rows, now)


def reopen(check: DayCheck, answers: AnswerStore, now: datetime) -> int:
    """Have the drifted answers settled again; returns how many took it."""
    return sum(answers.change(key, REOPENED, now) for key in check.drifted)


def seal_due(survey: Survey, days: Collection[date], now: datetime) -> list[date]:
    """The days among `days` that must be sealed by now, before the first of their answers can expire."""
    oldest_kept = now - timedelta(days=survey.retention_days) + SEALED_BEFORE_EXPIRY
    return [day for day in days if day < local_day(oldest_kept, survey.settings.time_zone)]


def seal(survey: Survey, day: date, answers: AnswerStore, rollups: RollupStore, now: datetime) -> bool:
    """Verify a day, repair it where that is needed, and seal it; False where it was not quiet or holds pending answers."""
    checks = compare(survey, [day], answers, rollups, now)
    if not checks:
        return rollups.seal(survey, day, (), now)
    [check] = checks
    if check.rows and repair(survey, check, answers, rollups, now):
        [check] = compare(survey, [day], answers, rollups, now) or [check]
    return check.agrees and not check.pending and rollups.seal(survey, day, check.revisions, now)


def _tally(survey: Survey, days: Collection[date], answers: AnswerStore, now: datetime) -> dict[date, _Tally]:
    wanted = set(days)
    utc_dates = sorted({utc_date for day in wanted for utc_date in utc_dates_of(day, survey.settings.time_zone)})
    tallies: dict[date, _Tally] = defaultdict(_Tally)
    for utc_date in utc_dates:
        for answer in _answers_of(survey, utc_date, answers):
            day = local_day(answer.instant, survey.settings.time_zone)
            if day in wanted:
                _count(tallies[day], answer, survey, now)
    return tallies


def _count(tally: _Tally, answer: Answer, survey: Survey, now: datetime) -> None:
    tally.answers += 1
    mark = answer.mark.contribution if answer.mark else None
    if mark:
        tally.marks.append(mark)
    if answer.pending:
        tally.pending += 1
    elif mark != target_of(answer, survey) and may_change(answer, now):
        tally.drifted.append(answer.key)


def _answers_of(survey: Survey, utc_date: date, answers: AnswerStore) -> Iterator[Answer]:
    for bucket in range(survey.buckets):
        yield from answers.in_partition(ids.partition_of(survey.survey_id, utc_date, bucket))


def _check(
    survey: Survey, day: date, tally: _Tally, held: Mapping[RowDay, Bins], revisions: tuple[tuple[int, ...], tuple[int, ...]]
) -> DayCheck:
    before, after = revisions
    wanted = rows_by_day(survey.survey_id, tally.marks)
    missing = {row: _minus(wanted.get(row), held.get(row)) for row in wanted.keys() | held.keys()}
    return DayCheck(
        day=day,
        revisions=before,
        quiet=before == after,
        answers=tally.answers,
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
