"""What of the counts a caller may see: the one place where reports withhold small groups."""

from collections.abc import Iterable

from shared import dimension as dim
from shared.periods import Period
from shared.reporting.counts import Counts, Part
from shared.scoring import Histogram, pool
from shared.withholding import GroupFigures, Shown, Withheld, withhold_small_groups

type Counted = tuple[Part, Counts]


def rows_to_read(part: Part) -> frozenset[str]:
    """The rows that `figures` needs of a survey."""
    return frozenset({dim.ALL, part.row})


def days_to_read(_part: Part, period: Period) -> Period:
    """The days that `figures` needs of a survey to show `period`."""
    return period


def figures(counted: Iterable[Counted], period: Period, *, may_read_answers: bool) -> GroupFigures:
    """The answers of a period, those of several surveys added; a pool shows a group only if each survey of it does."""
    shown: list[Histogram] = []
    for part, counts in counted:
        seen = _figures(part, counts, period, may_read_answers=may_read_answers)
        if isinstance(seen, Withheld):
            return seen
        shown.append(seen.histogram)
    return Shown(pool(shown))


def _figures(part: Part, counts: Counts, period: Period, *, may_read_answers: bool) -> GroupFigures:
    group = counts.of(part.row, period)
    if part.row == dim.ALL:
        return Shown(group)
    everyone = counts.of(dim.ALL, period)
    return withhold_small_groups(group, everyone, period, today=part.today, may_read_answers=may_read_answers)
