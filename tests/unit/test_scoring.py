"""NPS arithmetic against published values, exact enumeration and properties."""

from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from itertools import product
from math import comb, fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.scoring import (
    Band,
    BandKey,
    Histogram,
    HistogramShapeError,
    Interval,
    InvalidScoreError,
    NegativeCountError,
    NpsClass,
    band,
    classify,
    interval,
    nps,
    nps_exact,
    pool,
)

EMPTY = Histogram()
DELIGHTED = (32, 13, 6)
Z = 1.959963984540054

counts = st.integers(min_value=0, max_value=2_000)
histograms = st.builds(Histogram.from_tuple, st.tuples(*[counts] * 11))
answered = histograms.filter(lambda histogram: histogram.answers > 0)
parts = st.builds(Histogram.from_tuple, st.tuples(*[st.integers(-50, 50)] * 11))


def of_classes(promoters: int, passives: int, detractors: int) -> Histogram:
    return Histogram(s10=promoters, s8=passives, s3=detractors)


def swapped(histogram: Histogram) -> Histogram:
    return of_classes(histogram.detractors, histogram.passives, histogram.promoters)


def interval_of(promoters: int, passives: int, detractors: int) -> Interval:
    found = interval(of_classes(promoters, passives, detractors))
    assert found is not None
    return found


# Classes


@pytest.mark.parametrize(
    ("scores", "nps_class"),
    [(range(7), NpsClass.DETRACTOR), (range(7, 9), NpsClass.PASSIVE), (range(9, 11), NpsClass.PROMOTER)],
)
def test_every_score_has_its_class(scores: Iterable[int], nps_class: NpsClass) -> None:
    assert {classify(score) for score in scores} == {nps_class}


@pytest.mark.parametrize("score", [-1, 11, True, False, 9.0, 6.5, 8.5, "9", None, Fraction(9)])
def test_what_is_no_score_has_no_class(score: int) -> None:
    with pytest.raises(InvalidScoreError):
        classify(score)


@pytest.mark.parametrize("score", range(11))
def test_a_histogram_puts_every_score_in_the_class_it_is_in(score: int) -> None:
    one = Histogram.from_tuple(tuple(int(other == score) for other in range(11)))

    by_class = {NpsClass.PROMOTER: one.promoters, NpsClass.PASSIVE: one.passives, NpsClass.DETRACTOR: one.detractors}
    assert by_class == {nps_class: int(nps_class is classify(score)) for nps_class in NpsClass}


# Histograms


@given(one=parts, other=parts)
def test_adding_histograms_adds_their_answers_score_by_score(one: Histogram, other: Histogram) -> None:
    both = one + other

    assert both.to_tuple() == tuple(a + b for a, b in zip(one.to_tuple(), other.to_tuple(), strict=True))
    assert both == other + one
    assert both - other == one
    assert both.answers == one.answers + other.answers == both.promoters + both.passives + both.detractors


@given(rows=st.lists(parts))
def test_pooling_is_adding_all(rows: list[Histogram]) -> None:
    assert pool(rows) == pool(reversed(rows)) == sum(rows, EMPTY)


@given(histogram=parts)
def test_a_histogram_survives_its_tuple(histogram: Histogram) -> None:
    assert Histogram.from_tuple(histogram.to_tuple()) == histogram


@pytest.mark.parametrize("length", [0, 10, 12])
def test_a_histogram_has_eleven_counts(length: int) -> None:
    with pytest.raises(HistogramShapeError):
        Histogram.from_tuple((1,) * length)


def test_one_row_shard_may_be_negative_where_the_whole_is_not() -> None:
    added, taken_away = Histogram(s3=1), Histogram(s3=-1, s9=1)

    assert taken_away.negative_scores == (3,)
    assert pool([added, taken_away]) == Histogram(s9=1)
    assert pool([added, taken_away]).negative_scores == ()


@pytest.mark.parametrize("histogram", [Histogram(s0=-1), Histogram(s9=-1, s10=20), Histogram(s0=-1, s10=1)])
def test_a_negative_count_has_no_score_no_interval_and_no_verdict(histogram: Histogram) -> None:
    for figure in (nps_exact, nps, interval, band):
        with pytest.raises(NegativeCountError):
            figure(histogram)


# The score


def test_the_published_sample_of_delighted() -> None:
    spread = Histogram(s0=1, s2=1, s4=1, s5=1, s6=2, s7=5, s8=8, s9=12, s10=20)

    assert (spread.answers, spread.promoters, spread.passives, spread.detractors) == (51, *DELIGHTED)
    assert nps_exact(spread) == Fraction(2600, 51)
    assert nps(spread) == 51
    assert interval(spread) == Interval(29.3, 67.0, 0.95, "adjusted_wald")
    assert band(spread) == Band(BandKey.VERY_GOOD, "Muito bom")


def test_percentages_are_not_rounded_before_they_are_subtracted() -> None:
    assert nps_exact(of_classes(1, 4, 6)) == Fraction(-500, 11)
    assert nps(of_classes(1, 4, 6)) == -45


def test_pooling_is_not_averaging() -> None:
    large, small = of_classes(90, 5, 5), of_classes(1, 2, 7)

    assert (nps(large), nps(small)) == (85, -60)
    assert nps_exact(large + small) == Fraction(7900, 110)
    assert nps(large + small) == 72


def test_no_answers_are_null_and_not_zero() -> None:
    assert nps_exact(EMPTY) is None
    assert nps(EMPTY) is None
    assert interval(EMPTY) is None


@pytest.mark.parametrize(
    ("classes", "shown"),
    [
        ((99, 101, 0), 50),  # 49.5
        ((0, 101, 99), -50),
        ((1, 199, 0), 1),  # 0.5
        ((0, 199, 1), -1),
        ((3, 197, 0), 2),  # 1.5
        ((5, 195, 0), 3),  # 2.5, which `round` makes 2
        ((0, 195, 5), -3),
        ((98, 101, 0), 49),  # 49.25
        ((1, 249, 0), 0),  # 0.4
        ((0, 249, 1), 0),
        ((1, 0, 0), 100),
        ((0, 0, 1), -100),
    ],
)
def test_a_half_is_rounded_away_from_zero_on_both_sides(classes: tuple[int, int, int], shown: int) -> None:
    assert nps(of_classes(*classes)) == shown


def test_zero_has_no_sign() -> None:
    assert str(nps(of_classes(0, 249, 1))) == "0"
    for classes in ((0, 249, 1), (5, 5, 5), (0, 40, 0)):
        assert "-0.0" not in {str(interval_of(*classes).low), str(interval_of(*classes).high)}
    assert str(interval_of(15, 4_000_000, 15).low) == "0.0"


@given(histogram=answered)
def test_the_shown_score_is_the_exact_one_rounded_half_away_from_zero(histogram: Histogram) -> None:
    exact, shown = nps_exact(histogram), nps(histogram)

    assert exact is not None
    assert shown is not None
    assert abs(shown - exact) <= Fraction(1, 2)
    if abs(shown - exact) == Fraction(1, 2):
        assert abs(shown) > abs(exact)


@given(histogram=answered)
def test_swapping_promoters_and_detractors_mirrors_score_and_interval(histogram: Histogram) -> None:
    here, there = nps(histogram), nps(swapped(histogram))
    mine, theirs = interval(histogram), interval(swapped(histogram))

    assert here is not None
    assert there == -here
    assert mine is not None
    assert theirs is not None
    assert (theirs.low, theirs.high) == (-mine.high, -mine.low)


@given(histogram=histograms)
def test_a_promoter_more_never_lowers_the_score_and_a_detractor_more_never_raises_it(histogram: Histogram) -> None:
    more, less = nps_exact(histogram + Histogram(s9=1)), nps_exact(histogram + Histogram(s6=1))
    now = nps_exact(histogram)

    assert more is not None
    assert less is not None
    assert now is None or less <= now <= more


@given(histogram=answered, lower=st.integers(0, 9), steps=st.integers(1, 10))
def test_a_better_answer_never_lowers_the_score(histogram: Histogram, lower: int, steps: int) -> None:
    better = min(10, lower + steps)
    bins = [Histogram.from_tuple(tuple(int(score == given) for score in range(11))) for given in (lower, better)]
    worse_case, better_case = nps(histogram + bins[0]), nps(histogram + bins[1])

    assert worse_case is not None
    assert better_case is not None
    assert worse_case <= better_case


@given(rows=st.lists(answered, min_size=2, max_size=5))
def test_the_pooled_score_lies_between_the_lowest_and_the_highest(rows: list[Histogram]) -> None:
    scores = [score for row in rows if (score := nps_exact(row)) is not None]
    pooled = nps_exact(pool(rows))

    assert pooled is not None
    assert min(scores) <= pooled <= max(scores)


@given(rows=st.lists(answered, min_size=1, max_size=5))
def test_the_pooled_score_weighs_every_answer_alike(rows: list[Histogram]) -> None:
    weighted = sum((row.answers * (nps_exact(row) or Fraction(0)) for row in rows), Fraction(0))

    assert nps_exact(pool(rows)) == weighted / sum(row.answers for row in rows)


# The interval


@pytest.mark.parametrize(
    ("classes", "low", "high"),
    [
        (DELIGHTED, 29.3, 67.0),
        ((10, 0, 0), 47.5, 100.0),
        ((0, 0, 10), -100.0, -47.5),
        ((0, 10, 0), -18.5, 18.5),
        ((1, 0, 0), -48.5, 98.5),
    ],
)
def test_the_interval_is_adjusted_wald_clipped_to_the_scale(classes: tuple[int, int, int], low: float, high: float) -> None:
    assert interval_of(*classes) == Interval(low, high, 0.95, "adjusted_wald")


def test_the_interval_takes_promoters_and_detractors_as_dependent() -> None:
    """A public example takes them as independent and gives 14.3 to 20.5 for 250 and 75 of 1,000; Wald gives 14.1 to 20.9."""
    found = interval_of(250, 675, 75)

    assert (found.low, found.high) == (14.1, 20.8)


def test_answers_of_one_class_still_leave_doubt() -> None:
    assert interval_of(1000, 0, 0).low < 100
    assert interval_of(0, 1000, 0).low < 0 < interval_of(0, 1000, 0).high


@pytest.mark.parametrize(
    ("margin", "needed"),
    [
        (20, {100: 94, 80: 74, 60: 55, 40: 36}),
        (15, {100: 168, 80: 134, 60: 100, 40: 66}),
        (10, {100: 382, 80: 305, 60: 228, 40: 151}),
        (7.5, {100: 680, 80: 544, 60: 407, 40: 271}),
        (5, {100: 1534, 80: 1227, 60: 919, 40: 612}),
        (3, {100: 4266, 80: 3412, 60: 2558, 40: 1705}),
    ],
)
def test_the_usual_table_of_sample_sizes_gives_the_margins_it_promises(margin: float, needed: dict[int, int]) -> None:
    """Worked back from adjusted Wald, n = z^2·Var/margin^2 - 3, with Var = P + D where there are as many of both."""

    def margin_of(answers: int, percent_decided: int) -> float:
        each = min(answers // 2, int((percent_decided * (answers + 3) / 100 - 1.5) / 2))
        found = interval_of(each, answers - 2 * each, each)
        return (found.high - found.low) / 2

    for percent_decided, answers in needed.items():
        assert margin_of(answers, percent_decided) <= margin + 0.05  # bounds are shown to one decimal
        assert margin_of(answers * 3 // 4, percent_decided) > margin


@given(promoters=counts, passives=counts, detractors=counts)
def test_the_interval_holds_the_score_and_stays_on_the_scale(promoters: int, passives: int, detractors: int) -> None:
    histogram = of_classes(promoters, passives, detractors)
    found, exact = interval(histogram), nps_exact(histogram)

    if found is None or exact is None:
        assert histogram == EMPTY
    elif histogram.answers > 1:
        assert -100 <= found.low <= exact <= found.high <= 100


def test_the_interval_of_a_single_answer_is_pulled_from_the_very_end_of_the_scale() -> None:
    found = interval(of_classes(0, 0, 1))

    assert found is not None
    assert (found.low, found.high) == (-98.5, 48.5)


@given(promoters=counts, passives=counts, detractors=counts)
def test_the_interval_agrees_with_the_textbook_formula(promoters: int, passives: int, detractors: int) -> None:
    total = promoters + passives + detractors + 3
    likely, unlikely = (promoters + 0.75) / total, (detractors + 0.75) / total
    margin = Z * ((likely + unlikely - (likely - unlikely) ** 2) / total) ** 0.5
    found = interval(of_classes(promoters, passives, detractors))

    if found is not None:
        assert found.low == pytest.approx(max(-100, 100 * (likely - unlikely - margin)), abs=0.0500001)
        assert found.high == pytest.approx(min(100, 100 * (likely - unlikely + margin)), abs=0.0500001)


def test_ten_times_the_answers_narrow_the_interval() -> None:
    widths = [found.high - found.low for found in (interval_of(32 * k, 13 * k, 6 * k) for k in (1, 10, 100, 1000))]

    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 1.5


def test_digits_do_not_cancel_with_a_thousand_million_answers() -> None:
    assert interval_of(10**15, 0, 0) == Interval(100.0, 100.0)
    assert interval_of(5 * 10**14, 0, 5 * 10**14) == Interval(0.0, 0.0)


# What the interval really covers: exact sums over every trinomial outcome, not a simulation.
# True shares go over a grid, every class of 5 % or more; by symmetry only promoters >= detractors.

type Shares = tuple[int, int, int]


def shares_of(step: int) -> list[Shares]:
    """Promoters, passives, detractors in per cent, in steps of `step`, each at least 5."""
    grid = range(5, 91, step)
    return [(p, 100 - p - d, d) for p, d in product(grid, grid) if p >= d and 100 - p - d >= 5]


@cache
def outcomes(answers: int) -> list[tuple[int, int, float, float, float]]:
    """Every outcome: promoters, detractors, in how many orders it comes, and the bounds of its interval as shown."""
    found = []
    for promoters in range(answers + 1):
        for detractors in range(answers + 1 - promoters):
            orders = comb(answers, promoters) * comb(answers - promoters, detractors)
            shown = interval_of(promoters, answers - promoters - detractors, detractors)
            found.append((promoters, detractors, float(orders), shown.low, shown.high))
    return found


def coverage(answers: int, shares: Shares) -> float:
    """The chance that the interval of `answers` answers holds the true score."""
    promoters, passives, detractors = ([(share / 100) ** k for k in range(answers + 1)] for share in shares)
    truth = shares[0] - shares[2]
    return fsum(
        orders * promoters[p] * detractors[d] * passives[answers - p - d]
        for p, d, orders, low, high in outcomes(answers)
        if low <= truth <= high
    )


@cache
def coverages(answers: int, step: int) -> dict[Shares, float]:
    return {shares: coverage(answers, shares) for shares in shares_of(step)}


def mean_coverage(answers: int, step: int) -> float:
    """Over the whole grid, its mirrored half included."""
    weights = {shares: 1 if shares[0] == shares[2] else 2 for shares in shares_of(step)}
    covered = coverages(answers, step)
    return fsum(weights[shares] * covered[shares] for shares in weights) / sum(weights.values())


def test_the_chances_of_all_outcomes_add_up_to_one() -> None:
    for shares in ((5, 5, 90), (45, 10, 45), (32, 13, 55)):
        promoters, passives, detractors = (share / 100 for share in shares)
        total = fsum(o * promoters**p * detractors**d * passives ** (51 - p - d) for p, d, o, _, _ in outcomes(51))
        assert total == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("answers", [10, *range(13, 41), 50, 75])
def test_on_the_grid_of_5_percent_it_covers_at_least_93_percent(answers: int) -> None:
    assert min(coverages(answers, 5).values()) >= 0.93


def test_11_and_12_answers_fall_short_of_93_percent_in_four_places_of_the_grid_of_5_percent() -> None:
    short = {
        (answers, *shares): round(100 * covered, 2)
        for answers in (11, 12)
        for shares, covered in coverages(answers, 5).items()
        if covered < 0.93
    }

    assert short == {(11, 45, 10, 45): 92.39, (11, 45, 50, 5): 92.90, (11, 55, 10, 35): 92.97, (12, 50, 5, 45): 92.67}


def test_on_the_grid_of_1_percent_fewer_than_20_answers_cover_at_least_91_and_a_half_percent() -> None:
    worst = {answers: min(coverages(answers, 1).values()) for answers in range(10, 20)}

    assert min(worst.values()) >= 0.915
    assert {answers for answers, covered in worst.items() if covered < 0.93} == {10, 11, 12, 13, 14, 15, 16, 18, 19}


@pytest.mark.parametrize("answers", range(20, 33))
def test_on_the_grid_of_1_percent_20_answers_and_more_cover_at_least_93_percent(answers: int) -> None:
    assert min(coverages(answers, 1).values()) >= 0.93


@pytest.mark.parametrize(("answers", "step"), [(100, 1), (100, 5), (101, 5), (121, 5), (150, 5), (200, 5)])
def test_100_answers_and_more_cover_94_to_97_percent(answers: int, step: int) -> None:
    covered = coverages(answers, step).values()

    assert min(covered) >= 0.94
    assert max(covered) <= 0.97


@pytest.mark.parametrize("answers", [*range(10, 41), 50, 75, 100, 101, 121, 150, 200])
def test_it_covers_95_percent_on_average(answers: int) -> None:
    assert 0.945 <= mean_coverage(answers, 5) <= 0.955


# Bands


@pytest.mark.parametrize(
    ("classes", "key", "label"),
    [
        ((100, 0, 0), BandKey.EXCELLENT, "Excelente"),
        ((75, 25, 0), BandKey.EXCELLENT, "Excelente"),
        ((149, 51, 0), BandKey.EXCELLENT, "Excelente"),  # 74.5 shows 75
        ((74, 26, 0), BandKey.VERY_GOOD, "Muito bom"),
        ((50, 50, 0), BandKey.VERY_GOOD, "Muito bom"),
        ((99, 101, 0), BandKey.VERY_GOOD, "Muito bom"),  # 49.5 shows 50
        ((49, 51, 0), BandKey.FAIR, "Razoável"),
        ((5, 0, 5), BandKey.FAIR, "Razoável"),
        ((0, 249, 1), BandKey.FAIR, "Razoável"),  # -0.4 shows 0
        ((0, 199, 1), BandKey.POOR, "Ruim"),  # -0.5 shows -1
        ((0, 99, 1), BandKey.POOR, "Ruim"),
        ((0, 0, 100), BandKey.POOR, "Ruim"),
        ((9, 0, 0), BandKey.TOO_FEW, "poucas respostas"),
        ((0, 0, 0), BandKey.TOO_FEW, "poucas respostas"),
    ],
)
def test_the_band_is_that_of_the_score_as_shown(classes: tuple[int, int, int], key: BandKey, label: str) -> None:
    assert band(of_classes(*classes)) == Band(key, label)


@given(histogram=answered)
def test_a_verdict_needs_ten_answers(histogram: Histogram) -> None:
    assert (band(histogram).key is BandKey.TOO_FEW) == (histogram.answers < 10)


@pytest.mark.parametrize(
    ("locale", "labels"),
    [
        ("pt-BR", ["Excelente", "Muito bom", "Razoável", "Ruim", "poucas respostas"]),
        ("en", ["Excellent", "Very good", "Fair", "Poor", "few answers"]),
        ("es", ["Excelente", "Muy bueno", "Razonable", "Malo", "pocas respuestas"]),
        ("fr", ["Excelente", "Muito bom", "Razoável", "Ruim", "poucas respostas"]),
    ],
)
def test_labels_are_in_the_language_asked_for_and_in_portuguese_otherwise(locale: str, labels: list[str]) -> None:
    samples = (of_classes(10, 0, 0), of_classes(6, 4, 0), of_classes(0, 10, 0), of_classes(0, 0, 10), of_classes(1, 0, 0))

    assert [band(histogram, locale).label for histogram in samples] == labels
