"""The weekly summary of the deployed stack: asked for, sent by the clock, ended by its link."""

import re
import secrets
import time
from datetime import UTC, datetime, timedelta

import pytest

from infra.local.stack import Stack
from shared.access import Role
from shared.periods import local_day
from tests.e2e.staff import letter_to, member
from tests.e2e.survey import OpenSurvey

pytestmark = pytest.mark.stack


def monday_after(weeks: int) -> dict[str, str]:
    """What the clock says in the morning of a Monday to come."""
    today = local_day(datetime.now(UTC), "America/Sao_Paulo")
    monday = today + timedelta(days=8 - today.isoweekday() + 7 * (weeks - 1))
    return {"time": f"{monday.isoformat()}T11:05:00Z"}


def test_a_user_gets_the_week_by_letter_until_its_link_ends_it(stack: Stack) -> None:
    name = f"Semana {secrets.token_hex(4)}"
    survey = OpenSurvey(stack, name=name)
    for score in (10, 9, 3):
        assert stack.request("POST", f"/v1/surveys/{survey.survey_id}/answers", {"score": score, "finished": True}).status == 201
    _wait_until_counted(stack, survey.survey_id, 3)
    viewer = member(stack, Role.VIEWER)
    email = viewer.user["email"]
    assert viewer.call("PUT", "/v1/me/summary").json() == {"wanted": True}

    stack.invoke("SummaryFunction", monday_after(1))
    letter = letter_to(email, stack)
    [mine] = [part for part in letter.split("<div") if name in part]
    assert "NPS 33, com poucas respostas" in mine
    assert "Respostas: 3. Detratores: 1." in mine
    [link] = set(re.findall(rf'href="{re.escape(stack.api_url)}(/resumo/[^"]+)"', letter))

    assert stack.request("GET", link).status == 200
    assert viewer.call("GET", "/v1/me/summary").json() == {"wanted": True}
    one_click = {"content-type": "application/x-www-form-urlencoded"}
    assert stack.request("POST", link, b"List-Unsubscribe=One-Click", headers=one_click).status == 200
    assert viewer.call("GET", "/v1/me/summary").json() == {"wanted": False}
    stack.invoke("SummaryFunction", monday_after(2))
    assert letter_to(email, stack) == letter


def _wait_until_counted(stack: Stack, survey_id: str, answers: int) -> None:
    for _ in range(300):
        if stack.request("GET", f"/v1/surveys/{survey_id}/nps", key=stack.api_key).json()["answers"] == answers:
            return
        time.sleep(0.1)
    pytest.fail("the answers were not counted")
