"""When an answer was given, as spreadsheets and other systems write it. What can be read in two ways is not guessed."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, Literal

from shared.importing.problems import Reason

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""The score was first described in 2003 (Reichheld, Harvard Business Review); an earlier date is a misread one."""
CLOCKS_DIFFER: Final = timedelta(minutes=5)
_NOON: Final = time(12)
"""Where only the day is told: no clock is ever put forward over it."""
_SECONDS: Final = re.compile(r"\d{9,10}(?:\.\d+)?")
_MILLISECONDS: Final = re.compile(r"\d{12,13}")
_YEAR_FIRST: Final = re.compile(
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?:[T ]+(?P<time>\d{1,2}:\d{2}(?::\d{2})?)(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<offset>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?",
    re.IGNORECASE,
)
_YEAR_LAST: Final = re.compile(
    r"(?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.](?P<year>\d{4})"
    r"(?:,?[T ]+(?P<time>\d{1,2}:\d{2}(?::\d{2})?)\s*(?P<half>[AP]M)?)?",
    re.IGNORECASE,
)
_HALF_DAY: Final = 12
_LAST_MONTH: Final = 12

type DateOrder = Literal["dmy", "mdy"]


class DateError(ValueError):
    """It is no instant that an answer can have been given at."""

    def __init__(self, reason: Reason) -> None:
        """Keep why."""
        super().__init__(reason.value)
        self.reason = reason


def instant_in(cell: object, rules: "ZoneInfo", order: DateOrder | None, now: datetime) -> datetime:
    """The instant, in UTC, to the millisecond. Wall-clock times are those of `rules`; of one that came twice, the first is taken.

    ISO 8601 with or without time and offset, day/month/year, month/day/year where `order` says so, and seconds or milliseconds since 1970.
    Raises `DateError`.
    """
    instant = _number(cell) or _written(str(cell).strip(), rules, order)
    if instant < EARLIEST:
        raise DateError(Reason.TOO_OLD)
    if instant > now + CLOCKS_DIFFER:
        raise DateError(Reason.IN_THE_FUTURE)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def _number(cell: object) -> datetime | None:
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        raise DateError(Reason.DATE)
    text = f"{cell:.3f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell).strip()
    if _MILLISECONDS.fullmatch(text):
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(text))
    if _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(0, UTC) + timedelta(seconds=float(text))
    return None


def _written(text: str, rules: "ZoneInfo", order: DateOrder | None) -> datetime:
    try:
        if found := _YEAR_FIRST.fullmatch(text):
            day = date(int(found["year"]), int(found["month"]), int(found["day"]))
            at = datetime.combine(day, _time(found["time"], found["fraction"]))
            return _with_offset(at, found["offset"]) if found["offset"] and found["time"] else _at_wall_clock(at, rules)
        if found := _YEAR_LAST.fullmatch(text):
            day = _day_of(int(found["first"]), int(found["second"]), int(found["year"]), order)
            return _at_wall_clock(datetime.combine(day, _time(found["time"], None, found["half"])), rules)
    except DateError:
        raise
    except (ValueError, OverflowError):
        raise DateError(Reason.DATE) from None
    raise DateError(Reason.DATE)


def _day_of(first: int, second: int, year: int, order: DateOrder | None) -> date:
    if order is None:
        if first <= _LAST_MONTH and second <= _LAST_MONTH and first != second:
            raise DateError(Reason.AMBIGUOUS_DATE)
        order = "mdy" if second > _LAST_MONTH else "dmy"
    day, month = (first, second) if order == "dmy" else (second, first)
    return date(year, month, day)


def _time(text: str | None, fraction: str | None, half: str | None = None) -> time:
    if text is None:
        return _NOON
    hour, minute, *second = (int(part) for part in text.split(":"))
    if half is not None:
        if not 1 <= hour <= _HALF_DAY:
            raise DateError(Reason.DATE)
        hour = hour % _HALF_DAY + (_HALF_DAY if half.casefold() == "pm" else 0)
    return time(hour, minute, second[0] if second else 0, int((fraction or "0").ljust(6, "0")[:6]))


def _with_offset(at: datetime, offset: str) -> datetime:
    if offset[0] not in "+-":
        return at.replace(tzinfo=UTC)
    digits = offset[1:].replace(":", "").ljust(4, "0")
    behind = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return at.replace(tzinfo=UTC) - (behind if offset[0] == "+" else -behind)


def _at_wall_clock(at: datetime, rules: "ZoneInfo") -> datetime:
    """Raises `DateError` for a time that clocks were put forward over."""
    instant = at.replace(tzinfo=rules).astimezone(UTC)
    if instant.astimezone(rules).replace(tzinfo=None) != at:
        raise DateError(Reason.NO_SUCH_TIME)
    return instant
