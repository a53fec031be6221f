"""Answers of the past: markers, answers and rows, all or nothing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from shared.answer import Change, Standing
from shared.counting.importing import Marker, Missed, Past, PastCounting, PastStore, count_past, settled
from shared.counting.ports import Refusal
from shared.counting.recount import compare
from shared.counting.settle import Counting, settle
from shared.rollup import Difference, RowDay
from shared.store.imported import Imported
from shared.survey import Survey
from tests.contract.places import Place
from tests.fakes.answers import MemoryAnswers
from tests.fakes.bus import MemoryBus
from tests.fakes.imported import MemoryImported
from tests.fakes.memory import Memory
from tests.fakes.people import MemoryPersonAnswers
from tests.fakes.samples import NOON, answer_of, survey_of

SURVEY = survey_of()
DAY = date(2026, 3, 10)
ALL = RowDay("loja", "all", DAY.isoformat())


@pytest.fixture
def store(place: Place) -> PastStore:
    return MemoryImported(place.answers.memory) if isinstance(place.answers, MemoryAnswers) else Imported()


def past(number: int, score: int = 9, *, kept: bool = True, days_ago: int = 0, survey: Survey = SURVEY) -> Past:
    answer = answer_of(survey, number, score, instant=NOON - timedelta(days=days_ago))
    return Past(Marker(f"name-{number:017d}", "imp_1", number, kept), settled(answer, survey, NOON))


def rows_of(*pasts: Past) -> Difference:
    total = Difference()
    for each in pasts:
        total.add("loja", each.contribution, 1)
    return total


def count(store: PastStore, *pasts: Past) -> Missed | Refusal:
    return store.count(SURVEY, pasts, rows_of(*pasts).touched())


def test_what_is_counted_is_stored_as_it_will_stand(place: Place, store: PastStore) -> None:
    one, other = past(1, 9), past(2, 3)
    assert count(store, one, other) == Missed()
    found = place.answers.read([one.answer.key, other.answer.key]).answers
    assert found == {one.answer.key: one.answer, other.answer.key: other.answer}
    assert found[one.answer.key].imported
    assert place.rollups.sums(SURVEY, ["all"], DAY, DAY) == {ALL: {9: 1, 3: 1}}
    assert store.markers("loja", [one.marker.name, "absent"]) == {one.marker.name: one.marker}


def test_a_marker_that_is_there_stops_the_whole_group_and_is_named(place: Place, store: PastStore) -> None:
    assert not count(store, past(1))
    again, new = replace(past(1), answer=past(3).answer), past(2)
    assert count(store, new, again) == Missed(there=frozenset({again.marker.name}))
    assert not place.answers.read([new.answer.key]).answers
    assert place.rollups.sums(SURVEY, ["all"], DAY, DAY) == {ALL: {9: 1}}


def test_an_answer_that_is_there_without_a_marker_is_not_counted_again(place: Place, store: PastStore) -> None:
    there = past(1)
    place.answers.add(replace(there.answer, pending=True, mark=None, expires_at=None))
    assert count(store, there) == Missed(there=frozenset({there.marker.name}))
    assert not place.rollups.sums(SURVEY, ["all"], DAY, DAY)


def test_what_is_counted_only_leaves_a_marker_and_no_answer(place: Place, store: PastStore) -> None:
    only = past(1, kept=False)
    assert not count(store, only)
    assert not place.answers.read([only.answer.key]).answers
    assert place.rollups.sums(SURVEY, ["all"], DAY, DAY) == {ALL: {9: 1}}
    assert store.markers("loja", [only.marker.name])[only.marker.name].kept is False


def test_a_sealed_day_keeps_nothing_more_and_is_named(place: Place, store: PastStore) -> None:
    assert not count(store, past(1))
    [revisions] = place.rollups.revisions(SURVEY, DAY, DAY).values()
    assert place.rollups.seal(SURVEY, DAY, revisions, NOON)
    late, other_day = past(2), past(3, days_ago=3)
    assert count(store, late, other_day) == Missed(sealed=frozenset({DAY.isoformat()}))
    assert not count(store, replace(late, marker=replace(late.marker, kept=False)), other_day)
    assert place.rollups.sums(SURVEY, ["all"], DAY, DAY) == {ALL: {9: 2}}


def test_a_day_that_an_import_touched_is_not_sealed_as_it_was_before(place: Place, store: PastStore) -> None:
    assert not count(store, past(1))
    [revisions] = place.rollups.revisions(SURVEY, DAY, DAY).values()
    assert not count(store, past(2, kept=False))
    assert not place.rollups.seal(SURVEY, DAY, revisions, NOON)


def test_many_are_counted_in_as_few_transactions_as_hold_them(place: Place, store: PastStore) -> None:
    pasts = [past(number, number % 11, days_ago=number % 3) for number in range(150)]
    work = PastCounting(store, place.ledger, lambda _: None)
    counted = count_past(SURVEY, pasts, set(), NOON, work)
    assert counted == {each.marker.name: each.marker for each in pasts}
    others = [replace(each, marker=replace(each.marker, import_id="imp_2")) for each in pasts]
    assert count_past(SURVEY, others, set(), NOON, work) == counted
    checks = compare(SURVEY, [DAY - timedelta(days=days) for days in range(3)], place.answers, place.rollups, NOON)
    assert [(check.agrees, check.answers, check.drifted) for check in checks] == [(True, 50, ())] * 3


def test_an_imported_answer_can_be_excluded_and_nobody_hears_of_it(place: Place, store: PastStore) -> None:
    one = past(1, 2)
    assert not count(store, one)
    place.put_survey(SURVEY)
    bus = MemoryBus(Memory())
    persons = MemoryPersonAnswers(Memory(), dict)
    work = Counting(place.answers, place.surveys, bus, lambda: NOON, lambda _: None, lambda _: 0, persons, place.ledger)
    for standing, bins in ((Standing.EXCLUDED, {}), (Standing.VALID, {2: 1}), (Standing.WITHDRAWN, {})):
        assert place.answers.change(one.answer.key, Change(standing=standing), NOON)
        assert not settle([one.answer.key], work).unsettled
        assert place.rollups.sums(SURVEY, ["all"], DAY, DAY).get(ALL, {}) == bins
        [there] = place.answers.read([one.answer.key]).answers.values()
        assert there.imported
        assert not there.pending
    assert not bus.events
