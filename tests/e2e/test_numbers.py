"""Scores over time on the deployed stack: its roles let reports read what they need, and the night pack weeks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.local.stack import Stack
from shared.periods import local_day
from tests.e2e.survey import Device, OpenSurvey, scan, wait_until

pytestmark = pytest.mark.stack


def test_a_series_with_what_happened_reads_the_same_once_the_night_has_packed_it(stack: Stack) -> None:
    survey = OpenSurvey(stack)
    for age, score in ((20, 9), (20, 2), (9, 10), (0, 9)):
        assert survey.post(Device.new(timedelta(days=age)).body(score=score, touchpoint="checkout")).status == 201
    wait_until(lambda: survey.score()["answers"] == 4)
    today = local_day(datetime.now(UTC), "America/Sao_Paulo")
    release = {"day": str(today - timedelta(days=9)), "kind": "release", "text": "Novo checkout"}
    made = stack.request("POST", f"{survey.path}/annotations", release, key=stack.api_key)
    assert made.status == 201

    def trend() -> dict[str, Any]:
        query = f"from={today - timedelta(days=27)}&to={today}&touchpoint=checkout"
        found: dict[str, Any] = stack.request("GET", f"{survey.path}/trend?{query}", key=stack.api_key).json()
        return found

    before = trend()
    assert [(point["answers"], point["nps"]) for point in before["points"] if point["answers"]] == [(2, 0), (1, 100), (1, 100)]
    assert [each["text"] for each in before["annotations"]] == ["Novo checkout"]
    stack.invoke("SealFunction", {})
    assert f"{survey.survey_id}#touchpoint#weeks" in {item["pk"]["S"] for item in scan(stack, "RollupsTable")}
    assert trend() == before
    one = f"{survey.path}/annotations/{made.json()['annotation_id']}"
    assert stack.request("PATCH", one, {"text": "Checkout novo"}, key=stack.api_key).json()["text"] == "Checkout novo"
    assert stack.request("DELETE", one, key=stack.api_key).status == 204
    assert trend()["annotations"] == []
