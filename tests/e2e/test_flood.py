"""Five thousand answers from one network, on the deployed stack, while customers answer from theirs: the score does not move.

A thousand come over HTTP, through the gateway and the deployed function; the rest through two more containers of the same function, here in
this process on the deployed tables, which takes a third of the computing, beside those, and finds the flood anew each.
"""

import json
import random
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Final

import pytest
import urllib3

from functions.collect import handler as collect
from infra.local.stack import Stack
from shared import answer_id as ids
from shared.counting.recount import compare, unsealed_days
from shared.identity import edit_key_hash_of
from shared.store.answers import Answers
from shared.store.registry import SurveyStore
from shared.store.rollups import Rollups
from shared.survey import Survey
from tests.e2e.survey import OpenSurvey, wait_until
from tests.events import api_request

OVER_HTTP: Final = 1_000
ELSEWHERE: Final = 2_000
CONTAINERS: Final = 2
POSTS: Final = OVER_HTTP + CONTAINERS * ELSEWHERE
SENDERS: Final = 4
GENUINE: Final = (10, 9, 10, 8, 9, 7, 10, 3, 9, 10, 6, 9, 10, 8, 9, 10, 2, 9, 10, 7, 9, 10, 10, 8, 9, 5, 10, 9, 10, 9)
EXPECTED: Final = [GENUINE.count(score) for score in range(11)]
FLOODING: Final = "203.0.113.7"
_TRIES: Final = 3
"""As a page tries again what a busy machine did not answer in time."""


class Crowd:
    """Many who answer one survey, each from an address, over connections that stay open."""

    def __init__(self, survey: OpenSurvey) -> None:
        self.url = f"{survey.stack.api_url}{survey.path}/answers"
        self.pool = urllib3.PoolManager(maxsize=SENDERS, retries=False)

    def post(self, score: int, source_ip: str) -> str:
        """A new answer; returns its id."""
        answer_id, body = _answer(score)
        headers = {"content-type": "application/json", "x-forwarded-for": source_ip}
        statuses = [0]
        while not {200, 201} & set(statuses):
            assert len(statuses) <= _TRIES, statuses
            sent = self.pool.request("POST", self.url, body=json.dumps(body).encode(), headers=headers, timeout=60)
            statuses.append(sent.status)
        return answer_id


def _answer(score: int) -> tuple[str, dict[str, object]]:
    answer_id = ids.mint(datetime.now(UTC), secrets.randbits(74))
    return answer_id, {"score": score, "answer_id": answer_id, "edit_key_hash": edit_key_hash_of("k" * 43)}


@pytest.fixture
def containers(stack: Stack, deployed_tables: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # noqa: ARG001 - what it stands on
    """`collect` finds the deployed tables in this process too."""
    for table in ("Answers", "People", "Keys", "Registry", "Rollups", "Ledger", "Traffic"):
        monkeypatch.setenv(f"{table.upper()}_TABLE", stack.outputs[f"{table}Table"])
    monkeypatch.setenv("SEALING_KEY", stack.outputs["SealingKey"])
    yield
    collect.compose.cache_clear()


def flood_through_another_container(survey_id: str) -> list[str]:
    """A container starts, remembering nothing, and takes its part of the flood."""
    collect.compose.cache_clear()
    sent = []
    for _ in range(ELSEWHERE):
        answer_id, body = _answer(0)
        event = api_request("POST /v1/surveys/{survey_id}/answers", json.dumps(body), path={"survey_id": survey_id})
        event["requestContext"]["http"]["sourceIp"] = FLOODING
        assert collect.handle(event, None)["statusCode"] == 201
        sent.append(answer_id)
    return sent


@pytest.mark.usefixtures("containers")
@pytest.mark.timeout(600)
def test_a_flood_from_one_network_does_not_move_the_score_and_can_be_let_in_again_exactly(stack: Stack) -> None:
    opened, chance = OpenSurvey(stack, most_per_network=100), random.Random(5)
    survey, crowd = _stored(opened), Crowd(opened)
    for number, score in enumerate(GENUINE[:15]):
        crowd.post(score, f"198.51.100.{number}")
    late = [(score, f"198.51.100.{number}") for number, score in enumerate(GENUINE[15:], start=15)]
    posts = [(0, FLOODING)] * OVER_HTTP
    for customer in late:  # they answer while the flood is going on
        posts.insert(chance.randrange(OVER_HTTP), customer)
    with ThreadPoolExecutor(SENDERS) as senders, ThreadPoolExecutor(1) as elsewhere:
        containers = elsewhere.submit(lambda: [flood_through_another_container(opened.survey_id) for _ in range(CONTAINERS)])
        sent = list(senders.map(lambda post: crowd.post(*post), posts))
    flood = [answer_id for answer_id, (_, source_ip) in zip(sent, posts, strict=True) if source_ip == FLOODING]
    flood += chain.from_iterable(containers.result())

    wait_until(lambda: _is_settled(survey), 120)
    assert opened.score()["distribution"] == EXPECTED
    assert _set_aside(opened) == set(flood)

    let_in = chance.sample(flood, 25)
    for answer_id in let_in:
        assert _decide(opened, answer_id, "include").status == 200
    wait_until(lambda: opened.score()["distribution"] == [EXPECTED[0] + 25, *EXPECTED[1:]], 60)
    for answer_id in let_in:
        assert _decide(opened, answer_id, "exclude").status == 200
    wait_until(lambda: opened.score()["distribution"] == EXPECTED, 60)

    wait_until(lambda: _is_settled(survey), 60)
    now = datetime.now(UTC)
    checks = compare(survey, unsealed_days(survey, Rollups(), now), Answers(), Rollups(), now)
    assert all(check.agrees and not check.drifted for check in checks)
    assert sum(check.answers for check in checks) == POSTS + len(GENUINE)


def test_what_was_said_from_where_is_in_no_log_and_no_table(stack: Stack) -> None:
    opened = OpenSurvey(stack)
    crowd = Crowd(opened)
    for _ in range(4):
        crowd.post(9, "203.0.113.201")
    pages = stack.aws.dynamodb.get_paginator("scan").paginate(TableName=stack.outputs["TrafficTable"])
    assert "203.0.113.201" not in str(list(pages))
    assert "203.0.113.201" not in str(stack.log_lines("CollectFunction"))
    assert "203.0.113.201" not in str(opened.answers())


def _stored(opened: OpenSurvey) -> Survey:
    survey = SurveyStore().read(opened.survey_id)
    assert survey is not None
    return survey


def _is_settled(survey: Survey) -> bool:
    now = datetime.now(UTC)
    checks = compare(survey, unsealed_days(survey, Rollups(), now), Answers(), Rollups(), now)
    return all(check.quiet and not check.pending for check in checks)


def _set_aside(opened: OpenSurvey) -> set[str]:
    found: set[str] = set()
    cursor = ""
    while True:
        page: dict[str, Any] = opened.stack.request("GET", f"{opened.path}/quarantine{cursor}", key=opened.stack.api_key).json()
        found |= {each["answer_id"] for each in page["answers"]}
        if page["next_cursor"] is None:
            return found
        cursor = f"?cursor={page['next_cursor']}"


def _decide(opened: OpenSurvey, answer_id: str, decision: str) -> Any:  # noqa: ANN401 - a response
    return opened.stack.request("POST", f"{opened.path}/answers/{answer_id}/{decision}", {"reason": "test"}, key=opened.stack.api_key)
