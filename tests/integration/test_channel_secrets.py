"""Signing secrets, and that nothing tells them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import boto3
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from functions.channels import composition
from tests.integration.console import CHANNELS, DELIVERIES, Console, code_of, url_of, wrong
from tests.receivers import Request, message, says


def verifies(secret: str, request: Request) -> bool:
    """Whether the public library, as a receiver has it, takes the call."""
    try:
        Webhook(secret).verify(request.body.decode(), request.headers)
    except WebhookVerificationError:
        return False
    return True


def test_a_rotation_signs_with_both_for_24_hours(console: Console) -> None:
    console.now = datetime.now(UTC)  # the library looks at the clock
    receiver = console.receiver()
    made = console.make(receiver)
    rotated = console.step(made, "rotate-secret")
    assert (rotated.status, rotated.headers["cache-control"]) == (201, "no-store")
    assert datetime.fromisoformat(rotated.body["previous_valid_until"]) - console.now == timedelta(hours=24)
    old, new = made["signing_secret"], rotated.body["signing_secret"]
    assert old != new
    caller = composition.compose().registering.caller
    channel = composition.compose().registering.register.find(made["channel_id"])
    assert channel is not None
    caller.call(channel, "msg_1", receiver.requests[0].body, "application/json")
    first, second = receiver.requests
    assert (verifies(old, first), verifies(new, first)) == (True, False)
    assert (verifies(old, second), verifies(new, second)) == (True, True)
    assert second.headers["webhook-signature"].count("v1,") == 2
    console.now += timedelta(hours=24)
    secrets = composition.compose().registering.register.signing_secrets(made["channel_id"], console.now)
    assert tuple(secrets) == (new,)


def test_only_webhooks_have_a_signing_secret(console: Console) -> None:
    made = console.make(console.receiver(says(message(200))), "slack")
    assert console.step(made, "rotate-secret").problem == "not-for-this-kind"


def test_no_address_secret_or_code_is_answered_stored_or_logged_in_clear(console: Console, logged: Callable[[], str]) -> None:
    webhook, room = console.receiver(), console.receiver(says(message(200)))
    replies = [
        console.call(f"POST {CHANNELS}", {"kind": kind, "name": "Sala", "url": url_of(each)})
        for kind, each in (("webhook", webhook), ("slack", room))
    ]
    replies += [
        console.call(f"POST {CHANNELS}", {"kind": "sns_email", "name": "CS", "email": "plantado@loja.example"}),
        console.call(f"POST {CHANNELS}", {"kind": "sns_sms", "name": "CS", "phone": "+5511987654321"}),
    ]
    made = [dict(reply.body) for reply in replies]
    rotated = console.step(made[0], "rotate-secret")
    secrets = [made[0]["signing_secret"], rotated.body["signing_secret"]]
    code = code_of(room.requests[0])
    asked = [console.step(made[1], "verify", {"code": wrong(code)}), console.step(made[1], "verify", {"code": code})]
    asked += [console.step(channel, step) for channel in made for step in ("verify", "test", "pause", "resume")]
    asked += [console.change(channel, name="Outro", url="https://10.0.0.1/s3cret-of-the-url") for channel in made]
    asked += [console.call(f"GET {CHANNELS}"), *(console.call(f"GET {DELIVERIES}", channel_id=channel["channel_id"]) for channel in made)]
    answered = "".join(reply.text for reply in asked)
    stored = "".join(repr(boto3.client("dynamodb").scan(TableName=table)["Items"]) for table in ("registry_table", "deliveries_table"))
    lines = logged()
    assert "channel made" in lines
    addresses = ("s3cret-of-the-url", "plantado@loja.example", "+5511987654321")
    for hidden in (*addresses, *secrets, *(secret.removeprefix("whsec_") for secret in secrets)):
        assert hidden not in answered
        assert hidden not in stored
        assert hidden not in lines
        assert all(hidden not in reply.text for reply in replies if hidden in addresses)
    assert f'"{code}"' not in stored + lines + answered
    powertools = {"level", "location", "message", "timestamp", "service"}
    named = {name for line in lines.splitlines() for name in json.loads(line)} - powertools
    assert named <= {"channel_id", "key_id", "kind", "result", "status", "revision", "message_id", "scopes", "made"}
