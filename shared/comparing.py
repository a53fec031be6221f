"""Whether a score has changed, whether it reaches a goal, and what stays of many such findings at once.

A change is tested on counts, never on scores that were rounded before. Nothing is said of fewer than ten answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import erfc, sqrt
from typing import Final

from shared.scoring import FEWEST_FOR_A_VERDICT, Histogram, interval, nps_exact

SIGNIFICANCE: Final = 0.05
"""How often, at most, a change may be announced where there is none."""
_SHOWN_DECIMALS: Final = 6


class Verdict(StrEnum):
    """What can be said of a difference between two scores."""

    ROSE = "rose"
    FELL = "fell"
    NO_CLEAR_CHANGE = "no_clear_change"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One score beside another.

    `difference` is exact, None where a side has no answers; `z` and the two-sided probability `p` are None where a side has too few.
    """

    difference: Fraction | None
    z: float | None
    p: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """A comparison as one of a family: its probability adjusted for how many were looked at, and the verdict that stays."""

    comparison: Comparison
    p_adjusted: float | None
    verdict: Verdict

    @property
    def is_marked(self) -> bool:
        """Whether the change stands."""
        return self.verdict in {Verdict.ROSE, Verdict.FELL}


def compare(before: Histogram, now: Histogram) -> Comparison:
    """Test whether the score of `now` differs from that of `before`, two groups of answers that share none.

    Each side gets 3/4 promoter, 3/2 passives and 3/4 detractor, as for its interval; z is the difference of those scores over the
    root of their summed variances, and p is two-sided. Sources: B. Rocks, The American Statistician 70(4), 2016, p. 365-372; J. Lewis
    and J. Sauro, measuringu.com/nps-significance-test, and measuringu.com/nps-three-significance-tests for real surveys. How often it
    finds a change where there is none is enumerated in tests/unit/test_comparing.py.

    It takes answers as independent: one person's answers in both periods are not, and make it careful rather than rash.
    Raises `NegativeCountError` where a count is below zero.
    """
    scores = nps_exact(before), nps_exact(now)
    difference = None if scores[0] is None or scores[1] is None else scores[1] - scores[0]
    if min(before.answers, now.answers) < FEWEST_FOR_A_VERDICT:
        return Comparison(difference, None, None, Verdict.TOO_FEW)
    (earlier, earlier_variance), (later, later_variance) = _adjusted(before), _adjusted(now)
    z = float(later - earlier) / sqrt(earlier_variance + later_variance)
    p = erfc(abs(z) / sqrt(2))
    return Comparison(difference, z, p, _verdict(z, p))


def holm(probabilities: Sequence[float]) -> tuple[float, ...]:
    """Adjust the probabilities of a family of tests, in their order, so that at most 5 % of families hold any false finding.

    The smallest is multiplied by how many there are, the next by one less, and none may be below one before it: S. Holm, A simple
    sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 1979, p. 65-70. Needs no independence.
    """
    adjusted = [0.0] * len(probabilities)
    least = 0.0
    for place, index in enumerate(sorted(range(len(probabilities)), key=probabilities.__getitem__)):
        least = max(least, min(1.0, (len(probabilities) - place) * probabilities[index]))
        adjusted[index] = least
    return tuple(adjusted)


def judge_together(comparisons: Sequence[Comparison]) -> tuple[Judged, ...]:
    """What stays of each comparison of a family. Those with too few answers were not tested, so they do not belong to it."""
    tested = {place: comparison.p for place, comparison in enumerate(comparisons) if comparison.p is not None}
    adjusted = dict(zip(tested, holm(tuple(tested.values())), strict=True))
    return tuple(
        Judged(comparison, adjusted.get(place), _verdict(comparison.z, adjusted.get(place))) for place, comparison in enumerate(comparisons)
    )


def reaches(histogram: Histogram, goal: int) -> bool | None:
    """Whether a goal is met: the lower bound of the score's interval, as shown, reaches it. None under ten answers.

    Raises `NegativeCountError` where a count is below zero.
    """
    spread = interval(histogram)
    if spread is None or histogram.answers < FEWEST_FOR_A_VERDICT:
        return None
    return spread.low >= goal


def shown_probability(p: float) -> float:
    """A probability as it is shown, and as it is judged."""
    return round(p, _SHOWN_DECIMALS)


def _verdict(z: float | None, p: float | None) -> Verdict:
    if z is None or p is None:
        return Verdict.TOO_FEW
    if shown_probability(p) >= SIGNIFICANCE:
        return Verdict.NO_CLEAR_CHANGE
    return Verdict.ROSE if z > 0 else Verdict.FELL


def _adjusted(histogram: Histogram) -> tuple[Fraction, Fraction]:
    """The share of promoters less that of detractors among the n + 3 adjusted answers, and the variance of that difference."""
    likely, unlikely = histogram.promoters + Fraction(3, 4), histogram.detractors + Fraction(3, 4)
    answers = histogram.answers + 3
    score = (likely - unlikely) / answers
    return score, ((likely + unlikely) / answers - score**2) / answers
