"""Going through a survey's answers in the order of their ids, one way or the other, from wherever one was. Pure.

A position is spelled like an answer's id: an answer's, or the first that its instant could have. Going on from it finds each answer that
was not gone past, once, whatever has come meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from heapq import merge
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from shared import answer_id as ids
from shared.answer import Answer, AnswerKey
from shared.periods import day_span
from shared.survey import Survey

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT: Final = timedelta(milliseconds=1)
_EARLIEST: Final = date(1970, 1, 2)
_LATEST: Final = date(9999, 1, 1)


class InvalidPositionError(ValueError):
    """It is not spelled like an id."""


class AnswerReader(Protocol):
    """The part of the answers' store that is needed here."""

    def in_partition(self, partition: str, *, first_id: str, last_id: str, page: int) -> Iterator[Answer | AnswerKey]:
        """As `counting.ports.AnswerStore` has it: in the order of their ids."""

    def backwards(self, partition: str, *, first_id: str, last_id: str, page: int) -> Iterator[Answer | AnswerKey]:
        """Likewise, the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Which answers are gone through: those given from `begin` on, before `end`. Nothing was given before 1970."""

    survey: Survey
    begin: datetime
    end: datetime
    newest_first: bool = False


def route_of(survey: Survey, first: date, last: date, now: datetime, *, newest_first: bool = False) -> Route:
    """The way through the survey's local days from `first` to `last`. No answer lies further ahead than a wrong clock may."""
    time_zone, tomorrow = survey.settings.time_zone, now + ids.FURTHEST_AHEAD
    begin = day_span(max(first, _EARLIEST), time_zone).begins
    end = min(day_span(min(last, _LATEST), time_zone).ends, tomorrow) if last >= _EARLIEST else begin
    return Route(survey=survey, begin=begin, end=max(begin, end), newest_first=newest_first)


class Seen(NamedTuple):
    """Everything up to `position` has been gone past. `answer`: what is there; None where nobody can read it, or at the end of a day."""

    position: str
    answer: Answer | None
    is_day: bool = False


def instant_of(position: str) -> datetime:
    """The instant of a position. Raises `InvalidPositionError`."""
    try:
        parsed = UUID(position)
        if str(parsed) != position:
            raise InvalidPositionError
        return EPOCH + timedelta(milliseconds=parsed.int >> 80)
    except (ValueError, OverflowError):
        raise InvalidPositionError from None


def walk(route: Route, position: str | None, answers: AnswerReader, page: int) -> Iterator[Seen]:
    """Go on from a position, or begin. `page` answers are read of a partition at a time. After each UTC date comes a `Seen` of its own."""
    first, last = ids.first_id_at(max(route.begin, EPOCH)), ids.first_id_at(max(route.end, EPOCH))
    if position is not None:
        first, last = (first, min(last, position)) if route.newest_first else (max(first, position), last)
    if first >= last:
        return
    for day in _dates(instant_of(first), instant_of(last) - _MOMENT, newest_first=route.newest_first):
        for each in _of_day(route, day, first, last, answers, page):
            if _id_of(each) != position:
                yield Seen(_id_of(each), each if isinstance(each, Answer) else None)
        yield Seen(_far_end(day, newest_first=route.newest_first), None, is_day=True)


def _of_day(  # noqa: PLR0913, PLR0917 - a query, and what it is made of
    route: Route, day: date, first: str, last: str, answers: AnswerReader, page: int
) -> Iterator[Answer | AnswerKey]:
    partitions = [ids.partition_of(route.survey.survey_id, day, bucket) for bucket in range(route.survey.buckets)]
    read = answers.backwards if route.newest_first else answers.in_partition
    found = [read(each, first_id=first, last_id=last, page=page) for each in partitions]
    return merge(*found, key=_id_of, reverse=route.newest_first)


def _id_of(each: Answer | AnswerKey) -> str:
    return each.key.answer_id if isinstance(each, Answer) else each.answer_id


def _dates(first: datetime, last: datetime, *, newest_first: bool) -> Iterator[date]:
    days = (last.date() - first.date()).days + 1
    for number in range(days):
        yield last.date() - timedelta(days=number) if newest_first else first.date() + timedelta(days=number)


def _far_end(day: date, *, newest_first: bool) -> str:
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return ids.first_id_at(begins if newest_first else begins + timedelta(days=1))
