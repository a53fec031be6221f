"""Blocks: the only periods by which the groups of a dimension are shown, so that no two shown periods lie across each other.

Time is cut into spans of four ISO weeks, the same for every survey and whatever is asked. Nothing of a span is shown before it is over.
Then it is one block. Once no answer of it can come late any more, so that nothing moves a cut that somebody has seen, it is cut into blocks
in each of which every value has no answer or five; where it can't be, it stays one.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Final, NamedTuple

from shared.periods import Period
from shared.withholding import SMALLEST_GROUP

SPAN_WEEKS: Final = 4
SETTLED_AFTER: Final = timedelta(days=31)
"""An id is refused when it is over 30 days old (`shared.answer_id`); the day more is for time zones."""
_WEEK: Final = timedelta(days=7)
_SPAN: Final = SPAN_WEEKS * _WEEK
_FIRST_MONDAY: Final = date(1970, 1, 5).toordinal()
_CUTS: Final = tuple(cut for length in range(SPAN_WEEKS - 1, -1, -1) for cut in combinations(range(1, SPAN_WEEKS), length))
"""Where a span may be cut, the finest first; the last is not at all."""

type Counts = Mapping[str, int]
"""Answers by value; every answer has exactly one, so they add up to everybody's."""


class Block(NamedTuple):
    """Weeks whose figures are shown together or not at all, and the rows that may be added up over them."""

    period: Period
    shown: frozenset[str]


def is_few(answers: int) -> bool:
    """Whether that many answers tell somebody's. None at all tell nobody's."""
    return 0 < answers < SMALLEST_GROUP


def span_of(day: date) -> Period:
    """The span that a day lies in. Raises `OverflowError` where the calendar has only a part of it."""
    return _span(_number(day))


def _number(day: date) -> int:
    return (day.toordinal() - _FIRST_MONDAY) // _SPAN.days


@lru_cache(maxsize=512)  # nearly forty years
def _span(number: int) -> Period:
    try:
        first = date.fromordinal(_FIRST_MONDAY + number * _SPAN.days)
    except ValueError:
        raise OverflowError from None
    return Period(first, first + _SPAN - timedelta(days=1))


def spans_around(first: date, last: date) -> Iterator[Period]:
    """The spans that overlap `first` to `last`, in order, but those of which the calendar has only a part."""
    for number in range(_number(first), _number(last) + 1):
        try:
            span = _span(number)
        except OverflowError:
            continue
        yield span


def weeks_of(span: Period) -> tuple[Period, ...]:
    """The span's weeks, in order."""
    return tuple(Period(span.first + number * _WEEK, span.first + (number + 1) * _WEEK - timedelta(days=1)) for number in range(SPAN_WEEKS))


def is_over(span: Period, today: date) -> bool:
    """Whether no answer can be given in it any more, but by a device that was late."""
    return span.last < today


def is_settled(span: Period, today: date) -> bool:
    """Whether no late answer can come any more."""
    return span.last + SETTLED_AFTER < today


def cut(weeks: Sequence[Counts]) -> tuple[range, ...]:
    """The blocks of a span, as ranges of its weeks: as many as leave no value with few answers in any, or one of the whole span.

    So of several blocks nothing of few is hidden in any, and whoever has seen the whole span before learns of none or five by the cut.
    """
    for inner in _CUTS:
        blocks = tuple(range(first, end) for first, end in pairwise((0, *inner, SPAN_WEEKS)))
        if not any(is_few(answers) for block in blocks for answers in total(weeks, block).values()):
            return blocks
    return (range(SPAN_WEEKS),)


def total(weeks: Sequence[Counts], block: range) -> dict[str, int]:
    """The answers of a block by value."""
    return {value: sum(weeks[number].get(value, 0) for number in block) for value in {value for week in weeks for value in week}}
