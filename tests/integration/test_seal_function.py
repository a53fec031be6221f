"""Sealing as its schedule drives it: every night, the days whose answers will soon begin to expire."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import boto3
import pytest
from msgspec import structs

from functions.classify.handler import handle as classify
from functions.seal.handler import LEAST_MILLISECONDS, compose, handle
from shared.periods import local_day
from shared.rollup import RowDay
from shared.store.rollup_rows import item_key
from tests.events import recorded, stream_batch
from tests.integration.asking import everything, items, keep, survey_of
from tests.integration.counted import FAR_AHEAD, LONG_AGO, CountingPlace
from tests.integration.interference import refusing

DUE = timedelta(days=54)


@dataclass
class Context:
    """The part of Lambda's context that is read."""

    milliseconds: int = 900_000

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


def sealing(context: Context | None = None) -> dict[str, int]:
    compose.cache_clear()
    result: dict[str, int] = handle(recorded("schedule"), context or Context())
    return result


@pytest.fixture
def place(aws: None) -> CountingPlace:  # noqa: ARG001 - what it stands on
    """A survey of half a year, with two answers of 54 days ago that are counted."""
    made = CountingPlace()
    made.survey = keep(structs.replace(made.survey, created_at=datetime.now(UTC) - DUE + timedelta(days=30)))
    made.forget_surveys()
    classify(stream_batch(made.given(3, 10, instant=made.now - DUE)), None)
    return made


def day_of(place: CountingPlace) -> date:
    return local_day(place.now - DUE, place.survey.settings.time_zone)


def sealed(place: CountingPlace) -> frozenset[date]:
    return place.rollups.sealed(place.survey, LONG_AGO, FAR_AHEAD)


def test_days_that_are_due_are_sealed_once_and_later_ones_are_not(place: CountingPlace) -> None:
    first = sealing()
    assert first["unsealed"] == 0
    assert first["sealed"] == len(sealed(place)) > 0
    assert day_of(place) in sealed(place)
    assert max(sealed(place)) < local_day(place.now - timedelta(days=53), place.survey.settings.time_zone)
    assert sealing() == {"sealed": 0, "unsealed": 0}
    assert place.row() == {3: 1, 10: 1}


def test_a_day_that_drifted_is_repaired_before_it_is_sealed_and_the_repair_is_kept(place: CountingPlace) -> None:
    wrong: Any = {"pk": {"S": item_key("demo", "all", 0)}, "sk": {"S": day_of(place).isoformat()}}
    boto3.client("dynamodb").update_item(
        TableName="rollups_table", Key=wrong, UpdateExpression="ADD s10 :five", ExpressionAttributeValues={":five": {"N": "5"}}
    )
    assert place.row() == {3: 1, 10: 6}
    assert sealing()["unsealed"] == 0
    assert place.row() == {3: 1, 10: 1}
    [audit] = [item for item in items("rollups_table") if item["pk"]["S"] == "demo#audit"]
    assert json.loads(audit["repaired"]["S"]) == {"all": {"10": -5}}


def test_a_day_with_an_answer_still_pending_waits_for_another_night(place: CountingPlace, logged: Callable[[], str]) -> None:
    place.given(7, instant=place.now - DUE)
    assert sealing()["unsealed"] == 1
    assert day_of(place) not in sealed(place)
    told = [json.loads(line) for line in logged().splitlines()]
    [warning] = [line for line in told if line["level"] == "WARNING"]
    assert (warning["survey_id"], warning["day"], warning["in_time"]) == ("demo", day_of(place).isoformat(), True)


def test_without_time_left_the_days_wait_and_are_counted(place: CountingPlace, capsys: pytest.CaptureFixture[str]) -> None:
    result = sealing(Context(LEAST_MILLISECONDS))
    assert result["sealed"] == 0
    assert result["unsealed"] > 0
    assert not sealed(place)
    metric = json.loads(next(line for line in capsys.readouterr().out.splitlines() if "UnsealedDays" in line))
    assert metric["UnsealedDays"] == [result["unsealed"]]


def test_a_day_that_cannot_be_verified_keeps_no_other_from_being_sealed_and_is_heard_of(place: CountingPlace) -> None:
    other = keep(survey_of("outra", created_at=place.survey.created_at))

    def of_the_first(parameters: dict[str, Any]) -> bool:
        return f"demo#{(place.now - DUE).date()}" in str(parameters)

    with refusing("Query", of_the_first), pytest.raises(ExceptionGroup):
        sealing()
    assert day_of(place) not in sealed(place)
    assert day_of(place) in place.rollups.sealed(other, LONG_AGO, FAR_AHEAD)
    assert sealing()["unsealed"] == 0
    assert day_of(place) in sealed(place)


def test_weeks_that_are_over_are_packed_and_say_what_their_days_say(place: CountingPlace) -> None:
    sealing()
    packed = {item["pk"]["S"] for item in items("rollups_table") if "packed" in item}
    assert "demo#locale#weeks" in packed
    rows = set(place.survey.all_rows())
    days = place.rollups.sums(place.survey, rows, LONG_AGO, FAR_AHEAD)
    assert compose().history.sums(place.survey, rows, LONG_AGO, FAR_AHEAD) == days != {}
    again = items("rollups_table")
    sealing()
    assert items("rollups_table") == again


def test_without_time_left_no_week_is_packed(place: CountingPlace) -> None:
    sealing(Context(LEAST_MILLISECONDS))
    assert place.row() == {3: 1, 10: 1}
    assert not [item for item in items("rollups_table") if "packed" in item]


def test_a_house_without_surveys_has_nothing_to_seal(aws: None) -> None:  # noqa: ARG001 - what it stands on
    before = everything()
    assert sealing() == {"sealed": 0, "unsealed": 0}
    assert everything() == before


def test_a_sealed_days_rows_say_so_and_nothing_else_of_them_changes(place: CountingPlace) -> None:
    before = place.rollups.sums(place.survey, ["all"], LONG_AGO, FAR_AHEAD)
    sealing()
    assert place.rollups.sums(place.survey, ["all"], LONG_AGO, FAR_AHEAD) == before
    assert set(before) == {RowDay("demo", "all", day_of(place).isoformat())}
