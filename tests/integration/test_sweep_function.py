"""The sweep as its schedule drives it: what has been pending for long is settled, wherever its stream record went."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import boto3
import pytest

from functions.classify.handler import handle as classify
from functions.sweep.handler import handle
from shared.answer import Change
from shared.identity import edit_key_hash_of
from tests.events import recorded, stream_batch
from tests.fakes.reception import KEY
from tests.integration.asking import PATCH, ask, everything
from tests.integration.counted import CountingPlace
from tests.integration.interference import refusing

LONG = timedelta(minutes=11)


@pytest.fixture
def place(aws: None) -> CountingPlace:  # noqa: ARG001 - what it stands on
    return CountingPlace()


def swept(**expected: int) -> None:
    assert handle(recorded("schedule"), None) == {"found": 0, "counted": 0, "unsettled": 0} | expected


def test_what_has_been_pending_for_long_is_counted_and_announced(place: CountingPlace) -> None:
    keys = place.given(3, 10, changed_at=place.now - LONG)
    swept(found=2, counted=2)
    assert place.row() == {3: 1, 10: 1}
    assert [event["data"]["class"] for event in place.events()] == ["detractor", "promoter"]
    assert not any(place.answer(key).pending for key in keys)
    before = everything()
    swept()
    after = everything()
    assert (after["answers_table"], after["rollups_table"]) == (before["answers_table"], before["rollups_table"])


def test_what_the_stream_may_still_bring_is_left_alone(place: CountingPlace) -> None:
    [key] = place.given(10, changed_at=place.now - timedelta(minutes=9))
    swept()
    assert place.answer(key).pending
    assert not place.row()


def test_a_late_change_of_an_old_answer_is_found_where_it_was_announced(place: CountingPlace) -> None:
    """The sweep reads the time since the last one; an edit of an answer of three weeks ago lies far outside it."""
    [key] = place.given(10, instant=place.now - timedelta(days=21), changed_at=place.now - LONG, edit_key_hash=edit_key_hash_of(KEY))
    classify(stream_batch([key]), None)
    swept()
    assert ask(PATCH, {"score": 0}, bearer=KEY, answer_id=key.answer_id).status == 200
    swept()  # too fresh yet
    item: Any = {":long_ago": {"N": str(int((place.now - LONG).timestamp() * 1000))}}
    boto3.client("dynamodb").update_item(
        TableName="answers_table",
        Key={"pk": {"S": key.partition}, "sk": {"S": key.answer_id}},
        UpdateExpression="SET changed_at = :long_ago",
        ExpressionAttributeValues=item,
    )
    swept(found=1, counted=1)
    assert +place.row() == {0: 1}


def test_what_cannot_be_announced_is_met_again(place: CountingPlace) -> None:
    [key] = place.given(3, changed_at=place.now - LONG)
    with refusing("PutEvents"):
        swept(found=1, counted=1, unsettled=1)
    assert place.answer(key).pending
    swept(found=1, counted=1)
    assert place.row() == {3: 1}
    assert [event["data"]["revision"] for event in place.events()] == [1]


def test_a_change_while_the_sweep_runs_is_settled_as_it_stands(place: CountingPlace) -> None:
    [key] = place.given(3, changed_at=place.now - LONG)
    place.answers.change(key, Change(score=9), place.now - LONG)
    swept(found=1, counted=1)
    assert place.row() == {9: 1}


def test_it_says_how_long_the_longest_had_been_pending_and_logs_counts_only(
    place: CountingPlace, capsys: pytest.CaptureFixture[str], logged: Callable[[], str]
) -> None:
    place.given(3, changed_at=place.now - timedelta(minutes=30))
    swept(found=1, counted=1)
    metric = json.loads(next(line for line in capsys.readouterr().out.splitlines() if "PendingAgeSeconds" in line))
    assert metric["PendingAgeSeconds"][0] == pytest.approx(1800, abs=60)
    [line] = [json.loads(line) for line in logged().splitlines()]
    usual = {"level", "location", "timestamp", "service"}
    assert {name: told for name, told in line.items() if name not in usual} == {
        "message": "swept",
        "found": 1,
        "counted": 1,
        "unsettled": 0,
    }
