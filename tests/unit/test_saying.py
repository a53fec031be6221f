"""What a message says when it is sent, and what is written of it to the person's sharing record."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.alerts.channel import Channel, ChannelKind, QuietHours, Rules
from shared.alerts.content import AlertKind
from shared.alerts.message import MessageStatus
from shared.alerts.replaying import send_test
from shared.answer import AnswerKey
from tests.fakes.alert_house import AlertHouse
from tests.fakes.channels import channel_of, id_of
from tests.fakes.samples import NOON, settings_of, survey_of

ALL = ("comment", "first_name", "email", "customer_id")
MINUTE = timedelta(minutes=1)


def told(include: tuple[Any, ...] = ALL, comment: str | None = "Demorou demais", **settings: Any) -> tuple[AlertHouse, AnswerKey]:  # noqa: ANN401 - any setting
    """A house in which an answer of Ana's waits to be told."""
    house = AlertHouse()
    house.listen(channel_of(include=include, **settings))
    key = house.given(3, comment=comment)
    house.people.know(house.answer(key).person_id, name="Ana Prado", email="ana@exemplo.com.br", customer_id="cliente-1")
    house.notify(key)
    return house, key


def data(house: AlertHouse) -> Any:  # noqa: ANN401 - JSON
    return house.heard()[-1].body["data"]


def sharing(house: AlertHouse, key: AnswerKey) -> list[set[str]]:
    record = house.people.shared.get((house.answer(key).person_id, id_of("sala")))
    return [set(fields) for _, fields in record.times] if record else []


def test_an_alert_carries_what_the_channel_asked_for_and_what_identifies_nobody() -> None:
    house, key = told()
    house.run()
    assert data(house) == {
        "survey_id": "loja",
        "survey_name": "Compra",
        "company": "Loja",
        "answer_id": key.answer_id,
        "revision": 1,
        "score": 3,
        "class": "detractor",
        "answered_at": "2026-03-10T15:00:00.000Z",
        "time_zone": "America/Sao_Paulo",
        "touchpoint": {"key": "checkout", "label": "checkout", "journey_stage": None},
        "segments": {"plan": "pro"},
        "link": f"https://console.example/loja/{key.answer_id}",
        "person": {"comment": "Demorou demais", "first_name": "Ana", "email": "ana@exemplo.com.br", "customer_id": "cliente-1"},
    }


@pytest.mark.parametrize("include", [(), ("comment",), ("first_name",), ("email",), ("customer_id",), ("comment", "email")])
def test_only_what_was_asked_for_leaves_and_just_that_is_written_down(include: tuple[str, ...]) -> None:
    house, key = told(include)
    house.run()
    assert set(data(house).get("person", {})) == set(include)
    assert sharing(house, key) == ([set(include)] if include else [])


def test_a_channel_that_asks_for_nothing_reads_nothing_of_the_person() -> None:
    house, _ = told(())
    calls: list[str] = []
    house.memory.faults.turn = calls.append
    house.run()
    assert house.heard()
    assert not {"facts", "record_sharing"} & set(calls)


def test_what_is_not_held_is_neither_sent_nor_written_down() -> None:
    house, key = told(("comment", "email"), comment=None)
    house.people.persons.clear()
    house.run()
    assert "person" not in data(house)
    assert sharing(house, key) == []


def test_a_comment_is_masked_unless_the_channel_wants_it_whole() -> None:
    text = "Liguem 11 98765-4321, CPF 529.982.247-25"
    masked, whole = (told(("comment",), text, mask_comment=mask)[0] for mask in (True, False))
    for house in (masked, whole):
        house.run()
    assert "529.982.247-25" not in data(masked)["person"]["comment"]
    assert data(whole)["person"]["comment"] == text


@pytest.mark.parametrize(("name", "first"), [("  Ana  Prado ", "Ana"), ("Ana", "Ana"), ("   ", None)])
def test_of_a_name_only_the_first_part_is_sent(name: str, first: str | None) -> None:
    house, key = told(("first_name",))
    house.people.know(house.answer(key).person_id, name=name)
    house.run()
    assert data(house).get("person", {}).get("first_name") == first


def test_the_sharing_is_written_down_before_every_hop_and_once_for_each() -> None:
    house, key = told()
    order: list[str] = []
    house.memory.faults.turn = order.append
    outcomes = iter([503, 500, 204])
    house.caller.behaviour[id_of("sala")] = lambda _now: next(outcomes)
    house.run(timedelta(hours=1))
    assert len(house.heard()) == 3
    assert sharing(house, key) == [set(ALL)] * 3
    steps = [step for step in order[::2] if step in {"call", "record_sharing"}]
    assert steps == ["record_sharing", "call"] * 3
    record = house.people.shared[house.answer(key).person_id, id_of("sala")]
    assert (record.country, record.keep_until) == ("BR", NOON)


@pytest.mark.parametrize("rests", [True, False])
def test_nothing_is_read_or_written_of_a_person_while_no_call_can_be_made(*, rests: bool) -> None:
    house, key = told(rules=Rules(quiet_hours=None if rests else QuietHours(begins="11:00", ends="13:00")))
    if rests:
        house.deliveries.breakers[id_of("sala")] = house.deliveries.breaker(id_of("sala")).after_failure(NOON, timedelta(minutes=5))
    calls: list[str] = []
    house.memory.faults.turn = calls.append
    house.run(MINUTE)
    assert not house.heard()
    assert not {"facts", "record_sharing"} & set(calls)
    assert sharing(house, key) == []
    house.run(timedelta(hours=2))
    assert sharing(house, key) == [set(ALL)]


def test_an_erased_persons_alert_carries_nothing_of_theirs() -> None:
    house, key = told()
    house.people.erase_wholly(house.answer(key).person_id)
    house.run()
    assert house.types() == ["detractor"]
    assert "person" not in data(house)
    assert sharing(house, key) == []


def test_a_person_who_is_erased_while_their_alert_is_made_is_left_out_of_it() -> None:
    house, key = told()

    house.meanwhile("record_sharing", lambda: house.people.erase_wholly(house.answer(key).person_id))
    house.run()
    assert "person" not in data(house)
    assert "Ana" not in house.heard()[0].raw.decode()
    assert sharing(house, key) == []


def test_a_person_erased_between_two_attempts_is_in_the_first_alone() -> None:
    house, key = told()
    outcomes = iter([503, 204])
    house.caller.behaviour[id_of("sala")] = lambda _now: next(outcomes)
    house.run()
    house.people.erase_wholly(house.answer(key).person_id)
    house.run(MINUTE)
    assert ["person" in heard.body["data"] for heard in house.heard()] == [True, False]


def test_a_word_about_a_comment_that_is_gone_is_not_said_and_nothing_written_down() -> None:
    house, key = told(comment=None)
    house.run()
    before = sharing(house, key)
    house.change(key, comment="Demorou")
    house.notify(key)
    house.people.remove_comment(house.answer(key).person_id, key.answer_id, "0" * 64)
    house.run(MINUTE)
    assert house.types() == ["detractor"]
    assert sharing(house, key) == before
    assert house.message(house.channels.channels[id_of("sala")], key, AlertKind.COMMENT_ADDED).status is MessageStatus.DROPPED


def test_a_withdrawal_names_nobody() -> None:
    house, key = told()
    house.run()
    house.retell(key, score=9)
    assert house.types() == ["detractor", "withdrawn"]
    assert "person" not in data(house)
    assert len(sharing(house, key)) == 1


def test_an_alert_withdrawn_before_it_was_sent_is_never_sent_nor_is_its_withdrawal() -> None:
    house, key = told()
    house.change(key, score=9)
    house.notify(key)
    house.run(timedelta(days=5))
    assert not house.heard()
    assert sharing(house, key) == []


def test_an_alert_that_was_dropped_is_sent_after_all_when_the_score_falls_back() -> None:
    house, key = told()
    house.retell(key, score=9)
    house.retell(key, score=2)
    house.run(MINUTE)
    assert [(heard.type, heard.body["data"]["score"]) for heard in house.heard()] == [("alert.detractor", 2)]


def test_a_score_that_falls_back_while_its_alert_is_being_dropped_is_not_forgotten() -> None:
    house, key = told()
    house.change(key, score=9)

    def fall_back() -> None:
        house.change(key, score=2)
        house.notify(key)

    house.meanwhile("release", fall_back)
    house.run(timedelta(hours=1))
    assert house.types() == ["detractor"]


def test_a_withdrawal_that_was_dropped_is_sent_when_the_score_rises_again() -> None:
    house, key = told()
    house.run()
    house.change(key, score=9)
    house.notify(key)
    house.retell(key, score=3)
    house.retell(key, score=8)
    assert house.types() == ["detractor", "withdrawn"]


def test_a_withdrawal_waits_for_the_alert_that_is_just_being_sent() -> None:
    house, key = told()

    def change() -> None:
        house.change(key, score=9)
        house.notify(key)
        house.deliver(house.message(house.channels.channels[id_of("sala")], key, AlertKind.WITHDRAWN).message_id)

    house.meanwhile("call", change)
    house.run(timedelta(hours=1))
    assert house.types() == ["detractor", "withdrawn"]


def test_an_alert_that_may_have_been_heard_though_its_call_failed_is_withdrawn() -> None:
    house, key = told()
    outcomes = iter([504, 204])
    house.caller.behaviour[id_of("sala")] = lambda _now: next(outcomes)
    house.run()
    house.retell(key, score=9)
    house.run(timedelta(days=1))
    assert house.types() == ["detractor", "withdrawn"]


def test_a_comment_that_comes_while_its_alert_waits_to_be_tried_again_is_told_with_it_alone() -> None:
    house, key = told(("comment",), comment=None)
    outcomes = iter([503, 204])
    house.caller.behaviour[id_of("sala")] = lambda _now: next(outcomes)
    house.run()
    house.retell(key, comment="Demorou")
    house.run(timedelta(hours=1))
    assert [(heard.type, heard.body["data"].get("person")) for heard in house.heard()] == [
        ("alert.detractor", None),
        ("alert.detractor", {"comment": "Demorou"}),
    ]


def test_a_comment_that_comes_while_its_alert_is_being_sent_is_told_after_it() -> None:
    house, key = told(("comment",), comment=None)

    def write() -> None:
        house.change(key, comment="Demorou")
        house.notify(key)
        house.deliver(house.message(house.channels.channels[id_of("sala")], key, AlertKind.COMMENT_ADDED).message_id)

    house.meanwhile("call", write)
    house.run(timedelta(hours=1))
    assert [(heard.type, heard.body["data"].get("person")) for heard in house.heard()] == [
        ("alert.detractor", None),
        ("alert.comment_added", {"comment": "Demorou"}),
    ]


@pytest.mark.parametrize(
    "rules", [{"score_at_most": 2}, {"surveys": ("outra",)}, {"touchpoints": ("support",)}, {"segments": {"plan": ("free",)}}]
)
def test_what_the_channel_stopped_wanting_before_it_was_sent_is_not_sent(rules: dict[str, Any]) -> None:
    house, _ = told()
    house.set_rules(house.channels.channels[id_of("sala")], **rules)
    house.run()
    assert not house.heard()


def test_an_answer_that_is_gone_or_expired_or_whose_survey_is_gone_is_not_told() -> None:
    for spoil in ("remove", "expire", "survey"):
        house, key = told()
        if spoil == "remove":
            house.memory.remove(key)
        elif spoil == "expire":
            house.memory.plant(key, replace(house.answer(key), expires_at=NOON))
        else:
            house.surveys.surveys.clear()
        house.run()
        assert not house.heard(), spoil


def quiet(urgent_at_most: int = 0) -> Rules:
    return Rules(quiet_hours=QuietHours(begins="11:00", ends="13:00", urgent_at_most=urgent_at_most))


def test_in_quiet_hours_only_what_is_urgent_is_said_and_the_rest_at_their_end() -> None:
    house, _ = told(rules=quiet(2))  # noon in São Paulo
    house.tell(2)
    assert [heard.body["data"]["score"] for heard in house.heard()] == [2]
    house.run(timedelta(hours=1))
    assert [(heard.at, heard.body["data"]["score"]) for heard in house.heard()[1:]] == [(NOON + timedelta(hours=1), 3)]
    assert [attempt.number for attempt in house.deliveries.made[house.heard()[1].message_id]] == [1]


def test_a_retry_wakes_nobody_in_quiet_hours() -> None:
    house, _ = told(rules=Rules(quiet_hours=QuietHours(begins="12:04", ends="22:00")))
    outcomes = iter([503, 503, 204])
    house.caller.behaviour[id_of("sala")] = lambda _now: next(outcomes)
    house.run(timedelta(hours=12))
    assert [heard.at - NOON for heard in house.heard()] == [timedelta(0), timedelta(seconds=5), timedelta(hours=10)]


def test_a_withdrawal_of_a_zero_is_not_urgent() -> None:
    house, key = told(())
    house.run()
    house.set_rules(house.channels.channels[id_of("sala")], quiet_hours=quiet().quiet_hours)
    house.change(key, score=0)
    house.notify(key)
    house.change(key, score=10)
    house.notify(key)
    house.run()
    assert house.types() == ["detractor"]
    house.run(timedelta(hours=1))
    assert house.types() == ["detractor", "withdrawn"]


@pytest.mark.parametrize("kind", [kind for kind in ChannelKind if not kind.is_subscription])
def test_every_tool_gets_its_own_shape_of_alert_and_test(kind: ChannelKind) -> None:
    house = AlertHouse()
    channel: Channel = house.listen(channel_of(kind=kind, include=ALL))
    house.tell(3, comment="Demorou")
    send_test(channel, house.deliveries, house.outbox, house.now)
    house.run()
    assert [heard.content_type.split(";")[0] for heard in house.heard()] == ["application/json"] * 2
    assert "Demorou" in house.heard()[0].raw.decode()


def test_an_undeclared_touchpoint_is_told_by_its_key() -> None:
    house = AlertHouse(survey_of(settings=settings_of(touchpoints=())))
    house.listen(channel_of())
    house.tell(3)
    assert data(house)["touchpoint"] == {"key": "checkout", "label": "checkout", "journey_stage": None}


def test_a_digest_writes_down_just_those_whose_data_it_carries_and_sends_the_rest_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    house = AlertHouse()
    house.listen(channel_of(include=("comment",), rules=Rules(digest="hourly")))
    monkeypatch.setattr("shared.alerts.compose.webhook.ROOM_FOR_ALERTS", 1_700)
    keys = [house.tell(score, comment=f"Comentário {score} " + "x" * 500) for score in (1, 2, 3, 4)]
    house.run(timedelta(hours=1) - MINUTE)
    assert not any(sharing(house, key) for key in keys)
    house.run(timedelta(minutes=5))
    digest, *others = house.heard()
    shown = [alert["answer_id"] for alert in digest.body["data"]["alerts"]]
    assert (digest.body["data"]["count"], digest.body["data"]["left_out"]) == (len(shown), [])
    assert shown == [key.answer_id for key in keys[: len(shown)]]
    assert [heard.body["data"]["answer_id"] for heard in others] == [key.answer_id for key in keys[len(shown) :]]
    assert 0 < len(shown) < 4
    assert [sharing(house, key) for key in keys] == [[{"comment"}]] * 4
    assert all(receipt.commented for receipt in house.deliveries.receipts.values())
