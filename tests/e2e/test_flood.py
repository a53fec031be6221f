"""Five thousand answers from one network, on the deployed stack, while customers answer from theirs: the score does not move."""

import json
import random
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Final

import pytest
import urllib3

from infra.local.stack import Stack
from shared import answer_id as ids
from shared.counting.recount import compare, unsealed_days
from shared.identity import edit_key_hash_of
from shared.store.answers import Answers
from shared.store.registry import SurveyStore
from shared.store.rollups import Rollups
from shared.survey import Survey
from tests.e2e.survey import OpenSurvey, wait_until

POSTS: Final = 5_000
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

    def post(self, score: int, source_ip: str, answer_id: str | None = None) -> str:
        """A new answer; returns its id."""
        answer_id = answer_id or ids.mint(datetime.now(UTC), secrets.randbits(74))
        body = {"score": score, "answer_id": answer_id, "edit_key_hash": edit_key_hash_of("k" * 43)}
        headers = {"content-type": "application/json", "x-forwarded-for": source_ip}
        for _ in range(_TRIES):
            answered = self.pool.request("POST", self.url, body=json.dumps(body).encode(), headers=headers, timeout=60)
            if answered.status in {200, 201}:
                return answer_id
        raise AssertionError(answered.data)


@pytest.mark.usefixtures("deployed_tables")
def test_a_flood_from_one_network_does_not_move_the_score_and_can_be_let_in_again_exactly(stack: Stack) -> None:
    opened, chance = OpenSurvey(stack), random.Random(5)
    survey, crowd = _stored(opened), Crowd(opened)
    for number, score in enumerate(GENUINE[:15]):
        crowd.post(score, f"198.51.100.{number}")
    late = [(score, f"198.51.100.{number}") for number, score in enumerate(GENUINE[15:], start=15)]
    posts = [(0, FLOODING)] * POSTS
    for customer in late:  # they answer while the flood is going on
        posts.insert(chance.randrange(POSTS), customer)
    with ThreadPoolExecutor(SENDERS) as senders:
        sent = list(senders.map(lambda post: crowd.post(*post), posts))
    flood = [answer_id for answer_id, (_, source_ip) in zip(sent, posts, strict=True) if source_ip == FLOODING]

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
