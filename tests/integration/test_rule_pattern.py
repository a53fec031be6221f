"""The rules that template.yaml declares, over the golden events: who listens hears of detractors, or of those who are none any more."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from moto import mock_aws

from tests.golden import GOLDEN_EVENTS, golden
from tests.template import resources

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_sqs import SQSClient

RULES: Final = resources("AWS::Events::Rule")
HEARD: Final = {
    "DetractorRule": {"detractor_new", "promoter_to_detractor", "finished", "included"},
    "RecoveredRule": {"detractor_to_promoter", "detractor_to_promoter_uncounted", "withdrawn", "quarantined_after"},
}


@pytest.fixture
def aws_alone() -> Iterator[tuple["EventBridgeClient", "SQSClient"]]:
    with mock_aws():
        yield boto3.client("events"), boto3.client("sqs")


def entry(case: str, **changes: str) -> Any:  # noqa: ANN401 - an entry as PutEvents takes it
    return {"EventBusName": "bus", "Source": "recomenda", "DetailType": "answer.classified", "Detail": golden(case).decode()} | changes


@pytest.mark.parametrize("rule", HEARD)
def test_only_what_a_rule_is_for_reaches_who_listens_to_it(rule: str, aws_alone: tuple["EventBridgeClient", "SQSClient"]) -> None:
    events, sqs = aws_alone
    events.create_event_bus(Name="bus")
    queue = sqs.create_queue(QueueName="listener")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name=rule, EventBusName="bus", EventPattern=json.dumps(RULES[rule]["EventPattern"]))
    events.put_targets(Rule=rule, EventBusName="bus", Targets=[{"Id": "listener", "Arn": arn}])

    entries = [entry(case) for case in GOLDEN_EVENTS]
    assert events.put_events(Entries=entries)["FailedEntryCount"] == 0
    not_ours = [entry(case, **other) for case in HEARD[rule] for other in ({"Source": "somebody.else"}, {"DetailType": "answer.exported"})]
    assert events.put_events(Entries=not_ours)["FailedEntryCount"] == 0

    received = [json.loads(message["Body"]) for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])]
    heard = sorted(json.dumps(event["detail"], separators=(",", ":"), sort_keys=True) for event in received)
    assert heard == sorted(json.dumps(json.loads(golden(case)), separators=(",", ":"), sort_keys=True) for case in HEARD[rule])
