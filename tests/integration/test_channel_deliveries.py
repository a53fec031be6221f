"""What was sent to a channel, and sending it again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import boto3
import pytest

from functions.channels import composition
from shared.alerts.call import CallError
from shared.alerts.content import AlertKind
from shared.alerts.message import Attempt, Message, MessageStatus, message_id_of
from shared.answer import AnswerKey
from shared.answer_id import mint
from tests.integration.console import DELIVERIES, START, Console
from tests.integration.gateway import Reply
from tests.receivers import message, says


def sent(channel: dict[str, Any], number: int, status: MessageStatus = MessageStatus.FAILED, attempts: Sequence[Attempt] = ()) -> str:
    """A message that was sent `number` minutes after the start."""
    at = START + timedelta(minutes=number)
    key = AnswerKey("demo#2026-03-14#0", f"answer-{number}")
    message_id = message_id_of(channel["channel_id"], AlertKind.DETRACTOR, key.answer_id)
    deliveries = composition.compose().deliveries
    deliveries.open(Message(message_id=message_id, channel_id=channel["channel_id"], kind=AlertKind.DETRACTOR, created_at=at, answer=key))
    for attempt in attempts or (None,):
        leased = deliveries.lease(message_id, at, at + timedelta(minutes=1))
        assert leased is not None
        deliveries.release(leased, status if attempt is None or attempt is attempts[-1] else MessageStatus.WAITING, at, attempt)
    return message_id


def listed(console: Console, channel: dict[str, Any], **query: str) -> Any:  # noqa: ANN401 - JSON
    return console.call(f"GET {DELIVERIES}", channel_id=channel["channel_id"], query=query).body


def queued() -> list[str]:
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="deliver")["QueueUrl"]
    found: list[str] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [each["Body"] for each in messages]
    return found


def test_deliveries_show_each_attempt_and_nothing_of_what_was_said(console: Console) -> None:
    channel = console.make(console.receiver())
    attempts = (
        Attempt(number=1, at=START, duration_ms=15_000, error=CallError.TIMEOUT),
        Attempt(number=2, at=START, duration_ms=31, status=200),
    )
    message_id = sent(channel, 1, MessageStatus.DELIVERED, attempts)
    console.now = START + timedelta(hours=1)
    [delivery] = listed(console, channel)["deliveries"]
    assert delivery == {
        "message_id": message_id,
        "type": "alert.detractor",
        "status": "delivered",
        "created_at": "2026-03-14T15:01:00Z",
        "next_at": None,
        "survey_id": "demo",
        "answer_id": "answer-1",
        "digest_id": None,
        "attempts": [
            {"number": 1, "at": "2026-03-14T15:00:00Z", "duration_ms": 15000, "http_status": None, "error": "timeout"},
            {"number": 2, "at": "2026-03-14T15:00:00Z", "duration_ms": 31, "http_status": 200, "error": None},
        ],
    }


def test_pages_hold_every_message_once_newest_first(console: Console) -> None:
    channel, other = console.make(console.receiver()), console.make(console.receiver())
    wanted = [sent(channel, number) for number in range(120)]
    sent(other, 1)
    console.now = START + timedelta(days=1)
    seen, pages = list[str](), 0
    cursor: str | None = ""
    while cursor is not None:
        page = listed(console, channel, **({"cursor": cursor} if cursor else {}))
        seen += [delivery["message_id"] for delivery in page["deliveries"]]
        cursor, pages = page["next_cursor"], pages + 1
    assert seen == wanted[::-1]
    assert pages == 3


def test_deliveries_are_found_by_time_and_status(console: Console) -> None:
    channel = console.make(console.receiver())
    ids = [sent(channel, number, MessageStatus.FAILED if number % 2 else MessageStatus.HELD) for number in range(6)]
    console.now = START + timedelta(hours=1)
    found = listed(console, channel, **{"from": "2026-03-14T15:01:00Z", "to": "2026-03-14T12:04:00-03:00", "status": "held"})
    assert [delivery["message_id"] for delivery in found["deliveries"]] == [ids[4], ids[2]]


def test_deliveries_are_found_by_their_answer_however_long_ago(console: Console) -> None:
    channel, other = console.make(console.receiver()), console.make(console.receiver())
    answer_id = mint(START, 7)
    deliveries, key = composition.compose().deliveries, AnswerKey("demo#2026-03-14#0", answer_id)
    kinds = (AlertKind.DETRACTOR, AlertKind.COMMENT_ADDED, AlertKind.WITHDRAWN)
    for number, kind in enumerate(kinds):
        message_id = message_id_of(channel["channel_id"], kind, answer_id)
        at = START + timedelta(days=number)
        deliveries.open(Message(message_id=message_id, channel_id=channel["channel_id"], kind=kind, created_at=at, answer=key))
    sent(channel, 1)
    console.now = START + timedelta(days=40)
    found = listed(console, channel, answer_id=answer_id)
    assert [delivery["type"] for delivery in found["deliveries"]] == list(reversed(kinds))
    assert {delivery["answer_id"] for delivery in found["deliveries"]} == {answer_id}
    assert found["next_cursor"] is None
    assert len(listed(console, channel, answer_id=answer_id, status="waiting")["deliveries"]) == len(kinds)
    for query in ({"answer_id": answer_id, "status": "held"}, {"answer_id": mint(START, 8)}):
        assert listed(console, channel, **query) == {"deliveries": [], "next_cursor": None}
    assert listed(console, other, answer_id=answer_id) == {"deliveries": [], "next_cursor": None}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"from": "yesterday"}, "from"),
        ({"from": "2026-03-14"}, "from"),
        ({"from": "2026-03-14T15:00:00"}, "from"),
        ({"from": "2026-03-14T16:00:00Z", "to": "2026-03-14T15:00:00Z"}, "from"),
        ({"to": "0001-01-01T00:00:00+14:00"}, "to"),
        ({"to": "2026-02-30T15:00:00Z"}, "to"),
        ({"status": "lost"}, "status"),
        ({"status": ""}, "status"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": ""}, "cursor"),
        ({"cursor": "ç"}, "cursor"),
        ({"cursor": "A" * 300}, "cursor"),
        ({"answer_id": "x"}, "answer_id"),
        ({"answer_id": ""}, "answer_id"),
        ({"answer_id": "019CD843-1180-7000-8000-000000000001"}, "answer_id"),
        ({"answer_id": "019cd843-1180-7000-8000-000000000001", "from": "2026-03-14T15:00:00Z"}, "answer_id"),
        ({"answer_id": "019cd843-1180-7000-8000-000000000001", "cursor": "x"}, "answer_id"),
        ({"page": "2"}, "query"),
    ],
)
def test_a_query_that_is_not_right_is_refused(console: Console, query: dict[str, str], parameter: str) -> None:
    channel = console.make(console.receiver())
    refused = console.call(f"GET {DELIVERIES}", channel_id=channel["channel_id"], query=query)
    assert (refused.status, refused.body["errors"][0]["parameter"]) == (422, parameter)


def test_a_test_goes_the_way_of_alerts(console: Console) -> None:
    channel = console.make(console.receiver())
    sent_test = console.step(channel, "test")
    assert sent_test.status == 202
    [delivery] = listed(console, channel)["deliveries"]
    assert (delivery["message_id"], delivery["type"], delivery["status"]) == (sent_test.body["message_id"], "channel.test", "waiting")
    [body] = queued()
    assert sent_test.body["message_id"] in body


def replay(console: Console, channel: dict[str, Any], message_id: str) -> Reply:
    return console.call(f"POST {DELIVERIES}/{{message_id}}/replay", channel_id=channel["channel_id"], message_id=message_id)


def test_one_message_is_sent_again_with_the_same_id(console: Console) -> None:
    channel = console.make(console.receiver())
    message_id = sent(channel, 1)
    again = replay(console, channel, message_id)
    assert (again.status, again.body) == (202, {"message_id": message_id})
    [body] = queued()
    assert message_id in body
    assert [delivery["status"] for delivery in listed(console, channel, to="2026-03-15T00:00:00Z")["deliveries"]] == ["waiting"]


def test_a_message_of_another_channel_is_not_found(console: Console) -> None:
    mine, theirs = console.make(console.receiver()), console.make(console.receiver())
    message_id = sent(theirs, 1)
    for wanted in (message_id, "msg_" + "a" * 26, "", "../x"):
        assert replay(console, mine, wanted).problem == "no-such-delivery"
    assert queued() == []


@pytest.mark.parametrize(("step", "problem"), [("pause", "channel-not-active"), (None, "channel-unverified")])
def test_nothing_is_sent_again_to_a_channel_that_takes_nothing(console: Console, step: str | None, problem: str) -> None:
    channel = console.make(console.receiver(None if step else says(message(200))))
    message_id = sent(channel, 1)
    if step:
        console.step(channel, step)
    assert replay(console, channel, message_id).problem == problem
    span = {"from": "2026-03-14T00:00:00Z", "to": "2026-03-15T00:00:00Z"}
    assert console.step(channel, "replay", span).problem == problem
    assert queued() == []


def test_a_span_is_sent_again(console: Console) -> None:
    channel = console.make(console.receiver())
    statuses = (MessageStatus.FAILED, MessageStatus.HELD, MessageStatus.DELIVERED, MessageStatus.FAILED)
    ids = [sent(channel, number, status) for number, status in enumerate(statuses)]
    span = {"from": "2026-03-14T15:00:00Z", "to": "2026-03-14T15:02:00Z"}
    assert console.step(channel, "replay", span).body == {"messages": 2, "more": False}
    brought = "".join(queued())
    assert [message_id in brought for message_id in ids] == [True, True, False, False]
    assert console.step(channel, "replay", span | {"status": "delivered"}).body == {"messages": 1, "more": False}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/from"),
        ({"from": "2026-03-14T15:00:00Z"}, "/to"),
        ({"from": "2026-03-14", "to": "2026-03-15T00:00:00Z"}, "/from"),
        ({"from": "2026-03-14T15:00:00", "to": "2026-03-15T00:00:00Z"}, "/from"),
        ({"from": 1, "to": "2026-03-15T00:00:00Z"}, "/from"),
        ({"from": "2026-03-15T00:00:00Z", "to": "2026-03-14T00:00:00Z"}, "/to"),
        ({"from": "2025-03-15T00:00:00Z", "to": "2026-03-14T00:00:00Z"}, "/from"),
        ({"from": "2026-03-14T00:00:00Z", "to": "2026-03-15T00:00:00Z", "status": "waiting"}, "/status"),
        ({"from": "2026-03-14T00:00:00Z", "to": "2026-03-15T00:00:00Z", "all": True}, ""),
    ],
)
def test_a_span_that_is_not_right_is_refused(console: Console, body: dict[str, object], pointer: str) -> None:
    refused = console.step(console.make(console.receiver()), "replay", body)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, pointer)
