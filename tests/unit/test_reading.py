"""Pages of answers: in either order, within bounds, whatever comes meanwhile."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import answer_id as ids
from shared.alerts.ports import PersonFacts
from shared.answer import Answer, AnswerKey, Standing
from shared.periods import day_span, local_day
from shared.reading.page import AT_A_TIME, Bounds, Page, Reading, page_of
from shared.reading.query import AnswerQuery
from shared.reading.walk import InvalidPositionError, instant_of, route_of, walk
from shared.scoring import NpsClass
from tests.fakes.answers import MemoryAnswers
from tests.fakes.memory import Memory, Unreadable
from tests.fakes.reading import MemoryFacts
from tests.fakes.samples import NOON, answer_of, survey_of

SURVEY: Final = survey_of(buckets=3)
DAY: Final = timedelta(days=1)
NOW: Final = NOON + 10 * DAY
ALL: Final = AnswerQuery(first=date(2026, 3, 1), last=date(2026, 3, 31))
WIDE: Final = Bounds(shown=100, looked_at=10_000, days=100)


class Desk:
    """Answers, and whoever reads them."""

    def __init__(self, page: int = 7) -> None:
        self.memory = Memory(page=page)
        self.answers = MemoryAnswers(self.memory)
        self.people = MemoryFacts(self.memory)
        self.reading = Reading(answers=self.answers, people=self.people)

    def add(self, *answers: Answer) -> None:
        for answer in answers:
            self.memory.plant(answer.key, answer)

    def say(self, answer: Answer, comment: str) -> None:
        self.people.held[answer.key.answer_id] = PersonFacts(comment=comment)

    def page(self, query: AnswerQuery = ALL, position: str | None = None, bounds: Bounds = WIDE, *, newest_first: bool = True) -> Page:
        route = route_of(SURVEY, query.first, query.last, NOW, newest_first=newest_first)
        return page_of(query, route, position, self.reading, bounds, NOW)

    def pages(self, query: AnswerQuery = ALL, bounds: Bounds = WIDE, *, newest_first: bool = True) -> list[Page]:
        found = [self.page(query, None, bounds, newest_first=newest_first)]
        while found[-1].position is not None:
            found.append(self.page(query, found[-1].position, bounds, newest_first=newest_first))
            assert len(found) < 1_000
        return found


def spread(count: int, step: timedelta = timedelta(hours=5)) -> list[Answer]:
    """Answers, oldest first, over several days."""
    return [answer_of(SURVEY, number, number % 11, instant=NOON + number * step) for number in range(count)]


def shown(pages: list[Page]) -> list[Answer]:
    return [row.answer for page in pages for row in page.rows]


@given(st.integers(0, 40), st.integers(1, 9), st.integers(1, 30), st.integers(1, 9), st.booleans())
def test_pages_of_whatever_bounds_give_every_answer_once_in_order(
    count: int,
    limit: int,
    looked_at: int,
    days: int,
    newest_first: bool,  # noqa: FBT001 - drawn
) -> None:
    desk, answers = Desk(), spread(count)
    desk.add(*answers)
    pages = desk.pages(bounds=Bounds(limit, looked_at, days), newest_first=newest_first)
    assert shown(pages) == (answers[::-1] if newest_first else answers)
    assert all(len(page.rows) <= limit for page in pages)


def test_the_newest_come_first_and_those_that_come_meanwhile_move_nothing() -> None:
    desk, answers = Desk(), spread(10)
    desk.add(*answers)
    first = desk.page(bounds=Bounds(4, 100, 100))
    desk.add(answer_of(SURVEY, 99, instant=NOON + 9 * DAY), answer_of(SURVEY, 98, instant=answers[-1].instant + timedelta(seconds=1)))
    assert [*shown([first]), *shown([desk.page(position=first.position)])] == answers[::-1]


def test_oldest_first_finds_what_came_meanwhile_too() -> None:
    desk, answers = Desk(), spread(10)
    desk.add(*answers)
    first = desk.page(bounds=Bounds(4, 100, 100), newest_first=False)
    late = answer_of(SURVEY, 99, instant=answers[-1].instant + timedelta(minutes=1))
    desk.add(late)
    assert [*shown([first]), *shown([desk.page(position=first.position, newest_first=False)])] == [*answers, late]


def test_days_are_the_surveys_own() -> None:
    midnight = day_span(date(2026, 3, 12), "America/Sao_Paulo").begins
    inside = [answer_of(SURVEY, 1, instant=midnight), answer_of(SURVEY, 2, instant=midnight + DAY - timedelta(milliseconds=1))]
    outside = [answer_of(SURVEY, 3, instant=midnight - timedelta(milliseconds=1)), answer_of(SURVEY, 4, instant=midnight + DAY)]
    desk = Desk()
    desk.add(*inside, *outside)
    day = AnswerQuery(first=date(2026, 3, 12), last=date(2026, 3, 12))
    assert shown(desk.pages(day, newest_first=False)) == inside
    assert {local_day(answer.instant, "America/Sao_Paulo") for answer in inside} == {date(2026, 3, 12)}


def test_a_page_says_how_far_it_has_looked() -> None:
    desk, answers = Desk(), spread(10, step=DAY)
    desk.add(*answers)
    nothing = replace_of(ALL, scores=(11,))
    first = desk.page(nothing, bounds=Bounds(50, 4, 100))
    assert (first.rows, first.until) == ((), answers[6].instant)
    last = desk.pages(nothing, bounds=Bounds(50, 4, 100))[-1]
    assert last.until == day_span(ALL.first, "America/Sao_Paulo").begins
    assert desk.page(nothing).position is None
    few_days = desk.page(nothing, bounds=Bounds(50, 1_000, 2))
    assert few_days.until == (NOW + DAY).replace(hour=0) - DAY
    assert desk.page(newest_first=False).until == NOW + DAY  # no answer lies further ahead


def replace_of(query: AnswerQuery, **changes: object) -> AnswerQuery:
    return AnswerQuery(**{name: getattr(query, name) for name in query.__struct_fields__} | changes)


def test_each_filter_takes_what_it_says() -> None:
    valid = answer_of(SURVEY, 1, 9, finished=True)
    quarantined = answer_of(SURVEY, 2, 3, standing=Standing.QUARANTINED, instant=NOON + DAY)
    commented = answer_of(SURVEY, 3, 7, {"touchpoint": "support"}, commented=True, instant=NOON + 2 * DAY)
    desk = Desk()
    desk.add(valid, quarantined, commented)

    def taken(**changes: object) -> list[Answer]:
        return shown(desk.pages(replace_of(ALL, **changes), newest_first=False))

    assert taken() == [valid, commented]
    assert taken(standings=(Standing.QUARANTINED, Standing.VALID)) == [valid, quarantined, commented]
    assert taken(standings=(Standing.QUARANTINED,), classes=(NpsClass.DETRACTOR,)) == [quarantined]
    assert taken(classes=(NpsClass.PASSIVE,)) == taken(scores=(7, 8)) == taken(commented=True) == [commented]
    assert taken(commented=False) == taken(dimensions={"touchpoint": "checkout", "segment.plan": "pro"}) == [valid]
    assert taken(dimensions={"touchpoint": "checkout", "segment.plan": "free"}) == []


def test_words_are_found_however_they_are_written_and_all_of_them_have_to_be() -> None:
    desk, answers = Desk(), [replace(answer, commented=True) for answer in spread(4)]
    desk.add(*answers)
    for answer, comment in zip(answers, ("Vou CANCELÁ-LO já", "Cancelei? não", "atendimento ótimo", "já era ótimo"), strict=True):
        desk.say(answer, comment)

    def found(*words: str) -> list[Answer]:
        return shown(desk.pages(replace_of(ALL, words=words), newest_first=False))

    assert found("cancel") == answers[:2]
    assert found("OTIMO", "ja") == [answers[3]]
    assert found("tendimento") == []


@given(st.lists(st.booleans(), max_size=60), st.integers(1, 5))
def test_words_lose_nothing_between_pages(said: list[bool], limit: int) -> None:
    desk, answers = Desk(), [replace(answer, commented=True) for answer in spread(len(said), timedelta(minutes=7))]
    desk.add(*answers)
    for answer, has_it in zip(answers, said, strict=True):
        desk.say(answer, "maçã" if has_it else "pera")
    pages = desk.pages(replace_of(ALL, words=("maca",)), bounds=Bounds(limit, 30, 100))
    assert shown(pages) == [answer for answer, has_it in zip(answers, said, strict=True) if has_it][::-1]


def test_comments_are_read_for_many_answers_at_a_time() -> None:
    desk, answers = Desk(page=500), [replace(answer, commented=True) for answer in spread(350, timedelta(minutes=1))]
    desk.add(*answers)
    desk.page()
    assert desk.people.asked == [100]
    desk.people.asked.clear()
    desk.page(replace_of(ALL, words=("nada",)))
    assert desk.people.asked == [AT_A_TIME, AT_A_TIME, AT_A_TIME, 50]


def test_what_has_expired_or_cannot_be_read_is_gone_past() -> None:
    desk, answers = Desk(), spread(5)
    desk.add(*answers)
    desk.memory.plant(answers[1].key, replace(answers[1], expires_at=NOW))
    desk.memory.plant(answers[3].key, Unreadable(answers[3]))
    assert shown(desk.pages(newest_first=False)) == [answers[0], answers[2], answers[4]]


@pytest.mark.parametrize("position", ["", "x", "019cd843-1180-7000-8000", "{019cd843-1180-7000-8000-000000000001}", "f" * 36, "F" * 8])
def test_what_is_spelled_otherwise_is_no_position(position: str) -> None:
    with pytest.raises(InvalidPositionError):
        instant_of(position)


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("instant", [NOON - 400 * DAY, NOON + 400 * DAY])
def test_a_position_outside_of_the_span_is_its_nearer_end(instant: object, *, newest_first: bool) -> None:
    desk, answers = Desk(), spread(3)
    desk.add(*answers)
    position = ids.first_id_at(instant)  # type: ignore[arg-type]  # parametrized
    found = shown([desk.page(position=position, newest_first=newest_first)])
    comes_first = (instant < NOON) is not newest_first  # type: ignore[operator]  # likewise
    assert len(found) == (3 if comes_first else 0)


@given(st.dates(), st.dates(), st.booleans())
def test_a_way_through_any_days_is_no_error_and_no_longer_than_there_can_be_answers(
    first: date,
    last: date,
    newest_first: bool,  # noqa: FBT001 - drawn
) -> None:
    route = route_of(SURVEY, min(first, last), max(first, last), NOW, newest_first=newest_first)
    assert route.begin <= route.end or route.end <= NOW + DAY
    next(walk(route, None, Desk().answers, 10), None)


def test_keys_lead_to_the_partitions_that_are_gone_through() -> None:
    desk, answers = Desk(), spread(30, timedelta(hours=1))
    desk.add(*answers)
    asked: list[AnswerKey] = [answer.key for answer in shown(desk.pages())]
    assert len({key.partition for key in asked}) > SURVEY.buckets
