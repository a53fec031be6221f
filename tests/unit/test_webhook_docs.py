"""docs/webhooks.md says what the code does."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from infra.environments import ROOT
from shared.alerts.channel import ChannelKind
from shared.alerts.compose import ChannelChallenge, SubjectErased, compose, compose_told
from shared.alerts.compose.messages import ErasedAnswer
from shared.alerts.content import AlertKind
from shared.alerts.message import RECEIPTS_KEPT
from shared.alerts.retrying import DELAYS, DISABLE_AFTER, FAILURES_TO_OPEN, FIRST_REST, LONGEST_REST
from shared.alerts.signature import new_secret, signed_headers
from shared.api.routes import BY_KEY
from tests.alert_contents import NOW, TYPICAL, WITHOUT_PERSON

PAGE = (ROOT / "docs" / "webhooks.md").read_text()
CHALLENGE = ChannelChallenge(
    message_id="msg_2d5bkqk6d3s2lqk5c2m7vt5rka",
    locale="pt-BR",
    at=NOW,
    company="Recomenda",
    channel_id="ch_4uyxbqk6d3s2lqk5",
    channel_name="CRM",
    code="6f1f4b9a7c11d30b5c2e8a94e17f02c6b8d5a3910e4f7b2c",
)
ERASED = SubjectErased(
    message_id="msg_7jyxbqk6d3s2lqk5c2m7vt5rka",
    locale="pt-BR",
    at=NOW,
    company=TYPICAL.company,
    answers=[
        ErasedAnswer(
            survey_id=TYPICAL.survey_id,
            survey_name=TYPICAL.survey_name,
            answer_id=TYPICAL.answer_id,
            answered_at=TYPICAL.answered_at,
            time_zone=TYPICAL.time_zone,
        )
    ],
)
DIGEST_ID = "msg_6kyxbqk6d3s2lqk5c2m7vt5rka"
MADE = {
    "alert.detractor": compose(ChannelKind.WEBHOOK, AlertKind.DETRACTOR, TYPICAL.message_id, [TYPICAL], "pt-BR", NOW),
    "alert.digest": compose(ChannelKind.WEBHOOK, AlertKind.DIGEST, DIGEST_ID, [WITHOUT_PERSON], "pt-BR", NOW),
    "channel.challenge": compose_told(ChannelKind.WEBHOOK, CHALLENGE),
    "subject.erased": compose_told(ChannelKind.WEBHOOK, ERASED),
}


@pytest.mark.parametrize("name", MADE)
def test_an_example_is_what_is_sent(name: str) -> None:
    [example] = re.findall(rf"<!-- example: {re.escape(name)} -->\n```json\n(.*?)```", PAGE, re.DOTALL)
    assert json.loads(example) == json.loads(MADE[name].body)


def test_every_example_is_compared() -> None:
    assert len(MADE) == PAGE.count("```json")


def test_every_type_that_a_receiver_may_meet_is_listed() -> None:
    listed = set(re.findall(r"^\| `((?:alert|channel|subject)\.[a-z_]+)` \|", PAGE, re.MULTILINE))
    assert listed == set(AlertKind) - {AlertKind.DISABLED}


def test_the_attempts_are_those_that_are_made() -> None:
    [row] = re.findall(r"^\| after \| (.*) \|$", PAGE, re.MULTILINE)
    units = {"s": "seconds", "min": "minutes", "h": "hours"}
    said = [timedelta(**{units[unit]: int(number)}) for number, unit in (each.split(" ") for each in row.split(" | "))]
    assert tuple(said) == DELAYS
    assert (5, timedelta(seconds=30), timedelta(minutes=30)) == (FAILURES_TO_OPEN, FIRST_REST, LONGEST_REST)
    assert timedelta(hours=72) == DISABLE_AFTER


def test_what_is_said_of_erasures_is_so() -> None:
    assert timedelta(days=75) == RECEIPTS_KEPT
    many = replace(ERASED, answers=list(ERASED.answers) * 500)
    shown = json.loads(compose_told(ChannelKind.WEBHOOK, many).body)["data"]["answer_ids"]
    assert 380 <= len(shown) < 390


def test_every_route_that_is_named_is_there() -> None:
    named = re.findall(r"`(GET|POST) (?:…|/v1/channels/\{channel_id\})(/[a-z_/{}-]*)", PAGE)
    assert len(named) >= 7
    for method, rest in named:
        assert f"{method} /v1/channels/{{channel_id}}{rest}" in BY_KEY


@pytest.fixture
def receive() -> Callable[[dict[str, str], bytes], tuple[int, bytes]]:
    """The receiver that the page shows."""
    [code] = re.findall(r"<!-- tested -->\n```python\n(.*?)```", PAGE, re.DOTALL)
    shown: dict[str, Any] = {}
    exec(compile(code, "docs/webhooks.md", "exec"), shown)  # noqa: S102 - our own page
    made: Callable[[dict[str, str], bytes], tuple[int, bytes]] = shown["receive"]
    return made


def test_the_receiver_that_is_shown_takes_what_we_sign(
    receive: Callable[[dict[str, str], bytes], tuple[int, bytes]], capsys: pytest.CaptureFixture[str]
) -> None:
    secret, former = new_secret(os.urandom), new_secret(os.urandom)
    body, now = MADE["alert.detractor"].body, int(datetime.now(UTC).timestamp())
    headers = signed_headers(TYPICAL.message_id, now, body, [secret, former])
    with patch.dict(os.environ, RECOMENDA_WEBHOOK_SECRET=former):
        assert receive(headers, body) == (204, b"")
        assert receive(headers, body) == (204, b"")
        assert receive(headers, body + b" ") == (401, b"")
        assert receive({}, body) == (401, b"")
        challenge = MADE["channel.challenge"].body
        status, echo = receive(signed_headers(CHALLENGE.message_id, now, challenge, [secret, former]), challenge)
    assert (status, CHALLENGE.code.encode() in echo) == (200, True)
    with patch.dict(os.environ, RECOMENDA_WEBHOOK_SECRET=new_secret(os.urandom)):
        assert receive(headers, body) == (401, b"")
    assert capsys.readouterr().out.count(TYPICAL.answer_id) == 1  # the second was known already
