"""Everybody cut into groups by one dimension or by a declared pair: each answer lies in exactly one, so shares add up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Final

from shared import dimension as dim
from shared.comparing import Comparison, Judged, compare, judge_together
from shared.decomposing import MixAndScore, mix_and_score
from shared.periods import Period
from shared.reporting.counts import Counts
from shared.scoring import Histogram, pool
from shared.survey import Survey
from shared.withholding import GroupFigures, Shown, Withheld, WithheldReason
from shared.withholding.shield import NO_VALUE

type Values = tuple[str, ...]
"""A group's value of each key; all `NO_VALUE` for the answers that have none in one of them."""
type Groups = Mapping[Values, GroupFigures]

_REST: Final = "&&"
"""What no group is called: values hold no such sign, and a pair's two are joined by one."""


@dataclass(frozen=True, slots=True)
class Cut:
    """By what everybody is cut: the names of one dimension, or of two that are a pair, of a survey on its local day `today`."""

    survey: Survey
    names: tuple[str, ...]
    today: date

    @property
    def kind(self) -> str:
        """The dimension, or the pair."""
        return "&".join(self.names)

    @property
    def nobodys(self) -> Values:
        """The group of the answers without a value."""
        return (NO_VALUE,) * len(self.names)

    def valued(self) -> tuple[Values, ...]:
        """The groups that have a value: declared ones in their order, then `other`."""
        declared = self.survey.settings.declared()
        return tuple(product(*((*declared[name], dim.OTHER) for name in self.names)))

    def row_of(self, values: Values) -> str:
        """The row that counts a group."""
        return "&".join(dim.row_of(name, value) for name, value in zip(self.names, values, strict=True))


@dataclass(frozen=True, slots=True)
class Group:
    """A group's answers (or why they are withheld), and their change since the period that it is compared with."""

    values: Values
    figures: GroupFigures
    change: Judged | None


def groups_of(cut: Cut, counts: Counts, period: Period, *, may_read_answers: bool) -> Groups:
    """Everybody's answers of a period by group."""
    everybody = counts.of(dim.ALL, period)
    found = {values: counts.of(cut.row_of(values), period) for values in cut.valued()}
    found[cut.nobodys] = everybody - pool(found.values())
    if may_read_answers:
        return {values: Shown(histogram) for values, histogram in found.items()}
    shield = counts.shield(cut.survey, cut.kind, cut.today)
    return {
        values: shield.withheld(cut.row_of(values), period, histogram.answers, everybody.answers) or Shown(histogram)
        for values, histogram in found.items()
    }


def compared(now: Groups, before: Groups | None) -> tuple[Group, ...]:
    """The groups, their changes judged together: among many groups something changes by chance alone."""
    pairs = {values: (_answers(before[values]), _answers(figures)) for values, figures in now.items()} if before else {}
    comparisons: dict[Values, Comparison] = {
        values: compare(earlier, later)
        for values, (earlier, later) in pairs.items()
        if earlier and later and earlier.answers and later.answers
    }
    judged = dict(zip(comparisons, judge_together(tuple(comparisons.values())), strict=True))
    return tuple(Group(values, figures, judged.get(values)) for values, figures in now.items())


def split(now: Groups, before: Groups, everybody_now: Histogram, everybody_before: Histogram) -> MixAndScore | None:
    """How much of everybody's change is another mix of groups; None where a period has no answers or no group is shown in both.

    Groups that are withheld in one of the two periods are taken as one: what is left of everybody's published figures.
    """
    both = {values: (_answers(before[values]), _answers(figures)) for values, figures in now.items()}
    shown = {"&".join(values): pair for values, pair in both.items() if pair[0] is not None and pair[1] is not None}
    if not shown:
        return None
    earlier = {name: pair[0] for name, pair in shown.items() if pair[0]}
    later = {name: pair[1] for name, pair in shown.items() if pair[1]}
    earlier[_REST], later[_REST] = everybody_before - pool(earlier.values()), everybody_now - pool(later.values())
    return mix_and_score(earlier, later)


def why_missing(groups: Sequence[Group]) -> Withheld | None:
    """Why some groups are withheld: what hangs on the period first."""
    reasons = [group.figures for group in groups if isinstance(group.figures, Withheld)]
    return min(reasons, key=lambda each: list(WithheldReason).index(each.reason), default=None)


def _answers(figures: GroupFigures) -> Histogram | None:
    return figures.histogram if isinstance(figures, Shown) else None
