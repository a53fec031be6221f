"""Sending again: one message or all of a span, under the same ids."""

from datetime import timedelta

import pytest

from shared.alerts.channel import Channel, ChannelStatus
from shared.alerts.content import AlertKind
from shared.alerts.message import MessageStatus
from shared.alerts.replaying import UNTOLD, Replayed, replay, replay_span, said_of
from shared.alerts.retrying import WELL
from shared.answer import AnswerKey
from tests.fakes.alert_house import AlertHouse
from tests.fakes.channels import channel_of, rules_of
from tests.fakes.samples import NOON

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def house_with(**rules: str) -> tuple[AlertHouse, Channel]:
    house = AlertHouse()
    return house, house.listen(channel_of(include=("comment",), rules=rules_of(**rules)))


def replay_one(house: AlertHouse, channel: Channel, key: AnswerKey) -> bool:
    return replay(house.message(channel, key).message_id, house.deliveries, house.outbox, house.now)


def replay_all(
    house: AlertHouse, channel: Channel, first: timedelta, last: timedelta, statuses: frozenset[MessageStatus] = UNTOLD
) -> Replayed:
    return replay_span(channel.channel_id, NOON + first, NOON + last, statuses, house.deliveries, house.outbox, house.now)


def test_a_delivered_message_is_sent_again_with_the_same_id_and_what_the_answer_now_is() -> None:
    house, channel = house_with()
    key = house.tell(3)
    house.change(key, score=1, comment="Demorou")
    assert replay_one(house, channel, key)
    house.run()
    assert len({heard.message_id for heard in house.heard()}) == 1
    assert [heard.body["data"]["score"] for heard in house.heard()] == [3, 1]
    assert [attempt.number for attempt in house.deliveries.attempts(house.heard()[0].message_id)] == [1, 2]


def test_a_replayed_message_has_all_its_attempts_again() -> None:
    house, channel = house_with()
    key = house.tell(3)
    house.caller.behaviour[channel.channel_id] = lambda _now: 500
    assert replay_one(house, channel, key)
    house.run(HOUR)
    house.caller.behaviour.clear()
    house.run(6 * HOUR)
    assert house.message(channel, key).status is MessageStatus.DELIVERED
    assert house.message(channel, key).attempts == len(house.heard()) - 1


def test_replaying_what_waits_brings_it_again_when_it_is_due_and_does_no_harm() -> None:
    house, channel = house_with()
    house.caller.behaviour[channel.channel_id] = lambda now: 500 if now < NOON + MINUTE else 204
    key = house.tell(3)
    for _ in range(3):
        assert replay_one(house, channel, key)
    house.run(HOUR)
    assert sum(heard.accepted for heard in house.heard()) == 1


def test_what_does_not_exist_or_goes_with_its_digest_is_not_replayed() -> None:
    house, channel = house_with(digest="hourly")
    key = house.tell(3)
    assert not replay("msg_unknown", house.deliveries, house.outbox, house.now)
    assert not replay_one(house, channel, key)


def test_a_digest_is_replayed_whole() -> None:
    house, _ = house_with(digest="hourly")
    one, other = house.tell(3, comment="Demorou"), house.tell(4)
    house.run(HOUR)
    house.retell(other, score=9)
    digest = house.heard()[0]
    assert replay(digest.message_id, house.deliveries, house.outbox, house.now)
    house.run()
    again = house.heard()[-1]
    assert (again.message_id, [alert["answer_id"] for alert in again.body["data"]["alerts"]]) == (digest.message_id, [one.answer_id])


def test_what_a_pause_held_is_sent_by_replaying_the_span() -> None:
    house, channel = house_with()
    house.set_status(channel, ChannelStatus.PAUSED)
    keys = []
    for _ in range(5):
        keys.append(house.tell(3))
        house.run(MINUTE)
    house.retell(keys[1], score=9)
    house.set_status(channel, ChannelStatus.ACTIVE)
    assert not house.heard()
    assert replay_all(house, channel, MINUTE, 3 * MINUTE) == Replayed(3, more=False)
    house.run()
    told = [heard.body["data"]["answer_id"] for heard in house.heard()]
    assert told == [keys[2].answer_id, keys[3].answer_id]
    assert replay_all(house, channel, timedelta(0), HOUR).messages == 3  # what the span did not hold, the withdrawal among it
    house.run()
    assert [heard.type for heard in house.heard()] == ["alert.detractor"] * 4


@pytest.mark.parametrize("statuses", [UNTOLD, frozenset({MessageStatus.DELIVERED})])
def test_only_messages_of_the_given_statuses_are_replayed(statuses: frozenset[MessageStatus]) -> None:
    house, channel = house_with()
    house.tell(3)
    assert replay_all(house, channel, timedelta(0), HOUR, statuses).messages == (0 if statuses == UNTOLD else 1)


def test_a_long_span_is_replayed_in_several_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.alerts.replaying.MOST_AT_ONCE", 4)
    house, channel = house_with()
    house.set_status(channel, ChannelStatus.PAUSED)
    keys = [house.tell(3) for _ in range(9)]
    house.set_status(channel, ChannelStatus.ACTIVE)
    goes: list[Replayed] = []
    while not goes or goes[-1].more:
        goes.append(replay_all(house, channel, timedelta(0), HOUR))
    house.run()
    assert [go.messages for go in goes] == [4, 4, 1]
    assert sorted(heard.body["data"]["answer_id"] for heard in house.heard()) == sorted(key.answer_id for key in keys)


def test_after_a_channel_was_disabled_its_alerts_can_be_replayed_once_it_is_well() -> None:
    house, channel = house_with()
    house.caller.behaviour[channel.channel_id] = lambda _now: 410
    keys = [house.tell(3) for _ in range(3)]
    house.caller.behaviour.clear()
    house.channels.change(channel.channel_id, status=ChannelStatus.ACTIVE)
    house.deliveries.breakers[channel.channel_id] = WELL
    assert replay_all(house, channel, timedelta(0), HOUR).messages == 3
    house.run()
    assert {heard.body["data"]["answer_id"] for heard in house.heard() if heard.accepted} == {key.answer_id for key in keys}


def test_what_was_said_of_an_answer_is_found_by_its_id() -> None:
    house, channel = house_with()
    key = house.tell(3)
    house.retell(key, comment="Demorou")
    house.retell(key, score=9)
    kinds = [message.kind for message in said_of(channel.channel_id, key.answer_id, house.deliveries)]
    assert kinds == [AlertKind.DETRACTOR, AlertKind.COMMENT_ADDED, AlertKind.WITHDRAWN]
