"""What counting relies on from `AnswerStore`: of the one in memory, which its tests use, and of DynamoDB's alike."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from shared.answer import (
    REOPENED,
    SUPERSEDED,
    Answer,
    AnswerKey,
    Change,
    Contribution,
    Mark,
    Standing,
    SuspicionReason,
    changed,
    quarantined_for,
)
from shared.counting.ports import Refusal, Settlement
from shared.rollup import Bins, RowDay
from shared.scoring import NpsClass
from shared.store.answers import Answers
from tests.contract.places import Place
from tests.fakes.answers import MemoryAnswers
from tests.fakes.samples import NOON, answer_of, key_of, survey_of

SURVEY = survey_of(buckets=1, row_shards=3)
PARTITION = "loja#2026-03-10#0"
DAY = "2026-03-10"
ALL, CHECKOUT = RowDay("loja", "all", DAY), RowDay("loja", "touchpoint=checkout", DAY)
LATER, UNTIL = NOON + timedelta(hours=1), NOON + timedelta(days=60)
SUSPECTED = quarantined_for(SuspicionReason.NETWORK)
NINE = Mark(1, Contribution(9, DAY, ("all", "touchpoint=checkout")))


def given(place: Place, *scores: int) -> list[Answer]:
    answers = [answer_of(SURVEY, number, score, instant=NOON + number * timedelta(seconds=1)) for number, score in enumerate(scores)]
    assert all(place.answers.add(answer) for answer in answers)
    return answers


def there(place: Place, key: AnswerKey) -> Answer:
    return place.answers.read([key]).answers[key]


def settled(place: Place, answer: Answer, mark: Mark = NINE, rows: Mapping[RowDay, Bins] | None = None) -> Answer:
    assert place.answers.commit([Settlement(answer, mark, UNTIL)], rows or {}, {"loja": 0}) == frozenset()
    return there(place, answer.key)


def test_an_answer_is_read_as_it_was_stored(place: Place) -> None:
    answer = answer_of(SURVEY, 1, 7, finished=True)
    assert place.answers.add(answer)
    assert there(place, answer.key) == answer


def test_a_key_is_taken_once(place: Place) -> None:
    [answer] = given(place, 9)
    assert not place.answers.add(replace(answer, score=1))
    assert there(place, answer.key).score == 9


def test_any_number_of_keys_is_read_some_twice_some_gone(place: Place) -> None:
    keys = [answer.key for answer in given(place, *[number % 11 for number in range(203)])]
    gone = [key_of(SURVEY, number, NOON - timedelta(hours=1)) for number in range(60)]
    reading = place.answers.read([*keys, *gone, *keys[:50]])
    assert set(reading.answers) == set(keys)
    assert reading.unreadable == frozenset()
    assert [reading.answers[key].score for key in keys[:12]] == [*range(11), 0]


def test_reading_nothing_is_nothing(place: Place) -> None:
    reading = place.answers.read([])
    assert (reading.answers, reading.unreadable) == ({}, frozenset())


def test_what_cannot_be_read_is_told_apart_from_what_is_gone(place: Place) -> None:
    good, bad = given(place, 9, 3)
    place.spoil(bad.key)
    reading = place.answers.read([good.key, bad.key])
    assert (set(reading.answers), set(reading.unreadable)) == ({good.key}, {bad.key})


def test_a_partition_is_read_in_the_order_of_ids_however_many_pages_it_takes(place: Place) -> None:
    answers = given(place, *[5] * 7)
    place.spoil(answers[3].key)
    found = list(place.answers.in_partition(PARTITION))
    assert found == [*answers[:3], answers[3].key, *answers[4:]]


def test_a_partition_is_read_between_two_ids_both_included(place: Place) -> None:
    keys = [answer.key for answer in given(place, *[5] * 6)]
    first, last = keys[1].answer_id, keys[4].answer_id
    found = place.answers.in_partition(PARTITION, first_id=first, last_id=last)
    assert [answer.key for answer in found if isinstance(answer, Answer)] == keys[1:5]
    assert list(place.answers.in_partition(PARTITION, first_id="f", last_id="g")) == []


@pytest.mark.parametrize("page", [1, 3, 100])
def test_a_partition_is_read_as_many_at_a_time_as_wished(place: Place, page: int) -> None:
    answers = given(place, *[5] * 7)
    assert list(place.answers.in_partition(PARTITION, page=page)) == answers


@pytest.mark.parametrize("page", [1, 3, 100])
def test_a_partition_is_read_backwards_between_two_ids_both_included(place: Place, page: int) -> None:
    answers, reader = given(place, *[5] * 8), place.answers
    assert isinstance(reader, Answers | MemoryAnswers)
    place.spoil(answers[3].key)
    first, last = answers[1].key.answer_id, answers[6].key.answer_id
    expected = [answers[6], answers[5], answers[4], answers[3].key, answers[2], answers[1]]
    assert list(reader.backwards(PARTITION, first_id=first, last_id=last, page=page)) == expected
    assert list(reader.backwards("fantasma#2026-03-10#0", first_id=first, last_id=last, page=page)) == []


def test_only_pending_answers_are_asked_for_page_by_page_too(place: Place) -> None:
    answers = given(place, *[9] * 7)
    for answer in answers[:5]:
        settled(place, answer)
    place.spoil(answers[2].key)
    place.spoil(answers[6].key)
    assert list(place.answers.in_partition(PARTITION, pending_only=True)) == [answers[5], answers[6].key]


def test_an_unknown_partition_is_empty(place: Place) -> None:
    given(place, 9)
    assert list(place.answers.in_partition("fantasma#2026-03-10#0")) == []


@pytest.mark.parametrize(
    "change",
    [
        Change(score=0),
        Change(dimensions={"channel": "email", "segment.plan": "other"}),
        Change(dimensions={}),
        Change(finished=True),
        Change(finished=False),
        Change(score=10, finished=True),
        Change(standing=Standing.WITHDRAWN),
        Change(standing=Standing.SUPERSEDED),
        Change(standing=Standing.EXCLUDED),
        quarantined_for(SuspicionReason.NETWORK),
        REOPENED,
    ],
    ids=str,
)
def test_a_change_does_what_rule_1_says(place: Place, change: Change) -> None:
    [answer] = given(place, 9)
    before = settled(place, answer)
    assert place.answers.change(answer.key, change, LATER)
    assert there(place, answer.key) == changed(before, change, LATER)


def test_changes_add_up(place: Place) -> None:
    [answer] = given(place, 9)
    for score in (3, 4, 5):
        assert place.answers.change(answer.key, Change(score=score), LATER)
    assert (there(place, answer.key).rev, there(place, answer.key).score) == (4, 5)


def test_nothing_is_made_by_changing_what_is_not_there(place: Place) -> None:
    key = key_of(SURVEY, 1)
    assert not place.answers.change(key, Change(score=1), NOON)
    assert place.answers.read([key]).answers == {}


@pytest.mark.parametrize("standing", [Standing.WITHDRAWN, Standing.SUPERSEDED])
def test_what_no_longer_stands_stays_as_it_is(place: Place, standing: Standing) -> None:
    [answer] = given(place, 9)
    assert place.answers.change(answer.key, Change(standing=standing), NOON)
    before = there(place, answer.key)
    decisions = [Change(standing=standing) for standing in (Standing.WITHDRAWN, Standing.VALID, Standing.EXCLUDED)]
    for change in (Change(score=1), Change(finished=True), *decisions, SUSPECTED, REOPENED):
        assert not place.answers.change(answer.key, change, LATER)
    assert there(place, answer.key) == before


def test_what_is_set_aside_as_it_comes_is_read_as_it_was_stored(place: Place) -> None:
    both = (SuspicionReason.HONEYPOT, SuspicionReason.TOO_FAST)
    answer = answer_of(SURVEY, 1, standing=Standing.QUARANTINED, suspicions=both)
    assert place.answers.add(answer)
    assert there(place, answer.key) == answer


def test_what_was_set_aside_may_be_let_in_and_set_aside_by_a_person_time_after_time(place: Place) -> None:
    [answer] = given(place, 3)
    for change in (SUSPECTED, Change(standing=Standing.VALID), Change(standing=Standing.EXCLUDED), Change(standing=Standing.VALID)):
        before = there(place, answer.key)
        assert place.answers.change(answer.key, change, LATER)
        assert there(place, answer.key) == changed(before, change, LATER)
        assert not place.answers.change(answer.key, change, LATER)
    assert there(place, answer.key).suspicions == (SuspicionReason.NETWORK,)


@pytest.mark.parametrize("decided", [Standing.VALID, Standing.EXCLUDED])
def test_what_a_person_has_decided_no_suspicion_changes(place: Place, decided: Standing) -> None:
    [answer] = given(place, 3)
    assert place.answers.change(answer.key, SUSPECTED, NOON)
    assert place.answers.change(answer.key, Change(standing=decided), NOON)
    before = there(place, answer.key)
    assert not place.answers.change(answer.key, SUSPECTED, LATER)
    assert there(place, answer.key) == before


@pytest.mark.parametrize("standing", [Standing.QUARANTINED, Standing.EXCLUDED])
def test_what_is_set_aside_is_still_its_respondents_to_change_and_to_withdraw(place: Place, standing: Standing) -> None:
    [answer] = given(place, 3)
    assert place.answers.change(answer.key, Change(standing=standing), NOON)
    for change in (Change(score=9), Change(finished=True, commented=True), REOPENED, Change(standing=Standing.WITHDRAWN)):
        before = there(place, answer.key)
        assert place.answers.change(answer.key, change, LATER)
        assert there(place, answer.key) == changed(before, change, LATER)


def test_what_has_expired_is_not_changed_though_it_is_still_there(place: Place) -> None:
    [answer] = given(place, 9)
    settled(place, answer)
    assert not place.answers.change(answer.key, Change(score=1), UNTIL)
    assert place.answers.change(answer.key, Change(score=1), UNTIL - timedelta(seconds=1))
    assert there(place, answer.key).expires_at is None


def test_a_commit_marks_answers_and_adds_to_rows(place: Place) -> None:
    one, other = given(place, 9, 2)
    two = Mark(1, Contribution(2, DAY, ("all",)))
    rows = {ALL: Counter({9: 1, 2: 1}), CHECKOUT: Counter({9: 1})}
    assert place.answers.commit([Settlement(one, NINE, UNTIL), Settlement(other, two, UNTIL)], rows, {"loja": 0}) == frozenset()
    assert there(place, one.key) == replace(one, mark=NINE, pending=False, expires_at=UNTIL)
    assert there(place, other.key) == replace(other, mark=two, pending=False, expires_at=UNTIL)
    assert (place.bins(ALL, 0), place.bins(CHECKOUT, 0)) == ({9: 1, 2: 1}, {9: 1})


@pytest.mark.parametrize(
    "mark",
    [
        Mark(1, None),
        Mark(1, None, NpsClass.DETRACTOR),
        Mark(1, Contribution(0, DAY, ("all",)), NpsClass.PASSIVE),
        Mark(1, Contribution(10, DAY, ("all", "channel=email", "touchpoint=a&segment.plan=b"))),
    ],
)
def test_a_mark_is_read_as_it_was_set(place: Place, mark: Mark) -> None:
    [answer] = given(place, 9)
    assert settled(place, answer, mark).mark == mark


def test_an_answer_whose_event_was_refused_is_marked_and_stays_pending(place: Place) -> None:
    [answer] = given(place, 9)
    assert place.answers.commit([Settlement(answer, NINE, None)], {ALL: Counter({9: 1})}, {"loja": 0}) == frozenset()
    assert there(place, answer.key) == replace(answer, mark=NINE)


def test_counts_go_down_too_and_each_shard_has_its_own(place: Place) -> None:
    one, other = given(place, 9, 9)
    settled(place, one, rows={ALL: Counter({9: 1})})
    rows = {ALL: Counter({9: -1, 3: 2})}
    assert place.answers.commit([Settlement(other, NINE, UNTIL)], rows, {"loja": 2}) == frozenset()
    assert [place.bins(ALL, shard) for shard in range(3)] == [{9: 1}, {}, {9: -1, 3: 2}]


def test_every_all_row_has_its_revision_moved_even_where_nothing_is_added(place: Place) -> None:
    one, other = given(place, 9, 9)
    settled(place, one, rows={ALL: Counter({9: 1}), CHECKOUT: Counter({9: 1})})
    settled(place, other, rows={ALL: Counter()})
    day = date.fromisoformat(DAY)
    assert place.rollups.revisions(SURVEY, day, day) == {("loja", DAY): (2, 0, 0)}


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda place, answer: place.answers.change(answer.key, Change(score=1), LATER),
        settled,
        lambda place, answer: place.answers.commit([Settlement(answer, NINE, None)], {}, {}),
    ],
    ids=["changed", "settled", "counted but not announced"],
)
def test_nothing_at_all_is_written_if_one_answer_is_no_longer_as_it_was_read(place: Place, meanwhile: object) -> None:
    moved, other = given(place, 9, 9)
    assert callable(meanwhile)
    meanwhile(place, moved)
    before = place.answers.read([moved.key, other.key])
    rows = {ALL: Counter({9: 2})}
    result = place.answers.commit([Settlement(moved, NINE, UNTIL), Settlement(other, NINE, UNTIL)], rows, {"loja": 0})
    assert result == frozenset({moved.key})
    assert place.answers.read([moved.key, other.key]) == before
    assert place.bins(ALL, 0) == {}


def test_what_turned_unreadable_since_it_was_read_is_marked_all_the_same(place: Place) -> None:
    [answer] = given(place, 9)
    place.spoil(answer.key)
    assert place.answers.commit([Settlement(answer, NINE, UNTIL)], {ALL: Counter({9: 1})}, {"loja": 0}) == frozenset()
    assert list(place.answers.in_partition(PARTITION, pending_only=True)) == []
    assert list(place.answers.in_partition(PARTITION)) == [answer.key]


def test_what_cannot_be_read_can_be_changed_all_the_same(place: Place) -> None:
    [answer] = given(place, 9)
    settled(place, answer)
    place.spoil(answer.key)
    assert place.answers.change(answer.key, Change(finished=True), LATER)
    assert list(place.answers.in_partition(PARTITION, pending_only=True)) == [answer.key]


def test_a_commit_makes_no_answer_that_is_gone(place: Place) -> None:
    gone = answer_of(SURVEY, 1)
    assert place.answers.commit([Settlement(gone, NINE, UNTIL)], {ALL: Counter({9: 1})}, {"loja": 0}) == frozenset({gone.key})
    assert place.answers.read([gone.key]).answers == {}
    assert place.bins(ALL, 0) == {}


def test_all_that_moved_is_named(place: Place) -> None:
    answers = given(place, *[9] * 5)
    for answer in answers[1::2]:
        place.answers.change(answer.key, REOPENED, LATER)
    result = place.answers.commit([Settlement(answer, NINE, UNTIL) for answer in answers], {ALL: Counter({9: 5})}, {"loja": 0})
    assert result == frozenset(answer.key for answer in answers[1::2])


def test_a_transaction_holds_a_hundred_answers_and_rows(place: Place) -> None:
    answers = given(place, *[9] * 98)
    rows = {ALL: Counter({9: 98}), CHECKOUT: Counter({9: 98})}
    assert place.answers.commit([Settlement(answer, NINE, UNTIL) for answer in answers], rows, {"loja": 0}) == frozenset()
    assert place.bins(ALL, 0) == {9: 98}


def test_a_larger_one_is_refused_for_good(place: Place) -> None:
    answers = given(place, *[9] * 101)
    settlements = [Settlement(answer, NINE, UNTIL) for answer in answers]
    assert place.answers.commit(settlements, {}, {}) is Refusal.INVALID
    assert there(place, answers[0].key).mark is None


def test_poison_is_told_apart_from_a_lost_race(place: Place) -> None:
    poison, other = given(place, 9, 9)
    place.jam(poison.key, CHECKOUT)
    settlements = [Settlement(poison, NINE, UNTIL), Settlement(other, NINE, UNTIL)]
    assert place.answers.commit(settlements, {CHECKOUT: Counter({9: 2})}, {"loja": 0}) is Refusal.INVALID
    assert there(place, other.key).mark is None


def test_an_anonymous_answer_is_given_to_its_person_once(place: Place) -> None:
    [answer] = given(place, 9)
    dimensions = {"segment.plan": "free"}
    settled(place, answer)
    assert place.answers.give(answer.key, answer.person_id, "ana", Change(dimensions=dimensions), LATER)
    after = there(place, answer.key)
    assert (after.person_id, after.dimensions, after.score) == ("ana", dimensions, 9)
    assert (after.rev, after.pending, after.expires_at, after.changed_at) == (2, True, None, LATER)
    assert not place.answers.give(answer.key, answer.person_id, "rui", Change(dimensions=dimensions), LATER)
    assert not place.answers.give(key_of(SURVEY, 999), "nobody", "rui", Change(dimensions=dimensions), LATER)
    assert there(place, answer.key) == after


def test_an_answer_that_was_withdrawn_is_given_to_nobody(place: Place) -> None:
    [answer] = given(place, 9)
    assert place.answers.change(answer.key, Change(standing=Standing.WITHDRAWN), LATER)
    assert not place.answers.give(answer.key, answer.person_id, "ana", Change(dimensions={}), LATER)
    assert there(place, answer.key).person_id == answer.person_id


def twice(place: Place, **changes: object) -> tuple[Answer, Answer]:
    """Two answers of one person, the earlier one counted."""
    earlier, later = (
        replace(answer_of(SURVEY, number, instant=NOON + timedelta(minutes=number)), person_id="ana", **change)  # type: ignore[arg-type]
        for number, change in ((1, {}), (2, changes))
    )
    assert place.answers.add(earlier)
    assert place.answers.add(later)
    return settled(place, earlier), there(place, later.key)


def test_a_superseded_answer_is_changed_by_rule_1_and_the_other_left_alone(place: Place) -> None:
    earlier, later = twice(place)
    assert place.answers.supersede(earlier, later, LATER)
    assert there(place, earlier.key) == changed(earlier, SUPERSEDED, LATER)
    assert there(place, later.key) == later
    assert not place.answers.supersede(earlier, later, LATER)
    assert not place.answers.change(earlier.key, Change(standing=Standing.VALID), LATER)


def test_what_was_superseded_itself_supersedes(place: Place) -> None:
    earlier, later = twice(place, standing=Standing.SUPERSEDED)
    assert place.answers.supersede(earlier, later, LATER)


@pytest.mark.parametrize("standing", [Standing.WITHDRAWN, Standing.QUARANTINED, Standing.EXCLUDED])
def test_nothing_is_superseded_by_what_does_not_count_nor_what_does_not_count_by_anything(place: Place, standing: Standing) -> None:
    earlier, later = twice(place, standing=standing)
    assert not place.answers.supersede(earlier, later, LATER)
    assert there(place, earlier.key) == earlier
    assert place.answers.change(earlier.key, Change(standing=standing), LATER)
    assert not place.answers.supersede(there(place, earlier.key), replace(later, standing=Standing.VALID), LATER)


def test_nothing_is_superseded_by_anothers_answer_or_by_none(place: Place) -> None:
    earlier, later = twice(place)
    other = replace(answer_of(SURVEY, 3, instant=NOON + timedelta(minutes=3)), person_id="rui")
    assert place.answers.add(other)
    gone = replace(later, key=key_of(SURVEY, 4))
    assert not place.answers.supersede(earlier, other, LATER)
    assert not place.answers.supersede(replace(earlier, person_id="rui"), other, LATER)
    assert not place.answers.supersede(earlier, gone, LATER)
    assert not place.answers.supersede(gone, later, LATER)
    assert there(place, earlier.key) == earlier


def test_what_has_expired_is_not_superseded(place: Place) -> None:
    earlier, later = twice(place)
    assert not place.answers.supersede(earlier, later, UNTIL)
    assert there(place, earlier.key) == earlier


def test_an_edit_meanwhile_does_not_keep_an_answer_from_being_superseded(place: Place) -> None:
    earlier, later = twice(place)
    assert place.answers.change(earlier.key, Change(score=1), LATER)
    assert place.answers.supersede(earlier, later, LATER)
    assert (there(place, earlier.key).rev, there(place, earlier.key).score) == (3, 1)
