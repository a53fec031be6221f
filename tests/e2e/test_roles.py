"""What functions do at night, with the roles they have: the emulator enforces the actions and resources of every policy."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from infra.local.demo import SURVEY
from infra.local.stack import Stack
from shared import answer_id as ids
from shared.counting.recount import SEALED_BEFORE_EXPIRY
from shared.periods import local_day
from shared.survey import SHORTEST_RETENTION

NOW = datetime.now(UTC)


@pytest.fixture
def survey_id(stack: Stack) -> str:
    """A survey of a hundred days ago with rows in two shards."""
    survey_id = f"old-{uuid4().hex[:8]}"
    assert stack.request("POST", "/v1/surveys", SURVEY | {"survey_id": survey_id}, key=stack.api_key).status == 201
    assert stack.request("POST", f"/v1/surveys/{survey_id}/open", key=stack.api_key).status == 200
    registry, key = stack.outputs["RegistryTable"], {"pk": {"S": "survey"}, "sk": {"S": survey_id}}
    document = json.loads(stack.aws.dynamodb.get_item(TableName=registry, Key=key)["Item"]["document"]["S"])
    document |= {"created_at": (NOW - timedelta(days=100)).isoformat(), "row_shards": 2}
    stack.aws.dynamodb.update_item(
        TableName=registry,
        Key=key,
        UpdateExpression="SET document = :document",
        ExpressionAttributeValues={":document": {"S": json.dumps(document)}},
    )
    return survey_id


def put_answer(stack: Stack, survey_id: str, instant: datetime, marks: dict[str, Any]) -> dict[str, Any]:
    answer_id = ids.mint(instant, uuid4().int)
    bucket = ids.bucket_of(answer_id, 4)
    key = {"pk": {"S": ids.partition_of(survey_id, instant.date(), bucket)}, "sk": {"S": answer_id}}
    answer: dict[str, Any] = {
        "changed_at": {"N": str(int(instant.timestamp() * 1000))},
        "dimensions": {"M": {}},
        "edit_key_hash": {"S": "0" * 64},
        "person_id": {"S": "anonymous"},
        "rev": {"N": "1"},
        "score": {"N": "9"},
    }
    stack.aws.dynamodb.put_item(TableName=stack.outputs["AnswersTable"], Item=key | answer | marks)
    return key


def rollup(stack: Stack, partition: str, day: str) -> dict[str, Any]:
    found = stack.aws.dynamodb.get_item(TableName=stack.outputs["RollupsTable"], Key={"pk": {"S": partition}, "sk": {"S": day}})
    return dict(found.get("Item", {}))


def test_seal_may_verify_repair_write_down_and_seal(stack: Stack, survey_id: str) -> None:
    instant = NOW - timedelta(days=SHORTEST_RETENTION) + SEALED_BEFORE_EXPIRY - timedelta(days=2)
    day = local_day(instant, "America/Sao_Paulo").isoformat()
    counted = {"score": {"N": "9"}, "day": {"S": day}, "rows": {"L": [{"S": "all"}]}}
    settled = {"counted": {"M": counted}, "counted_rev": {"N": "1"}, "expires_at": {"N": str(int((NOW + timedelta(days=99)).timestamp()))}}
    put_answer(stack, survey_id, instant, settled)

    summary = stack.invoke("SealFunction", {})

    assert summary["sealed"] >= 1
    row = rollup(stack, f"{survey_id}#all#0", day)
    assert row["s9"] == {"N": "1"}
    assert "sealed_at" in row
    audit = stack.aws.dynamodb.query(
        TableName=stack.outputs["RollupsTable"],
        KeyConditionExpression="pk = :audit",
        ExpressionAttributeValues={":audit": {"S": f"{survey_id}#audit"}},
    )
    assert audit["Count"] == 1


def test_sweep_may_settle_announce_and_forget(stack: Stack, survey_id: str) -> None:
    touched = f"{survey_id}#2026-01-01#0"  # announced long ago, with nothing pending in it any more
    long_ago = str(int((NOW - timedelta(days=1)).timestamp() * 1000))
    registry = stack.outputs["RegistryTable"]
    stack.aws.dynamodb.put_item(TableName=registry, Item={"pk": {"S": "touched"}, "sk": {"S": touched}, "touched_at": {"N": long_ago}})
    instant = NOW - timedelta(minutes=30)
    key = put_answer(stack, survey_id, instant, {"pending": {"N": "1"}})

    stack.invoke("SweepFunction", {})

    answers = stack.outputs["AnswersTable"]
    swept = stack.aws.dynamodb.get_item(TableName=answers, Key=key, ConsistentRead=True)["Item"]
    assert "pending" not in swept
    assert swept["counted_rev"] == {"N": "1"}
    assert "Item" not in stack.aws.dynamodb.get_item(TableName=registry, Key={"pk": {"S": "touched"}, "sk": {"S": touched}})
