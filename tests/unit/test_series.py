"""Counts of any days, and the points of a series with what changed between them."""

from collections import Counter
from datetime import date, timedelta
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from shared import dimension as dim
from shared.comparing import Verdict, compare
from shared.periods import Period
from shared.reporting.counts import Counts, Part
from shared.reporting.seeing import figures
from shared.reporting.series import points_of, rolling_points_of
from shared.reporting.spans import Interval, Span, cut
from shared.rollup import Bins, RowDay
from shared.scoring import Histogram, pool
from shared.withholding import GroupFigures, Shown, Withheld, WithheldReason
from shared.withholding.blocks import span_of
from tests.fakes.samples import survey_of

FIRST: Final = date(2026, 1, 5)
TODAY: Final = date(2026, 12, 31)
GOOD, BAD, FEW, NONE = Histogram(s10=80, s8=15, s3=5), Histogram(s10=30, s8=30, s3=40), Histogram(s10=4), Histogram()
HIDDEN: Final = Withheld(WithheldReason.TOO_FEW_ANSWERS)
PRO: Final = "segment.plan=pro"


def days_after(days: int) -> date:
    return FIRST + timedelta(days=days)


def weeks(count: int) -> list[Span]:
    return list(cut(Period(FIRST, days_after(7 * count - 1)), Interval.WEEK, TODAY))


def seen(*histograms: Histogram) -> list[GroupFigures]:
    return [Shown(histogram) for histogram in histograms]


# Counts


@given(
    counted=st.dictionaries(st.integers(0, 60), st.dictionaries(st.integers(0, 10), st.integers(-3, 50))),
    first=st.integers(-5, 60),
    length=st.integers(1, 40),
)
def test_the_counts_of_a_span_are_the_sum_of_its_days(counted: dict[int, dict[int, int]], first: int, length: int) -> None:
    sums: dict[RowDay, Bins] = {RowDay("loja", dim.ALL, str(days_after(day))): Counter(bins) for day, bins in counted.items()}
    sums |= {RowDay("loja", PRO, str(days_after(day))): Counter({0: 1000}) for day in counted}
    span = Period(days_after(first), days_after(first + length - 1))
    expected = pool(
        Histogram.from_tuple(tuple(bins.get(score, 0) for score in range(11)))
        for day, bins in counted.items()
        if first <= day < first + length
    )

    assert Counts(sums).of(dim.ALL, span) == expected
    assert Counts(sums).of("segment.plan=free", span) == Histogram()
    assert set(Counts(sums).rows()) == ({dim.ALL, PRO} if counted else set())


def part(survey_id: str, row: str = PRO) -> Part:
    return Part(survey_of(survey_id), row, TODAY)


def counts(survey_id: str, group: int, everyone: int) -> Counts:
    day = str(FIRST)
    return Counts({RowDay(survey_id, PRO, day): Counter({10: group}), RowDay(survey_id, dim.ALL, day): Counter({10: everyone})})


def test_surveys_are_pooled_by_adding_their_answers() -> None:
    counted = [(part("a"), counts("a", 6, 20)), (part("b"), counts("b", 7, 20))]
    week = Period(FIRST, days_after(6))

    assert figures(counted, week, may_read_answers=False) == Shown(Histogram(s10=13))
    assert figures([(part(each, dim.ALL), of) for each, (_, of) in zip("ab", counted, strict=True)], week, may_read_answers=False) == Shown(
        Histogram(s10=40)
    )


def test_a_pool_shows_a_group_only_where_each_survey_does() -> None:
    counted = [(part("a"), counts("a", 6, 20)), (part("b"), counts("b", 4, 20))]
    span = span_of(FIRST)

    assert figures(counted, span, may_read_answers=False) == HIDDEN
    assert figures(counted, span, may_read_answers=True) == Shown(Histogram(s10=10))


# Points


def test_each_point_is_compared_with_the_one_before_that_has_answers() -> None:
    points = points_of(weeks(5), seen(NONE, GOOD, NONE, BAD, BAD))

    assert [point.change and point.change.comparison for point in points] == [None, None, None, compare(GOOD, BAD), compare(BAD, BAD)]
    assert [point.change and point.change.verdict for point in points] == [None, None, None, Verdict.FELL, Verdict.NO_CLEAR_CHANGE]


def test_a_withheld_point_is_compared_with_nothing_and_nothing_with_it() -> None:
    points = points_of(weeks(3), [Shown(GOOD), HIDDEN, Shown(BAD)])

    assert [point.change is None for point in points] == [True, True, False]
    assert points[2].change
    assert points[2].change.comparison == compare(GOOD, BAD)


def test_few_answers_have_no_verdict_and_do_not_belong_to_the_family() -> None:
    doubtful = (Histogram(s10=12, s3=18), Histogram(s10=20, s3=10))
    points = points_of(weeks(4), seen(FEW, *doubtful, FEW))
    verdicts = [point.change.verdict for point in points if point.change]

    assert verdicts == [Verdict.TOO_FEW, Verdict.ROSE, Verdict.TOO_FEW]


def test_a_change_that_one_look_would_find_is_not_marked_in_a_long_series() -> None:
    doubtful = (Histogram(s10=12, s3=18), Histogram(s10=20, s3=10))
    points = points_of(weeks(12), seen(*doubtful, *[Histogram(s10=20, s3=10)] * 10))
    change = points[1].change

    assert change
    assert change.comparison.verdict is Verdict.ROSE
    assert not change.is_marked


def test_windows_are_compared_with_the_ones_just_before_which_share_no_answer() -> None:
    spans = weeks(3)
    points = rolling_points_of(spans, seen(GOOD, BAD, BAD), seen(BAD, NONE, GOOD))

    assert [point.change and point.change.comparison for point in points] == [compare(BAD, GOOD), None, compare(GOOD, BAD)]


def test_a_series_of_nothing_has_points_without_changes() -> None:
    assert [point.change for point in points_of(weeks(3), seen(NONE, NONE, NONE))] == [None, None, None]
    assert points_of([], []) == ()
