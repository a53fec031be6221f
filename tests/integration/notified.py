"""Answers to be told about and what notifying leaves: messages in the outbox, ids that are due, what the topic's subscriber hears."""

import json
import os
from secrets import token_bytes
from typing import Final

import boto3
import pytest

from functions.notify_sns import handler as notify_sns
from functions.notify_webhook import handler as notify_webhook
from shared.alerts.signature import new_secret
from shared.answer import AnswerKey
from shared.events import answer_classified
from shared.store.bus import EventBus
from shared.store.channels import ChannelStore
from shared.store.sealing import Sealing
from shared.store.session import client
from shared.store.tables import DeliveryItem, PersonItem, RegistryItem, bind
from tests.events import queue_batch
from tests.fakes.channels import channel_of
from tests.integration.counted import CountingPlace
from tests.template import resources

NOTIFIERS: Final = {"sns": notify_sns, "webhook": notify_webhook}


class Notified(CountingPlace):
    """Counting, and behind its bus the template's rules with a queue for each notifier; a channel, and a subscriber of the topic."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, address: str = "https://sala.example/") -> None:
        super().__init__()
        self.queues = {name: self.sqs.create_queue(QueueName=f"notify-{name}")["QueueUrl"] for name in NOTIFIERS}
        events = boto3.client("events")
        for rule, declared in resources("AWS::Events::Rule").items():
            if "EventPattern" in declared:
                events.put_rule(Name=rule, EventBusName="recomenda", EventPattern=json.dumps(declared["EventPattern"]))
                for target in declared["Targets"]:
                    arn = self._arn_of(self.queues[target["Id"]])
                    events.put_targets(Rule=rule, EventBusName="recomenda", Targets=[{"Id": target["Id"], "Arn": arn}])
        self.subscriber = self.sqs.create_queue(QueueName="subscriber")["QueueUrl"]
        raw = {"RawMessageDelivery": "true"}
        boto3.client("sns").subscribe(
            TopicArn=os.environ["DETRACTOR_TOPIC"], Protocol="sqs", Endpoint=self._arn_of(self.subscriber), Attributes=raw
        )
        for name, value in {
            "ALERT_WAIT_SECONDS": "120",
            "ALERT_LOCALE": "pt-BR",
            "ANSWER_LINK": "https://console.example/{answer_id}",
        }.items():
            monkeypatch.setenv(name, value)
        bind(RegistryItem, os.environ["REGISTRY_TABLE"])
        bind(PersonItem, os.environ["PEOPLE_TABLE"])
        bind(DeliveryItem, os.environ["DELIVERIES_TABLE"])
        self.channel = channel_of("sala", include=("comment",), mask_comment=False)
        self.secret = new_secret(token_bytes)
        assert ChannelStore(Sealing(os.environ["SEALING_KEY"])).create(self.channel, address, self.secret)
        self._patch = monkeypatch

    def close(self) -> None:
        """Have the notifiers forget it."""
        for notifier in NOTIFIERS.values():
            notifier.compose.cache_clear()

    def announce(self, *keys: AnswerKey) -> None:
        """Announce answers as they stand, counted or not."""
        bus = EventBus(client("events"), "recomenda")
        assert not bus.announce([answer_classified(self.answer(key)) for key in keys])

    def bring(self, name: str, *more: str) -> list[str]:
        """Give a notifier all that waits in its queue; the ids of the messages that it could not take. `more` comes first."""
        self._patch.setenv("NOTIFY_QUEUE_URL", self.queues[name])
        notifier = NOTIFIERS[name]
        notifier.compose.cache_clear()
        batch = queue_batch(*more, *self._drained(self.queues[name]))
        return [failed["itemIdentifier"] for failed in notifier.handle(batch, None)["batchItemFailures"]]

    def delayed(self, name: str) -> int:
        """How many messages wait for their time."""
        found = self.sqs.get_queue_attributes(QueueUrl=self.queues[name], AttributeNames=["ApproximateNumberOfMessagesDelayed"])
        return int(found["Attributes"]["ApproximateNumberOfMessagesDelayed"])

    def told(self) -> list[tuple[str, str]]:
        """What the topic's subscriber heard since the last call: of what kind, about which answer."""
        heard = [json.loads(body) for body in self._drained(self.subscriber)]
        return [(each["type"].removeprefix("alert."), each["data"]["answer_id"]) for each in heard]

    def due(self) -> list[str]:
        """The ids that the deliverer got since the last call."""
        return [json.loads(body)["message_id"] for body in self._drained(os.environ["DELIVER_QUEUE_URL"])]

    def outbox(self) -> dict[str, str]:
        """Kind of each message in the outbox, by id."""
        items = [item for item in DeliveryItem.scan() if item.sk == "message" and item.channel_id == self.channel.channel_id]
        return {item.pk.removeprefix("message#"): item.kind for item in items}

    def _arn_of(self, queue: str) -> str:
        return self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
