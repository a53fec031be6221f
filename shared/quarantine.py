"""Answers that were set aside: which they are, and what a person may decide about each. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from shared.answer import Answer, AnswerKey, Standing
from shared.reading.walk import Route, walk
from shared.survey import Survey

if TYPE_CHECKING:
    from shared.reading.walk import AnswerReader

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


def set_aside(survey: Survey, begin: datetime, end: datetime, after: str | None, answers: "AnswerReader") -> Page:
    """Those of [begin, end) that come after the id `after`."""
    found: list[Answer] = []
    all_seen = (seen for seen in walk(Route(survey=survey, begin=begin, end=end), after, answers, _AT_A_TIME) if not seen.is_day)
    for looked_at, seen in enumerate(all_seen, start=1):
        if seen.answer is not None and seen.answer.standing in {Standing.QUARANTINED, Standing.EXCLUDED}:
            found.append(seen.answer)
        if len(found) == MOST_LISTED or looked_at == MOST_LOOKED_AT:
            return Page(tuple(found), seen.position)
    return Page(tuple(found), None)
