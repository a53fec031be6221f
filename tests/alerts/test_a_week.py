"""A week of alerts to receivers that are down, hang, flap, redirect, ask for peace or are gone, under a simulated clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from shared.alerts.call import CallError
from shared.alerts.channel import Channel, ChannelStatus
from shared.alerts.message import MessageStatus
from shared.alerts.replaying import UNTOLD, replay_span
from shared.alerts.retrying import DISABLE_AFTER, LONGEST_REST, WELL
from tests.fakes.alert_house import AlertHouse
from tests.fakes.carriers import Outcome
from tests.fakes.channels import channel_of
from tests.fakes.samples import NOON

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = 7 * DAY
BEGINS = NOON + 6 * HOUR
EVERY = 40 * MINUTE


def week_of(behaves: Callable[[datetime], Outcome]) -> tuple[AlertHouse, Channel, Channel]:
    """An alert every 40 minutes to a receiver that behaves like that, and to one that is always well; then days without any."""
    house = AlertHouse(chance=0.37)
    troubled, well = house.listen(channel_of("um")), channel_of("outro")
    house.listen(well)
    house.caller.behaviour[troubled.channel_id] = behaves
    while house.now < NOON + WEEK:
        house.tell()
        house.run(EVERY)
    house.run(5 * DAY)
    return house, troubled, well


def from_until(begins: datetime, lasts: timedelta, outcome: Outcome) -> Callable[[datetime], Outcome]:
    return lambda now: outcome if begins <= now < begins + lasts else 204


def statuses(house: AlertHouse, channel: Channel) -> set[MessageStatus]:
    return {message.status for message in house.deliveries.messages.values() if message.channel_id == channel.channel_id}


def check_the_other(house: AlertHouse, well: Channel) -> None:
    """It heard each alert once, at once."""
    heard = house.heard(well)
    assert [each.at for each in heard] == [NOON + EVERY * number for number in range(len(house.memory.items))]
    assert len({each.message_id for each in heard}) == len(heard)


def check_all_accepted_once(house: AlertHouse, channel: Channel) -> None:
    accepted = [heard.message_id for heard in house.heard(channel) if heard.accepted]
    assert len(accepted) == len(set(accepted)) == len(house.memory.items)
    assert {heard.message_id for heard in house.heard(channel)} == set(accepted)


@pytest.mark.parametrize("outcome", [CallError.CONNECT, CallError.TIMEOUT, CallError.TLS, 500, 302, 404, (429, 60), (503, 86_400)])
@pytest.mark.parametrize("lasts", [MINUTE, 7 * HOUR, 2 * DAY])
def test_after_an_outage_of_up_to_days_every_alert_arrives_once(outcome: Outcome, lasts: timedelta) -> None:
    house, troubled, well = week_of(from_until(BEGINS, lasts, outcome))
    check_all_accepted_once(house, troubled)
    check_the_other(house, well)
    assert statuses(house, troubled) == {MessageStatus.DELIVERED}
    assert not house.notices.given


@pytest.mark.parametrize("outcome", [CallError.CONNECT, CallError.TIMEOUT, 500, (503, 30)])
def test_a_dead_receiver_is_called_twice_an_hour_at_most_and_a_well_one_is_known_soon(outcome: Outcome) -> None:
    house, troubled, _ = week_of(from_until(BEGINS, DAY, outcome))
    during = [heard.at for heard in house.heard(troubled) if BEGINS <= heard.at < BEGINS + DAY]
    assert len(during) <= DAY / LONGEST_REST + 15
    assert all(after - before >= LONGEST_REST for before, after in pairwise(during[15:]))
    back = next(heard.at for heard in house.heard(troubled) if heard.at >= BEGINS + DAY)
    assert back - (BEGINS + DAY) <= LONGEST_REST + MINUTE


def test_an_outage_uses_few_attempts_of_each_alert() -> None:
    house, troubled, _ = week_of(from_until(BEGINS, 2 * DAY, CallError.TIMEOUT))
    attempts = [message.attempts for message in house.deliveries.messages.values() if message.channel_id == troubled.channel_id]
    assert max(attempts) <= 10
    assert sum(attempts) == len(house.heard(troubled))


@pytest.mark.parametrize("outcome", [CallError.CONNECT, 500, 301])
def test_a_receiver_that_is_dead_for_days_is_given_up_and_what_it_missed_can_be_replayed(outcome: Outcome) -> None:
    house, troubled, well = week_of(from_until(BEGINS, WEEK, outcome))
    check_the_other(house, well)
    kept = house.channels.channels[troubled.channel_id]
    assert kept.disabled_at is not None
    assert DISABLE_AFTER <= kept.disabled_at - BEGINS <= DISABLE_AFTER + 2 * HOUR
    assert house.notices.given == [(troubled.channel_id, "failing")]
    assert statuses(house, troubled) == {MessageStatus.DELIVERED, MessageStatus.HELD}
    house.channels.change(troubled.channel_id, status=ChannelStatus.ACTIVE)
    house.deliveries.breakers[troubled.channel_id] = WELL
    house.caller.behaviour.clear()
    assert not replay_span(troubled.channel_id, NOON, house.now, UNTOLD, house.deliveries, house.outbox, house.now).more
    house.run(HOUR)
    check_all_accepted_once(house, troubled)


def test_a_receiver_that_is_gone_is_called_once_more_and_never_again() -> None:
    house, troubled, well = week_of(from_until(BEGINS, WEEK, 410))
    check_the_other(house, well)
    assert [heard.outcome for heard in house.heard(troubled) if heard.at >= BEGINS] == [410]
    assert house.notices.given == [(troubled.channel_id, "gone")]
    assert house.channels.channels[troubled.channel_id].status is ChannelStatus.DISABLED


@pytest.mark.parametrize("period", [MINUTE, 7 * MINUTE, HOUR, 11 * HOUR])
def test_a_flapping_receiver_gets_every_alert(period: timedelta) -> None:
    house, troubled, well = week_of(lambda now: 503 if (now - NOON) // period % 2 else 200)
    check_all_accepted_once(house, troubled)
    check_the_other(house, well)
    assert not house.notices.given


def test_one_alert_in_all_that_fails_is_tried_ten_times_and_its_channel_given_up() -> None:
    house = AlertHouse(chance=0.37)
    channel = house.listen(channel_of())
    house.caller.behaviour[channel.channel_id] = lambda _now: CallError.TIMEOUT
    key = house.tell()
    house.run(30 * DAY)
    assert len(house.heard()) == 10
    assert house.message(channel, key).status is MessageStatus.HELD
    assert house.notices.given == [(channel.channel_id, "failing")]
