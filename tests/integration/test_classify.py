"""Counting as AWS drives it: batches of the stream and of the `again` queue, recorded whole, over real tables, bus and queue."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from functions.classify.handler import handle
from shared.answer import AnswerKey, Change, Standing
from shared.store.bus import QueueRefusedError
from tests.events import queue_batch, recorded, stream_batch
from tests.integration.asking import everything
from tests.integration.counted import CountingPlace, message_of
from tests.integration.interference import answering, refusing


@pytest.fixture
def place(aws: None) -> CountingPlace:  # noqa: ARG001 - what it stands on
    return CountingPlace()


def settled(place: CountingPlace, key: AnswerKey) -> bool:
    answer = place.answer(key)
    return not answer.pending and answer.mark is not None and answer.mark.rev == answer.rev and answer.expires_at is not None


# ── The stream ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_new_answers_are_counted_and_announced(place: CountingPlace) -> None:
    keys = place.given(3, 8, 10, 10)
    assert handle(stream_batch(keys), None) == {}
    assert place.row() == {3: 1, 8: 1, 10: 2}
    assert place.row("touchpoint=checkout") == place.row("segment.plan=pro") == place.row()
    assert all(settled(place, key) for key in keys)
    assert [event["data"]["class"] for event in place.events()] == ["detractor", "passive", "promoter", "promoter"]
    assert not place.handed_on()


def test_a_changed_answer_moves_from_one_score_to_the_other(place: CountingPlace) -> None:
    keys = place.given(10)
    handle(stream_batch(keys), None)
    place.answers.change(keys[0], Change(score=2, finished=True), place.now)
    handle(stream_batch(keys, "stream_modify"), None)
    assert +place.row() == {2: 1}
    [new, changed] = place.events()
    assert (new["data"]["class"], new["data"]["previous_class"], new["metadata"]["id"]) == ("promoter", None, f"{keys[0].answer_id}#1")
    assert (changed["data"]["class"], changed["data"]["previous_class"], changed["data"]["finished"]) == ("detractor", "promoter", True)


@pytest.mark.parametrize("standing", [Standing.WITHDRAWN, Standing.SUPERSEDED])
def test_an_answer_that_no_longer_stands_is_counted_as_nothing(place: CountingPlace, standing: Standing) -> None:
    keys = place.given(10, 9)
    handle(stream_batch(keys), None)
    place.events()
    place.answers.change(keys[0], Change(standing=standing), place.now)
    handle(stream_batch(keys[:1], "stream_modify"), None)
    assert +place.row() == {9: 1}
    [event] = place.events()
    assert (event["data"]["class"], event["data"]["score"], event["data"]["previous_class"]) == (None, None, "promoter")


def test_the_same_records_again_in_any_cut_change_nothing(place: CountingPlace) -> None:
    keys = place.given(3, 8, 10)
    handle(stream_batch(keys), None)
    before = everything()
    for batch in (keys, keys[::-1], keys[:1] * 3, keys[1:]):
        assert handle(stream_batch(batch), None) == {}
    assert everything() == before


def test_what_a_record_shows_is_no_more_than_a_hint(place: CountingPlace) -> None:
    """The recorded image says another score; what is counted is what is stored."""
    keys = place.given(10)
    handle(stream_batch(keys, "stream_modify"), None)
    assert place.row() == {10: 1}


def test_an_answer_that_is_gone_is_not_made_again(place: CountingPlace) -> None:
    assert handle({"Records": [recorded("stream_insert"), recorded("stream_modify")]}, None) == {}
    state = everything()
    assert not state["answers_table"]
    assert not state["rollups_table"]
    assert not place.events()
    assert not place.handed_on()


def test_a_batch_of_nothing_is_nothing(place: CountingPlace) -> None:
    assert handle({"Records": []}, None) == {}
    assert not place.row()


def test_what_cannot_be_settled_is_handed_on_and_the_rest_is_counted(place: CountingPlace) -> None:
    keys = place.given(10, 9)
    orphan = AnswerKey(keys[0].partition.replace("demo", "unknown"), keys[0].answer_id)
    junk = AnswerKey(keys[0].partition, "zz-junk")
    for key, attributes in ((orphan, {}), (junk, {"score": {"S": "nine"}})):
        item: Any = {"pk": {"S": key.partition}, "sk": {"S": key.answer_id}, "pending": {"N": "1"}} | attributes
        boto3.client("dynamodb").put_item(TableName="answers_table", Item=item)
    assert handle(stream_batch([*keys, orphan, junk]), None) == {}
    assert place.row() == {10: 1, 9: 1}
    assert place.handed_on() == sorted(map(message_of, (orphan, junk)))


def test_while_the_bus_is_down_answers_are_counted_and_announced_later(place: CountingPlace) -> None:
    keys = place.given(*[10] * 12)
    with refusing("PutEvents"):
        assert handle(stream_batch(keys), None) == {}
    assert place.row() == {10: 12}
    assert all(place.answer(key).pending for key in keys)
    handed_on = place.handed_on()
    assert handed_on == sorted(map(message_of, keys))
    assert handle(queue_batch(*handed_on[:10]), None) == {"batchItemFailures": []}
    assert handle(queue_batch(*handed_on[10:]), None) == {"batchItemFailures": []}
    assert [event["metadata"]["id"] for event in place.events()] == sorted(f"{key.answer_id}#1" for key in keys)
    assert place.row() == {10: 12}
    assert all(settled(place, key) for key in keys)


@pytest.mark.parametrize("operation", ["BatchGetItem", "TransactWriteItems"])
def test_when_the_tables_do_not_answer_all_keys_are_handed_on(place: CountingPlace, operation: str) -> None:
    keys = place.given(*[10] * 25)
    with refusing(operation):
        assert handle(stream_batch(keys), None) == {}
    assert place.handed_on() == sorted(map(message_of, keys))
    assert not place.row()


def test_a_queue_that_does_not_answer_makes_the_stream_try_again(place: CountingPlace) -> None:
    keys = place.given(10)
    with refusing("PutEvents"), refusing("SendMessageBatch"), pytest.raises(Exception, match="SendMessageBatch"):
        handle(stream_batch(keys), None)
    assert handle(stream_batch(keys), None) == {}
    assert settled(place, keys[0])
    assert place.row() == {10: 1}


def test_a_queue_that_takes_only_some_makes_the_stream_try_again(place: CountingPlace) -> None:
    keys = place.given(10, 9)
    some = {"Successful": [{"Id": "0"}], "Failed": [{"Id": "1", "SenderFault": False, "Code": "InternalError"}]}
    with refusing("PutEvents"), answering("SendMessageBatch", some), pytest.raises(QueueRefusedError):
        handle(stream_batch(keys), None)


# ── The `again` queue ────────────────────────────────────────────────────────────────────────────────────────────────


def test_messages_are_settled_like_records(place: CountingPlace) -> None:
    keys = place.given(3, 10)
    assert handle(queue_batch(*map(message_of, keys)), None) == {"batchItemFailures": []}
    assert place.row() == {3: 1, 10: 1}
    assert all(settled(place, key) for key in keys)


def test_the_same_message_twice_is_one(place: CountingPlace) -> None:
    [key] = place.given(3)
    assert handle(queue_batch(message_of(key), message_of(key)), None) == {"batchItemFailures": []}
    assert place.row() == {3: 1}


@pytest.mark.parametrize(
    "malformed",
    [
        *("", "x", "null", "[]", "{}", '"text"', '{"partition": "demo#2026-03-10#1"}', '{"partition": 1, "answer_id": "x"}'),
        '{"partition": "demo#2026-03-10#1", "answer_id": "x", "more": "y"}',
    ],
)
def test_a_message_that_is_none_of_ours_fails_alone(place: CountingPlace, malformed: str) -> None:
    keys = place.given(3, 10)
    batch = queue_batch(message_of(keys[0]), malformed, message_of(keys[1]))
    assert handle(batch, None) == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert place.row() == {3: 1, 10: 1}


def test_a_key_that_no_store_takes_fails_alone(place: CountingPlace) -> None:
    keys = place.given(3, 10)
    poison = AnswerKey(keys[0].partition, "poison")

    def asked(parameters: dict[str, Any]) -> bool:
        return "poison" in str(parameters)

    with refusing("BatchGetItem", asked, "ValidationException"):
        failures = handle(queue_batch(*map(message_of, (keys[0], poison, keys[1]))), None)
    assert failures == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert place.row() == {3: 1, 10: 1}


def test_what_stays_unsettled_is_named_and_delivered_again(place: CountingPlace) -> None:
    keys = place.given(3, 10)

    def about_the_first(parameters: dict[str, Any]) -> bool:
        return keys[0].answer_id in str(parameters)

    with refusing("PutEvents", about_the_first):
        failures = handle(queue_batch(message_of(keys[0])), None)
    assert failures == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert place.row() == {3: 1}
    assert not place.handed_on()
    assert handle(queue_batch(*map(message_of, keys)), None) == {"batchItemFailures": []}
    assert [event["data"]["score"] for event in place.events()] == [3, 10]


# ── What is logged ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_logged_is_ids_and_counts(place: CountingPlace, logged: Callable[[], str]) -> None:
    keys = place.given(10, 9)
    handle(stream_batch(keys), None)
    with refusing("BatchGetItem"):
        handle(stream_batch(keys), None)
    usual = {"level", "location", "timestamp", "service"}
    told = [{name: value for name, value in json.loads(line).items() if name not in usual} for line in logged().splitlines()]
    assert told == [
        {"message": "settled", "answers": 2, "counted": 2, "announced": 2, "rows": 4, "again": 0, "surveys": ["demo"]},
        {"message": "settling failed", "error": "GetError", "answers": 2},
        {"message": "settled", "answers": 2, "counted": 0, "announced": 0, "rows": 0, "again": 2, "surveys": []},
    ]
