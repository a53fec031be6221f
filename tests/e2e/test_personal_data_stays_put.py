"""On the deployed stack, what a person types or says lies sealed in People, and in clear nowhere in all that the emulated AWS keeps.

Looked at twice: while it runs, through each service's own door; and in the whole state that it leaves on the disk.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

import pytest
import urllib3

from infra.local.stack import Stack
from tests.e2e.survey import OpenSurvey, scan, unsealed, wait_until
from tests.planted import KEPT, Door, Plants, Visitor

TABLES: Final = ("PeopleTable", "KeysTable", "AnswersTable", "RollupsTable", "RegistryTable")
COUNTED: Final = 5


def over_http(stack: Stack) -> Callable[[Door], int]:
    def send(door: Door) -> int:
        method, _, template = door.route.partition(" ")
        path = template.format_map({name: quote(value, safe="") for name, value in door.path.items()})
        query = f"?{urlencode(door.query)}" if door.query else ""
        sent = {"content-type": "application/json"} | door.headers
        return urllib3.request(method, stack.api_url + path + query, body=door.raw, headers=sent, timeout=60.0, retries=False).status

    return send


def stream_records(stack: Stack) -> list[dict[str, Any]]:
    """Every record of the Answers stream, images included."""
    arn = stack.aws.dynamodb.describe_table(TableName=stack.outputs["AnswersTable"])["Table"]["LatestStreamArn"]
    streams = stack.aws.dynamodbstreams
    found: list[dict[str, Any]] = []
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        found += [dict(record) for record in streams.get_records(ShardIterator=start)["Records"]]
    return found


def log_events(stack: Stack) -> Iterator[str]:
    """Every line in every log group, the access log's among them."""
    for group in stack.aws.logs.describe_log_groups()["logGroups"]:
        for page in stack.aws.logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"]):
            yield from (event["message"] for event in page["events"])


def messages(stack: Stack, queue: str) -> list[str]:
    found = stack.aws.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=0)
    return [message["Body"] for message in found.get("Messages", [])]


def listen_to_everything(stack: Stack) -> str:
    """A queue that hears every event on the bus."""
    aws, bus = stack.aws, stack.outputs["EventBus"]
    queue = aws.sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = aws.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    aws.events.put_rule(Name="everything", EventBusName=bus, EventPattern=json.dumps({"source": ["recomenda"]}))
    aws.events.put_targets(Rule="everything", EventBusName=bus, Targets=[{"Id": "heard", "Arn": arn}])
    return queue


def plant_an_unreadable_answer(stack: Stack, survey: OpenSurvey) -> None:
    """An item that no version of ours wrote: its key goes to the `again` queue and stays there."""
    key = {"pk": {"S": f"{survey.survey_id}#2026-03-10#0"}, "sk": {"S": "junk"}}
    stack.aws.dynamodb.put_item(TableName=stack.outputs["AnswersTable"], Item={**key, "pending": {"N": "1"}})


@pytest.mark.timeout(300)
def test_nothing_that_was_said_is_anywhere_but_in_people_and_there_it_is_sealed(
    start_stack: Callable[[Path], AbstractContextManager[Stack]], tmp_path: Path
) -> None:
    plants = Plants()
    with start_stack(tmp_path) as stack:
        survey = OpenSurvey(stack)
        heard = listen_to_everything(stack)
        plant_an_unreadable_answer(stack, survey)
        statuses = Visitor(plants, survey.survey_id, survey.secret, over_http(stack)).visit_every_door()
        assert sum(status < 300 for status in statuses.values()) == 8, statuses
        assert not [name for name, status in statuses.items() if status >= 500]
        wait_until(lambda: survey.score().get("answers") == COUNTED)
        stack.invoke("SweepFunction", {})

        assert plants.found_in([unsealed(stack, item) for item in scan(stack, "PeopleTable")]) == KEPT
        seen: dict[str, object] = {table: scan(stack, table) for table in TABLES}
        seen |= {"stream": stream_records(stack), "events": messages(stack, heard), "logs": list(log_events(stack))}
        assert all(seen.values())
        seen |= {name: messages(stack, stack.outputs[name]) for name in ("AgainQueueUrl", "AgainDeadLettersUrl", "StreamFailuresUrl")}
        assert {name: plants.found_in(found) for name, found in seen.items()} == {name: set() for name in seen}

    whole = [path.read_bytes() for path in (tmp_path / "state").rglob("*") if path.is_file()]
    whole.append((tmp_path / "emulator.log").read_bytes())
    assert plants.found_in(*whole) == set()
    assert any(b"answer received" in place for place in whole)
    assert any(survey.survey_id.encode() in place for place in whole)
