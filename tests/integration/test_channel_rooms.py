"""Rooms of chat tools, verified by a code that is posted there."""

from datetime import timedelta
from typing import Any

import pytest

from functions.channels import composition
from tests.integration.console import START, Console, code_of, wrong
from tests.receivers import message, says


@pytest.mark.parametrize("kind", ["slack", "teams", "google_chat", "discord"])
def test_a_room_is_verified_by_the_code_that_is_posted_there(console: Console, kind: str) -> None:
    room = console.receiver(says(message(200, body=b"ok")))
    made = console.make(room, kind)
    assert (made["status"], made["verification"]["result"]) == ("unverified", "code_sent")
    assert "signing_secret" not in made
    assert "webhook-signature" not in room.requests[0].headers
    verified = console.step(made, "verify", {"code": code_of(room.requests[0])})
    assert (verified.status, verified.body["status"], verified.body["verification"]["result"]) == (200, "active", "verified")


def test_a_code_cannot_be_guessed(console: Console) -> None:
    room = console.receiver(says(message(200)))
    made = console.make(room, "slack")
    code = code_of(room.requests[0])
    for _ in range(5):
        assert console.step(made, "verify", {"code": wrong(code)}).problem == "code-refused"
    late = console.step(made, "verify", {"code": code})
    assert (late.status, late.problem) == (422, "code-refused")
    console.now += timedelta(seconds=30)
    assert console.step(made, "verify").body["verification"]["result"] == "code_sent"
    assert console.step(made, "verify", {"code": code}).problem == "code-refused"
    assert console.step(made, "verify", {"code": code_of(room.requests[1])}).body["status"] == "active"


def test_a_code_expires_after_15_minutes(console: Console) -> None:
    room = console.receiver(says(message(200)))
    made = console.make(room, "slack")
    console.now += timedelta(minutes=15)
    assert console.step(made, "verify", {"code": code_of(room.requests[0])}).problem == "code-refused"


def test_codes_are_posted_30_seconds_apart(console: Console) -> None:
    room = console.receiver(says(message(200)))
    made = console.make(room, "slack")
    for seconds in (0, 29):
        console.now = START + timedelta(seconds=seconds)
        too_soon = console.step(made, "verify")
        assert (too_soon.status, too_soon.problem) == (429, "code-too-soon")
    assert len(room.requests) == 1


@pytest.mark.parametrize(
    "body", [{"code": ""}, {"code": 123456}, {"code": "12345"}, {"code": "1234567"}, {"code": "١٢٣٤٥٦"}, {"code": None}, {"c": 1}]
)
def test_a_code_that_is_none_uses_up_no_try(console: Console, body: dict[str, object]) -> None:
    room = console.receiver(says(message(200)))
    made = console.make(room, "slack")
    for _ in range(6):
        assert console.step(made, "verify", body).problem == "invalid"
    assert console.step(made, "verify", {"code": code_of(room.requests[0])}).body["status"] == "active"


def test_guesses_at_the_same_moment_use_up_one_try_each(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    room = console.receiver(says(message(200)))
    made = console.make(room, "slack")
    register, code, left = composition.compose().registering.register, code_of(room.requests[0]), [3]
    reading = register.challenge

    def read_then_lose_the_race(channel_id: str) -> Any:  # noqa: ANN401 - a challenge
        seen = reading(channel_id)
        if left[0]:
            left[0] -= 1
            assert console.step(made, "verify", {"code": wrong(code)}).problem == "code-refused"
        return seen

    monkeypatch.setattr(register, "challenge", read_then_lose_the_race)
    assert console.step(made, "verify", {"code": wrong(code)}).problem == "code-refused"
    kept = reading(made["channel_id"])
    assert kept is not None
    assert kept.tries_left == 1


def test_a_code_of_one_channel_is_none_of_another(console: Console) -> None:
    room = console.receiver(says(message(200)))
    one, other = console.make(room, "slack"), console.make(room, "slack")
    mine, theirs = map(code_of, room.requests)
    assert mine != theirs
    assert console.step(one, "verify", {"code": theirs}).problem == "code-refused"
    assert console.step(other, "verify", {"code": theirs}).body["status"] == "active"
    assert console.read(one)["status"] == "unverified"


def test_a_webhook_takes_no_code(console: Console) -> None:
    made = console.make(console.receiver(says(message(200))))
    assert console.step(made, "verify", {"code": "123456"}).problem == "not-for-this-kind"
