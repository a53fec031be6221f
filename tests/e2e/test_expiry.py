"""Retention ends by TTL: each item says when it may go, and the deployed tables let what is due go, while counters stay.

What is proved: every item about a person ends with the survey's retention, and every table of the template that should has TTL on, on the
attribute that we write. Locally that is within ten seconds; AWS does "typically within a few days", and until then nothing
that is due is shown or counted on (`Answer.has_expired`, its tests).
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.local.stack import Stack
from shared.privacy.inventory import TABLES
from tests.e2e.survey import Device, OpenSurvey, scan, wait_until
from tests.template import resources

pytestmark = pytest.mark.stack
RETENTION = timedelta(days=90)
"""Of the test's survey."""
OF_PEOPLE = ("AnswersTable", "PeopleTable", "KeysTable")
type Item = dict[str, Any]


def person_of(survey: OpenSurvey, device: Device) -> str:
    [answer] = [item for item in survey.answers() if item["sk"]["S"] == device.answer_id]
    return str(answer["person_id"]["S"])


def held(stack: Stack, table: str, person_id: str) -> list[Item]:
    """What a table holds of a person: under their id, or naming it."""
    return [item for item in scan(stack, table) if person_id in {item["pk"]["S"], item.get("person_id", {}).get("S")}]


def is_there(stack: Stack, table: str, item: Item) -> bool:
    key = {name: item[name] for name in ("pk", "sk")}
    return "Item" in stack.aws.dynamodb.get_item(TableName=stack.outputs[table], Key=key, ConsistentRead=True)


def make_due(stack: Stack, table: str, item: Item) -> None:
    """As if its time were over."""
    stack.aws.dynamodb.update_item(
        TableName=stack.outputs[table],
        Key={name: item[name] for name in ("pk", "sk")},
        UpdateExpression="SET expires_at = :past",
        ExpressionAttributeValues={":past": {"N": str(int(time.time()) - 1)}},
    )


def answered(survey: OpenSurvey, customer: str, score: int) -> str:
    device = Device.new()
    token = survey.token(sub=customer, email=f"{customer}@exemplo.com.br", name="Ana Prado")
    assert survey.post(device.body(score=score, comment="Demorou.", finished=True, respondent_token=token)).status == 201
    wait_until(survey.is_settled, 60)
    return person_of(survey, device)


@pytest.mark.parametrize("name", [name for name in TABLES if name in resources("AWS::DynamoDB::Table")])
def test_ttl_is_on_where_the_inventory_says_that_items_end(stack: Stack, name: str) -> None:
    described = stack.aws.dynamodb.describe_time_to_live(TableName=stack.outputs[name])["TimeToLiveDescription"]
    assert (described["TimeToLiveStatus"] == "ENABLED") is TABLES[name].expires
    assert described.get("AttributeName") == ("expires_at" if TABLES[name].expires else None)


def test_everything_about_a_person_ends_with_the_surveys_retention(stack: Stack) -> None:
    survey = OpenSurvey(stack)
    person_id = answered(survey, f"{survey.survey_id}-1", 3)
    kinds = set()
    for table in OF_PEOPLE:
        for item in held(stack, table, person_id):
            ends = datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC)
            assert abs(ends - datetime.now(UTC) - RETENTION) < timedelta(hours=1), item
            kinds.add((table, item["sk"]["S"].partition("#")[0]))
    assert {("PeopleTable", kind) for kind in ("profile", "comment", "answer", "owner")} <= kinds
    assert ("KeysTable", "key") in kinds


@pytest.mark.timeout(300)
def test_what_is_due_goes_and_nothing_else_does(stack: Stack) -> None:
    survey = OpenSurvey(stack)
    due, kept = (answered(survey, f"{survey.survey_id}-{number}", score) for number, score in ((1, 3), (2, 9)))
    before = {table: held(stack, table, kept) for table in OF_PEOPLE}
    score = survey.score()
    theirs = {table: held(stack, table, due) for table in OF_PEOPLE}
    assert all(theirs.values()), theirs
    for table, items in theirs.items():
        for item in items:
            make_due(stack, table, item)
    wait_until(lambda: not any(is_there(stack, table, item) for table, items in theirs.items() for item in items), 150)
    assert not any(held(stack, table, due) for table in OF_PEOPLE)
    assert {table: held(stack, table, kept) for table in OF_PEOPLE} == before
    assert survey.score() == score
    assert score["answers"] == 2
