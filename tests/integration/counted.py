"""Answers to be counted and what counting them leaves: rows, marks, events on the bus, keys on the `again` queue."""

import json
import os
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any, Final

import boto3

from functions.classify import handler as classify
from functions.collect import handler as collect
from shared.answer import Answer, AnswerKey
from shared.rollup import Bins
from shared.store.answers import Answers
from shared.store.rollups import Rollups
from shared.store.tables import AnswerItem, RollupItem, bind
from tests.fakes.samples import answer_of
from tests.integration.asking import keep, survey_of

LONG_AGO: Final = date(2000, 1, 1)
FAR_AHEAD: Final = date(2100, 1, 1)


class CountingPlace:
    """One open survey, and a queue that hears everything on the bus."""

    def __init__(self) -> None:
        self.survey = keep(survey_of())
        self.now = datetime.now(UTC)
        bind(AnswerItem, os.environ["ANSWERS_TABLE"])
        bind(RollupItem, os.environ["ROLLUPS_TABLE"])
        self.answers = Answers()
        self.rollups = Rollups()
        self.sqs = boto3.client("sqs")
        self.heard = self.sqs.create_queue(QueueName="heard")["QueueUrl"]
        self.again = os.environ["AGAIN_QUEUE_URL"]
        arn = self.sqs.get_queue_attributes(QueueUrl=self.heard, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        events = boto3.client("events")
        events.put_rule(Name="all", EventBusName="recomenda", EventPattern=json.dumps({"source": ["recomenda"]}))
        events.put_targets(Rule="all", EventBusName="recomenda", Targets=[{"Id": "heard", "Arn": arn}])
        classify.compose.cache_clear()

    def given(self, *scores: int, **changes: Any) -> list[AnswerKey]:  # noqa: ANN401 - any field of an answer
        """New answers with these scores, pending."""
        first = len(list(AnswerItem.scan()))
        found: list[Answer] = [
            answer_of(self.survey, number, score, **{"instant": self.now, "changed_at": self.now} | changes)
            for number, score in enumerate(scores, start=first)
        ]
        assert all(self.answers.add(answer) for answer in found)
        return [answer.key for answer in found]

    def row(self, row: str = "all") -> Bins:
        """A row's counts, all days together."""
        total: Bins = Counter()
        for bins in self.rollups.sums(self.survey, [row], LONG_AGO, FAR_AHEAD, strong=True).values():
            total.update(bins)
        return total

    def answer(self, key: AnswerKey) -> Answer:
        """The answer as it is stored."""
        found = self.answers.find(key)
        assert found is not None
        return found

    def events(self) -> list[dict[str, Any]]:
        """The details of the events heard since the last call, by answer and revision."""
        found = [json.loads(body) for body in self._drained(self.heard)]
        assert {(event["source"], event["detail-type"]) for event in found} <= {("recomenda", "answer.classified")}
        return sorted((event["detail"] for event in found), key=lambda detail: str(detail["metadata"]["id"]))

    def handed_on(self) -> list[str]:
        """The messages on the `again` queue since the last call."""
        return sorted(self._drained(self.again))

    def _drained(self, queue: str) -> list[str]:
        bodies: list[str] = []
        while messages := self.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                bodies.append(message["Body"])
                self.sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return bodies

    def forget_surveys(self) -> None:
        """Have every function read surveys anew."""
        for compose in (classify.compose, collect.compose):
            compose.cache_clear()


def message_of(key: AnswerKey) -> str:
    """The message about one key on the `again` queue."""
    return json.dumps(key._asdict(), separators=(",", ":"))
