"""Asks every endpoint's pure function for every figure that a key without answers:read can get."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from itertools import product

from shared import dimension as dim
from shared.api.nps import NpsQuery
from shared.api.nps_report import report_of
from shared.api.segments import SegmentsQuery, segments_of
from shared.api.trend import TrendQuery, trend_of
from shared.periods import Period
from shared.reporting.counts import Counts, Part
from shared.reporting.grouping import Cut
from shared.reporting.seeing import Counted, Days, days_to_read
from shared.reporting.spans import Interval, Window, cut, just_before, rolling
from shared.rollup import Bins, RowDay
from shared.withholding.shield import kind_of
from tests.disclosure.attack import Figure
from tests.disclosure.surveys import MONDAY, NOBODY, VALUES, Small, many, small

_WEEKS = 8


def figures_of(asked_of: Small, *, pools: bool = False) -> list[Figure]:
    """Everybody's figures of every day, and those of every group: single, compared, in series, by group and in a pool."""
    return [figure for asked in range(len(asked_of.asked_on)) for figure in _Asker(asked_of, asked).figures(pools=pools)]


class _Asker:
    """Asks on one day."""

    def __init__(self, asked_of: Small, asked: int) -> None:
        self.small, self.asked, self.today = asked_of, asked, asked_of.asked_on[asked]
        self.sums = asked_of.sums(asked)
        self.rows = sorted({row.row for row in self.sums} - {dim.ALL})
        self.days = sorted({answer.day for answer in asked_of.answers})
        self.read: dict[Days, Counts] = {}

    def figures(self, *, pools: bool) -> Iterator[Figure]:
        """What is published."""
        for day in self.days:
            yield from self._nps(dim.ALL, Period(day, day), Period(day - timedelta(days=1), day - timedelta(days=1)))
        for period in self._periods():
            for row in self.rows:
                yield from self._nps(row, period, just_before(period))
                if pools:
                    yield from self._pooled(row, period)
            for names in {tuple(kind_of(row).split("&")) for row in self.rows}:
                yield from self._segments(names, period)
        for row in self.rows:
            yield from self._trend(row, (Interval.WEEK, Interval.MONTH))
        for row in self.rows[:1]:
            yield from self._trend(row, (Window.FOUR_WEEKS,))

    def _periods(self) -> Iterator[Period]:
        """Every run of weeks from the first answer's span on, and a few that are no weeks."""
        first = MONDAY + (self.days[0] - MONDAY) // timedelta(weeks=4) * timedelta(weeks=4)
        for begins in range(_WEEKS):
            for weeks in range(1, _WEEKS - begins + 1):
                yield Period(first + timedelta(weeks=begins), first + timedelta(weeks=begins + weeks, days=-1))
        yield from (Period(day, day) for day in self.days[:2])
        yield Period(first - timedelta(days=1), first + timedelta(weeks=_WEEKS, days=1))

    def _counted(self, row: str, period: Period) -> list[Counted]:
        part = Part(self.small.survey, row, self.today)
        days = days_to_read(part, period, may_read_answers=False)
        if days not in self.read:
            self.read[days] = Counts(_within(self.sums, days))
        return [(part, self.read[days])]

    def _figure(self, who: Iterable[tuple[str, str | None]], first: date, last: date, answers: int | None) -> Iterator[Figure]:
        if answers is not None:
            yield Figure(tuple((name, value or NOBODY) for name, value in who), Period(first, last), self.asked, answers)

    def _nps(self, row: str, period: Period, compared: Period) -> Iterator[Figure]:
        counted, before = self._counted(row, period), self._counted(row, compared)
        report = report_of(NpsQuery((counted[0][0],), period, compared), counted, before, may_read_answers=False)
        yield from self._figure(_who(row), period.first, period.last, report.answers)
        if report.comparison:
            yield from self._figure(_who(row), compared.first, compared.last, report.comparison.answers)

    def _segments(self, names: tuple[str, ...], period: Period) -> Iterator[Figure]:
        by = Cut(self.small.survey, names, self.today)
        (_, counts), *_ = self._counted(by.row_of(by.nobodys), period)
        report = segments_of(SegmentsQuery(by, names, period, None), counts, None, may_read_answers=False)
        for group in report.groups:
            values = group.values or (group.value or NOBODY,)
            yield from self._figure(zip(names, values, strict=True), period.first, period.last, group.answers)

    def _trend(self, row: str, steps: Iterable[Interval | Window]) -> Iterator[Figure]:
        period = Period(self.days[0], self.days[-1])
        counted = self._counted(row, Period(period.first - timedelta(weeks=8), period.last))
        for step in steps:
            spans = tuple(rolling(period, step, self.today) if isinstance(step, Window) else cut(period, step, self.today))
            before = tuple(just_before(span.period) for span in spans) if isinstance(step, Window) else ()
            interval, window = (None, step) if isinstance(step, Window) else (step, None)
            query = TrendQuery((counted[0][0],), period, interval, window, spans, before)
            for point in trend_of(query, counted, (), may_read_answers=False).points:
                yield from self._figure(_who(row), point.first, point.last, point.answers)

    def _pooled(self, row: str, period: Period) -> Iterator[Figure]:
        """What a pool with a survey of many answers, whose figures are all known, tells of this one."""
        mine, (crowd, theirs) = self._counted(row, period), _crowd()
        other = (Part(crowd.survey, row, self.today), theirs)
        report = report_of(NpsQuery((mine[0][0], other[0]), period, None), [*mine, other], (), may_read_answers=False)
        if report.answers is not None:
            yield from self._figure(_who(row), period.first, period.last, report.answers - other[1].of(row, period).answers)


@cache
def _crowd() -> tuple[Small, Counts]:
    answers = [answer for week in range(_WEEKS) for each in product(VALUES, VALUES, VALUES) for answer in many(9, week, *each)]
    crowd = small(answers, survey_id="multidao")
    return crowd, Counts(crowd.sums(0))


def _within(sums: dict[RowDay, Bins], days: Days) -> dict[RowDay, Bins]:
    first, last = days.first.isoformat(), days.last.isoformat()
    return {row: bins for row, bins in sums.items() if first <= row.day <= last}


def _who(row: str) -> tuple[tuple[str, str], ...]:
    return () if row == dim.ALL else tuple((name, value) for name, _, value in (part.partition("=") for part in row.split("&")))
