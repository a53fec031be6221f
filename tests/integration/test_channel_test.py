"""A test, from the API through the engine to a receiver that verifies it as our documentation says, and back to the API."""

from dataclasses import replace
from datetime import UTC, datetime

from functions.channels import composition
from shared.alerts.deliver import Delivering, deliver
from shared.alerts.message import MessageStatus
from tests.fakes.alert_house import AlertHouse
from tests.integration.console import DELIVERIES, Console, code_of
from tests.integration.test_channel_secrets import verifies
from tests.receivers import message, says


def engine(console: Console) -> Delivering:
    """The deliverer, with the stores and the caller of the deployment; a test reads of no answer and no person."""
    working = composition.compose()
    registering = working.registering
    return replace(
        AlertHouse().delivering,
        channels=registering.register,
        deliveries=working.deliveries,
        outbox=working.outbox,
        caller=registering.caller,
        now=lambda: console.now,
    )


def test_a_test_arrives_signed_and_its_attempt_is_shown(console: Console) -> None:
    console.now = datetime.now(UTC).replace(microsecond=0)  # the library that verifies looks at the clock
    receiver = console.receiver()
    channel = console.make(receiver)
    message_id = console.step(channel, "test").body["message_id"]
    assert deliver(message_id, engine(console)) is MessageStatus.DELIVERED
    heard = receiver.requests[-1]
    assert heard.headers["webhook-id"] == message_id
    assert verifies(channel["signing_secret"], heard)
    [delivery] = console.call(f"GET {DELIVERIES}", channel_id=channel["channel_id"]).body["deliveries"]
    assert (delivery["status"], [made["http_status"] for made in delivery["attempts"]]) == ("delivered", [200])


def test_a_test_that_is_not_taken_fails_at_once_and_can_be_replayed(console: Console) -> None:
    receiver = console.receiver(says(message(200), message(503), message(200)))
    channel = console.make(receiver, "slack")
    verified = console.step(channel, "verify", {"code": code_of(receiver.requests[0])})
    assert verified.body["status"] == "active"
    message_id = console.step(channel, "test").body["message_id"]
    assert deliver(message_id, engine(console)) is MessageStatus.FAILED
    again = console.call(f"POST {DELIVERIES}/{{message_id}}/replay", channel_id=channel["channel_id"], message_id=message_id)
    assert again.status == 202
    assert deliver(message_id, engine(console)) is MessageStatus.DELIVERED
    [delivery] = console.call(f"GET {DELIVERIES}", channel_id=channel["channel_id"]).body["deliveries"]
    assert [made["http_status"] for made in delivery["attempts"]] == [503, 200]
    assert "webhook-signature" not in receiver.requests[-1].headers
