"""From the bus to the outbox and the topic, as AWS drives it: the template's rules, queues, and both notifiers with their batches."""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from secrets import token_bytes
from typing import Final

import pytest

from shared.alerts.message import RECEIPTS_KEPT
from shared.answer import Change
from shared.intake.ports import Comment
from shared.store.delivery_items import MESSAGES_KEPT
from shared.store.people import People
from shared.store.person_keys import PersonKeys
from shared.store.tables import DeliveryItem
from tests.golden import golden
from tests.integration.asking import master_keys
from tests.integration.interference import refusing
from tests.integration.notified import NOTIFIERS, Notified

SECRET: Final = "segredo-plantado"


@pytest.fixture
def place(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Notified]:  # noqa: ARG001 - what it stands on
    made = Notified(monkeypatch)
    yield made
    made.close()


def test_detractors_come_to_the_topic_and_the_outbox_once_however_often_their_events_do(place: Notified) -> None:
    [detractor, *_] = place.given(0, 7, 10, finished=True)
    place.announce(*place.given(8), detractor)
    place.announce(detractor)
    for name in NOTIFIERS:
        assert place.bring(name) == []
    assert place.told() == [("detractor", detractor.answer_id)]
    [message_id] = place.outbox()
    assert set(place.due()) == {message_id}


def test_who_is_not_done_is_looked_at_again_after_the_wait(place: Notified) -> None:
    [key] = place.given(2)
    place.announce(key)
    assert place.bring("sns") == []
    assert (place.delayed("sns"), place.told()) == (1, [])
    check = json.dumps({"check": {"partition": key.partition, "answer_id": key.answer_id, "channel_id": "sns"}})
    assert place.bring("sns", check) == []
    assert place.told() == [("detractor", key.answer_id)]


def test_an_alert_is_taken_back_though_its_answer_was_never_counted_as_a_detractors(place: Notified) -> None:
    [key] = place.given(3, finished=True)
    place.announce(key)
    for name in NOTIFIERS:
        place.bring(name)
    [alert] = place.outbox()
    assert place.answers.change(key, Change(score=9), place.now)
    place.announce(key)
    for name in NOTIFIERS:
        assert place.bring(name) == []
    assert place.told() == [("detractor", key.answer_id), ("withdrawn", key.answer_id)]
    assert sorted(place.outbox().values()) == ["alert.detractor", "alert.withdrawn"]
    assert alert in place.outbox()


def test_of_an_answer_that_nobody_was_told_of_nothing_is_taken_back(place: Notified) -> None:
    [key] = place.given(9, finished=True)
    assert place.answers.change(key, Change(score=10), place.now)
    place.announce(key)
    for name in NOTIFIERS:
        assert place.bring(name) == []
    assert not place.told()
    assert not list(DeliveryItem.scan())


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"detail": {}}', golden("detractor_new").decode(), '{"check": {"partition": 1}}'])
@pytest.mark.parametrize("name", NOTIFIERS)
def test_a_message_that_cannot_be_read_comes_again_by_itself(place: Notified, name: str, body: str) -> None:
    [key] = place.given(3, finished=True)
    place.announce(key)
    assert place.bring(name, body) == ["m0"]
    assert len(place.told() if name == "sns" else place.due()) == 1


@pytest.mark.parametrize("operation", ["Publish", "TransactWriteItems", "GetItem"])
def test_what_the_topic_or_the_tables_refuse_comes_again_and_is_told_then(place: Notified, operation: str) -> None:
    [key] = place.given(3, finished=True)
    place.announce(key)
    event = json.dumps({"detail": {"data": {"survey_id": place.survey.survey_id, "answer_id": key.answer_id}}})
    with refusing(operation, code="InternalError"):
        assert place.bring("sns") == ["m0"]
    leased = [item for item in DeliveryItem.scan() if item.attribute_values.get("lease_until")]
    for item in leased:
        item.update(actions=[DeliveryItem.lease_until.set(1)])  # time passes
    assert place.bring("sns", event) == []
    assert place.told() == [("detractor", key.answer_id)]


def test_queues_outbox_and_topic_hold_nothing_of_a_person(place: Notified) -> None:
    [key] = place.given(3, finished=True, commented=True)
    answer = place.answer(key)
    comment = Comment(
        person_id=answer.person_id,
        survey_id=place.survey.survey_id,
        answer_id=key.answer_id,
        edit_key_hash=answer.edit_key_hash,
        text=SECRET,
        written_at=place.now,
        expires_at=place.now + timedelta(days=60),
    )
    assert People(lambda: b"pepper", PersonKeys(master_keys(), token_bytes), bytes).add_comment(comment)
    place.announce(key)
    for name in NOTIFIERS:
        assert place.bring(name) == []
    kept = [str(item.attribute_values) for item in DeliveryItem.scan()]
    said = [*place._drained(place.subscriber), *place._drained(os.environ["DELIVER_QUEUE_URL"])]  # noqa: SLF001 - all of what was said
    assert len(said) == 2
    assert not [each for each in kept + said if SECRET in each or answer.person_id in each]


def test_receipts_and_messages_are_written_with_their_ends(place: Notified) -> None:
    place.announce(*place.given(3, finished=True))
    for name in NOTIFIERS:
        place.bring(name)
    days = {item.pk.partition("#")[0]: round((item.expires_at - place.now.timestamp()) / 86_400) for item in DeliveryItem.scan()}
    assert days == {"receipt": RECEIPTS_KEPT.days, "message": MESSAGES_KEPT.days, "channel": MESSAGES_KEPT.days}
