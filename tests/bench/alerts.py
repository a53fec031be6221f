"""How soon a detractor's alert is there: a POST to the deployed template until a receiver has verified what it got.

Alone, and while another channel's endpoint takes connections and never answers, with many messages due for it. Posting a thousand
detractors would measure counting and notifying too, so those messages are put in the outbox with the store that the functions use.
"""

import secrets
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import batched
from typing import Any, Final, cast

import msgspec

from infra.local.emulator import HOST, free_port
from infra.local.home import running_stack
from infra.local.receiver import Alert, Receiver
from infra.local.stack import Stack
from shared import answer_id as ids
from shared.alerts.content import AlertKind
from shared.alerts.message import Message, message_id_of
from shared.answer import AnswerKey
from shared.store.delivery_items import item_of
from shared.store.outbox import DueMessage
from tests.bench.place import HOME

DETRACTORS: Final = 10
WAITING: Final = 1_000
_SECONDS_AT_MOST: Final = 90.0
_SECONDS_BETWEEN: Final = 0.37  # no multiple of the emulator's polling
_ITEMS_AT_ONCE: Final = 25
_MESSAGES_AT_ONCE: Final = 10
_WORKERS: Final = 5  # of one function for one queue, in the emulator


class NeverArrivedError(Exception):
    """The receiver did not get the alert."""


@dataclass(frozen=True, slots=True)
class Alerts:
    """Seconds from sending a POST to the verified receipt: one after the other alone, and beside a dead endpoint."""

    alone: list[float]
    beside_dead_new: list[float]
    """While a thousand alerts come due for an endpoint that died just now."""
    beside_dead_known: list[float]
    """While a thousand alerts wait for an endpoint that is known to be dead."""


class Clocked:
    """Takes alerts, and tells when each came."""

    def __init__(self) -> None:
        self._came: dict[str, float] = {}
        self._news = threading.Condition()

    def take(self, alert: Alert) -> None:
        """Note the time."""
        with self._news:
            self._came[alert.data["answer_id"]] = time.monotonic()
            self._news.notify_all()

    def when(self, answer_id: str) -> float:
        """When the alert about an answer came; waits for it."""
        with self._news:
            if not self._news.wait_for(lambda: answer_id in self._came, _SECONDS_AT_MOST):
                raise NeverArrivedError(answer_id)
            return self._came[answer_id]


def measure(say: Callable[[str], None]) -> Alerts:
    """Deploy on an emulator of its own, and time."""
    home = HOME / "alerts"
    shutil.rmtree(home, ignore_errors=True)
    with running_stack(home, free_port(), say) as (stack, _):
        return measure_on(stack)


def measure_on(stack: Stack) -> Alerts:
    """Time on a deployment that is up."""
    clocked = Clocked()
    with Receiver(clocked.take) as receiver, Receiver(lambda _alert: None) as dying:
        made = _channel(stack, receiver.url)
        receiver.secret = made["signing_secret"]
        _start_functions(stack, clocked)
        alone = [_seconds_to_receipt(stack, clocked) for _ in range(DETRACTORS)]
        dead = _channel(stack, dying.url)["channel_id"]
        dying.__exit__()
        with socket.create_server((HOST, dying.port), backlog=WAITING):  # takes connections, and never answers
            put_in_outbox(stack, dead)
            beside_new = [_seconds_to_receipt(stack, clocked) for _ in range(DETRACTORS)]
            _wait_until_known(stack, dead)
            put_in_outbox(stack, dead)
            beside_known = [_seconds_to_receipt(stack, clocked) for _ in range(DETRACTORS)]
        for channel_id in (dead, made["channel_id"]):
            stack.request("DELETE", f"/v1/channels/{channel_id}", key=stack.api_key)
    return Alerts(alone, beside_new, beside_known)


def _start_functions(stack: Stack, clocked: Clocked) -> None:
    """As many of the deliverer as there will be at once, so that no start is measured: the emulator's share two cores with all else."""
    bring(stack, [DueMessage(f"msg_{number}") for number in range(_WORKERS * _MESSAGES_AT_ONCE)])
    _seconds_to_receipt(stack, clocked)


def put_in_outbox(stack: Stack, channel_id: str) -> None:
    """Open a thousand messages for a channel, all about one detractor's answer, and have them brought at once."""
    stored = next(item for item in _pages(stack, "AnswersTable") if item["score"]["N"] == "0")
    answer, now = AnswerKey(stored["pk"]["S"], stored["sk"]["S"]), datetime.now(UTC)
    messages = [
        Message(
            message_id=message_id_of(channel_id, AlertKind.DETRACTOR, secrets.token_hex(8)),
            channel_id=channel_id,
            kind=AlertKind.DETRACTOR,
            created_at=now,
            answer=answer,
        )
        for _ in range(WAITING)
    ]
    table = stack.outputs["DeliveriesTable"]
    for some in batched(messages, _ITEMS_AT_ONCE, strict=False):
        puts = [{"PutRequest": {"Item": item_of(each).serialize()}} for each in some]
        stack.aws.client("dynamodb").batch_write_item(RequestItems={table: puts})
    bring(stack, [DueMessage(each.message_id, channel_id) for each in messages])


def bring(stack: Stack, dues: Sequence[DueMessage]) -> None:
    """Put ids into the deliverer's queue."""
    queue = stack.outputs["DeliverQueueUrl"]
    for some in batched(dues, _MESSAGES_AT_ONCE, strict=False):
        bodies = [msgspec.json.encode(due).decode() for due in some]
        entries = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)]
        stack.aws.sqs.send_message_batch(QueueUrl=queue, Entries=cast("Any", entries))


def _wait_until_known(stack: Stack, channel_id: str) -> None:
    """Until the breaker is open."""
    key = {"pk": {"S": f"breaker#{channel_id}"}, "sk": {"S": "breaker"}}
    deadline = time.monotonic() + _SECONDS_AT_MOST
    while "open_until" not in stack.aws.dynamodb.get_item(TableName=stack.outputs["DeliveriesTable"], Key=key).get("Item", {}):
        if time.monotonic() > deadline:
            raise NeverArrivedError(channel_id)
        time.sleep(0.5)


def _seconds_to_receipt(stack: Stack, clocked: Clocked) -> float:
    time.sleep(_SECONDS_BETWEEN)
    answer_id = ids.mint(datetime.now(UTC), secrets.randbits(74))
    body = {"score": 0, "finished": True, "answer_id": answer_id, "edit_key_hash": sha256(secrets.token_bytes(32)).hexdigest()}
    began = time.monotonic()
    stack.request("POST", f"/v1/surveys/{stack.survey_id}/answers", body)
    return clocked.when(answer_id) - began


def _channel(stack: Stack, url: str) -> dict[str, Any]:
    made: dict[str, Any] = stack.request(
        "POST", "/v1/channels", {"kind": "webhook", "name": "Bench", "url": url, "wait_seconds": 0}, key=stack.api_key
    ).json()
    return made


def _pages(stack: Stack, table: str) -> Iterator[dict[str, Any]]:
    for page in stack.aws.dynamodb.get_paginator("scan").paginate(TableName=stack.outputs[table]):
        yield from (dict(item) for item in page["Items"])
