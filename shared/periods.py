"""Days, weeks and periods as a survey's time zone sees them.

A time zone is an IANA name such as "America/Sao_Paulo". Days may last 23, 24 or 25 hours; some begin at one o'clock, a
few never were, and a few come in two pieces: nothing here adds 24 hours to an instant.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

LONGEST_PERIOD: Final = 3_660
DEFAULT_DAYS: Final = 30
_WEEK: Final = 7
_MONDAY: Final = 1
_SUNDAY: Final = 7
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

type Instant = datetime | int
"""An aware datetime, or milliseconds since 1970-01-01 00:00 UTC."""


class PeriodError(ValueError):
    """No period, or no instant, can be made of this."""


class PeriodReversedError(PeriodError):
    """The first day is after the last one."""


class PeriodTooLongError(PeriodError):
    """There are more than 3,660 days."""


class NaiveInstantError(PeriodError):
    """A datetime without a time zone is not an instant."""


class InstantOutOfRangeError(PeriodError):
    """The instant, or the day around it, lies outside the years 1 to 9999."""


class UnknownTimeZoneError(PeriodError):
    """The time zone is not in the IANA database."""


class DaySpan(NamedTuple):
    """The UTC instants between which a local day lies: from `begins` on, before `ends`."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """Local days from `first` to `last`, both included.

    Raises `PeriodReversedError` or, over 3,660 days, `PeriodTooLongError`.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse what is no period."""
        if self.first > self.last:
            raise PeriodReversedError
        if self.days > LONGEST_PERIOD:
            raise PeriodTooLongError

    @property
    def days(self) -> int:
        """How many days there are."""
        return (self.last - self.first).days + 1

    @property
    def is_whole_weeks(self) -> bool:
        """Whether it is made of whole ISO weeks (ISO 8601: Monday to Sunday)."""
        return self.first.isoweekday() == _MONDAY and self.last.isoweekday() == _SUNDAY


def zone(time_zone: str) -> "ZoneInfo":
    """The rules of an IANA time zone. Raises `UnknownTimeZoneError`."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 - taking an answer places it in no day

    try:
        return ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownTimeZoneError from None


def local_day(instant: Instant, time_zone: str) -> date:
    """The day of `instant` in `time_zone`.

    Raises `UnknownTimeZoneError`, `NaiveInstantError`, `InstantOutOfRangeError`.
    """
    rules = zone(time_zone)
    try:
        return _aware(instant).astimezone(rules).date()
    except OverflowError:
        raise InstantOutOfRangeError from None


def day_span(day: date, time_zone: str) -> DaySpan:
    """The first instant of a local day and the first one after its last.

    Every instant whose `local_day` is `day` lies in it. Spans of neighbours meet, except where clocks are put back
    across midnight (Newfoundland at 00:01, until 2011): the day before then ends twice, and the spans overlap by what is
    repeated. A day that the zone skipped (Samoa's 30 December 2011) gives an empty span.

    Raises `UnknownTimeZoneError`, `InstantOutOfRangeError`.
    """
    rules = zone(time_zone)
    try:
        begins = datetime.combine(day, time.min, rules)
        ends = datetime.combine(day + timedelta(days=1), time.min, rules).replace(fold=1)
        return DaySpan(_instant_of_midnight(begins), _instant_of_midnight(ends))
    except OverflowError:
        raise InstantOutOfRangeError from None


def utc_dates_of(day: date, time_zone: str) -> tuple[date, ...]:
    """The UTC dates, in order, that a local day overlaps: those whose partitions of Answers can hold its answers.

    Raises `UnknownTimeZoneError`, `InstantOutOfRangeError`.
    """
    begins, ends = day_span(day, time_zone)
    if begins == ends:
        return ()
    first, last = begins.date(), (ends - datetime.resolution).date()
    return tuple(first + timedelta(days=after) for after in range((last - first).days + 1))


def last_complete_weeks(count: int, before: date) -> Period:
    """The last `count` ISO weeks whose Sunday is before the day `before`.

    Raises `PeriodReversedError` where `count` is under 1.
    """
    sunday = before - timedelta(days=before.isoweekday())
    return Period(sunday - timedelta(days=count * _WEEK - 1), sunday)


def default_period(today: date) -> Period:
    """The 30 days that end `today`."""
    return Period(today - timedelta(days=DEFAULT_DAYS - 1), today)


def _aware(instant: Instant) -> datetime:
    if isinstance(instant, int):
        return _EPOCH + timedelta(milliseconds=instant)
    if instant.utcoffset() is None:
        raise NaiveInstantError
    return instant


def _instant_of_midnight(midnight: datetime) -> datetime:
    """The UTC instant of a local midnight; of two, the one its `fold` chooses; of none, when clocks jumped over it."""
    instant = midnight.astimezone(UTC)
    if _wall_clock(instant, midnight) == midnight.replace(tzinfo=None):
        return instant
    # PEP 495: of a time that never was, fold=1 gives an instant before the jump, and fold=0 one after it.
    before, after = midnight.replace(fold=1).astimezone(UTC), midnight.replace(fold=0).astimezone(UTC)
    seconds = range(int((after - before).total_seconds()))
    jump = bisect_left(
        seconds,
        midnight.replace(tzinfo=None),
        key=lambda second: _wall_clock(before + timedelta(seconds=second), midnight),
    )
    return before + timedelta(seconds=jump)


def _wall_clock(instant: datetime, where: datetime) -> datetime:
    return instant.astimezone(where.tzinfo).replace(tzinfo=None)
