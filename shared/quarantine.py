"""Answers that were set aside: which they are, and what a person may decide about each. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from heapq import merge
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from shared import answer_id as ids
from shared.answer import Answer, AnswerKey, Standing
from shared.survey import Survey

if TYPE_CHECKING:
    from shared.counting.ports import AnswerStore

MOST_LISTED: Final = 100
_AT_A_TIME: Final = 250
MOST_LOOKED_AT: Final = 5_000
"""A page ends with so many answers at the latest, set aside or not: there is no index (docs/decisions/0004), and a request has its time."""


class Decision(StrEnum):
    """What a person decides about an answer."""

    INCLUDE = "include"
    EXCLUDE = "exclude"

    @property
    def standing(self) -> Standing:
        """What the answer becomes by it."""
        return _STANDINGS[self]


_STANDINGS: Final = MappingProxyType({Decision.INCLUDE: Standing.VALID, Decision.EXCLUDE: Standing.EXCLUDED})


class DecisionReason(StrEnum):
    """Why, in words of ours alone: free text might name somebody."""

    GENUINE = "genuine"
    TEST = "test"
    SPAM = "spam"
    DUPLICATE = "duplicate"
    MISTAKE = "mistake"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Who decided what about which answer, when and why: what the audit trail keeps."""

    answer: AnswerKey
    decision: Decision
    key_id: str
    at: datetime
    reason: DecisionReason | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Answers that are set aside, oldest first, and the id after which the next page begins, if there is more to look at."""

    answers: tuple[Answer, ...]
    after: str | None


def set_aside(survey: Survey, begin: datetime, end: datetime, after: str | None, answers: "AnswerStore") -> Page:
    """Those of [begin, end) that come after the id `after`."""
    found: list[Answer] = []
    for looked_at, each in enumerate(_in_order(survey, begin, end, after, answers), start=1):
        if isinstance(each, Answer) and each.standing in {Standing.QUARANTINED, Standing.EXCLUDED}:
            found.append(each)
        if len(found) == MOST_LISTED or looked_at == MOST_LOOKED_AT:
            return Page(tuple(found), _id_of(each))
    return Page(tuple(found), None)


def _in_order(survey: Survey, begin: datetime, end: datetime, after: str | None, answers: "AnswerStore") -> Iterator[Answer | AnswerKey]:
    first_id, last_id = ids.first_id_at(begin), ids.first_id_at(end)
    if after is not None:
        begin, first_id = max(begin, ids.parse(after).instant), max(first_id, f"{after}-")
    for utc_date in _dates(begin, end):
        partitions = [ids.partition_of(survey.survey_id, utc_date, bucket) for bucket in range(survey.buckets)]
        yield from merge(
            *(answers.in_partition(each, first_id=first_id, last_id=last_id, page=_AT_A_TIME) for each in partitions), key=_id_of
        )


def _id_of(each: Answer | AnswerKey) -> str:
    return each.key.answer_id if isinstance(each, Answer) else each.answer_id


def _dates(begin: datetime, end: datetime) -> Iterator[date]:
    day = begin.astimezone(UTC).date()
    while day <= end.astimezone(UTC).date():
        yield day
        day += timedelta(days=1)
