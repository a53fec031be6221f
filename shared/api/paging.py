"""Lists that are read newest first, page by page: the span in the query, and the cursor between pages. Pure."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from shared.api.problem import invalid_parameter

_LONGEST_CURSOR: Final = 200


class Reach(NamedTuple):
    """How far back a list goes: unless asked for otherwise, and at most."""

    usual: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What is asked for, from `first` to `last`; of that, what comes after the entry (its time, its id) that a page ended with."""

    first: datetime
    last: datetime
    after: tuple[datetime, str] | None = None


def span_of(query: Mapping[str, str], now: datetime, reach: Reach) -> Span:
    """Read `from`, `to` and `cursor`. Raises `Invalid`."""
    last = _instant(query, "to") or now
    try:
        first = _instant(query, "from") or last - reach.usual
        earliest = last - reach.longest
    except OverflowError:
        raise invalid_parameter("to", "an instant of this age is expected") from None
    if first > last:
        raise invalid_parameter("from", "an instant before the end is expected")
    after = _cursor(query["cursor"]) if "cursor" in query else None
    return Span(first=max(first, earliest), last=last, after=after)


def cursor_of(at: datetime, entry_id: str) -> str:
    """The cursor of a page that ends with that entry."""
    return urlsafe_b64encode(f"{at.isoformat()} {entry_id}".encode()).decode()


def _instant(query: Mapping[str, str], name: str) -> datetime | None:
    if name not in query:
        return None
    try:
        instant = datetime.fromisoformat(query[name])
        return instant.astimezone(UTC) if instant.tzinfo else _no_instant(name)
    except (ValueError, OverflowError):
        return _no_instant(name)


def _no_instant(name: str) -> datetime:
    raise invalid_parameter(name, "an instant like 2026-03-14T15:00:00Z is expected")


def _cursor(text: str) -> tuple[datetime, str]:
    try:
        if len(text) > _LONGEST_CURSOR:
            raise ValueError  # noqa: TRY301 - one place that refuses
        instant, _, entry_id = urlsafe_b64decode(text.encode("ascii")).decode("ascii").partition(" ")
        at = datetime.fromisoformat(instant)
        if at.tzinfo is None or not entry_id:
            raise ValueError  # noqa: TRY301 - likewise
        return at.astimezone(UTC), entry_id
    except (ValueError, OverflowError):
        raise invalid_parameter("cursor", "the next_cursor of the page before is expected") from None
