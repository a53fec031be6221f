"""What of the counts a caller may see: the one place where reports withhold small groups."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from shared import dimension as dim
from shared.periods import Period
from shared.reporting.counts import Counts, Part
from shared.scoring import Histogram, pool
from shared.withholding import GroupFigures, Shown, Withheld, WithheldReason
from shared.withholding.shield import days_behind, kind_of, rows_behind

type Counted = tuple[Part, Counts]


class Days(NamedTuple):
    """The first and the last day that are read; more than a report may cover."""

    first: date
    last: date


def rows_to_read(part: Part, *, may_read_answers: bool) -> frozenset[str]:
    """The rows that `figures` needs of a survey."""
    needed = frozenset({dim.ALL, part.row})
    return needed if may_read_answers or part.row == dim.ALL else needed | rows_behind(part.survey, kind_of(part.row))


def days_to_read(part: Part, period: Period, *, may_read_answers: bool) -> Days:
    """The days that `figures` needs of a survey to show `period`."""
    return Days(period.first, period.last) if may_read_answers or part.row == dim.ALL else Days(*days_behind(period))


def figures(counted: Iterable[Counted], period: Period, *, may_read_answers: bool) -> GroupFigures:
    """The answers of a period, those of several surveys added; a pool shows a group only if each survey of it does."""
    shown: list[Histogram] = []
    for part, counts in counted:
        group = counts.of(part.row, period)
        withheld = None if may_read_answers else _withheld(part, counts, period, group)
        if withheld:
            return withheld
        shown.append(group)
    return Shown(pool(shown))


def rows_of(parts: Iterable[Part], name: str) -> frozenset[str]:
    """The rows of a dimension's values, in any of the surveys."""
    return frozenset(dim.row_of(name, value) for part in parts for value in (*part.survey.settings.declared()[name], dim.OTHER))


def shows_all_of(counted: Iterable[Counted], rows: Iterable[str], period: Period, *, may_read_answers: bool) -> bool:
    """Whether a caller sees each of a dimension's rows that count anything, in each survey, over a period that can be shown at all."""
    for part, counts in counted:
        for row in rows:
            seen = figures([(part._replace(row=row), counts)], period, may_read_answers=may_read_answers)
            if isinstance(seen, Withheld) and (counts.of(row, period).answers or seen.reason is not WithheldReason.TOO_FEW_ANSWERS):
                return False
    return True


def _withheld(part: Part, counts: Counts, period: Period, group: Histogram) -> Withheld | None:
    if part.row == dim.ALL:
        return None
    shield = counts.shield(part.survey, kind_of(part.row), part.today)
    return shield.withheld(part.row, period, group.answers, counts.of(dim.ALL, period).answers)
