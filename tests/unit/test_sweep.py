"""The sweep: no pending answer is forgotten, wherever its record went, and nothing is read that cannot hold one."""

from datetime import timedelta

import pytest

from shared import answer_id as ids
from shared.answer import AnswerKey, Change
from shared.counting.reach import needs_announcing
from shared.counting.sweep import sweep
from tests.fakes.house import House
from tests.fakes.memory import Unreadable
from tests.fakes.registry import MemorySurveys
from tests.fakes.samples import NOON, answer_of, key_of, survey_of

MINUTES = timedelta(minutes=1)
QUARTER = 15 * MINUTES


def announced(house: House, *keys: AnswerKey) -> None:
    """What `collect` does before it writes to an answer of another time."""
    for key in keys:
        if needs_announcing(ids.parse(key.answer_id), house.now):
            house.ledger.touch(key.partition, house.now)


def test_an_answer_pending_for_ten_minutes_is_settled() -> None:
    house = House()
    house.given(9)
    house.wait(10 * MINUTES)
    swept = house.sweep()
    assert (swept.found, swept.oldest, swept.settled.counted) == (1, 10 * MINUTES, 1)
    assert not house.memory.pending()


def test_a_younger_one_is_left_to_the_stream() -> None:
    house = House()
    house.given(9)
    house.wait(10 * MINUTES - timedelta(seconds=1))
    assert house.sweep().found == 0
    assert house.memory.pending()


def test_nothing_pending_is_nothing_found() -> None:
    house = House()
    house.counted(9)
    house.wait(QUARTER)
    assert house.sweep().found == 0


def test_many_are_settled_in_batches() -> None:
    house = House()
    house.given(*[9] * 205)
    house.wait(QUARTER)
    assert house.sweep().settled.counted == 205
    assert house.row() == {9: 205}


@pytest.mark.parametrize("lag", [timedelta(hours=3), timedelta(days=29), timedelta(hours=-20)])
def test_an_answer_of_another_time_is_found_because_its_write_was_announced(lag: timedelta) -> None:
    house = House()
    announced(house, key_of(house.survey, 0, house.now - lag))
    house.given(9, instant=house.now - lag, changed_at=house.now)
    house.wait(QUARTER)
    assert house.sweep().found == 1


def test_an_edit_of_an_old_answer_is_found_because_it_was_announced() -> None:
    house = House()
    [key] = house.counted(9)
    house.wait(timedelta(days=20))
    house.sweep()
    announced(house, key)
    house.change(key, Change(score=1))
    house.wait(QUARTER)
    assert house.sweep().found == 1
    assert house.row() == {1: 1}


@pytest.mark.parametrize(
    "offset", [-timedelta(minutes=61), -timedelta(minutes=59), timedelta(0), timedelta(minutes=4), timedelta(minutes=6)]
)
def test_a_write_that_need_not_be_announced_is_found_by_whichever_sweep_comes_next(offset: timedelta) -> None:
    for pause in (MINUTES, QUARTER, timedelta(hours=5), timedelta(days=9)):
        house = House()
        house.sweep()
        house.wait(pause)
        announced(house, key_of(house.survey, 0, house.now + offset))
        house.given(9, instant=house.now + offset, changed_at=house.now)
        for _ in range(2):
            house.wait(QUARTER)
            house.sweep()
        assert not house.memory.pending(), pause


def test_a_write_that_takes_as_long_as_a_function_may_is_found_too() -> None:
    house = House()
    began_at = house.now
    house.wait(14 * MINUTES)
    house.sweep()
    house.given(9, instant=began_at - timedelta(minutes=59), changed_at=began_at)
    house.wait(QUARTER)
    assert house.sweep().found == 1


def test_a_partition_is_forgotten_once_nothing_in_it_is_pending_and_no_write_can_be_under_way() -> None:
    house = House()
    house.ledger.touch("loja#2026-01-01#0", house.now)
    house.wait(14 * MINUTES)
    house.sweep()
    assert house.ledger.touched()
    house.wait(2 * MINUTES)
    house.sweep()
    assert not house.ledger.touched()


def test_a_partition_touched_again_meanwhile_is_not_forgotten() -> None:
    house = House()
    house.ledger.touch("loja#2026-01-01#0", house.now)
    house.wait(QUARTER + MINUTES)

    def touch_again(name: str) -> None:
        if name == "query":
            house.memory.faults.turn = lambda _name: None
            house.ledger.touch("loja#2026-01-01#0", house.now)

    house.memory.faults.turn = touch_again
    house.sweep()
    assert house.ledger.touched() == {"loja#2026-01-01#0": house.now}


def test_an_outage_of_hours_leaves_nothing_behind() -> None:
    house = House()
    house.bus.accepts = lambda: False
    house.given(9)
    for _ in range(20):
        house.wait(QUARTER)
        house.sweep()
    house.bus.accepts = lambda: True
    house.wait(QUARTER)
    house.sweep()
    assert not house.memory.pending()
    house.wait(QUARTER + MINUTES)
    house.sweep()
    assert not house.ledger.touched()


def test_poison_is_met_again_by_every_sweep_until_it_is_healed_and_holds_up_nothing() -> None:
    house = House()
    poison, *_ = house.given(9, 3, 8)
    house.memory.faults.unwritable = {poison}
    for _ in range(12):
        house.wait(QUARTER)
        house.sweep()
    assert house.memory.pending() == [poison]
    house.memory.faults.unwritable = set()
    house.wait(QUARTER)
    house.sweep()
    assert not house.memory.pending()


def test_what_cannot_be_read_is_passed_over() -> None:
    house = House()
    house.given(9)
    house.memory.plant(key_of(house.survey, 99), Unreadable())
    house.wait(QUARTER)
    assert house.sweep().settled.counted == 1


def test_what_cannot_be_read_today_is_met_again_once_it_can_be() -> None:
    """A version of the program that was rolled back may have written it."""
    house = House()
    [key] = house.given(9)
    answer = house.answer(key)
    house.memory.plant(key, Unreadable(answer))
    for _ in range(10):
        house.wait(QUARTER)
        house.sweep()
    house.memory.plant(key, answer)
    house.wait(QUARTER)
    house.sweep()
    assert not house.memory.pending()


def test_a_sweep_that_fails_is_made_up_for_by_the_next() -> None:
    house = House()
    house.sweep()
    house.given(9)
    house.wait(QUARTER)

    def break_down(name: str) -> None:
        if name == "commit":
            raise ConnectionError

    house.memory.faults.turn = break_down
    with pytest.raises(ConnectionError):
        house.sweep()
    house.memory.faults.turn = lambda _name: None
    house.wait(timedelta(hours=6))
    assert house.sweep().found == 1


def test_the_first_sweep_that_succeeds_reaches_back_to_the_first_answer_there_can_be() -> None:
    house = House()
    house.given(9)
    house.wait(timedelta(days=40))
    assert house.sweep().found == 1


def test_the_time_since_the_last_sweep_is_read_and_no_more() -> None:
    house = House()
    house.sweep()
    house.wait(QUARTER)
    calls: list[str] = []
    house.memory.faults.turn = calls.append
    house.sweep()
    assert calls.count("query") == 2 * house.survey.buckets


@pytest.mark.parametrize(
    ("age", "announced_first"),
    [(timedelta(hours=1), False), (timedelta(hours=1, seconds=1), True), (-5 * MINUTES, False), (-6 * MINUTES, True)],
)
def test_only_writes_outside_the_last_hour_are_announced(age: timedelta, announced_first: bool) -> None:  # noqa: FBT001 - a case of the table
    answer_id = ids.parse(ids.mint(NOON - age, 1))
    assert needs_announcing(answer_id, NOON) is announced_first


def test_every_survey_is_swept() -> None:
    house = House()
    other = survey_of("posto")
    house.given(9)
    assert house.answers.add(answer_of(other, 1, 3))
    house.wait(QUARTER)
    counting = house.counting(MemorySurveys(house.survey, other))
    assert sweep([house.survey, other], house.ledger, counting).settled.counted == 2
