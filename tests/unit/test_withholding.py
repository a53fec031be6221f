"""Figures of small groups stay here unless the caller may read the answers themselves."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.periods import Period
from shared.scoring import Histogram
from shared.withholding import GroupFigures, Shown, Withheld, WithheldReason, withhold_small_groups

WEEK = Period(date(2026, 1, 5), date(2026, 1, 11))
LATER = date(2031, 1, 1)
TOO_FEW = Withheld(WithheldReason.TOO_FEW_ANSWERS)
PARTIAL = Withheld(WithheldReason.PARTIAL_WEEKS)

counts = st.integers(min_value=0, max_value=12)
histograms = st.builds(Histogram, s0=counts, s6=counts, s7=counts, s10=counts)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
periods = st.builds(lambda first, length: Period(first, first + timedelta(days=length)), days, st.integers(0, 60))


def seen_by_a_viewer(in_group: int, outside: int, period: Period = WEEK, today: date = LATER) -> GroupFigures:
    everyone = Histogram(s10=in_group, s3=outside)
    return withhold_small_groups(Histogram(s10=in_group), everyone, period, today=today, may_read_answers=False)


@pytest.mark.parametrize(("in_group", "outside"), [(5, 5), (5, 900), (900, 5), (6, 6)])
def test_five_in_the_group_and_five_outside_are_shown(in_group: int, outside: int) -> None:
    assert seen_by_a_viewer(in_group, outside) == Shown(Histogram(s10=in_group))


@pytest.mark.parametrize(("in_group", "outside"), [(4, 5), (5, 4), (4, 900), (900, 4), (1, 1)])
def test_four_on_either_side_withhold_the_group(in_group: int, outside: int) -> None:
    assert seen_by_a_viewer(in_group, outside) == TOO_FEW


@pytest.mark.parametrize("in_group", range(5))
def test_an_empty_group_looks_like_a_group_of_four(in_group: int) -> None:
    assert seen_by_a_viewer(in_group, outside=100) == seen_by_a_viewer(0, outside=100) == TOO_FEW


@pytest.mark.parametrize("outside", range(5))
def test_a_group_of_everybody_looks_like_one_with_four_outside(outside: int) -> None:
    assert seen_by_a_viewer(100, outside) == seen_by_a_viewer(100, 0) == TOO_FEW


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 1, 5), date(2026, 1, 10)),
        (date(2026, 1, 6), date(2026, 1, 11)),
        (date(2026, 1, 6), date(2026, 1, 12)),
        (date(2026, 1, 5), date(2026, 1, 5)),
        (date(2026, 1, 1), date(2026, 1, 31)),
    ],
)
def test_anything_but_whole_weeks_is_withheld(first: date, last: date) -> None:
    assert seen_by_a_viewer(900, 900, Period(first, last)) == PARTIAL


@pytest.mark.parametrize("in_group", [0, 4, 5, 900])
def test_the_reason_for_partial_weeks_tells_nothing_about_the_answers(in_group: int) -> None:
    assert seen_by_a_viewer(in_group, 4, Period(date(2026, 1, 5), date(2026, 1, 10))) == PARTIAL


@pytest.mark.parametrize(("today", "seen"), [(WEEK.first, PARTIAL), (WEEK.last, PARTIAL), (date(2026, 1, 12), Shown(Histogram(s10=50)))])
def test_a_week_is_shown_once_it_is_over(today: date, seen: GroupFigures) -> None:
    assert seen_by_a_viewer(50, 50, WEEK, today) == seen


def test_several_whole_weeks_are_shown() -> None:
    assert isinstance(seen_by_a_viewer(5, 5, Period(date(2025, 12, 29), date(2026, 1, 25))), Shown)


@given(group=histograms, rest=histograms, period=periods)
def test_who_may_read_answers_sees_every_group(group: Histogram, rest: Histogram, period: Period) -> None:
    assert withhold_small_groups(group, group + rest, period, today=LATER, may_read_answers=True) == Shown(group)


@given(group=histograms, rest=histograms, period=periods)
def test_a_group_is_shown_exactly_when_the_rest_of_everybody_is(group: Histogram, rest: Histogram, period: Period) -> None:
    mine = withhold_small_groups(group, group + rest, period, today=LATER, may_read_answers=False)
    theirs = withhold_small_groups(rest, group + rest, period, today=LATER, may_read_answers=False)

    assert isinstance(mine, Shown) == isinstance(theirs, Shown)


@given(group=histograms, rest=histograms, period=periods)
def test_nothing_shown_leaves_fewer_than_five_on_either_side(group: Histogram, rest: Histogram, period: Period) -> None:
    figures = withhold_small_groups(group, group + rest, period, today=LATER, may_read_answers=False)

    if isinstance(figures, Shown):
        assert figures.histogram.answers >= 5
        assert (group + rest - figures.histogram).answers >= 5
        assert period.is_whole_weeks
