"""Spans of local days: the points of a series, and the periods that a period is compared with.

All is counted in days of the calendar, so no change of clocks can lengthen or lose one.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from shared.periods import Period, PeriodError
from shared.wave import Wave

_WEEK: Final = 7
_MONTHS_OF_A_QUARTER: Final = 3
_WEEKS_OF_A_YEAR: Final = 52
_LAST_OF_FEBRUARY: Final = 28


class Interval(StrEnum):
    """What a series has a point for. Weeks are those of ISO 8601, Monday to Sunday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    WAVE = "wave"


class Window(StrEnum):
    """How many days each point of a rolling series takes together."""

    WEEK = "7d"
    FOUR_WEEKS = "28d"
    NINETY_DAYS = "90d"

    @property
    def days(self) -> int:
        """The same as a number."""
        return int(self.removesuffix("d"))


class NotACalendarUnitError(PeriodError):
    """Waves are where somebody put them."""


class OutOfCalendarError(PeriodError):
    """The days before lie outside the years 1 to 9999."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days of one point. `complete`: they are all of their day, week, month, quarter, wave or window, and are over."""

    period: Period
    complete: bool
    wave: Wave | None = None


def cut(period: Period, interval: Interval, today: date) -> Iterator[Span]:
    """Cut a period into its days, ISO weeks, months or quarters, as seen on `today`; the first and the last may be parts of theirs.

    Days between waves belong to none, so waves are taken by `waves_in`.
    """
    first = period.first
    while True:
        unit = _unit_of(first, interval)
        last = min(unit.last, period.last)
        yield Span(Period(first, last), complete=(first, last) == (unit.first, unit.last) and last < today)
        if last == period.last:
            return
        first = last + timedelta(days=1)


def waves_in(period: Period, waves: Iterable[Wave], today: date) -> Iterator[Span]:
    """The waves that have days in a period, as seen on `today`, each without its days outside; one that is open goes on for ever."""
    for wave in waves:
        whole = wave.last_day or date.max
        if wave.first_day <= period.last and period.first <= whole:
            part = Period(max(wave.first_day, period.first), min(whole, period.last))
            yield Span(part, (part.first, part.last) == (wave.first_day, wave.last_day) and part.last < today, wave)


def rolling(period: Period, window: Window, today: date) -> Iterator[Span]:
    """For each day of a period, the window that ends on it. Raises `OutOfCalendarError`."""
    for ordinal in range(period.first.toordinal(), period.last.toordinal() + 1):
        last = date.fromordinal(ordinal)
        yield Span(Period(_before(last, window.days - 1), last), complete=last < today)


def just_before(period: Period) -> Period:
    """As many days, ending on the day before. Raises `OutOfCalendarError`."""
    return Period(_before(period.first, period.days), _before(period.first, 1))


def year_before(period: Period) -> Period:
    """The same days a year earlier, or of whole ISO weeks those 52 weeks earlier, so that Mondays meet Mondays.

    29 February has 28 February of the year before. Raises `OutOfCalendarError`.
    """
    if period.is_whole_weeks:
        days = _WEEKS_OF_A_YEAR * _WEEK
        return Period(_before(period.first, days), _before(period.last, days))
    return Period(_a_year_before(period.first), _a_year_before(period.last))


def share_a_day(one: Period, other: Period) -> bool:
    """Whether a day lies in both."""
    return one.first <= other.last and other.first <= one.last


def _before(day: date, days: int) -> date:
    try:
        return day - timedelta(days=days)
    except OverflowError:
        raise OutOfCalendarError from None


def _a_year_before(day: date) -> date:
    if day.year == date.min.year:
        raise OutOfCalendarError
    is_leap_day = (day.month, day.day) == (2, _LAST_OF_FEBRUARY + 1)
    return day.replace(year=day.year - 1, day=_LAST_OF_FEBRUARY if is_leap_day else day.day)


def _unit_of(day: date, interval: Interval) -> Period:
    match interval:
        case Interval.DAY:
            return Period(day, day)
        case Interval.WEEK:
            monday = day - timedelta(days=day.isoweekday() - 1)
            return Period(monday, date.fromordinal(min(monday.toordinal() + _WEEK - 1, date.max.toordinal())))
        case Interval.MONTH:
            return _months(day.year, day.month, day.month)
        case Interval.QUARTER:
            before = (day.month - 1) // _MONTHS_OF_A_QUARTER * _MONTHS_OF_A_QUARTER
            return _months(day.year, before + 1, before + _MONTHS_OF_A_QUARTER)
        case Interval.WAVE:
            raise NotACalendarUnitError


def _months(year: int, first: int, last: int) -> Period:
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))
