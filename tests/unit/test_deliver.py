"""Delivering until it is delivered: attempts, rests, ends, and what a crash anywhere leaves to be done."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise

import pytest

from shared.alerts.call import CallError
from shared.alerts.channel import Channel, ChannelStatus
from shared.alerts.content import AlertKind
from shared.alerts.deliver import LEASE
from shared.alerts.message import MessageStatus
from shared.alerts.replaying import send_test
from shared.alerts.retrying import DELAYS, DISABLE_AFTER, FIRST_REST, LONGEST_REST, WELL
from shared.answer import AnswerKey
from tests.fakes.alert_house import AlertHouse
from tests.fakes.carriers import Outcome
from tests.fakes.channels import channel_of, id_of
from tests.fakes.samples import NOON

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def house_with(*outcomes: Outcome, then: Outcome = 204) -> tuple[AlertHouse, Channel]:
    """A house with one channel whose receiver gives these outcomes in turn, and then always the same."""
    house = AlertHouse()
    channel = house.listen(channel_of())
    given = iter(outcomes)
    house.caller.behaviour[channel.channel_id] = lambda _now: next(given, then)
    return house, channel


def pauses(house: AlertHouse) -> list[timedelta]:
    return [after - before for before, after in pairwise(heard.at for heard in house.heard())]


def status(house: AlertHouse, channel: Channel, key: AnswerKey) -> MessageStatus:
    return house.message(channel, key).status


@pytest.mark.parametrize("outcome", [200, 201, 204, 299])
def test_what_is_accepted_is_delivered_and_never_sent_again(outcome: int) -> None:
    house, channel = house_with(then=outcome)
    key = house.tell()
    house.outbox.enqueue(house.message(channel, key).due, None, house.now)
    house.run(30 * DAY)
    assert len(house.heard()) == 1
    message = house.message(channel, key)
    assert (message.status, message.attempts, message.calls, message.next_at, message.lease_until) == ("delivered", 1, 1, None, None)


@pytest.mark.parametrize("outcome", [301, 302, 307, 400, 401, 404, 429, 500, 503, *CallError])
def test_whatever_else_comes_of_a_call_is_a_failure_and_tried_again(outcome: int | CallError) -> None:
    house, channel = house_with(outcome)
    key = house.tell()
    assert status(house, channel, key) is MessageStatus.WAITING
    house.run(5 * SECOND)
    assert status(house, channel, key) is MessageStatus.DELIVERED
    assert [heard.outcome for heard in house.heard()] == [outcome, 204]
    assert len({heard.message_id for heard in house.heard()}) == 1


def test_each_attempt_is_written_down_with_when_how_long_and_what_came_of_it() -> None:
    house, channel = house_with(503, CallError.TIMEOUT)
    key = house.tell()
    house.run(HOUR)
    kept = house.deliveries.attempts(house.message(channel, key).message_id)
    assert [(attempt.number, attempt.at - NOON, attempt.duration_ms, attempt.status, attempt.error) for attempt in kept] == [
        (1, timedelta(0), 20, 503, None),
        (2, 5 * SECOND, 15_000, None, CallError.TIMEOUT),
        (3, 5 * SECOND + 5 * MINUTE, 20, 204, None),
    ]


def test_a_message_is_tried_ten_times_in_75_hours_and_then_failed() -> None:
    """Alone, and with an endpoint that now and then takes another's message: so it is neither rested nor given up."""
    house, channel = house_with(then=500)
    key = house.tell()
    while house.outbox.queue:
        house.run(house.outbox.queue[0][0] - house.now)
        house.deliveries.breakers.clear()
    assert pauses(house) == list(DELAYS[1:])
    assert status(house, channel, key) is MessageStatus.FAILED
    assert not house.notices.given


def test_jitter_spreads_attempts() -> None:
    house, _ = house_with(500)
    house.chance = 0.5
    house.tell()
    house.run(MINUTE)
    assert pauses(house) == [5.25 * SECOND]


def test_retry_after_is_heeded_by_the_message_and_by_all_others_of_the_channel() -> None:
    house, _ = house_with((503, 600))
    house.tell()
    house.run(MINUTE)
    house.tell()
    house.run(HOUR)
    first, *later = [heard.at - NOON for heard in house.heard()]
    assert first == timedelta(0)
    assert len(later) == 2
    assert all(600 * SECOND <= at <= 660 * SECOND for at in later)


def test_an_id_that_comes_early_is_brought_again_when_it_is_due() -> None:
    house, channel = house_with(500)
    key = house.tell()
    house.run(SECOND)
    assert house.deliver(house.message(channel, key).message_id) is None
    assert len(house.heard()) == 1
    house.run(MINUTE)
    assert len(house.heard()) == 2


def test_an_id_of_nothing_does_nothing() -> None:
    house, _ = house_with()
    assert house.deliver("msg_unknown") is None


def test_gone_disables_the_channel_at_once_and_its_owner_is_told_once() -> None:
    house, channel = house_with(410)
    key = house.tell()
    house.tell()
    house.run(30 * DAY)
    assert len(house.heard()) == 1
    kept = house.channels.channels[channel.channel_id]
    assert (kept.status, kept.status_reason, kept.disabled_at) == (ChannelStatus.DISABLED, "gone", NOON)
    assert house.notices.given == [(channel.channel_id, "gone")]
    assert status(house, channel, key) is MessageStatus.HELD
    assert {message.status for message in house.deliveries.messages.values()} == {MessageStatus.HELD}


@pytest.mark.parametrize("alerts_a_day", [0, 1, 24])
def test_an_endpoint_that_is_dead_for_days_is_disabled_and_its_owner_told_once(alerts_a_day: int) -> None:
    house, channel = house_with(then=CallError.CONNECT)
    house.tell()
    for _ in range(6 * max(alerts_a_day, 1)):
        house.run(DAY / max(alerts_a_day, 1))
        if alerts_a_day:
            house.tell()
    house.run(DAY)
    kept = house.channels.channels[channel.channel_id]
    assert (kept.status, kept.status_reason) == (ChannelStatus.DISABLED, "failing")
    assert kept.disabled_at is not None
    assert DISABLE_AFTER <= kept.disabled_at - NOON <= DISABLE_AFTER + 5 * HOUR
    assert house.notices.given == [(channel.channel_id, "failing")]
    assert {message.status for message in house.deliveries.messages.values()} == {MessageStatus.HELD}


def test_a_notice_that_a_crash_kept_back_is_given_by_whatever_comes_next() -> None:
    house, channel = house_with(410)
    house.memory.faults.turn = crash_at("notice")
    with pytest.raises(Crash):
        house.tell()
    house.memory.faults.turn = lambda _name: None
    assert not house.notices.given
    house.run(LEASE)
    house.tell()
    house.tell()
    assert house.notices.given == [(channel.channel_id, "gone")]


def test_the_rest_of_a_dead_endpoints_alerts_use_up_no_attempts() -> None:
    house, _ = house_with(then=CallError.TIMEOUT)
    for _ in range(200):
        house.tell()
    house.run(DAY)
    calls = len(house.heard())
    trials = DAY / LONGEST_REST
    assert calls < trials + 20
    attempts = sorted(message.attempts for message in house.deliveries.messages.values())
    assert sum(attempts) == calls
    assert attempts[:100] == [0] * 100
    assert house.deliveries.breakers[id_of("sala")].open_until is not None


def test_a_dead_endpoint_delays_no_other() -> None:
    house, _ = house_with(then=CallError.TIMEOUT)
    well = channel_of("outro")
    house.listen(well)
    for _ in range(50):
        house.tell()
        house.run(SECOND)
    assert [heard.at - NOON for heard in house.heard(well)] == [SECOND * number for number in range(50)]


def test_while_an_endpoint_rests_it_is_tried_by_one_at_a_time_and_once_well_all_arrive() -> None:
    down = True
    house, channel = house_with()
    house.caller.behaviour[channel.channel_id] = lambda _now: 503 if down else 204
    for _ in range(20):
        house.tell()
    house.run(2 * MINUTE)
    opened = house.heard()[4].at
    assert all(after - before >= FIRST_REST for before, after in pairwise(heard.at for heard in house.heard()[4:]))
    assert len(house.heard()) < 9
    down = False
    house.run(HOUR)
    assert opened - NOON < MINUTE
    assert {message.status for message in house.deliveries.messages.values()} == {MessageStatus.DELIVERED}
    assert house.deliveries.breakers[channel.channel_id] == WELL


def test_a_flapping_endpoint_gets_everything_and_is_never_disabled() -> None:
    house, channel = house_with()
    house.caller.behaviour[channel.channel_id] = lambda now: 500 if (now - NOON) // (20 * MINUTE) % 2 else 204
    for _ in range(7 * 24):
        house.tell()
        house.run(HOUR + MINUTE)
    house.run(DAY)
    assert {message.status for message in house.deliveries.messages.values()} == {MessageStatus.DELIVERED}
    assert not house.notices.given


@pytest.mark.parametrize("state", [ChannelStatus.PAUSED, ChannelStatus.DISABLED])
def test_what_is_due_while_its_channel_is_paused_or_disabled_is_held(state: ChannelStatus) -> None:
    house, channel = house_with(500)
    key = house.tell()
    house.set_status(channel, state)
    house.run(DAY)
    assert status(house, channel, key) is MessageStatus.HELD
    assert len(house.heard()) == 1


def test_messages_to_a_deleted_channel_are_dropped() -> None:
    house, channel = house_with(500)
    key = house.tell()
    del house.channels.channels[channel.channel_id]
    house.run(DAY)
    assert status(house, channel, key) is MessageStatus.DROPPED
    assert len(house.heard()) == 1


@pytest.mark.parametrize("state", [ChannelStatus.ACTIVE, ChannelStatus.PAUSED, ChannelStatus.DISABLED])
def test_a_test_is_sent_once_whatever_rests_and_a_success_ends_the_rest(state: ChannelStatus) -> None:
    house, channel = house_with(then=503)
    for _ in range(6):
        house.tell()
    assert house.deliveries.breakers[channel.channel_id].open_until is not None
    house.set_status(channel, state)
    heard = len(house.heard())
    send_test(channel, house.deliveries, house.outbox, house.now)
    house.run()
    assert (len(house.heard()), house.heard()[-1].type) == (heard + 1, "channel.test")
    assert house.deliveries.messages[house.heard()[-1].message_id].status is MessageStatus.FAILED
    house.caller.behaviour.clear()
    house.now += SECOND
    send_test(channel, house.deliveries, house.outbox, house.now)
    house.run()
    assert house.deliveries.breakers[channel.channel_id] == WELL


def test_no_test_is_sent_to_an_address_that_nobody_proved_to_own() -> None:
    house, channel = house_with()
    house.set_status(channel, ChannelStatus.UNVERIFIED)
    send_test(channel, house.deliveries, house.outbox, house.now)
    house.run()
    assert not house.heard()


class Crash(BaseException):
    """The process ends here; nothing in it can catch that."""


def crash_at(name: str) -> Callable[[str], None]:
    def turn(reached: str) -> None:
        if reached == name:
            raise Crash

    return turn


def crash_at_step(step: int) -> Callable[[str], None]:
    steps = iter(range(1, step + 1))

    def turn(_name: str) -> None:
        if next(steps, step) == step:
            raise Crash

    return turn


def deliver_until_it_ends(house: AlertHouse, message_id: str) -> None:
    """What the queue does: an id that a crash left unacknowledged comes again."""
    for _ in range(20):
        house.deliver(message_id)
        house.run(LEASE)


def first_delivery(outcome: Outcome) -> Iterator[tuple[int, AlertHouse, Channel, AnswerKey]]:
    """A house for each place at which the first delivery can crash, before and after each call to the world."""
    step = 0
    while True:
        step += 1
        house, channel = house_with(outcome)
        key = house.given()
        house.notify(key)
        house.outbox.queue.clear()
        house.memory.faults.turn = crash_at_step(step)
        try:
            house.deliver(house.message(channel, key).message_id)
        except Crash:
            house.memory.faults.turn = lambda _name: None
            yield step, house, channel, key
        else:
            assert step > 12
            return


@pytest.mark.parametrize("outcome", [204, 503, CallError.TIMEOUT])
def test_wherever_a_delivery_crashes_the_message_arrives_with_the_same_id(outcome: int | CallError) -> None:
    for step, house, channel, key in first_delivery(outcome):
        deliver_until_it_ends(house, house.message(channel, key).message_id)
        accepted = [heard for heard in house.heard() if heard.accepted]
        assert 1 <= len(accepted) <= 2, step
        assert len({heard.message_id for heard in house.heard()}) == 1, step
        assert status(house, channel, key) is MessageStatus.DELIVERED, step


def test_an_alert_whose_sender_crashed_is_withdrawn_as_it_may_have_been_heard() -> None:
    """Whoever did not hear it can do nothing with the withdrawal; whoever did must not be left with the alert."""
    for step, house, channel, key in first_delivery(204):
        house.change(key, score=9)
        house.notify(key)
        deliver_until_it_ends(house, house.message(channel, key).message_id)
        house.run(DAY)
        assert house.types() in ([], ["withdrawn"], ["detractor", "withdrawn"]), step


def test_a_message_that_crashes_whoever_sends_it_ends_as_failed() -> None:
    house, channel = house_with()
    key = house.given()
    house.notify(key)
    message_id = house.message(channel, key).message_id
    house.memory.faults.turn = crash_at("call")
    for _ in range(30):
        house.now += LEASE
        try:
            house.deliver(message_id)
        except Crash:
            continue
    house.memory.faults.turn = lambda _name: None
    assert status(house, channel, key) is MessageStatus.FAILED
    assert house.message(channel, key).calls == len(DELAYS)


@pytest.mark.parametrize("place", ["find_channel", "facts", "breaker", "call"])
def test_what_keeps_a_call_from_being_made_uses_no_attempt_and_lets_the_id_come_again(place: str) -> None:
    house = AlertHouse()
    channel = house.listen(channel_of(include=("comment",)))
    key = house.given(comment="Demorou")
    house.notify(key)

    def fail(name: str) -> None:
        if name == place:
            raise ConnectionError

    house.memory.faults.turn = fail
    for _ in range(30):
        with pytest.raises(ConnectionError):
            house.deliver(house.message(channel, key).message_id)
    house.memory.faults.turn = lambda _name: None
    message = house.message(channel, key)
    assert (message.status, message.attempts, message.calls, message.lease_until) == (MessageStatus.WAITING, 0, 0, None)
    house.run()
    assert status(house, channel, key) is MessageStatus.DELIVERED


def test_two_workers_with_the_same_id_call_once() -> None:
    house, channel = house_with()
    key = house.given()
    house.notify(key)
    message_id = house.message(channel, key).message_id
    other: list[MessageStatus | None] = []
    house.meanwhile("call", lambda: other.append(house.deliver(message_id)))
    assert house.deliver(message_id) is MessageStatus.DELIVERED
    house.run(DAY)
    assert other == [None]
    assert len(house.heard()) == 1


def test_an_endpoint_well_again_ends_the_rest_for_all() -> None:
    house, channel = house_with(*[503] * 5)
    keys = [house.tell() for _ in range(6)]
    house.run(HOUR)
    assert {status(house, channel, key) for key in keys} == {MessageStatus.DELIVERED}
    assert house.message(channel, keys[0], AlertKind.DETRACTOR).attempts <= 3
