"""Each known person counts once a span on the deployed stack: over HTTP, through its stream, functions and the roles they have."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from infra.local.stack import Stack
from shared.counting.recount import compare, unsealed_days
from shared.store.answers import Answers
from shared.store.registry import SurveyStore
from shared.store.rollups import Rollups
from tests.e2e.survey import Device, OpenSurvey, wait_until

pytestmark = [pytest.mark.stack, pytest.mark.usefixtures("deployed_tables")]
PERSONS, ANSWERS, SENDERS = 6, 5, 6
DAYS = 20


def agrees(survey_id: str) -> bool:
    """Whether a recount finds every row the sum of the marks, and every mark what it should be."""
    survey = SurveyStore().read(survey_id)
    assert survey is not None
    checks = compare(survey, unsealed_days(survey, Rollups(), datetime.now(UTC)), Answers(), Rollups(), datetime.now(UTC))
    return bool(checks) and all(check.agrees and not check.drifted and not check.pending for check in checks)


def distribution(survey: OpenSurvey, query: str = "") -> Counter[int]:
    """What the report counts over the last days."""
    first = (datetime.now(UTC) - timedelta(days=DAYS)).date().isoformat()
    return +Counter(dict(enumerate(survey.score(f"?from={first}{query}")["distribution"])))


def at_rest(survey: OpenSurvey, answers: int) -> bool:
    stored = survey.answers(DAYS)
    return len(stored) == answers and not any("pending" in item for item in stored)


def test_a_signed_person_who_answers_three_times_counts_once_by_the_last(stack: Stack) -> None:
    survey = OpenSurvey(stack, count_once_per="days:30")
    devices = [Device.new(timedelta(days=days)) for days in (12, 5, 0)]
    signed = {"respondent_token": survey.token(), "touchpoint": "checkout"}
    for number, (device, score) in enumerate(zip(devices, (2, 9, 8), strict=True), start=1):
        assert survey.post(device.body(score=score, **signed)).status == 201
        wait_until(lambda number=number: at_rest(survey, number), 60)  # type: ignore[misc]
        assert distribution(survey) == {score: 1}
    assert survey.post(Device.new().body(score=6)).status == 201
    wait_until(lambda: at_rest(survey, 4), 60)
    assert distribution(survey) == {8: 1, 6: 1}
    assert (distribution(survey, "&identity=identified"), distribution(survey, "&identity=anonymous")) == ({8: 1}, {6: 1})
    refused = survey.patch(devices[0], score=10)
    assert (refused.status, refused.json()["type"]) == (409, "urn:recomenda:problem:answer-final")
    assert agrees(survey.survey_id)


def test_persons_who_answer_at_once_and_out_of_order_count_once_each_by_their_last_answer(stack: Stack) -> None:
    survey, chance = OpenSurvey(stack, count_once_per="wave"), Random(32)
    today = datetime.now(UTC).date()
    waves = ({"name": "Antes", "first_day": str(today - timedelta(days=20)), "last_day": str(today - timedelta(days=10))},)
    for wave in (*waves, {"name": "Agora", "first_day": str(today - timedelta(days=8))}):
        assert stack.request("POST", f"{survey.path}/waves", wave, key=stack.api_key).status == 201
    given: list[tuple[str, Device, int, bool]] = []
    for person in range(PERSONS):
        for now in (True, False):
            days = [chance.uniform(0, 6) if now else chance.uniform(11.5, 18) for _ in range(ANSWERS)]
            given += [(f"cliente-{person}", Device.new(timedelta(days=each)), chance.randrange(11), now) for each in days]
    chance.shuffle(given)

    def send(answer: tuple[str, Device, int, bool]) -> int:
        sub, device, score, _ = answer
        return survey.post(device.body(score=score, respondent_token=survey.token(sub=sub))).status

    with ThreadPoolExecutor(SENDERS) as senders:
        assert set(senders.map(send, given)) == {201}
    last: dict[tuple[str, bool], tuple[str, int]] = {}
    for sub, device, score, now in given:
        last[sub, now] = max(last.get((sub, now), ("", 0)), (device.answer_id, score))
    truth: Counter[Any] = Counter(score for _, score in last.values())
    wait_until(lambda: at_rest(survey, len(given)), 120)
    assert distribution(survey) == truth
    assert Counter(item.get("standing", {"S": "valid"})["S"] for item in survey.answers(DAYS)) == {
        "valid": 2 * PERSONS,
        "superseded": len(given) - 2 * PERSONS,
    }
    assert agrees(survey.survey_id)
