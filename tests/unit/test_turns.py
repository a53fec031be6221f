"""Two calls at once to an endpoint, one where it rests, and everything else back in the queue, at no cost to others."""

from datetime import datetime, timedelta

import pytest

from shared.alerts.call import CallError
from shared.alerts.channel import Channel
from shared.alerts.message import Due, MessageStatus
from shared.alerts.retrying import CALLS_AT_ONCE, LONGEST_CALL, WELL
from shared.alerts.turns import Turn, begin, end, put_back
from tests.fakes.alert_house import AlertHouse
from tests.fakes.channels import channel_of

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
WAITING = 1000


def house_of(*names: str) -> tuple[AlertHouse, list[Channel]]:
    house = AlertHouse()
    channels = [channel_of(name) for name in names]
    house.listen(*channels)
    return house, channels


def test_of_a_batch_as_many_go_on_as_their_endpoint_has_room_for_and_a_test_always() -> None:
    house, (one, other) = house_of("um", "outro")
    dues = [Due(f"msg_{number}", one.channel_id) for number in range(5)] + [Due("msg_o", other.channel_id), Due("msg_test")]
    there = put_back(dues, house.delivering.turns)
    assert list(there) == dues[CALLS_AT_ONCE:5]
    assert sorted((at, due.message_id, due.times) for at, due in house.outbox.queue) == [
        (house.now + SECOND * after, f"msg_{number}", 1) for number, after in enumerate((1, 1, 2), CALLS_AT_ONCE)
    ]


def test_turns_are_given_back_and_a_crashed_ones_comes_to_an_end_by_itself() -> None:
    house, (channel,) = house_of("um")
    turns = house.delivering.turns
    taken = [begin(channel.channel_id, turns) for _ in range(CALLS_AT_ONCE)]
    assert all(isinstance(turn, Turn) for turn in taken)
    assert isinstance(begin(channel.channel_id, turns), datetime)
    first = taken[0]
    assert isinstance(first, Turn)
    end(channel.channel_id, first, turns)
    assert isinstance(begin(channel.channel_id, turns), Turn)
    assert isinstance(begin(channel.channel_id, turns), datetime)
    house.now += LONGEST_CALL + SECOND
    assert isinstance(begin(channel.channel_id, turns), Turn)


def test_a_thousand_alerts_for_a_resting_endpoint_are_put_back_unread_and_unwritten() -> None:
    house, (dead,) = house_of("morto")
    house.deliveries.breakers[dead.channel_id] = WELL.after_failure(house.now, 10 * MINUTE)
    dues = [Due(f"msg_{number}", dead.channel_id) for number in range(WAITING)]
    calls: list[str] = []
    house.memory.faults.turn = calls.append
    assert list(put_back(dues, house.delivering.turns)) == dues
    assert set(calls) == {"breaker", "put_back"}
    assert calls.count("breaker") <= 2  # before and after one call


def test_what_was_put_back_comes_again_over_the_length_of_the_rest_and_all_of_it_arrives() -> None:
    house, (channel,) = house_of("um")
    house.deliveries.breakers[channel.channel_id] = WELL.after_failure(house.now, 10 * MINUTE)
    house.chance = 0.5
    keys = [house.tell() for _ in range(50)]
    assert not house.heard()
    house.run(10 * MINUTE)
    assert not house.heard()
    house.run(10 * MINUTE)
    assert {house.message(channel, key).status for key in keys} == {MessageStatus.DELIVERED}
    assert {house.message(channel, key).attempts for key in keys} == {1}
    assert house.deliveries.breakers[channel.channel_id] == WELL


@pytest.mark.parametrize("outcome", [204, 500, CallError.TIMEOUT, 410])
def test_whatever_comes_of_a_call_its_turn_is_given_back(outcome: int | CallError) -> None:
    house, (channel,) = house_of("um")
    house.caller.behaviour[channel.channel_id] = lambda _now: outcome
    house.tell()
    assert not house.deliveries.breakers[channel.channel_id].under_way


def test_a_call_that_could_not_be_made_gives_its_turn_back() -> None:
    house, (channel,) = house_of("um")

    def fail(reached: str) -> None:
        if reached == "call":
            raise ConnectionError

    house.memory.faults.turn = fail
    with pytest.raises(ConnectionError):
        house.tell()
    house.memory.faults.turn = lambda _name: None
    assert not house.deliveries.breakers[channel.channel_id].under_way


def test_nobody_calls_while_two_others_do_and_no_attempt_is_used_up() -> None:
    house, (channel,) = house_of("um")
    for _ in range(CALLS_AT_ONCE):
        begin(channel.channel_id, house.delivering.turns)
    key = house.given()
    house.notify(key)
    assert house.deliver(house.message(channel, key).message_id) is MessageStatus.WAITING  # it came by when there was room a moment ago
    assert (house.message(channel, key).attempts, len(house.heard())) == (0, 0)
    house.run(LONGEST_CALL + MINUTE)
    assert house.message(channel, key).status is MessageStatus.DELIVERED
    assert len(house.heard()) == 1
