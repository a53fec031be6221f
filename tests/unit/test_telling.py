"""Whoever was given data of an erased person is told to delete it, and what became of that is known."""

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from shared.alerts.call import CallError
from shared.alerts.channel import Channel, ChannelKind, ChannelStatus
from shared.alerts.content import AlertKind
from shared.alerts.erased import NoErasuresError
from shared.alerts.message import MessageStatus
from shared.alerts.replaying import replay
from shared.answer import AnswerKey
from shared.privacy.erasure import Asker, Erasure, Impossible, Recipient, TellingStatus
from shared.privacy.telling import Telling, acknowledge
from tests.fakes.alert_house import AlertHouse
from tests.fakes.channels import channel_of, rules_of
from tests.fakes.samples import NOON

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
HIDDEN = ("Ana", "Prado", "exemplo.com", "atrasou", "person-", "era_1", "C-1")
GONE = b'{"acknowledged": true}'


@dataclass
class Erased:
    """A house in which a channel heard of a detractor, by name, who was erased since."""

    house: AlertHouse = field(default_factory=AlertHouse)
    channel: Channel = field(default_factory=lambda: channel_of(include=("comment", "first_name", "email")))

    def __post_init__(self) -> None:
        house = self.house
        house.listen(self.channel)
        self.key = house.given(comment="Sou Ana Prado e a entrega atrasou")
        person_id = house.answer(self.key).person_id
        house.people.know(person_id, name="Ana Prado", email="ana@exemplo.com.br", customer_id="C-1")
        house.notify(self.key)
        house.run()
        house.people.erase_wholly(person_id)
        self.erasure = Erasure(erasure_id="era_1", person_id=person_id, asker=Asker.SUBJECT, asked_at=house.now, marked_at=house.now)
        house.erasures.note(self.erasure, self.key)

    @property
    def telling(self) -> Telling:
        return Telling(self.house.channels, self.house.deliveries, self.house.outbox, lambda: self.house.now)

    def tell(self, recipient: Recipient | None = None) -> Recipient:
        return self.telling.tell(self.erasure, recipient or recipient_of(self.channel), [self.key.answer_id])

    def told(self, pause: timedelta = SECOND) -> Recipient:
        """Told, and looked at after a while."""
        recipient = self.tell()
        self.house.run(pause)
        return self.telling.look(recipient)

    def calls(self) -> list[Any]:
        """The words of the erasure that the receiver got."""
        return [heard for heard in self.house.heard(self.channel)[1:] if b"subject.erased" in heard.raw or heard.body.get("type") is None]


def recipient_of(channel: Channel) -> Recipient:
    return Recipient(
        channel_id=channel.channel_id,
        name=channel.settings.name,
        kind=channel.kind.value,
        host=channel.host,
        country=channel.settings.country,
        fields=frozenset({"comment"}),
        first_at=NOON,
        last_at=NOON,
        times=1,
    )


def test_a_receiver_is_told_by_the_ids_that_it_knows_and_by_nothing_else() -> None:
    erased = Erased()
    before = erased.house.heard()[0]
    assert "Ana" in before.raw.decode()
    recipient = erased.told()
    [heard] = erased.calls()
    assert heard.body == {
        "id": recipient.message_id,
        "type": "subject.erased",
        "timestamp": "2026-03-10T15:00:00.000Z",
        "data": {"company": "Loja", "answer_ids": [erased.key.answer_id], "left_out": 0},
    }
    assert not any(hidden in heard.raw.decode() for hidden in HIDDEN)
    assert (recipient.status, recipient.told_at, recipient.reason) == (TellingStatus.TOLD, NOON, None)


@pytest.mark.parametrize("kind", [kind for kind in ChannelKind if not kind.is_subscription and kind is not ChannelKind.WEBHOOK])
@pytest.mark.parametrize(("locale", "word"), [("pt-BR", "Apague"), ("en", "Delete"), ("es", "Borre")])
def test_people_in_a_room_are_asked_in_their_language_with_links_to_the_answers(kind: ChannelKind, locale: str, word: str) -> None:
    erased = Erased(channel=channel_of(kind=kind, include=("comment", "first_name"), locale=locale))
    assert erased.told().status is TellingStatus.TOLD
    said = erased.house.heard(erased.channel)[1].raw.decode()
    assert word in said
    assert f"https://console.example/loja/{erased.key.answer_id}" in json.dumps(json.loads(said), ensure_ascii=False).replace("\\", "")
    assert not any(hidden in said for hidden in HIDDEN)


def test_told_again_and_again_it_is_said_once() -> None:
    erased = Erased()
    first = erased.tell()
    assert first.status is TellingStatus.WAITING
    assert erased.tell(first).message_id == first.message_id
    erased.house.run(DAY)
    again = erased.tell(first)
    erased.house.run(DAY)
    assert again.status is TellingStatus.TOLD
    assert len(erased.calls()) == 1


def test_over_retries_and_replays_the_id_stays_the_same() -> None:
    erased = Erased()
    outcomes: list[int | CallError] = [503, CallError.TIMEOUT]
    erased.house.caller.behaviour[erased.channel.channel_id] = lambda _now: outcomes.pop(0) if outcomes else 204
    recipient = erased.told(timedelta(hours=1))
    assert recipient.status is TellingStatus.TOLD
    assert recipient.message_id is not None
    assert replay(recipient.message_id, erased.house.deliveries, erased.house.outbox, erased.house.now)
    erased.house.run(MINUTE)
    assert [heard.message_id for heard in erased.calls()] == [recipient.message_id] * 4
    assert erased.telling.look(recipient) == recipient


@pytest.mark.parametrize(
    "rules",
    [rules_of(quiet=("00:00", "23:59")), rules_of(digest="daily"), rules_of(surveys=("outra",)), rules_of(score_at_most=0)],
    ids=repr,
)
def test_it_is_a_duty_whatever_the_channels_rules(rules: Any) -> None:  # noqa: ANN401 - any rules
    erased = Erased()
    settings = erased.house.channels.channels[erased.channel.channel_id].settings
    erased.house.channels.change(erased.channel.channel_id, settings=type(settings)(name="sala", rules=rules))
    assert erased.told().status is TellingStatus.TOLD


def test_a_paused_channel_is_told() -> None:
    erased = Erased()
    erased.house.set_status(erased.channel, ChannelStatus.PAUSED)
    assert erased.told().status is TellingStatus.TOLD


@pytest.mark.parametrize("status", [ChannelStatus.DISABLED, ChannelStatus.UNVERIFIED])
def test_a_channel_that_is_disabled_cannot_be_told(status: ChannelStatus) -> None:
    erased = Erased()
    erased.house.set_status(erased.channel, status)
    recipient = erased.told()
    assert (recipient.status, recipient.reason) == (TellingStatus.IMPOSSIBLE, Impossible.CHANNEL_DISABLED)
    assert not erased.calls()


def test_a_deleted_channel_cannot_be_told_before_or_after() -> None:
    erased = Erased()
    waiting = erased.tell()
    del erased.house.channels.channels[erased.channel.channel_id]
    erased.house.run(SECOND)
    assert erased.telling.look(waiting).reason is Impossible.CHANNEL_DELETED
    assert erased.tell().reason is Impossible.CHANNEL_DELETED
    assert not erased.calls()


def test_a_receiver_that_takes_nothing_is_given_up_with_its_reason() -> None:
    erased = Erased()
    erased.house.caller.behaviour[erased.channel.channel_id] = lambda _now: 500
    recipient = erased.tell()
    while erased.house.outbox.queue:
        erased.house.run(erased.house.outbox.queue[0][0] - erased.house.now)
        erased.house.deliveries.breakers.clear()
    recipient = erased.telling.look(recipient)
    assert (recipient.status, recipient.reason, recipient.told_at) == (TellingStatus.IMPOSSIBLE, Impossible.NOT_TAKEN, None)
    assert len(erased.calls()) == 10


def test_a_paused_receiver_that_is_gone_is_given_up() -> None:
    erased = Erased()
    erased.house.set_status(erased.channel, ChannelStatus.PAUSED)
    erased.house.caller.behaviour[erased.channel.channel_id] = lambda _now: 410
    assert erased.told().reason is Impossible.NOT_TAKEN


def test_what_was_held_goes_out_once_the_channel_is_well_again() -> None:
    erased = Erased()
    erased.house.caller.behaviour[erased.channel.channel_id] = lambda _now: 410
    recipient = erased.told()
    assert (recipient.status, recipient.reason) == (TellingStatus.IMPOSSIBLE, Impossible.CHANNEL_DISABLED)
    erased.house.caller.behaviour.clear()
    erased.house.set_status(erased.channel, ChannelStatus.ACTIVE)
    assert erased.telling.look(recipient).status is TellingStatus.WAITING
    erased.house.run(MINUTE)
    recipient = erased.telling.look(recipient)
    assert (recipient.status, recipient.reason) == (TellingStatus.TOLD, None)


@pytest.mark.parametrize("status", [ChannelStatus.DISABLED, ChannelStatus.UNVERIFIED])
def test_a_channel_that_was_disabled_is_told_once_it_is_active_again(status: ChannelStatus) -> None:
    erased = Erased()
    erased.house.set_status(erased.channel, status)
    recipient = erased.told()
    erased.house.set_status(erased.channel, ChannelStatus.ACTIVE)
    assert erased.told(MINUTE).status is TellingStatus.TOLD
    again = erased.tell(recipient)
    assert (again.status, again.reason) == (TellingStatus.TOLD, None)
    assert len(erased.calls()) == 1


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        (GONE, True),
        (b' {"acknowledged":true,"copies":3}\n', True),
        (b'{"acknowledged": false}', False),
        (b'{"acknowledged": "true"}', False),
        (b'{"acknowledged": 1}', False),
        (b'[{"acknowledged": true}]', False),
        (b"true", False),
        (b"", False),
        (b"\xff\xfe", False),
        (b'{"a":' * 600, False),
        (b"[" * 4_096, False),
        (GONE + b"x", False),
    ],
)
def test_a_program_acknowledges_with_json(body: bytes, is_one: bool) -> None:  # noqa: FBT001 - what is expected
    erased = Erased()
    erased.house.caller.bodies[erased.channel.channel_id] = body
    recipient = erased.told()
    assert recipient.status is (TellingStatus.ACKNOWLEDGED if is_one else TellingStatus.TOLD)
    assert recipient.acknowledged_at == (NOON if is_one else None)
    assert recipient.told_at == NOON


def test_a_failure_or_a_chat_tools_own_words_acknowledge_nothing() -> None:
    room = Erased(channel=channel_of(kind=ChannelKind.SLACK, include=("comment",)))
    room.house.caller.bodies[room.channel.channel_id] = GONE
    assert room.told().status is TellingStatus.TOLD
    failing = Erased()
    failing.house.caller.bodies[failing.channel.channel_id] = GONE
    failing.house.caller.behaviour[failing.channel.channel_id] = lambda _now: 500
    assert failing.told().status is TellingStatus.WAITING


def test_an_alert_is_not_acknowledged() -> None:
    erased = Erased()
    erased.house.caller.bodies[erased.channel.channel_id] = GONE
    key = erased.house.tell()
    [attempt] = erased.house.deliveries.attempts(erased.house.message(erased.channel, key).message_id)
    assert not attempt.acknowledged


def test_somebody_may_acknowledge_for_a_receiver_and_the_first_word_stands() -> None:
    erased = Erased()
    for recipient in (erased.told(), replace(recipient_of(erased.channel), status=TellingStatus.IMPOSSIBLE, reason=Impossible.NOT_TAKEN)):
        done = acknowledge(recipient, NOON + DAY)
        assert (done.status, done.acknowledged_at, done.reason) == (TellingStatus.ACKNOWLEDGED, NOON + DAY, None)
        assert acknowledge(done, NOON + 2 * DAY) == done
        assert erased.telling.look(done) == done
        assert erased.tell(done) == done


def test_a_receiver_is_not_told_which_other_answers_were_the_same_persons() -> None:
    erased = Erased()
    unheard = erased.house.given(9)
    erased.house.erasures.note(erased.erasure, erased.key, unheard)
    erased.told()
    assert erased.calls()[0].body["data"]["answer_ids"] == [erased.key.answer_id]


def test_of_answers_so_old_that_no_receipt_is_kept_it_is_told() -> None:
    erased = Erased()
    old = erased.house.given(3, instant=NOON - 80 * DAY)
    erased.house.erasures.note(erased.erasure, erased.key, old)
    erased.told()
    assert erased.calls()[0].body["data"]["answer_ids"] == [old.answer_id, erased.key.answer_id]


def test_where_nothing_is_left_to_know_the_person_by_it_cannot_be_told() -> None:
    erased = Erased()
    recipient = erased.telling.tell(erased.erasure, recipient_of(erased.channel), [])
    assert recipient.reason is Impossible.NO_ANSWER
    waiting = erased.tell()
    erased.house.erasures.note(erased.erasure)
    erased.house.run(SECOND)
    assert erased.telling.look(waiting).reason is Impossible.NO_ANSWER
    assert not erased.calls()


def test_a_deliverer_without_a_ledger_keeps_the_message() -> None:
    erased = Erased()
    recipient = erased.tell()
    assert recipient.message_id is not None
    erased.house.erasures = None  # type: ignore[assignment]  # as a function composed without one
    with pytest.raises(NoErasuresError):
        erased.house.run(SECOND)
    message = erased.house.deliveries.messages[recipient.message_id]
    assert (message.status, message.calls) == (MessageStatus.WAITING, 0)


def test_many_answers_fit_and_what_does_not_is_counted() -> None:
    erased = Erased()
    keys = [AnswerKey(erased.key.partition, f"019{number:05x}-1180-7000-8000-000000000001") for number in range(500)]
    erased.house.erasures.note(erased.erasure, *keys)
    erased.house.now += 300 * DAY
    erased.told()
    data = erased.calls()[0].body["data"]
    assert len(erased.calls()[0].raw) < 20_000
    assert len(data["answer_ids"]) + data["left_out"] == 500
    assert len(data["answer_ids"]) > 350


def test_it_opens_no_receipt_and_no_alert_takes_its_place() -> None:
    erased = Erased()
    receipts = dict(erased.house.deliveries.receipts)
    erased.told()
    assert erased.house.deliveries.receipts == receipts
    kinds = [message.kind for message in erased.house.deliveries.messages.values()]
    assert sorted(kinds) == [AlertKind.DETRACTOR, AlertKind.ERASED]
