"""Days, weeks and periods in a survey's time zone, where clocks jump, repeat and skip whole days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.periods import (
    InstantOutOfRangeError,
    NaiveInstantError,
    Period,
    PeriodError,
    PeriodReversedError,
    PeriodTooLongError,
    UnknownTimeZoneError,
    day_span,
    default_period,
    last_complete_weeks,
    local_day,
    utc_dates_of,
    zone,
)

SAO_PAULO = "America/Sao_Paulo"
NEW_YORK = "America/New_York"
KIRITIMATI = "Pacific/Kiritimati"
NIUE = "Pacific/Niue"
NEWFOUNDLAND = "America/St_Johns"
SAMOA = "Pacific/Apia"
ZONES = (
    *(SAO_PAULO, NEW_YORK, KIRITIMATI, NIUE, NEWFOUNDLAND, SAMOA, "UTC", "America/Noronha", "America/Rio_Branco"),
    *("Asia/Kathmandu", "Asia/Beirut", "Africa/Cairo", "America/Havana", "Australia/Lord_Howe", "Europe/Lisbon"),
)
ODD_DAYS = (
    pytest.param(date(2018, 11, 4), SAO_PAULO, 23, id="begins at one o'clock"),
    pytest.param(date(2018, 2, 17), SAO_PAULO, 25, id="its last hour comes twice"),
    pytest.param(date(2018, 2, 18), SAO_PAULO, 24, id="the day after that"),
    pytest.param(date(2026, 7, 15), SAO_PAULO, 24, id="no summer time any more"),
    pytest.param(date(2026, 3, 8), NEW_YORK, 23, id="an hour skipped at two"),
    pytest.param(date(2026, 11, 1), NEW_YORK, 25, id="an hour repeated at two"),
    pytest.param(date(2026, 1, 1), KIRITIMATI, 24, id="14 hours ahead"),
    pytest.param(date(2026, 1, 1), NIUE, 24, id="11 hours behind"),
    pytest.param(date(2026, 4, 5), "Australia/Lord_Howe", 24.5, id="half an hour repeated"),
    pytest.param(date(2026, 3, 29), "Asia/Beirut", 23, id="midnight skipped, not in Brazil"),
    pytest.param(date(1919, 3, 30), "America/Toronto", 23.5, id="clocks jump across midnight: the end goes"),
    pytest.param(date(1919, 3, 31), "America/Toronto", 23.5, id="clocks jump across midnight: the beginning goes"),
    pytest.param(date(2006, 10, 28), NEWFOUNDLAND, 25, id="its end comes again after a minute of the next day"),
    pytest.param(date(2006, 10, 29), NEWFOUNDLAND, 25, id="in two pieces"),
    pytest.param(date(2011, 12, 29), SAMOA, 24, id="before a skipped day"),
    pytest.param(date(2011, 12, 31), SAMOA, 24, id="after a skipped day"),
)
zones = st.sampled_from(ZONES)
instants = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  st.datetimes wants naive bounds
days = st.dates(date(1990, 1, 1), date(2060, 1, 1))


def milliseconds_of(instant: datetime) -> int:
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("instant", "time_zone", "day"),
    [
        (datetime(2026, 1, 1, 2, 59, 59, 999_999, UTC), SAO_PAULO, date(2025, 12, 31)),
        (datetime(2026, 1, 1, 3, 0, tzinfo=UTC), SAO_PAULO, date(2026, 1, 1)),
        (datetime(2018, 11, 4, 2, 59, 59, tzinfo=UTC), SAO_PAULO, date(2018, 11, 3)),
        (datetime(2018, 11, 4, 3, 0, tzinfo=UTC), SAO_PAULO, date(2018, 11, 4)),
        (datetime(2018, 2, 18, 2, 30, tzinfo=UTC), SAO_PAULO, date(2018, 2, 17)),
        (datetime(2018, 2, 18, 3, 0, tzinfo=UTC), SAO_PAULO, date(2018, 2, 18)),
        (datetime(2025, 12, 31, 10, 0, tzinfo=UTC), KIRITIMATI, date(2026, 1, 1)),
        (datetime(2026, 1, 1, 10, 59, tzinfo=UTC), NIUE, date(2025, 12, 31)),
        (datetime(2026, 1, 1, 1, 0, tzinfo=ZoneInfo(NEW_YORK)), SAO_PAULO, date(2026, 1, 1)),
    ],
)
def test_an_instant_falls_on_the_day_its_survey_sees(instant: datetime, time_zone: str, day: date) -> None:
    assert local_day(instant, time_zone) == day


@given(instant=instants, time_zone=zones)
def test_milliseconds_and_a_datetime_of_one_instant_fall_on_one_day(instant: datetime, time_zone: str) -> None:
    assert local_day(milliseconds_of(instant), time_zone) == local_day(instant, time_zone)


def test_milliseconds_before_1970_are_instants_too() -> None:
    assert local_day(-1, "UTC") == date(1969, 12, 31)


def test_a_datetime_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveInstantError):
        local_day(datetime(2026, 1, 1), SAO_PAULO)  # noqa: DTZ001  what is refused


@pytest.mark.parametrize("milliseconds", [2**48 - 1, -(2**48), 10**30])
def test_an_instant_outside_the_calendar_is_refused(milliseconds: int) -> None:
    with pytest.raises(InstantOutOfRangeError):
        local_day(milliseconds, SAO_PAULO)


def test_an_instant_that_leaves_the_calendar_in_its_zone_is_refused() -> None:
    with pytest.raises(InstantOutOfRangeError):
        local_day(datetime.max.replace(tzinfo=UTC), KIRITIMATI)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_day_at_the_edge_of_the_calendar_is_refused(day: date) -> None:
    with pytest.raises(InstantOutOfRangeError):
        day_span(day, "Asia/Kathmandu")


@pytest.mark.parametrize("name", ["", "Sao_Paulo", "America", "America/São_Paulo", "../etc/passwd", "/etc/localtime", "a\0b"])
def test_a_zone_that_is_not_in_the_database_is_refused(name: str) -> None:
    with pytest.raises(UnknownTimeZoneError):
        zone(name)


def test_a_day_of_sao_paulo_lasts_from_three_to_three_in_utc() -> None:
    assert day_span(date(2026, 1, 1), SAO_PAULO) == (
        datetime(2026, 1, 1, 3, tzinfo=UTC),
        datetime(2026, 1, 2, 3, tzinfo=UTC),
    )


@pytest.mark.parametrize(("day", "time_zone", "hours"), ODD_DAYS)
def test_a_day_lasts_as_long_as_its_clocks_make_it(day: date, time_zone: str, hours: float) -> None:
    begins, ends = day_span(day, time_zone)

    assert ends - begins == timedelta(hours=hours)


@pytest.mark.parametrize(("day", "time_zone", "hours"), ODD_DAYS)
def test_a_span_begins_and_ends_exactly_with_the_instants_of_its_day(day: date, time_zone: str, hours: float) -> None:
    around = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=2)
    of_the_day = [
        minute for minute in (around + timedelta(minutes=count) for count in range(5 * 24 * 60)) if local_day(minute, time_zone) == day
    ]

    assert day_span(day, time_zone) == (of_the_day[0], of_the_day[-1] + timedelta(minutes=1))
    assert timedelta(minutes=len(of_the_day)) <= timedelta(hours=hours)


def test_a_day_the_zone_skipped_is_empty() -> None:
    begins, ends = day_span(date(2011, 12, 30), SAMOA)

    assert begins == ends == datetime(2011, 12, 30, 10, tzinfo=UTC)
    assert utc_dates_of(date(2011, 12, 30), SAMOA) == ()


@given(instant=instants, time_zone=zones)
@example(instant=datetime(2006, 10, 29, 3, 0, tzinfo=UTC), time_zone=NEWFOUNDLAND)
def test_every_instant_lies_in_the_span_of_its_day_and_on_one_of_its_utc_dates(instant: datetime, time_zone: str) -> None:
    day = local_day(instant, time_zone)
    begins, ends = day_span(day, time_zone)

    assert begins <= instant < ends
    assert instant.date() in utc_dates_of(day, time_zone)


@given(day=days, time_zone=zones)
def test_no_instant_is_lost_between_two_days(day: date, time_zone: str) -> None:
    assert day_span(day + timedelta(days=1), time_zone).begins <= day_span(day, time_zone).ends


@pytest.mark.parametrize(
    ("time_zone", "dates"),
    [
        ("UTC", (date(2026, 1, 1),)),
        (SAO_PAULO, (date(2026, 1, 1), date(2026, 1, 2))),
        (KIRITIMATI, (date(2025, 12, 31), date(2026, 1, 1))),
        (NIUE, (date(2026, 1, 1), date(2026, 1, 2))),
    ],
)
def test_a_local_day_is_looked_for_on_the_utc_dates_it_overlaps(time_zone: str, dates: tuple[date, ...]) -> None:
    assert utc_dates_of(date(2026, 1, 1), time_zone) == dates


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [
        (date(2026, 1, 5), date(2026, 1, 11), True),
        (date(2025, 12, 29), date(2026, 1, 4), True),
        (date(2020, 12, 28), date(2021, 1, 3), True),
        (date(2024, 2, 26), date(2024, 3, 3), True),
        (date(2025, 12, 29), date(2026, 1, 25), True),
        (date(2026, 1, 1), date(2026, 1, 7), False),
        (date(2026, 1, 5), date(2026, 1, 10), False),
        (date(2026, 1, 5), date(2026, 1, 12), False),
        (date(2026, 1, 4), date(2026, 1, 11), False),
        (date(2026, 1, 5), date(2026, 1, 5), False),
        (date(2026, 1, 11), date(2026, 1, 11), False),
    ],
)
def test_whole_weeks_go_from_a_monday_to_a_sunday(first: date, last: date, *, whole: bool) -> None:
    assert Period(first, last).is_whole_weeks is whole


@given(first=days, length=st.integers(0, 60))
def test_whole_weeks_hold_each_of_their_iso_weeks_entirely(first: date, length: int) -> None:
    period = Period(first, first + timedelta(days=length))
    weeks = [(first + timedelta(days=day)).isocalendar()[:2] for day in range(period.days)]

    assert period.is_whole_weeks == all(weeks.count(week) == 7 for week in weeks)


@pytest.mark.parametrize(
    ("before", "first", "last"),
    [
        (date(2026, 1, 4), date(2025, 12, 15), date(2025, 12, 28)),
        (date(2026, 1, 5), date(2025, 12, 22), date(2026, 1, 4)),
        (date(2026, 1, 11), date(2025, 12, 22), date(2026, 1, 4)),
    ],
    ids=["its own week isn't over on a Sunday", "a Monday follows a complete week", "nor on the next Sunday"],
)
def test_the_last_complete_weeks_end_on_the_sunday_before(before: date, first: date, last: date) -> None:
    assert last_complete_weeks(2, before) == Period(first, last)


@given(count=st.integers(1, 500), before=days)
def test_the_last_complete_weeks_are_whole_and_end_at_most_a_week_before(count: int, before: date) -> None:
    weeks = last_complete_weeks(count, before)

    assert weeks.is_whole_weeks
    assert weeks.days == 7 * count
    assert timedelta(days=1) <= before - weeks.last <= timedelta(days=7)


@pytest.mark.parametrize("count", [0, -1])
def test_no_weeks_are_no_period(count: int) -> None:
    with pytest.raises(PeriodReversedError):
        last_complete_weeks(count, date(2026, 1, 5))


def test_the_default_period_is_thirty_days_with_today() -> None:
    period = default_period(date(2026, 3, 1))

    assert period == Period(date(2026, 1, 31), date(2026, 3, 1))
    assert period.days == 30


def test_a_period_of_one_day_is_a_period() -> None:
    assert Period(date(2026, 1, 1), date(2026, 1, 1)).days == 1


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(PeriodReversedError):
        Period(date(2026, 1, 2), date(2026, 1, 1))


def test_a_period_may_last_3660_days_and_not_one_more() -> None:
    first = date(2016, 1, 1)

    assert Period(first, first + timedelta(days=3_659)).days == 3_660
    with pytest.raises(PeriodTooLongError):
        Period(first, first + timedelta(days=3_660))


def test_one_type_stands_for_every_refusal() -> None:
    with pytest.raises(PeriodError):
        Period(date(2026, 1, 2), date(2026, 1, 1))
    with pytest.raises(PeriodError):
        zone("Nowhere/At_All")
