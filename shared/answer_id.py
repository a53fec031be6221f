"""Answer ids: UUIDv7 (RFC 9562 §5.7), made by the client or by us. Their time places the answer and makes a retried POST harmless."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID
from zlib import crc32

OLDEST: Final = timedelta(days=30)
FURTHEST_AHEAD: Final = timedelta(days=1)
_VERSION: Final = 7
_RANDOM_BITS: Final = 74
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MILLISECOND: Final = (datetime(9999, 12, 31, tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)
"""48 bits go on to the year 10889; Python's calendar does not."""


class InvalidAnswerIdError(ValueError):
    """The text is not a UUIDv7 in its canonical, lower-case form."""


class AnswerIdOutOfTimeError(ValueError):
    """The id's time is too old or too far ahead; a client with a wrong clock mints another."""


@dataclass(frozen=True, slots=True)
class AnswerId:
    """A parsed id and the instant inside it."""

    text: str
    instant: datetime


def mint(now: datetime, randomness: int) -> str:
    """A UUIDv7 of `now` with `randomness`, an integer of 74 bits; two calls with other bits never collide by time alone."""
    milliseconds = _milliseconds(now)
    high, low = divmod(randomness % 2**_RANDOM_BITS, 2**62)
    return str(UUID(int=milliseconds << 80 | _VERSION << 76 | high << 64 | 0b10 << 62 | low))


@lru_cache(maxsize=4096)
def parse(text: str) -> AnswerId:
    """Read an id; those read last are remembered, as an answer's instant is asked for again and again.

    Raises `InvalidAnswerIdError` unless it is a version 7 UUID written as RFC 9562 writes it, in lower case: one answer, one spelling.
    """
    try:
        uuid = UUID(text)
    except ValueError:
        raise InvalidAnswerIdError from None
    milliseconds = uuid.int >> 80
    if uuid.version != _VERSION or str(uuid) != text or milliseconds > _LAST_MILLISECOND:
        raise InvalidAnswerIdError
    return AnswerId(text, _EPOCH + timedelta(milliseconds=milliseconds))


def parse_current(text: str, now: datetime) -> AnswerId:
    """Read an id that is to be accepted now; raises `AnswerIdOutOfTimeError` where it is over 30 days old or a day ahead."""
    answer_id = parse(text)
    if not now - OLDEST <= answer_id.instant <= now + FURTHEST_AHEAD:
        raise AnswerIdOutOfTimeError
    return answer_id


def bucket_of(answer_id: str, buckets: int) -> int:
    """Which of the survey's `buckets` partitions a day's answer lies in; a hash of the id, the same for ever."""
    return crc32(answer_id.encode()) % buckets


def partition_of(survey_id: str, utc_date: date, bucket: int) -> str:
    """The partition key of Answers: `survey_id#UTC date of the id#bucket`."""
    return f"{survey_id}#{utc_date.isoformat()}#{bucket}"


def first_id_at(instant: datetime) -> str:
    """The smallest text that sorts as an id of `instant`: bounds a query on the sort key."""
    return str(UUID(int=_milliseconds(instant) << 80))


def _milliseconds(instant: datetime) -> int:
    """Whole milliseconds since 1970; by way of a float, every few thousandth would come out one too low."""
    return (instant - _EPOCH) // timedelta(milliseconds=1)
