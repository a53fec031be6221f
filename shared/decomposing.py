"""How much of a change of the score is another mix of groups, and how much are other scores within the groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from shared.scoring import Histogram, nps_exact, pool, to_one_decimal


class ShownParts(NamedTuple):
    """The parts as shown, to one decimal: these add up too."""

    difference: float
    mix: float
    score: float


@dataclass(frozen=True, slots=True)
class MixAndScore:
    """A difference of two scores in two parts, each exact: `mix` + `score` = `difference`."""

    mix: Fraction
    score: Fraction

    @property
    def difference(self) -> Fraction:
        """The score of now less the one before."""
        return self.mix + self.score

    @property
    def shown(self) -> ShownParts:
        """The difference and the mix, each rounded once; what is left of the one is the part of the scores, which a tenth may be off."""
        tenths, of_mix = (round(10 * to_one_decimal(part)) for part in (self.difference, self.mix))
        return ShownParts(tenths / 10, of_mix / 10, (tenths - of_mix) / 10)


def mix_and_score(before: Mapping[str, Histogram], now: Mapping[str, Histogram]) -> MixAndScore | None:
    """Split the change of the score of everybody, who are in one group each, by the groups; None where a period has no answers.

    With w a group's share of the answers and r its score: mix = sum of (w1 - w0)·(r0 + r1)/2, score = sum of (r1 - r0)·(w0 + w1)/2.
    A group that one period lacks has no score there: it counts as if it had the other's, so that all of it is mix.
    Source: E. Kitagawa, Components of a difference between two rates, Journal of the American Statistical Association 50(272), 1955,
    p. 1168-1194. That one number over different patients misleads: D. Hamilton et al., The Bone & Joint Journal 96-B, 2014, p. 622-628.

    Raises `NegativeCountError` where a count is below zero.
    """
    total_before, total_now = pool(before.values()).answers, pool(now.values()).answers
    if not total_before or not total_now:
        return None
    mix = score = Fraction(0)
    for group in {**before, **now}:
        earlier, later = before.get(group, Histogram()), now.get(group, Histogram())
        scores = nps_exact(earlier), nps_exact(later)
        earlier_score, later_score = _either(scores[0], scores[1]), _either(scores[1], scores[0])
        earlier_share, later_share = Fraction(earlier.answers, total_before), Fraction(later.answers, total_now)
        mix += (later_share - earlier_share) * (earlier_score + later_score) / 2
        score += (later_score - earlier_score) * (earlier_share + later_share) / 2
    return MixAndScore(mix, score)


def _either(one: Fraction | None, other: Fraction | None) -> Fraction:
    """The one, or in its absence the other; a group without any answers weighs nothing, whatever its score."""
    return next((score for score in (one, other) if score is not None), Fraction(0))
