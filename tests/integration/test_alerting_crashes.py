"""The functions that alert end before and after each of their calls to AWS; queues bring again what was not done with.

Over real tables, bus, queues and topic, with a receiver on loopback that reads signatures with the specification's own library.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

import boto3
import pytest
from standardwebhooks.webhooks import Webhook

from functions.deliver import handler as deliver
from shared.answer import AnswerKey, Change
from shared.store.session import session
from shared.store.tables import DeliveryItem
from tests.events import queue_batch
from tests.integration.interference import Crash, at_step, crash
from tests.integration.notified import NOTIFIERS, Notified
from tests.receivers import Receiver, flapping

MOST_STEPS: Final = 200


def at_once(**call: Any) -> None:  # noqa: ANN401 - as botocore calls it
    """What is to come later comes now: the clock is moved for it."""
    for sent in (call["params"], *call["params"].get("Entries", ())):
        if "DelaySeconds" in sent:
            sent["DelaySeconds"] = 0


def a_minute_passes() -> None:
    """Leases end, calls that were under way are over, and what was to wait has waited."""
    for item in DeliveryItem.scan():
        if item.sk == "breaker":
            item.delete()
        waits = [each for each in (DeliveryItem.lease_until, DeliveryItem.next_at) if item.attribute_values.get(each.attr_name)]
        if waits:
            item.update(actions=[each.set(1) for each in waits])


class Alerted(Notified):
    """Notifying, the deliverer, and a receiver; a queue's message is gone only once it was done with."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, receiver: Receiver) -> None:
        super().__init__(monkeypatch, f"http://127.0.0.1:{receiver.port}/hook")
        monkeypatch.setenv("CALLS_ALLOWED", "loopback")
        monkeypatch.setenv("CHANNEL_NOTICES_TOPIC", boto3.client("sns").create_topic(Name="notices")["TopicArn"])
        self.receiver = receiver
        self.subscribed: list[Any] = []
        self.left: int | None = None
        for operation in ("SendMessage", "SendMessageBatch"):
            session().register(f"provide-client-params.sqs.{operation}", at_once)
        deliver.compose.cache_clear()

    def close(self) -> None:
        super().close()
        deliver.compose.cache_clear()
        for operation in ("SendMessage", "SendMessageBatch"):
            session().unregister(f"provide-client-params.sqs.{operation}", at_once)

    def run(self, step: int | None = None) -> bool:
        """All functions until nothing waits, the one that comes to the `step`-th place ending there; whether one did."""
        self.left = step
        while self._waiting():
            with suppress(Crash):
                self._round()
            a_minute_passes()
        self.subscribed += [json.loads(body) for body in self._drained(self.subscriber)]
        return step is not None and self.left is None

    def forget(self) -> None:
        """Empty the outbox: what comes next is about other answers."""
        with DeliveryItem.batch_write() as batch:
            for item in DeliveryItem.scan():
                batch.delete(item)

    def said(self) -> Counter[tuple[str, str]]:
        """What the receiver heard, each signed: (id, type) and how often."""
        heard = [Webhook(self.secret).verify(request.body, request.headers) for request in self.receiver.requests]
        assert [each["id"] for each in heard] == [request.headers["webhook-id"] for request in self.receiver.requests]
        return Counter((each["id"], each["type"]) for each in heard)

    def published(self) -> Counter[tuple[str, str]]:
        """What the topic's subscriber heard."""
        return Counter((each["id"], each["type"]) for each in self.subscribed)

    def _round(self) -> None:
        for name in NOTIFIERS:
            self._patch.setenv("NOTIFY_QUEUE_URL", self.queues[name])
            self._give(self.queues[name], NOTIFIERS[name].handle)
        self._give(os.environ["DELIVER_QUEUE_URL"], deliver.handle)

    def _give(self, queue: str, handle: Callable[[Any, object], Any]) -> None:
        for message in self._in(queue):
            with at_step(self.left or 0, self._crash) as passed:
                result = handle(queue_batch(message["Body"]), None)
            self.left = self.left and self.left - len(passed)
            if not result["batchItemFailures"]:
                self.sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])

    def _crash(self) -> None:
        self.left = None
        crash()

    def _waiting(self) -> bool:
        return any(self._in(queue) for queue in (*self.queues.values(), os.environ["DELIVER_QUEUE_URL"]))

    def _in(self, queue: str) -> list[Any]:
        """What a queue has to give now, left there."""
        return list(self.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=0).get("Messages", []))


@pytest.fixture
def place(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Alerted]:  # noqa: ARG001 - what it stands on
    with Receiver(flapping(204)) as receiver:
        made = Alerted(monkeypatch, receiver)
        yield made
        made.close()


def kinds_of(said: Counter[tuple[str, str]]) -> Counter[str]:
    """How many ids there are of each kind."""
    return Counter(kind.removeprefix("alert.") for _, kind in said)


def test_a_detractors_alert_arrives_signed_and_once_where_nothing_goes_wrong(place: Alerted) -> None:
    place.announce(*place.given(3, finished=True))
    place.run()
    for said in (place.said(), place.published()):
        assert kinds_of(said) == {"detractor": 1}
        assert set(said.values()) == {1}


def test_wherever_a_function_ends_every_detractor_is_told_under_one_id(place: Alerted) -> None:
    told: list[AnswerKey] = []
    for step in range(1, MOST_STEPS):
        [key] = place.given(3, finished=True)
        place.announce(key)
        told.append(key)
        if not place.run(step):
            break
        place.forget()
    assert 20 < len(told) < MOST_STEPS - 1
    for said in (place.said(), place.published()):
        assert kinds_of(said) == {"detractor": len(told)}
        assert set(said.values()) <= {1, 2}  # again only where the function ended before it had written that it had told


def test_wherever_a_function_ends_an_alert_that_may_have_been_heard_is_taken_back_once(place: Alerted) -> None:
    told: list[AnswerKey] = []
    for step in range(1, MOST_STEPS):
        [key] = place.given(3, finished=True)
        place.announce(key)
        place.run()
        assert place.answers.change(key, Change(score=9), place.now)
        place.announce(key)
        told.append(key)
        if not place.run(step):
            break
        place.forget()
    assert 20 < len(told) < MOST_STEPS - 1
    for said in (place.said(), place.published()):
        assert kinds_of(said) == {"detractor": len(told), "withdrawn": len(told)}
