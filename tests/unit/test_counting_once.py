"""Settling where each person counts once a span."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from shared.answer import NOBODY, AnswerKey, Change, Standing, anonymised
from shared.counting import once
from shared.identity import anonymous_person_id
from shared.intake.ports import Occasion
from tests.fakes.house import House
from tests.fakes.memory import Unreadable
from tests.fakes.samples import NOON, answer_of, settings_of, survey_of

DAY = timedelta(days=1)
VALID, SUPERSEDED = Standing.VALID, Standing.SUPERSEDED


def house_counting_once(per: str = "days:30", page: int = 100) -> House:
    return House(survey_of(settings=settings_of(count_once_per=per, retention_days=365)), page=page)


def theirs(house: House, score: int, days: float = 0, person: str = "ana", **changes: Any) -> AnswerKey:  # noqa: ANN401 - any field
    """A new answer of a person, given so many days after noon, whom People knew of before."""
    answer = answer_of(house.survey, len(house.memory.items), score, instant=NOON + days * DAY, person_id=person, **changes)
    house.people.note_answer(person, Occasion(house.survey.survey_id, answer.key.answer_id, NOON + 400 * DAY), house.now)
    assert house.answers.add(answer)
    return answer.key


def standings(house: House, *keys: AnswerKey) -> list[Standing]:
    return [house.answer(key).standing for key in keys]


def calls(house: House, work: Callable[[], object]) -> Counter[str]:
    """How often each store was called."""
    made: Counter[str] = Counter()
    house.memory.faults.turn = lambda name: made.update([name])
    work()
    house.memory.faults.turn = lambda _name: None
    return Counter({name: count // 2 for name, count in made.items()})


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0), (0, 2, 1), (2, 0, 1)])
@pytest.mark.parametrize("together", [True, False])
def test_the_last_of_three_counts_in_whatever_order_they_are_settled(order: tuple[int, ...], together: bool) -> None:  # noqa: FBT001 - drawn
    house = house_counting_once()
    keys = [theirs(house, score, days) for score, days in ((2, 0), (9, 10), (7, 20))]
    for batch in [[keys[n] for n in order]] if together else [[keys[n]] for n in order]:
        house.settle(*batch)
    house.settle(*keys)
    assert standings(house, *keys) == [SUPERSEDED, SUPERSEDED, VALID]
    assert house.row() == {7: 1}
    assert not any(house.answer(key).pending for key in keys)


def test_the_earlier_answer_goes_out_of_the_counters_as_the_later_one_comes_into_them() -> None:
    house = house_counting_once()
    first = theirs(house, 2)
    house.settle(first)
    later = theirs(house, 9, 3)
    writes: list[Any] = []
    house.memory.watchers.append(lambda write: writes.append(write.rows) if write.rows else None)
    assert house.settle(later).counted == 2
    assert len(writes) == 1
    assert (house.row(), house.answer(first).mark.contribution) == ({9: 1}, None)  # type: ignore[union-attr]


def test_what_was_counted_is_announced_as_no_longer_counted() -> None:
    house = house_counting_once()
    first = theirs(house, 2)
    house.settle(first)
    house.settle(theirs(house, 9, 3))
    said = house.bus.events[f"{first.answer_id}#2"].data
    assert (said.nps_class, said.score, said.previous_class) == (None, None, "detractor")


def test_an_answer_that_comes_late_from_another_device_is_superseded_by_the_one_that_is_there() -> None:
    house = house_counting_once()
    later = theirs(house, 9, 3)
    house.settle(later)
    late = theirs(house, 2, 1)
    house.settle(late)
    assert standings(house, late, later) == [SUPERSEDED, VALID]
    assert house.row() == {9: 1}
    assert not house.bus.events[f"{late.answer_id}#2"].data.previous_class


def test_a_chain_of_answers_leaves_what_its_last_link_does_not_reach_superseded_all_the_same() -> None:
    for order in ((0, 1, 2), (0, 2, 1)):
        house = house_counting_once("days:10")
        keys = [theirs(house, 2)]
        house.settle(*keys)
        keys += [theirs(house, 8, 8), theirs(house, 9, 16)]
        for number in order:
            house.settle(keys[number])
        assert standings(house, *keys) == [SUPERSEDED, SUPERSEDED, VALID], order


def test_outside_of_the_span_and_of_another_person_every_answer_counts() -> None:
    house = house_counting_once()
    house.settle(theirs(house, 2), theirs(house, 9, 31), theirs(house, 8, 1, person="rui"))
    assert house.row() == {2: 1, 9: 1, 8: 1}


def test_what_is_noted_as_a_persons_and_is_anothers_or_not_there_is_passed_over() -> None:
    house = house_counting_once()
    first, others = theirs(house, 2), theirs(house, 8, 1, person="rui")
    for noted in (others, answer_of(house.survey, 99, instant=NOON + DAY).key):
        house.people.note_answer("ana", Occasion("loja", noted.answer_id, NOON + 400 * DAY), NOON)
    house.settle(first, others)
    assert house.row() == {2: 1, 8: 1}


@pytest.mark.parametrize("standing", [Standing.QUARANTINED, Standing.EXCLUDED])
def test_what_is_set_aside_supersedes_nothing_until_it_is_let_in(standing: Standing) -> None:
    house = house_counting_once()
    first, aside = theirs(house, 2), theirs(house, 9, 1, standing=standing)
    house.settle(first, aside)
    assert house.row() == {2: 1}
    house.change(aside, Change(standing=VALID))
    house.settle(aside)
    assert (standings(house, first, aside), house.row()) == ([SUPERSEDED, VALID], {9: 1})


def test_what_is_let_in_after_a_later_one_came_is_superseded() -> None:
    house = house_counting_once()
    aside, later = theirs(house, 2, standing=Standing.QUARANTINED), theirs(house, 9, 1)
    house.settle(aside, later)
    assert standings(house, aside, later) == [Standing.QUARANTINED, VALID]
    house.change(aside, Change(standing=VALID))
    house.settle(aside)
    assert (standings(house, aside, later), house.row()) == ([SUPERSEDED, VALID], {9: 1})


@pytest.mark.parametrize("standing", [Standing.WITHDRAWN, Standing.EXCLUDED])
def test_what_was_superseded_stays_so_whatever_becomes_of_the_later_one(standing: Standing) -> None:
    house = house_counting_once()
    first, later = theirs(house, 2), theirs(house, 9, 1)
    house.settle(first, later)
    house.change(later, Change(standing=standing))
    house.settle(later)
    assert (standings(house, first, later), house.row()) == ([SUPERSEDED, standing], {})


def test_a_withdrawn_answer_supersedes_nothing() -> None:
    house = house_counting_once()
    first, later = theirs(house, 2), theirs(house, 9, 1)
    house.change(later, Change(standing=Standing.WITHDRAWN))
    house.settle(first, later)
    assert house.row() == {2: 1}


def test_an_anonymised_answer_is_nobodys() -> None:
    house = house_counting_once()
    first, later = theirs(house, 2), theirs(house, 9, 1)
    for key in (first, later):
        house.memory.plant(key, anonymised(house.answer(key), NOON, withdraw=False))
    house.settle(first, later)
    assert (house.answer(first).person_id, house.row()) == (NOBODY, {2: 1, 9: 1})


def test_an_anonymous_answer_that_becomes_a_persons_takes_its_place_then() -> None:
    house = house_counting_once()
    first = theirs(house, 2)
    unknown = answer_of(house.survey, 50, 9, instant=NOON + DAY)
    anonymous = anonymous_person_id(unknown.key.answer_id, house.survey.person_salt)
    assert house.answers.add(replace(unknown, person_id=anonymous))
    house.settle(first, unknown.key)
    assert house.row() == {2: 1, 9: 1}
    house.people.note_answer("ana", Occasion("loja", unknown.key.answer_id, NOON + 400 * DAY), NOON)
    assert house.answers.give(unknown.key, anonymous, "ana", Change(dimensions={"identity": "identified"}), NOON)
    house.settle(unknown.key)
    assert house.row() == {9: 1}


def test_a_new_setting_holds_for_what_is_settled_from_then_on() -> None:
    house = house_counting_once("none")
    keys = [theirs(house, 2), theirs(house, 8, 20), theirs(house, 9, 40)]
    house.settle(*keys)
    house.survey = msgspec.structs.replace(house.survey, settings=settings_of(count_once_per="days:30", retention_days=365))
    house.settle(*keys)
    assert house.row() == {2: 1, 8: 1, 9: 1}
    new = theirs(house, 10, 41)
    house.settle(new)
    assert standings(house, *keys, new) == [VALID, SUPERSEDED, SUPERSEDED, VALID]  # the first lies within no 30 days of the new one
    house.survey = msgspec.structs.replace(house.survey, settings=settings_of(retention_days=365))
    house.settle(theirs(house, 7, 42))
    assert house.row() == {2: 1, 10: 1, 7: 1}


def test_expired_answers_are_left_as_they_were_counted() -> None:
    house = house_counting_once("days:730")
    first = theirs(house, 2)
    house.settle(first)
    house.wait(366 * DAY)
    later = theirs(house, 9, 366)
    assert not house.settle(later).unsettled
    assert house.row() == {2: 1, 9: 1}


def test_where_answers_count_each_for_itself_nothing_more_is_asked() -> None:
    plain, once_ = house_counting_once("none"), house_counting_once()
    for house, person in ((plain, "ana"), (once_, "")):
        keys = []
        for number in range(3):
            key = theirs(house, 9, number, person=person)
            if not person:
                anonymous = anonymous_person_id(key.answer_id, house.survey.person_salt)
                house.memory.plant(key, replace(house.answer(key), person_id=anonymous))
            keys.append(key)
        assert calls(house, lambda house=house, keys=keys: house.settle(*keys)) == {"read": 1, "announce": 1, "commit": 1}  # type: ignore[misc]


def test_a_person_who_answers_for_the_first_time_costs_two_queries() -> None:
    house = house_counting_once()
    key = theirs(house, 9)
    assert calls(house, lambda: house.settle(key)) == {"read": 1, "person_answers": 2, "announce": 1, "commit": 1}


def test_what_a_new_answer_costs_does_not_grow_with_the_answers_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "PAGE", 3)
    costs = []
    for before in (5, 40):
        house = house_counting_once(page=4)
        for number in range(before):
            house.settle(theirs(house, 9, number / 100))
        new = theirs(house, 2, 1)
        costs.append(calls(house, lambda house=house, new=new: house.settle(new)))  # type: ignore[misc]
        assert house.row() == {2: 1}
    assert costs[0] == costs[1]


def test_many_that_are_set_aside_between_hide_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "PAGE", 3)
    house = house_counting_once(page=2)
    first = theirs(house, 2)
    between = [theirs(house, 5, (number + 1) / 100, standing=Standing.QUARANTINED) for number in range(10)]
    house.settle(first, *between)
    later = theirs(house, 9, 1)
    house.settle(later)
    late = theirs(house, 4, 0.001)
    house.settle(late)
    assert (standings(house, first, late, later), house.row()) == ([SUPERSEDED, SUPERSEDED, VALID], {9: 1})


def test_an_answer_waits_while_one_of_the_same_person_cannot_be_read() -> None:
    house = house_counting_once()
    first = theirs(house, 2)
    house.settle(first)
    house.memory.plant(first, Unreadable(house.answer(first)))
    later, other = theirs(house, 9, 1), theirs(house, 8, person="rui")
    assert house.settle(later, other).unsettled == {later}
    assert house.row() == {2: 1, 8: 1}
    ill = house.memory.items[first]
    assert isinstance(ill, Unreadable)
    house.memory.plant(first, ill.was)
    assert not house.settle(later).unsettled
    assert house.row() == {9: 1, 8: 1}


def test_a_store_that_stays_busy_leaves_the_answer_pending_and_later_it_is_decided() -> None:
    house = house_counting_once()
    first = theirs(house, 2)
    house.settle(first)
    later = theirs(house, 9, 1)
    house.memory.faults.busy = lambda: True
    assert house.settle(later).unsettled == {later}
    assert house.pauses == list(range(once.TRIES))
    house.memory.faults.busy = lambda: False
    house.settle(later)
    assert house.row() == {9: 1}


def test_superseding_an_old_answer_announces_its_partition_to_the_sweep() -> None:
    house = house_counting_once()
    first = theirs(house, 2)
    house.settle(first)
    house.wait(3 * DAY)
    house.settle(theirs(house, 9, 3))
    assert house.ledger.touched() == {first.partition: house.now}


def test_what_was_superseded_and_not_settled_is_settled_by_whoever_comes() -> None:
    house = house_counting_once()
    first = theirs(house, 2)
    house.settle(first)
    later = theirs(house, 9, 1)
    assert house.answers.supersede(house.answer(first), house.answer(later), house.now)  # and the worker ends here
    assert house.row() == {2: 1}
    house.wait(timedelta(minutes=20))
    house.sweep()
    assert not house.answer(first).pending
    house.settle(later)
    assert house.row() == {9: 1}
