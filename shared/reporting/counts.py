"""Counts of a survey's local days, and of any days together."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import accumulate
from typing import Final, NamedTuple

from shared.periods import Period
from shared.rollup import Bins, RowDay
from shared.scoring import HIGHEST_SCORE, Histogram
from shared.survey import Survey
from shared.withholding.shield import Shield

_SCORES: Final = range(HIGHEST_SCORE + 1)


class Part(NamedTuple):
    """One survey of those that a report pools: whose row is asked for, and which local day it is there."""

    survey: Survey
    row: str
    today: date


class _Row(NamedTuple):
    days: tuple[str, ...]
    sums: tuple[Histogram, ...]
    """The sum of all before each day, and of all."""


class Counts:
    """The counts of rows by day. Any span is one difference of two sums: a series costs its points, whatever its windows."""

    def __init__(self, sums: Mapping[RowDay, Bins]) -> None:
        """Take rows of one survey, as Rollups gives them."""
        by_row: defaultdict[str, dict[str, Histogram]] = defaultdict(dict)
        for (_, row, day), bins in sums.items():
            by_row[row][day] = Histogram(*(bins.get(score, 0) for score in _SCORES))
        self._rows = {row: _summed(days) for row, days in by_row.items()}
        self._shields: dict[tuple[str, date], Shield] = {}

    def of(self, row: str, period: Period) -> Histogram:
        """What a row counts in a period. A count may be below zero where rows were read while they changed."""
        if row not in self._rows:
            return Histogram()
        days, sums = self._rows[row]
        return sums[bisect_right(days, period.last.isoformat())] - sums[bisect_left(days, period.first.isoformat())]

    def shield(self, survey: Survey, kind: str, today: date) -> Shield:
        """What these counts, those of `survey`, allow to be shown of the groups of a dimension or a pair. Blocks are worked out once."""
        if (kind, today) not in self._shields:
            self._shields[kind, today] = Shield(survey, kind, lambda row, period: self.of(row, period).answers, today)
        return self._shields[kind, today]

    def rows(self) -> Iterator[str]:
        """The rows that count anything."""
        return iter(self._rows)


def _summed(days: Mapping[str, Histogram]) -> _Row:
    in_order = sorted(days)
    return _Row(tuple(in_order), tuple(accumulate((days[day] for day in in_order), initial=Histogram())))
