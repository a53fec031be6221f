"""Alerts that a channel wants together: each of them once, in one message that fits its tool, at its time."""

from datetime import timedelta
from typing import Any

from shared.alerts.channel import Include
from shared.alerts.message import MOST_IN_DIGEST, MessageStatus
from tests.fakes.alert_house import AlertHouse
from tests.fakes.channels import channel_of, id_of, rules_of
from tests.fakes.samples import NOON

MINUTE = timedelta(minutes=1)


def digest_house(include: tuple[Include, ...] = (), **rules: Any) -> AlertHouse:  # noqa: ANN401 - any rule
    house = AlertHouse()
    house.listen(channel_of(rules=rules_of(**{"digest": "hourly"} | rules), include=include))
    return house


def test_a_digest_takes_along_all_alerts_of_its_hour_the_worst_first() -> None:
    house = digest_house()
    for score in (5, 0, 3):
        house.tell(score)
        house.run(MINUTE)
    house.run(timedelta(hours=1))
    [heard] = house.heard()
    assert heard.type == "alert.digest"
    assert [alert["score"] for alert in heard.body["data"]["alerts"]] == [0, 3, 5]
    assert heard.at == NOON + timedelta(hours=1)
    assert {message.status for message in house.deliveries.messages.values()} == {MessageStatus.DELIVERED}


def test_a_day_without_alerts_has_no_digest() -> None:
    house = digest_house(digest="daily")
    house.run(timedelta(days=3))
    assert not house.heard()


def test_an_alert_that_comes_too_late_for_its_digest_goes_out_with_one_of_its_own() -> None:
    """Its event was read just before the hour, and its message is written just after the digest was sent."""
    house = digest_house()
    house.tell(5)
    late = house.given(3)
    before = house.now

    house.meanwhile("open", lambda: house.run(timedelta(hours=1)))
    house.notify(late)
    assert house.now == before + timedelta(hours=1)
    house.run()
    assert [[alert["score"] for alert in heard.body["data"]["alerts"]] for heard in house.heard()] == [[5], [3]]
    assert len({heard.message_id for heard in house.heard()}) == 2


def test_more_alerts_than_fit_make_more_digests() -> None:
    house = digest_house()
    keys = [house.tell(3) for _ in range(2 * MOST_IN_DIGEST + 1)]
    house.run(timedelta(hours=1))
    sizes = [heard.body["data"]["count"] for heard in house.heard()]
    assert sizes == [MOST_IN_DIGEST, MOST_IN_DIGEST, 1]
    told = [alert["answer_id"] for heard in house.heard() for alert in heard.body["data"]["alerts"]]
    assert sorted(told) == sorted(key.answer_id for key in keys)


def test_a_crash_after_an_alert_joined_its_digest_loses_neither() -> None:
    house = digest_house()
    key = house.given(3)
    house.notify(key)
    house.outbox.queue.clear()
    house.notify(key)
    house.run(timedelta(hours=1))
    assert [heard.body["data"]["count"] for heard in house.heard()] == [1]


def test_an_urgent_alert_goes_out_at_once_and_by_itself() -> None:
    house = digest_house(quiet=("22:00", "07:00"))
    house.tell(0)
    house.tell(1)
    assert house.types() == ["detractor"]
    house.run(timedelta(hours=1))
    assert house.types() == ["detractor", "digest"]


def test_an_alert_told_in_a_digest_is_withdrawn_and_commented_on_by_itself() -> None:
    house = digest_house(include=("comment",))
    one, other = house.tell(3), house.tell(2, comment="Demorou")
    house.run(timedelta(hours=1))
    house.retell(one, comment="Agora digo")
    house.retell(other, finished=True)
    house.retell(other, score=8)
    assert house.types() == ["digest", "comment_added", "withdrawn"]


def test_what_left_its_digest_and_came_back_is_told_after_all() -> None:
    house = digest_house()
    key, _ = house.tell(3), house.tell(4)
    house.retell(key, score=9)
    house.run(timedelta(hours=1))
    assert [heard.body["data"]["count"] for heard in house.heard()] == [1]
    assert house.message(house.channels.channels[id_of("sala")], key).status is MessageStatus.DROPPED
    house.retell(key, score=2)
    assert house.types() == ["digest", "detractor"]
