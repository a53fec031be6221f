"""A page of answers that somebody reads. Pure, but for its ports."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from shared.alerts.ports import PersonFacts
from shared.answer import Answer, AnswerKey
from shared.reading.query import AnswerQuery
from shared.reading.walk import AnswerReader, Route, Seen, instant_of, walk

AT_A_TIME: Final = 100
"""Answers whose comments and people are read together: as many as a call of BatchGetItem takes keys."""


class Facts(Protocol):
    """The part of People that reading answers needs."""

    def facts_of(self, answers: Sequence[Answer]) -> Mapping[AnswerKey, PersonFacts]:
        """What is held now of each of the answers, strongly read, in few calls; nothing of whoever was erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading answers works with."""

    answers: AnswerReader
    people: Facts


class Bounds(NamedTuple):
    """How much a page may be: answers that it shows, answers that are looked at for it, and days (UTC) that are."""

    shown: int
    looked_at: int
    days: int


class Row(NamedTuple):
    """An answer with what is held of its person."""

    answer: Answer
    facts: PersonFacts


@dataclass(frozen=True, slots=True)
class Page:
    """Some answers, in order; the position that the next page goes on from, if there is more to look at; how far was looked."""

    rows: tuple[Row, ...]
    position: str | None
    until: datetime


def page_of(  # noqa: PLR0913, PLR0917 - what, where, how much, when
    query: AnswerQuery, route: Route, position: str | None, reading: Reading, bounds: Bounds, now: datetime
) -> Page:
    """The next answers of the route that the query takes. It ends with what the bounds allow, perhaps short of answers, or empty."""
    look, rows = _Look(walk(route, position, reading.answers, AT_A_TIME), bounds, position), list[Row]()
    while not look.has_ended and len(rows) < bounds.shown:
        candidates = look.candidates(query, AT_A_TIME if query.words else bounds.shown - len(rows), now)
        facts = reading.people.facts_of(candidates)
        found = [Row(answer, facts[answer.key]) for answer in candidates if query.takes_words(facts[answer.key].comment)]
        rows += found[: bounds.shown - len(rows)]
        if len(rows) == bounds.shown and candidates[-1] is not rows[-1].answer:
            look.go_back_to(rows[-1].answer)  # what follows it is looked at again, by the next page
    return Page(tuple(rows), look.position, look.until(route))


class _Look:
    """How far one has looked, within bounds. `position` is None once there is nothing more to look at."""

    def __init__(self, seen: Iterator[Seen], bounds: Bounds, position: str | None) -> None:
        self._seen = seen
        self._answers, self._days = bounds.looked_at, bounds.days
        self.position = position
        self.has_ended = False

    def candidates(self, query: AnswerQuery, wanted: int, now: datetime) -> list[Answer]:
        """The next answers that the query takes, their words aside: as many as wanted, unless the look ends."""
        found: list[Answer] = []
        while len(found) < wanted:
            if not (self._answers and self._days):
                self.has_ended = True
                break
            seen = next(self._seen, None)
            if seen is None:
                self.has_ended, self.position = True, None
                break
            self.position = seen.position
            if seen.is_day:
                self._days -= 1
                continue
            self._answers -= 1
            if seen.answer is not None and not seen.answer.has_expired(now) and query.takes(seen.answer):
                found.append(seen.answer)
        return found

    def go_back_to(self, answer: Answer) -> None:
        """Have looked no further than that."""
        self.position = answer.key.answer_id

    def until(self, route: Route) -> datetime:
        """The instant up to which all has been looked at."""
        if self.position is not None:
            return instant_of(self.position)
        return route.begin if route.newest_first else route.end
