"""What a person types or says is kept sealed in People, or nowhere: in clear it is in no table, image, event, queue, log line or metric."""

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any, Final

import boto3
import pytest

from functions.classify.handler import handle as classify
from functions.collect import handler as collect
from functions.sweep.handler import handle as sweep
from shared import dimension as dim
from shared.answer import AnswerKey
from tests.events import api_request, recorded, stream_batch
from tests.fakes.reception import SECRET
from tests.integration.asking import items, unsealed
from tests.integration.counted import CountingPlace
from tests.integration.interference import refusing
from tests.planted import KEPT, Door, Plants, Visitor

TABLES: Final = ("people_table", "keys_table", "answers_table", "rollups_table", "registry_table")


@pytest.fixture
def place(aws: None) -> CountingPlace:  # noqa: ARG001 - what it stands on
    return CountingPlace()


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(Plants(), "demo", SECRET.decode(), through_the_gateway)


def through_the_gateway(door: Door) -> int:
    path = {"answer_id": "x"} | door.path
    event = api_request(door.route, b64encode(door.raw).decode(), path=path, query=door.query, headers=door.headers, base64=True)
    status: int = collect.handle(event, None)["statusCode"]
    return status


def stream_records() -> list[dict[str, Any]]:
    """Every record of the Answers stream, images included."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCOUNT_ID_ENDPOINT_MODE", "disabled")  # moto knows no other address of this service
        streams = boto3.client("dynamodbstreams")
    arn = boto3.client("dynamodb").describe_table(TableName="answers_table")["Table"]["LatestStreamArn"]
    [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    return [dict(record) for record in streams.get_records(ShardIterator=start)["Records"]]


def answer_keys() -> list[AnswerKey]:
    return [AnswerKey(item["pk"]["S"], item["sk"]["S"]) for item in items("answers_table")]


def test_nothing_that_was_said_is_anywhere_but_in_people_and_there_it_is_sealed(
    place: CountingPlace, visitor: Visitor, logged: Callable[[], str], capfd: pytest.CaptureFixture[str]
) -> None:
    statuses = visitor.visit_every_door()
    assert [name for name, status in statuses.items() if status < 300] == [
        *(
            "an answer",
            "the same again",
            "a score alone",
            "a later comment",
            "a signed answer",
            "an answer of its own id",
            "headers and query",
            "a form",
        )
    ]
    assert not [name for name, status in statuses.items() if status >= 500]
    with refusing("PutEvents"):
        classify(stream_batch(answer_keys()), None)
    handed_on = place.handed_on()
    assert len(handed_on) == 5
    classify(stream_batch(answer_keys()), None)
    sweep(recorded("schedule"), None)

    plants = visitor.plants
    assert plants.found_in([unsealed(item) for item in items("people_table")]) == KEPT
    printed = capfd.readouterr()
    seen: dict[str, object] = {table: items(table) for table in TABLES}
    seen |= {"stream": stream_records(), "events": place.events(), "queue": handed_on, "logs": logged()}
    seen |= {"printed, metrics among it": [printed.out, printed.err]}
    assert all(seen.values())
    assert {name: plants.found_in(found) for name, found in seen.items()} == {name: set() for name in seen}


@pytest.mark.parametrize("operation", ["GetItem", "PutItem", "TransactWriteItems", "UpdateItem", "Query", "Decrypt"])
@pytest.mark.usefixtures("place")
def test_nothing_is_said_of_a_person_when_something_breaks(
    visitor: Visitor, logged: Callable[[], str], capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, operation: str
) -> None:
    """The store's errors may repeat what was to be written; their messages are logged nowhere."""

    def with_all_it_was_sent(parameters: dict[str, Any]) -> bool:
        raise OSError(f"{operation} did not take {json.dumps(parameters, default=str)}")

    visitor.visit_every_door()
    with refusing(operation, with_all_it_was_sent):
        collect.compose.cache_clear()
        statuses = Visitor(visitor.plants, "demo", SECRET.decode(), through_the_gateway).visit_every_door()
    assert 500 in statuses.values()
    printed = capfd.readouterr()
    everything_said = [logged(), printed.out, printed.err, caplog.text]
    assert "request failed" in logged()
    assert visitor.plants.found_in(everything_said) == set()


def test_nothing_but_the_pseudonym_leads_from_an_answer_to_its_person(place: CountingPlace, visitor: Visitor) -> None:
    visitor.visit_every_door()
    allowed = {"pk", "sk", "score", "person_id", "edit_key_hash", "changed_at", "dimensions", "finished", "commented", "rev", "pending"}
    declared = {name: {*values, "other"} for name, values in place.survey.settings.declared().items()}
    for item in items("answers_table"):
        assert set(item) <= allowed
        for name, value in item["dimensions"]["M"].items():
            assert value["S"] in declared[name]
    images = [record["dynamodb"]["NewImage"]["dimensions"]["M"] for record in stream_records()]
    said = [image for image in images if "variant" in image]
    assert said
    assert {value["S"] for image in said for name, value in image.items() if name != dim.IDENTITY} == {"other"}
