"""NPS arithmetic: classes, histograms of scores, the score, its uncertainty and its verdict.

Everything is worked out from counts and rounded once, for show. Nothing here averages scores: periods and groups are
pooled by adding their histograms.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from fractions import Fraction

HIGHEST_SCORE: Final = 10
LOWEST_PROMOTER: Final = 9
LOWEST_PASSIVE: Final = 7
FEWEST_FOR_A_VERDICT: Final = 10
CONFIDENCE: Final = 0.95
METHOD: Final = "adjusted_wald"
DEFAULT_LOCALE: Final = "pt-BR"
_Z: Final = 1.959963984540054
"""The 97.5th percentile of the standard normal distribution."""


class ScoringError(ValueError):
    """What was asked has no right answer."""


class InvalidScoreError(ScoringError):
    """A score is a whole number from 0 to 10; true, 9.0 and "9" are not."""


class HistogramShapeError(ScoringError):
    """A histogram has exactly eleven counts."""


class NegativeCountError(ScoringError):
    """A count of the whole histogram is below zero: it is a part of a sum, or rows were read while they changed."""


class NpsClass(StrEnum):
    """What an answer's score makes of its respondent."""

    PROMOTER = "promoter"
    PASSIVE = "passive"
    DETRACTOR = "detractor"


class BandKey(StrEnum):
    """The verdicts, and the absence of one."""

    EXCELLENT = "excellent"
    VERY_GOOD = "very_good"
    FAIR = "fair"
    POOR = "poor"
    TOO_FEW = "too_few"


_LABELS: Final[Mapping[str, Mapping[BandKey, str]]] = {
    "pt-BR": {
        BandKey.EXCELLENT: "Excelente",
        BandKey.VERY_GOOD: "Muito bom",
        BandKey.FAIR: "Razoável",
        BandKey.POOR: "Ruim",
        BandKey.TOO_FEW: "poucas respostas",
    },
    "en": {
        BandKey.EXCELLENT: "Excellent",
        BandKey.VERY_GOOD: "Very good",
        BandKey.FAIR: "Fair",
        BandKey.POOR: "Poor",
        BandKey.TOO_FEW: "few answers",
    },
    "es": {
        BandKey.EXCELLENT: "Excelente",
        BandKey.VERY_GOOD: "Muy bueno",
        BandKey.FAIR: "Razonable",
        BandKey.POOR: "Malo",
        BandKey.TOO_FEW: "pocas respuestas",
    },
}


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many answers gave each score from 0 to 10.

    A count may be negative in a part of a sum (one row shard may take away what another one added), never in the whole:
    `negative_scores` tells, and the functions below refuse such a whole.
    """

    s0: int = 0
    s1: int = 0
    s2: int = 0
    s3: int = 0
    s4: int = 0
    s5: int = 0
    s6: int = 0
    s7: int = 0
    s8: int = 0
    s9: int = 0
    s10: int = 0

    @classmethod
    def from_tuple(cls, counts: tuple[int, ...]) -> Self:
        """The histogram with these counts, of score 0 first. Raises `HistogramShapeError` unless there are eleven."""
        if len(counts) != HIGHEST_SCORE + 1:
            raise HistogramShapeError
        return cls(*counts)

    def to_tuple(self) -> tuple[int, ...]:
        """The eleven counts, of score 0 first."""
        return (
            *(self.s0, self.s1, self.s2, self.s3, self.s4, self.s5),
            *(self.s6, self.s7, self.s8, self.s9, self.s10),
        )

    def __add__(self, other: Self) -> Self:
        """The answers of both."""
        return type(self)(*(mine + theirs for mine, theirs in zip(self.to_tuple(), other.to_tuple(), strict=True)))

    def __sub__(self, other: Self) -> Self:
        """The answers of this one that are not in the other."""
        return type(self)(*(mine - theirs for mine, theirs in zip(self.to_tuple(), other.to_tuple(), strict=True)))

    @property
    def answers(self) -> int:
        """Answers of any score."""
        return sum(self.to_tuple())

    @property
    def promoters(self) -> int:
        """Answers of 9 and 10."""
        return self.s9 + self.s10

    @property
    def passives(self) -> int:
        """Answers of 7 and 8."""
        return self.s7 + self.s8

    @property
    def detractors(self) -> int:
        """Answers of 0 to 6."""
        return self.s0 + self.s1 + self.s2 + self.s3 + self.s4 + self.s5 + self.s6

    @property
    def negative_scores(self) -> tuple[int, ...]:
        """The scores whose count is below zero; empty for any histogram that is the whole."""
        return tuple(score for score, count in enumerate(self.to_tuple()) if count < 0)


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the score of everybody who could have answered probably lies.

    `low` and `high` are on the scale from -100 to 100, as shown: rounded to one decimal, half away from zero.
    """

    low: float
    high: float
    confidence: float = CONFIDENCE
    method: str = METHOD


@dataclass(frozen=True, slots=True)
class Band:
    """The verdict on a score: a key for programs and a label for people."""

    key: BandKey
    label: str


def classify(score: int) -> NpsClass:
    """The class of a score: 9 and 10 promoter, 7 and 8 passive, 0 to 6 detractor (F. Reichheld, Harvard Business Review, 2003).

    Raises `InvalidScoreError` for anything but an integer from 0 to 10, `True` included.
    """
    if type(score) is not int or not 0 <= score <= HIGHEST_SCORE:
        raise InvalidScoreError
    if score >= LOWEST_PROMOTER:
        return NpsClass.PROMOTER
    return NpsClass.PASSIVE if score >= LOWEST_PASSIVE else NpsClass.DETRACTOR


def pool(histograms: Iterable[Histogram]) -> Histogram:
    """All the answers of several histograms (days, row shards, surveys) in one; none of any gives an empty one."""
    counts = [histogram.to_tuple() for histogram in histograms]
    return Histogram(*(sum(column) for column in zip(*counts, strict=True)))


def nps_exact(histogram: Histogram) -> "Fraction | None":
    """100·(promoters - detractors)/answers, exactly; None without answers.

    Raises `NegativeCountError` where a count is below zero.
    """
    from fractions import Fraction  # noqa: PLC0415  costs `collect` 3 ms of every cold start, which only classifies

    answers = _answers_of_whole(histogram)
    return Fraction(100 * (histogram.promoters - histogram.detractors), answers) if answers else None


def nps(histogram: Histogram) -> int | None:
    """The score as shown: rounded once, half away from zero, never -0; None (not 0) without answers.

    Raises `NegativeCountError` where a count is below zero.
    """
    answers = _answers_of_whole(histogram)
    return _divide(100 * (histogram.promoters - histogram.detractors), answers) if answers else None


def interval(histogram: Histogram) -> Interval | None:
    """The score's 95 % confidence interval by adjusted Wald, as shown; None without answers.

    Adds 3/4 promoter, 3/2 passives and 3/4 detractor, takes Wald's interval of those n + 3 answers, with
    Var = P + D - (P - D)^2 for one answer (P and D are not independent: their covariance is in it), and clips it to the
    scale. Its centre lies nearer to 0 than the score, so it isn't symmetrical about it.

    Sources: B. Rocks, Interval Estimation for the "Net Promoter Score", The American Statistician 70(4), 2016, p. 365-372;
    MeasuringU, measuringu.com/nps-confidence-intervals and measuringu.com/nps-three-confidence-intervals, which confirm on
    real surveys that it does best. What it covers is enumerated in tests/unit/test_scoring.py: 95 % on average; with classes
    of 5 % and more, where they are spread worst, 91.6 % at 10 answers, 92.9 % at 20 and 94.5 % at 100.

    Raises `NegativeCountError` where a count is below zero.
    """
    if not _answers_of_whole(histogram):
        return None
    low, high = _adjusted_wald(histogram.promoters, histogram.passives, histogram.detractors)
    return Interval(to_one_decimal(max(low, -100.0)), to_one_decimal(min(high, 100.0)))


def band(histogram: Histogram, locale: str = DEFAULT_LOCALE) -> Band:
    """The verdict on the score as shown: 75 to 100, 50 to 74, 0 to 49, -100 to -1; none under ten answers.

    The label is in `locale` ("pt-BR", "en" or "es"; any other gives pt-BR).

    Raises `NegativeCountError` where a count is below zero.
    """
    key = _band_key(nps(histogram), histogram.answers)
    return Band(key, _LABELS.get(locale, _LABELS[DEFAULT_LOCALE])[key])


def to_one_decimal(number: "float | Fraction") -> float:
    """A figure on the scale of scores as shown: to one decimal, half away from zero, never -0."""
    numerator, denominator = number.as_integer_ratio()
    return _divide(10 * numerator, denominator) / 10


def _band_key(shown: int | None, answers: int) -> BandKey:
    if shown is None or answers < FEWEST_FOR_A_VERDICT:
        return BandKey.TOO_FEW
    floors = ((75, BandKey.EXCELLENT), (50, BandKey.VERY_GOOD), (0, BandKey.FAIR))
    return next((key for floor, key in floors if shown >= floor), BandKey.POOR)


def _answers_of_whole(histogram: Histogram) -> int:
    if histogram.negative_scores:
        raise NegativeCountError
    return histogram.answers


def _adjusted_wald(promoters: int, passives: int, detractors: int) -> tuple[float, float]:
    # In quarters of an answer all under the root is an integer: no digits cancel, however many answers there are.
    likely, unlikely = 4 * promoters + 3, 4 * detractors + 3
    quarters = likely + unlikely + 4 * passives + 6
    variance = quarters * (likely + unlikely) - (likely - unlikely) ** 2
    centre = 100 * (likely - unlikely) / quarters
    half_width = 100 * _Z * sqrt(4 * variance / quarters) / quarters
    return centre - half_width, centre + half_width


def _divide(numerator: int, denominator: int) -> int:
    """The integer nearest to the quotient, half away from zero: `round` would take the even one."""
    nearest = (2 * abs(numerator) + denominator) // (2 * denominator)
    return nearest if numerator >= 0 else -nearest
