"""Spans of days: the points of series, and the periods beside a period."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.periods import Period
from shared.reporting.spans import (
    Interval,
    NotACalendarUnitError,
    OutOfCalendarError,
    Span,
    Window,
    cut,
    just_before,
    rolling,
    share_a_day,
    waves_in,
    year_before,
)
from shared.wave import Wave

LATER = date(2030, 1, 1)
CALENDAR = [Interval.DAY, Interval.WEEK, Interval.MONTH, Interval.QUARTER]
ANY_PERIODS = st.builds(
    lambda first, days: Period(first, min(first + timedelta(days=days), date(9999, 12, 31))),
    st.dates(max_value=date(9990, 1, 1)) | st.just(date(1, 1, 1)),
    st.integers(0, 3_000),
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def period(first: str, last: str) -> Period:
    return Period(day(first), day(last))


def spans(first: str, last: str, interval: Interval, today: date = LATER) -> list[tuple[str, str, bool]]:
    return [_told(span) for span in cut(period(first, last), interval, today)]


def _told(span: Span) -> tuple[str, str, bool]:
    return str(span.period.first), str(span.period.last), span.complete


def test_weeks_are_those_of_iso_8601_and_those_cut_off_at_either_end_are_parts() -> None:
    assert spans("2026-03-11", "2026-03-24", Interval.WEEK) == [
        ("2026-03-11", "2026-03-15", False),
        ("2026-03-16", "2026-03-22", True),
        ("2026-03-23", "2026-03-24", False),
    ]


def test_the_week_that_holds_new_year_is_one() -> None:
    assert spans("2026-12-28", "2027-01-03", Interval.WEEK) == [("2026-12-28", "2027-01-03", True)]


def test_months_have_the_days_they_have() -> None:
    assert spans("2028-01-31", "2028-04-01", Interval.MONTH) == [
        ("2028-01-31", "2028-01-31", False),
        ("2028-02-01", "2028-02-29", True),
        ("2028-03-01", "2028-03-31", True),
        ("2028-04-01", "2028-04-01", False),
    ]


def test_quarters_begin_in_january_april_july_and_october() -> None:
    assert spans("2026-01-01", "2026-12-31", Interval.QUARTER) == [
        ("2026-01-01", "2026-03-31", True),
        ("2026-04-01", "2026-06-30", True),
        ("2026-07-01", "2026-09-30", True),
        ("2026-10-01", "2026-12-31", True),
    ]


@pytest.mark.parametrize("interval", CALENDAR)
def test_what_is_not_over_is_not_complete(interval: Interval) -> None:
    whole = period("2026-01-01", "2026-12-31")
    today = day("2026-08-12")

    for span in cut(whole, interval, today):
        assert not span.complete or span.period.last < today
    assert [span.period for span in cut(whole, interval, LATER)] == [span.period for span in cut(whole, interval, today)]


@pytest.mark.parametrize("interval", CALENDAR)
@given(whole=ANY_PERIODS)
def test_the_spans_are_all_days_each_once_in_order(interval: Interval, whole: Period) -> None:
    found = [span.period for span in cut(whole, interval, LATER)]

    assert (found[0].first, found[-1].last) == (whole.first, whole.last)
    for one, other in pairwise(found):
        assert other.first - one.last == timedelta(days=1)
    assert sum(span.days for span in found) == whole.days


def test_the_calendar_ends_in_9999_and_begins_in_1() -> None:
    assert spans("9999-12-27", "9999-12-31", Interval.WEEK, date.max) == [("9999-12-27", "9999-12-31", False)]
    assert spans("0001-01-01", "0001-01-07", Interval.WEEK) == [("0001-01-01", "0001-01-07", True)]


def test_waves_are_no_unit_of_the_calendar() -> None:
    with pytest.raises(NotACalendarUnitError):
        next(cut(period("2026-01-01", "2026-01-31"), Interval.WAVE, LATER))


def test_each_window_ends_on_its_day() -> None:
    found = list(rolling(period("2026-03-01", "2026-03-03"), Window.WEEK, day("2026-03-03")))

    assert [_told(span) for span in found] == [
        ("2026-02-23", "2026-03-01", True),
        ("2026-02-24", "2026-03-02", True),
        ("2026-02-25", "2026-03-03", False),
    ]
    assert [window.days for window in Window] == [7, 28, 90]


def test_a_window_that_would_begin_before_the_calendar_is_refused() -> None:
    with pytest.raises(OutOfCalendarError):
        list(rolling(period("0001-01-05", "0001-01-09"), Window.WEEK, LATER))


def wave(number: int, first: str, last: str | None) -> Wave:
    return Wave(wave_id=f"{number:016x}", name=str(number), first_day=day(first), last_day=day(last) if last else None)


def test_a_wave_is_complete_where_all_its_days_are_in_and_over() -> None:
    waves = [wave(1, "2026-01-05", "2026-01-18"), wave(2, "2026-04-01", "2026-04-30"), wave(3, "2026-07-01", None)]

    def told(first: str, last: str, today: str) -> list[tuple[str, str, bool]]:
        return [_told(span) for span in waves_in(period(first, last), waves, day(today))]

    assert told("2026-01-01", "2026-12-31", "2026-08-01") == [
        ("2026-01-05", "2026-01-18", True),
        ("2026-04-01", "2026-04-30", True),
        ("2026-07-01", "2026-12-31", False),
    ]
    assert told("2026-01-10", "2026-04-15", "2026-08-01") == [("2026-01-10", "2026-01-18", False), ("2026-04-01", "2026-04-15", False)]
    assert told("2026-04-01", "2026-04-30", "2026-04-30") == [("2026-04-01", "2026-04-30", False)]
    assert told("2026-02-01", "2026-03-31", "2026-08-01") == []


# Beside a period


def test_just_before_are_as_many_days() -> None:
    assert just_before(period("2026-03-01", "2026-03-31")) == period("2026-01-29", "2026-02-28")
    assert just_before(period("2026-03-09", "2026-03-09")) == period("2026-03-08", "2026-03-08")


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (("2026-03-01", "2026-03-31"), ("2025-03-01", "2025-03-31")),
        (("2028-02-29", "2028-02-29"), ("2027-02-28", "2027-02-28")),
        (("2028-02-01", "2028-02-29"), ("2027-02-01", "2027-02-28")),
        (("2029-02-01", "2029-02-28"), ("2028-02-01", "2028-02-28")),
        (("2026-03-09", "2026-03-15"), ("2025-03-10", "2025-03-16")),  # a whole week, so Monday meets Monday
        (("2026-12-28", "2027-01-03"), ("2025-12-29", "2026-01-04")),
    ],
)
def test_a_year_before_are_the_same_days_and_of_whole_weeks_the_same_weekdays(now: tuple[str, str], then: tuple[str, str]) -> None:
    assert year_before(period(*now)) == period(*then)


@given(whole=ANY_PERIODS)
def test_the_period_before_ends_on_the_day_before_and_is_as_long(whole: Period) -> None:
    try:
        before = just_before(whole)
    except OutOfCalendarError:
        assert whole.first.toordinal() <= whole.days
    else:
        assert whole.first - before.last == timedelta(days=1)
        assert before.days == whole.days
        assert not share_a_day(before, whole)


@given(whole=ANY_PERIODS)
def test_a_year_before_is_about_a_year_before(whole: Period) -> None:
    try:
        before = year_before(whole)
    except OutOfCalendarError:
        assert whole.first.year == 1
    else:
        assert 364 <= (whole.first - before.first).days <= 366
        assert abs(before.days - whole.days) <= 1
        assert before.is_whole_weeks or not whole.is_whole_weeks


@pytest.mark.parametrize(
    ("other", "shares"),
    [
        (("2026-03-01", "2026-03-08"), False),
        (("2026-03-01", "2026-03-09"), True),
        (("2026-03-15", "2026-03-20"), True),
        (("2026-03-16", "2026-03-20"), False),
        (("2026-03-10", "2026-03-11"), True),
        (("2026-01-01", "2026-12-31"), True),
    ],
)
def test_two_periods_share_a_day_or_none(other: tuple[str, str], *, shares: bool) -> None:
    week = period("2026-03-09", "2026-03-15")

    assert share_a_day(week, period(*other)) is shares
    assert share_a_day(period(*other), week) is shares
