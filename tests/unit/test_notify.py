"""Which messages an answer's events open: one alert per channel, and at most one word more of each kind."""

from datetime import timedelta
from typing import Any

import pytest

from shared.alerts.channel import ChannelKind, ChannelStatus, Rules
from shared.alerts.content import AlertKind
from shared.alerts.message import MessageStatus
from shared.alerts.notify import check
from shared.answer import REOPENED, Standing
from tests.fakes.alert_house import AlertHouse
from tests.fakes.channels import channel_of, id_of
from tests.fakes.samples import NOON, key_of

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def house_with(*channels: Any) -> AlertHouse:  # noqa: ANN401 - channels, or rules of one
    house = AlertHouse()
    house.listen(*channels or (channel_of(),))
    return house


def statuses(house: AlertHouse) -> list[MessageStatus]:
    return [message.status for message in house.deliveries.messages.values()]


@pytest.mark.parametrize("score", range(7))
def test_each_channel_hears_once_of_a_detractor(score: int) -> None:
    house = house_with(channel_of("sala"), channel_of("crm"))
    key = house.tell(score)
    house.notify(key)
    house.run(MINUTE)
    assert [(heard.channel_id, heard.type) for heard in house.heard()] == [
        (id_of("sala"), "alert.detractor"),
        (id_of("crm"), "alert.detractor"),
    ]


@pytest.mark.parametrize("score", range(7, 11))
def test_nobody_hears_of_a_passive_or_a_promoter(score: int) -> None:
    house = house_with()
    house.tell(score)
    assert not house.heard()
    assert not house.deliveries.messages


@pytest.mark.parametrize("standing", sorted(set(Standing) - {Standing.VALID}))
def test_nobody_hears_of_an_answer_that_no_longer_stands(standing: Standing) -> None:
    house = house_with()
    house.tell(3, standing=standing)
    assert not house.heard()


def test_an_answer_that_is_gone_or_has_expired_is_nobodys_business() -> None:
    house = house_with()
    house.notify(key_of(house.survey, 77))
    check(key_of(house.survey, 77), id_of("sala"), house.notifying)
    house.tell(3, expires_at=NOON)
    assert not house.deliveries.messages


def test_a_channel_hears_only_of_what_it_wants() -> None:
    house = house_with(channel_of("todos"), channel_of("graves", rules=Rules(score_at_most=2)))
    house.tell(3)
    assert [heard.channel_id for heard in house.heard()] == [id_of("todos")]
    house.tell(2)
    assert {heard.channel_id for heard in house.heard()[1:]} == {id_of("todos"), id_of("graves")}


def test_a_topics_subscription_is_none_of_the_channels_that_we_call() -> None:
    house = house_with(channel_of("mail", ChannelKind.SNS_EMAIL), channel_of("sms", ChannelKind.SNS_SMS))
    house.tell(3)
    assert not house.deliveries.messages


def test_who_is_not_done_is_waited_for_from_their_last_change_on() -> None:
    house = house_with(channel_of(wait_seconds=120))
    key = house.given(3, finished=False)
    house.now += 30 * SECOND  # the event took its time
    assert house.notify(key).waiting == 1
    house.run(89 * SECOND)
    assert not house.heard()
    house.run(SECOND)
    assert [heard.at for heard in house.heard()] == [NOON + 120 * SECOND]


def test_an_event_that_comes_after_the_wait_is_told_at_once() -> None:
    house = house_with(channel_of(wait_seconds=120))
    key = house.given(3, finished=False)
    house.now += timedelta(hours=3)
    house.notify(key)
    house.run()
    assert len(house.heard()) == 1


def test_a_clock_that_is_behind_makes_nobody_wait_longer() -> None:
    house = house_with(channel_of(wait_seconds=120))
    house.tell(3, finished=False, changed_at=NOON + timedelta(hours=1))
    house.run(120 * SECOND)
    assert len(house.heard()) == 1


def test_finishing_releases_the_alert_early_and_the_wait_then_finds_nothing_to_do() -> None:
    house = house_with(channel_of(wait_seconds=120))
    key = house.tell(3, finished=False)
    house.run(40 * SECOND)
    house.retell(key, finished=True)
    assert [heard.at for heard in house.heard()] == [NOON + 40 * SECOND]
    house.run(timedelta(hours=1))
    assert house.types() == ["detractor"]


def test_each_channel_waits_as_long_as_it_wants() -> None:
    house = house_with(channel_of("logo", wait_seconds=0), channel_of("depois", wait_seconds=900))
    house.tell(3, finished=False)
    assert [heard.channel_id for heard in house.heard()] == [id_of("logo")]
    house.run(900 * SECOND)
    assert [heard.channel_id for heard in house.heard()] == [id_of("logo"), id_of("depois")]


def test_whoever_changes_their_mind_while_waited_for_is_never_spoken_of() -> None:
    house = house_with(channel_of(wait_seconds=120))
    key = house.tell(3, finished=False)
    house.run(MINUTE)
    house.retell(key, score=9, finished=True)
    house.run(timedelta(hours=1))
    assert not house.heard()
    assert not house.deliveries.receipts


def test_an_alert_says_what_the_answer_is_when_it_is_sent() -> None:
    house = house_with(channel_of(wait_seconds=120))
    key = house.tell(3, finished=False)
    house.change(key, score=1)
    house.run(120 * SECOND)
    [heard] = house.heard()
    assert (heard.body["data"]["score"], heard.body["data"]["revision"]) == (1, 2)


def test_a_later_comment_is_told_once_where_comments_are_asked_for() -> None:
    house = house_with(channel_of("le", include=("comment",)), channel_of("nao"))
    key = house.tell(3)
    house.run(MINUTE)
    house.retell(key, comment="Demorou demais")
    house.notify(key)
    house.retell(key, score=2)
    house.run(MINUTE)
    assert house.types(house.channels.channels[id_of("le")]) == ["detractor", "comment_added"]
    assert house.types(house.channels.channels[id_of("nao")]) == ["detractor"]
    assert house.heard(house.channels.channels[id_of("le")])[1].body["data"]["person"] == {"comment": "Demorou demais"}


def test_a_comment_that_came_with_the_alert_is_not_told_again() -> None:
    house = house_with(channel_of(include=("comment",)))
    key = house.tell(3, comment="Demorou demais")
    house.notify(key)
    house.retell(key, score=2)
    house.run(MINUTE)
    assert house.types() == ["detractor"]


def test_who_is_still_writing_is_waited_for() -> None:
    house = house_with(channel_of(include=("comment",), wait_seconds=120))
    key = house.tell(3, finished=False)
    house.run(120 * SECOND)
    house.retell(key, comment="Demo")
    house.people.comment_on(house.answer(key).person_id, key.answer_id, "Demorou demais")
    house.run(120 * SECOND)
    assert [heard.body["data"].get("person") for heard in house.heard()] == [None, {"comment": "Demorou demais"}]


def test_an_alert_is_withdrawn_once_when_the_score_is_no_detractors_any_more() -> None:
    house = house_with()
    key = house.tell(3)
    house.retell(key, score=9)
    house.notify(key)
    house.retell(key, score=10)
    house.run(MINUTE)
    assert house.types() == ["detractor", "withdrawn"]
    assert house.heard()[1].body["data"]["score"] == 9


def test_an_alert_of_a_withdrawn_answer_is_withdrawn_without_a_score() -> None:
    house = house_with()
    key = house.tell(3)
    house.retell(key, standing=Standing.WITHDRAWN)
    assert house.heard()[1].body["data"]["score"] is None


def test_of_an_answer_that_was_superseded_it_is_said_that_a_newer_one_counts() -> None:
    house = house_with()
    key = house.tell(3)
    house.retell(key, standing=Standing.SUPERSEDED)
    assert house.types() == ["detractor", "withdrawn"]
    said = house.heard()[1].body["data"]
    assert (said["score"], said["class"], said["replaced"]) == (None, None, True)
    assert "replaced" not in house.heard()[0].body["data"]


def test_what_was_set_aside_as_it_came_is_told_of_once_it_is_let_in() -> None:
    house = house_with()
    key = house.tell(3, standing=Standing.QUARANTINED)
    assert not house.heard()
    house.retell(key, standing=Standing.VALID)
    assert house.types() == ["detractor"]
    house.retell(key, standing=Standing.EXCLUDED)
    assert house.types() == ["detractor", "withdrawn"]


def test_nothing_is_withdrawn_that_was_never_told() -> None:
    house = house_with(channel_of(rules=Rules(score_at_most=2)))
    key = house.tell(3)
    house.retell(key, score=9)
    assert not house.deliveries.messages


def test_a_score_that_comes_and_goes_is_told_withdrawn_and_then_left_alone() -> None:
    house = house_with()
    key = house.tell(3)
    for score in (9, 2, 8, 0):
        house.retell(key, score=score)
    assert house.types() == ["detractor", "withdrawn"]


@pytest.mark.parametrize("comment", ["Vou ao Procon", "CANCELAREI tudo"])
def test_words_are_looked_for_in_the_comment_however_late_it_comes(comment: str) -> None:
    house = house_with(channel_of(rules=Rules(words=("procon", "cancelar"))))
    key = house.tell(3)
    house.retell(key, finished=True)
    assert not house.heard()
    house.retell(key, comment=comment)
    assert house.types() == ["detractor"]
    assert "person" not in house.heard()[0].body["data"]


def test_a_comment_without_the_words_is_not_told() -> None:
    house = house_with(channel_of(rules=Rules(words=("procon",)), include=("comment",)))
    house.tell(3, comment="Demorou demais")
    assert not house.heard()
    assert not house.people.shared


def test_words_are_looked_for_when_the_wait_is_over() -> None:
    house = house_with(channel_of(rules=Rules(words=("procon",)), wait_seconds=120))
    key = house.tell(3, finished=False, comment="Vou")
    house.people.comment_on(house.answer(key).person_id, key.answer_id, "Vou ao Procon")
    house.run(120 * SECOND)
    assert house.types() == ["detractor"]


@pytest.mark.parametrize("status", [ChannelStatus.PAUSED, ChannelStatus.DISABLED])
def test_what_a_paused_or_disabled_channel_missed_is_held(status: ChannelStatus) -> None:
    house = house_with()
    house.set_status(house.channels.channels[id_of("sala")], status)
    house.tell(3)
    assert not house.heard()
    assert statuses(house) == [MessageStatus.HELD]


def test_a_channel_that_was_never_verified_hears_nothing_and_nothing_is_kept_for_it() -> None:
    house = house_with()
    house.channels.change(id_of("sala"), status=ChannelStatus.UNVERIFIED, verified_at=None)
    house.tell(3)
    assert not house.deliveries.messages


def test_one_channels_trouble_keeps_the_alert_from_no_other_and_the_event_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    house = house_with(channel_of("a"), channel_of("b"), channel_of("c"))
    receipt = house.deliveries.receipt

    def failing(channel_id: str, answer_id: str) -> Any:  # noqa: ANN401 - a receipt or none
        if channel_id == id_of("b"):
            raise ConnectionError
        return receipt(channel_id, answer_id)

    key = house.given(3)
    with monkeypatch.context() as patch:
        patch.setattr(house.deliveries, "receipt", failing)
        with pytest.RaisesGroup(ConnectionError):
            house.notify(key)
    house.run()
    assert [heard.channel_id for heard in house.heard()] == [id_of("a"), id_of("c")]
    house.notify(key)
    house.run()
    assert [heard.channel_id for heard in house.heard()] == [id_of("a"), id_of("c"), id_of("b")]


def test_an_event_that_comes_again_brings_on_its_way_what_a_crash_left_behind() -> None:
    house = house_with(channel_of(include=("comment",)))
    key = house.given(3)
    house.notify(key)
    house.outbox.queue.clear()  # the crash
    house.notify(key)
    house.run()
    assert house.types() == ["detractor"]
    changes: list[dict[str, Any]] = [{"comment": "Demorou"}, {"score": 9}]
    for change in changes:
        house.change(key, **change)
        house.notify(key)
        house.outbox.queue.clear()
        house.notify(key)
        house.run()
    assert house.types() == ["detractor", "comment_added", "withdrawn"]


def test_an_event_of_an_answer_that_changed_nothing_tells_nothing_new() -> None:
    house = house_with()
    key = house.tell(3)
    assert house.answers.change(key, REOPENED, house.now)
    assert house.notify(key).opened == 0
    house.run()
    assert house.types() == ["detractor"]


def test_messages_name_answers_and_nothing_of_persons() -> None:
    house = house_with(channel_of(include=("comment", "email", "first_name", "customer_id")))
    key = house.given(3, comment="segredo-comentario")
    house.people.know(house.answer(key).person_id, name="segredo-nome", email="segredo@exemplo.com.br", customer_id="segredo-id")
    house.notify(key)
    house.run()
    kept = repr((house.deliveries.messages, house.deliveries.receipts, house.deliveries.made, house.outbox.queue, house.checks.queue))
    assert "segredo" in house.heard()[0].raw.decode()
    assert "segredo" not in kept
    assert house.answer(key).person_id not in kept
    assert AlertKind.DETRACTOR in kept
