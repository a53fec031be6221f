"""Comparisons of scores against published procedures and figures, exact enumeration, resampling and properties."""

from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import comb, fsum, sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.comparing import SIGNIFICANCE, Comparison, Verdict, compare, holm, judge_together, reaches, shown_probability
from shared.scoring import Histogram, NegativeCountError, interval, nps_exact

EMPTY = Histogram()
Z = 1.959963984540054
counts = st.integers(0, 2_000)
probabilities = st.lists(st.floats(0, 1), max_size=60)


def of_classes(promoters: int, passives: int, detractors: int) -> Histogram:
    return Histogram(s10=promoters, s8=passives, s3=detractors)


sides = st.builds(of_classes, counts, counts, counts)
few = st.builds(of_classes, st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))


def z_and_p(before: tuple[int, int, int], now: tuple[int, int, int]) -> tuple[float, float]:
    found = compare(of_classes(*before), of_classes(*now))
    assert found.z is not None
    assert found.p is not None
    return found.z, found.p


# The test


@pytest.mark.parametrize(
    ("before", "now", "z", "p"),
    [
        # By the steps of measuringu.com/nps-significance-test, each side's n + 3, 3/4 and 3/4, on paper.
        ((6, 17, 13), (15, 13, 8), 2.1478, 0.0317),
        ((12, 0, 18), (20, 0, 10), 2.0852, 0.0371),
        ((90, 5, 5), (90, 5, 5), 0.0, 1.0),
        ((10, 0, 0), (0, 0, 10), -7.2474, 0.0),
    ],
)
def test_the_published_steps_give_z_and_p(before: tuple[int, int, int], now: tuple[int, int, int], z: float, p: float) -> None:
    found = z_and_p(before, now)

    assert (round(found[0], 4), round(found[1], 4)) == (z, p)


@pytest.mark.parametrize("percent_decided", [80, 60, 40])
@pytest.mark.parametrize("points", [5, 10])
def test_the_published_sample_size_for_a_comparison_is_just_enough(percent_decided: int, points: int) -> None:
    """A side needs n = 2·Var·z²/d² - 3 to find a difference of d (measuringu.com/nps-sig-test-sample-size), here with scores about 0."""
    variance = percent_decided / 100 - (points / 200) ** 2
    answers = 2 * variance * Z**2 / (points / 100) ** 2 - 3

    def z_of(answers: int) -> float:
        promoters = round(((answers + 3) * (percent_decided + points / 2) / 100 - 1.5) / 2)
        detractors = round(((answers + 3) * (percent_decided - points / 2) / 100 - 1.5) / 2)
        passives = answers - promoters - detractors
        return z_and_p((detractors, passives, promoters), (promoters, passives, detractors))[0]

    assert z_of(round(answers)) == pytest.approx(Z, rel=0.03)
    assert z_of(round(answers * 0.8)) < Z < z_of(round(answers * 1.25))


def test_promoters_and_detractors_are_not_taken_as_independent() -> None:
    """As if they were, the variance of each side would lack 2·P·D, and 1.96 would be passed here."""
    before, now = (30, 0, 30), (40, 0, 20)
    z, p = z_and_p(before, now)
    wrong = sqrt(sum((a / 63) * (1 - a / 63) / 63 for a in (30.75, 30.75, 40.75, 20.75)))

    assert z < Z < (40 - 20) / 63 / wrong
    assert p > SIGNIFICANCE


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [
        ((50, 30, 20), (70, 20, 10), Verdict.ROSE),
        ((70, 20, 10), (50, 30, 20), Verdict.FELL),
        ((50, 30, 20), (52, 30, 18), Verdict.NO_CLEAR_CHANGE),
        ((0, 0, 9), (1000, 0, 0), Verdict.TOO_FEW),
        ((0, 0, 1000), (9, 0, 0), Verdict.TOO_FEW),
        ((0, 0, 10), (10, 0, 0), Verdict.ROSE),
        ((0, 0, 0), (10, 0, 0), Verdict.TOO_FEW),
    ],
)
def test_a_verdict_needs_ten_answers_on_either_side(before: tuple[int, int, int], now: tuple[int, int, int], verdict: Verdict) -> None:
    found = compare(of_classes(*before), of_classes(*now))

    assert found.verdict is verdict
    assert (found.z is None, found.p is None) == ((verdict is Verdict.TOO_FEW),) * 2


def test_the_difference_is_exact_and_there_is_none_without_answers() -> None:
    assert compare(of_classes(1, 1, 1), of_classes(2, 1, 0)).difference == Fraction(200, 3)
    assert compare(EMPTY, of_classes(90, 5, 5)) == Comparison(None, None, None, Verdict.TOO_FEW)
    assert compare(of_classes(90, 5, 5), EMPTY).difference is None


@pytest.mark.parametrize("broken", [(Histogram(s3=-1, s9=30), of_classes(30, 0, 0)), (of_classes(30, 0, 0), Histogram(s3=-1, s9=30))])
def test_a_negative_count_is_not_compared(broken: tuple[Histogram, Histogram]) -> None:
    with pytest.raises(NegativeCountError):
        compare(*broken)


@given(before=sides, now=sides)
def test_the_other_way_round_it_is_the_same_change_with_the_other_sign(before: Histogram, now: Histogram) -> None:
    there, back = compare(before, now), compare(now, before)
    mirrored = {Verdict.ROSE: Verdict.FELL, Verdict.FELL: Verdict.ROSE}

    assert back.verdict is mirrored.get(there.verdict, there.verdict)
    assert back.p == there.p
    assert back.z == (None if there.z is None else -there.z)
    assert back.difference == (None if there.difference is None else -there.difference)


@given(before=sides, now=sides)
def test_z_agrees_with_the_textbook_formula(before: Histogram, now: Histogram) -> None:
    def adjusted(side: Histogram) -> tuple[float, float]:
        n = side.answers + 3
        likely, unlikely = (side.promoters + 0.75) / n, (side.detractors + 0.75) / n
        return likely - unlikely, (likely + unlikely - (likely - unlikely) ** 2) / n

    found = compare(before, now)
    (one, its_variance), (other, other_variance) = adjusted(before), adjusted(now)
    if found.z is not None:
        assert found.z == pytest.approx((other - one) / sqrt(its_variance + other_variance), abs=1e-9)


@given(before=st.one_of(sides, few), now=st.one_of(sides, few))
def test_a_verdict_never_contradicts_the_difference_that_is_shown(before: Histogram, now: Histogram) -> None:
    found = compare(before, now)

    if found.verdict in {Verdict.ROSE, Verdict.FELL}:
        assert found.difference is not None
        assert (found.difference > 0) == (found.verdict is Verdict.ROSE)


@pytest.mark.parametrize("many", [20, 1_000, 1_000_000])
def test_all_promoters_beside_many_does_not_turn_the_sign(many: int) -> None:
    """Where adjusting moves a score most: few answers, all of one class, beside many with nearly the same score."""
    for answers in range(10, 200):
        assert compare(of_classes(answers, 0, 0), of_classes(many * 99 // 100, many // 100, 0)).verdict is not Verdict.ROSE


def test_digits_do_not_cancel_with_a_thousand_million_answers() -> None:
    half = 5 * 10**14

    assert z_and_p((half, 0, half), (half, 0, half)) == (0.0, 1.0)
    assert z_and_p((half, 0, half), (half + 10**8, 0, half))[0] == pytest.approx(2.236, abs=0.001)


# How often it finds a change where there is none: exact sums over every pair of outcomes, not a simulation.
# True shares go over a grid of 5 %, every class of 5 % or more; by symmetry only promoters >= detractors.

type Shares = tuple[float, float, float]
GRID: tuple[Shares, ...] = tuple(
    (p / 100, (100 - p - d) / 100, d / 100) for p in range(5, 91, 5) for d in range(5, p + 1, 5) if 100 - p - d >= 5
)


@cache
def outcomes(answers: int) -> tuple[tuple[int, int, int], ...]:
    """Promoters, detractors, and in how many orders they come."""
    return tuple((p, d, comb(answers, p) * comb(answers - p, d)) for p in range(answers + 1) for d in range(answers - p + 1))


@cache
def findings(one: int, other: int) -> tuple[tuple[int, ...], ...]:
    """For each outcome of the one side, those of the other that are told apart from it."""

    def histograms(answers: int) -> list[Histogram]:
        return [of_classes(p, answers - p - d, d) for p, d, _ in outcomes(answers)]

    return tuple(
        tuple(place for place, now in enumerate(histograms(other)) if compare(before, now).verdict is not Verdict.NO_CLEAR_CHANGE)
        for before in histograms(one)
    )


def false_findings(one: int, other: int, shares: Shares) -> float:
    def chances(answers: int) -> list[float]:
        promoters, passives, detractors = shares
        return [orders * promoters**p * passives ** (answers - p - d) * detractors**d for p, d, orders in outcomes(answers)]

    theirs = chances(other)
    return fsum(chance * fsum(theirs[place] for place in told) for chance, told in zip(chances(one), findings(one, other), strict=True))


@pytest.mark.parametrize(
    ("one", "other", "most", "usual"),
    [
        (10, 10, 0.0512, 0.0295),
        (10, 11, 0.0499, 0.0306),
        (11, 11, 0.0603, 0.0322),
        (12, 12, 0.0512, 0.0333),
        (15, 15, 0.0501, 0.0355),
        (10, 20, 0.0544, 0.0348),
        (20, 20, 0.0516, 0.0382),
    ],
)
def test_few_answers_are_told_apart_falsely_in_at_most_6_percent_and_mostly_less(one: int, other: int, most: float, usual: float) -> None:
    found = [false_findings(one, other, shares) for shares in GRID]

    assert max(found) == pytest.approx(most, abs=0.0001)
    assert fsum(found) / len(found) == pytest.approx(usual, abs=0.0001)


def test_a_real_difference_is_found() -> None:
    """60, 25 and 15 per cent beside 30, 30 and 40: 55 points, which 20 answers a side find in four of five cases."""
    promoters, passives, detractors = zip((0.30, 0.30, 0.40), (0.60, 0.25, 0.15), strict=True)
    before, now = (
        [orders * promoters[side] ** p * passives[side] ** (20 - p - d) * detractors[side] ** d for p, d, orders in outcomes(20)]
        for side in (0, 1)
    )
    power = fsum(chance * fsum(now[place] for place in told) for chance, told in zip(before, findings(20, 20), strict=True))

    assert power == pytest.approx(0.56, abs=0.01)


@pytest.mark.parametrize(
    ("before", "now"),
    [((60, 30, 30), (70, 30, 20)), ((45, 5, 10), (45, 40, 5)), ((200, 150, 150), (260, 130, 110)), ((20, 20, 20), (25, 25, 10))],
)
def test_shuffling_the_answers_between_the_periods_agrees(before: tuple[int, int, int], now: tuple[int, int, int]) -> None:
    """A permutation test (seeded): how often chance alone parts the same answers at least as far."""
    random, shuffles = Random(1), 4_000
    answers = [
        value for value, count in zip((1, 0, -1), (a + b for a, b in zip(before, now, strict=True)), strict=True) for _ in range(count)
    ]
    first, second = sum(before), sum(now)
    seen = abs(Fraction(now[0] - now[2], second) - Fraction(before[0] - before[2], first))

    def parted() -> Fraction:
        random.shuffle(answers)
        return abs(Fraction(sum(answers[first:]), second) - Fraction(sum(answers[:first]), first))

    by_chance = sum(parted() >= seen for _ in range(shuffles)) / shuffles
    assert z_and_p(before, now)[1] == pytest.approx(by_chance, abs=0.03)


@pytest.mark.parametrize(("before", "now"), [((60, 30, 30), (70, 30, 20)), ((200, 150, 150), (260, 130, 110))])
def test_a_bootstrap_agrees_with_the_spread_that_z_takes(before: tuple[int, int, int], now: tuple[int, int, int]) -> None:
    random, draws = Random(2), 2_000

    def score_of(side: tuple[int, int, int]) -> float:
        return sum(random.choices((1, 0, -1), side, k=sum(side))) / sum(side)

    drawn = [score_of(now) - score_of(before) for _ in range(draws)]
    middle = fsum(drawn) / draws
    spread = sqrt(fsum((each - middle) ** 2 for each in drawn) / draws)
    assert z_and_p(before, now)[0] == pytest.approx(middle / spread, rel=0.06)


# Many comparisons


@pytest.mark.parametrize(
    ("raw", "adjusted"),
    [
        # The documentation of pingouin.multicomp and of stdlib's padjust.
        ((0.50, 0.003, 0.32, 0.054, 0.0003), (0.64, 0.012, 0.64, 0.162, 0.0015)),
        ((0.319, 0.201, 0.4, 0.374, 0.113), (0.957, 0.804, 0.957, 0.957, 0.565)),
        ((), ()),
        ((0.04,), (0.04,)),
        ((0.9, 0.9), (1.0, 1.0)),
    ],
)
def test_holm_s_adjustment_gives_published_figures(raw: tuple[float, ...], adjusted: tuple[float, ...]) -> None:
    assert holm(raw) == pytest.approx(adjusted)


@given(raw=probabilities)
def test_holm_never_lowers_a_probability_keeps_their_order_and_stays_below_bonferroni(raw: list[float]) -> None:
    adjusted = holm(raw)

    assert len(adjusted) == len(raw)
    for one, its in zip(raw, adjusted, strict=True):
        assert one <= its <= min(1.0, len(raw) * one) or its == max(one, its)
        assert its <= 1
    ordered = sorted(zip(raw, adjusted, strict=True))
    assert [its for _, its in ordered] == sorted(adjusted)


@given(raw=probabilities, data=st.data())
def test_holm_adjusts_each_alike_in_whatever_order_they_come(raw: list[float], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(raw))))
    adjusted, shuffled = holm(raw), holm([raw[place] for place in order])

    assert shuffled == tuple(adjusted[place] for place in order)


@given(raw=probabilities)
def test_holm_rejects_what_its_steps_reject(raw: list[float]) -> None:
    """The procedure itself: from the smallest on, each is a finding while it is below 5 % over how many are left."""
    rejected: set[int] = set()
    for place, index in enumerate(sorted(range(len(raw)), key=raw.__getitem__)):
        if raw[index] * (len(raw) - place) >= SIGNIFICANCE:
            break
        rejected.add(index)

    assert {index for index, its in enumerate(holm(raw)) if its < SIGNIFICANCE} == rejected


def test_a_change_that_one_look_would_find_does_not_stand_among_many() -> None:
    clear, doubtful = compare(of_classes(50, 30, 20), of_classes(90, 5, 5)), compare(of_classes(12, 0, 18), of_classes(20, 0, 10))
    untested, alike = compare(of_classes(5, 0, 0), of_classes(0, 0, 5)), compare(of_classes(50, 30, 20), of_classes(50, 30, 20))
    assert doubtful.verdict is Verdict.ROSE

    judged = judge_together([untested, doubtful, clear, alike])

    assert [each.verdict for each in judged] == [Verdict.TOO_FEW, Verdict.NO_CLEAR_CHANGE, Verdict.ROSE, Verdict.NO_CLEAR_CHANGE]
    assert [each.is_marked for each in judged] == [False, False, True, False]
    assert judged[0].p_adjusted is None
    assert judged[1].p_adjusted == pytest.approx(2 * 0.0370543, abs=1e-6)
    assert judge_together([doubtful, untested])[0].verdict is Verdict.ROSE, "what was not tested costs nothing"
    assert judge_together([]) == ()


def test_chance_alone_marks_a_series_in_at_most_5_percent_of_cases() -> None:
    """Where nothing ever changes: 400 series (seeded) of 12 months of 100 answers."""
    random = Random(3)

    def month() -> Histogram:
        drawn = random.choices((10, 8, 3), (50, 30, 20), k=100)
        return of_classes(drawn.count(10), drawn.count(8), drawn.count(3))

    def is_marked(*, together: bool) -> bool:
        months = [month() for _ in range(12)]
        changes = [compare(*pair) for pair in pairwise(months)]
        if together:
            return any(each.is_marked for each in judge_together(changes))
        return any(each.verdict is not Verdict.NO_CLEAR_CHANGE for each in changes)

    assert sum(is_marked(together=True) for _ in range(400)) <= 400 * 0.05 + 10
    assert sum(is_marked(together=False) for _ in range(400)) > 400 * 0.25


# Goals


@pytest.mark.parametrize(
    ("classes", "goal", "met"),
    [
        ((32, 13, 6), 29, True),  # 29.3 to 67.0
        ((32, 13, 6), 30, False),
        ((32, 13, 6), 51, False),
        ((9, 0, 0), -100, None),
        ((0, 0, 0), -100, None),
        ((10, 0, 0), 47, True),
        ((10, 0, 0), 48, False),
        ((0, 0, 10), -100, True),
    ],
)
def test_a_goal_is_met_only_where_the_lower_bound_reaches_it(classes: tuple[int, int, int], goal: int, met: bool | None) -> None:  # noqa: FBT001 - the outcome
    assert reaches(of_classes(*classes), goal) is met


@given(histogram=sides, goal=st.integers(-100, 100))
def test_a_met_goal_lies_below_the_score(histogram: Histogram, goal: int) -> None:
    exact, spread = nps_exact(histogram), interval(histogram)

    if reaches(histogram, goal):
        assert exact is not None
        assert spread is not None
        assert goal <= spread.low <= exact


def test_a_probability_is_judged_as_it_is_shown() -> None:
    assert shown_probability(0.04999996) == 0.05
    judged = judge_together([Comparison(Fraction(1), 1.96, 0.04999996, Verdict.NO_CLEAR_CHANGE)])
    assert judged[0].verdict is Verdict.NO_CLEAR_CHANGE
