"""Alerts to receivers on loopback that behave as badly as the internet's: what becomes of each, and that no other receiver suffers."""

from base64 import b64encode
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.alerts.call import CallError
from shared.alerts.caller import ReceiverCaller
from shared.alerts.channel import Channel, ChannelStatus
from shared.alerts.deliver import deliver
from shared.alerts.message import MessageStatus
from shared.answer import AnswerKey
from tests.calls import AMPLE, BRIEF, OK, poster
from tests.fakes.alert_house import AlertHouse
from tests.fakes.channels import MemoryChannels, channel_of
from tests.fakes.memory import Memory
from tests.receivers import Behaviour, Receiver, flapping, gone, hanging, hanging_up, message, pouring, redirecting, says, slow

DAY = timedelta(days=1)
WAITING, DELIVERED, HELD = MessageStatus.WAITING, MessageStatus.DELIVERED, MessageStatus.HELD
METADATA = "http://169.254.169.254/latest/meta-data/"


class Addressed(MemoryChannels):
    """Channels that lead to loopback, with a secret that signs."""

    def __init__(self, memory: Memory) -> None:
        super().__init__(memory)
        self.ports: dict[str, int] = {}

    def address(self, channel_id: str) -> str:
        return f"http://127.0.0.1:{self.ports[channel_id]}/hook"

    def signing_secrets(self, channel_id: str, now: datetime) -> tuple[str, ...]:
        del channel_id, now
        return (f"whsec_{b64encode(bytes(24)).decode()}",)


class Street(AlertHouse):
    """A house whose alerts really go out, to loopback."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.channels = self.addressed = Addressed(self.memory)
        self.patience = AMPLE

    def leads_to(self, receiver: Receiver, name: str) -> Channel:
        channel = self.listen(channel_of(name))
        self.addressed.ports[channel.channel_id] = receiver.port
        return channel

    def deliver(self, message_id: str) -> MessageStatus | None:
        caller = ReceiverCaller(poster(seconds=self.patience), self.channels, lambda: self.now)
        return deliver(message_id, replace(self.delivering, caller=caller))

    def tried(self, channel: Channel, key: AnswerKey) -> list[tuple[int | None, CallError | None]]:
        made = self.deliveries.attempts(self.message(channel, key).message_id)
        return [(attempt.status, attempt.error) for attempt in made]


@pytest.mark.parametrize(
    ("behaviour", "seconds", "status", "tried"),
    [
        pytest.param(slow(60), BRIEF, WAITING, (None, CallError.TIMEOUT), id="slow"),
        pytest.param(hanging(), BRIEF, WAITING, (None, CallError.TIMEOUT), id="hangs"),
        pytest.param(hanging_up(), AMPLE, WAITING, (None, CallError.PROTOCOL), id="hangs up"),
        pytest.param(says(message(500)), AMPLE, WAITING, (500, None), id="broken"),
        pytest.param(redirecting(METADATA), AMPLE, WAITING, (302, None), id="redirects to the instance's metadata"),
        pytest.param(redirecting("http://10.0.0.1/", 308), AMPLE, WAITING, (308, None), id="redirects into a network"),
        pytest.param(gone(), AMPLE, HELD, (410, None), id="gone"),
        pytest.param(hanging(OK + b"Content-Length: 9\r\n\r\nabc"), AMPLE, DELIVERED, (200, None), id="answers 200 and hangs"),
        pytest.param(pouring(bytes(1_000_000), 1_000, OK + b"\r\n"), AMPLE, DELIVERED, (200, None), id="sends a gigabyte"),
    ],
)
def test_one_call_ends_in_what_the_receiver_did_and_the_other_receiver_is_told(
    behaviour: Behaviour, seconds: float, status: MessageStatus, tried: tuple[int | None, CallError | None]
) -> None:
    street = Street()
    street.patience = seconds
    with Receiver(behaviour) as troubled, Receiver(flapping(204)) as well:
        one, other = street.leads_to(troubled, "um"), street.leads_to(well, "outro")
        key = street.tell()
    assert street.message(one, key).status is status
    assert street.tried(one, key) == [tried]
    assert street.tried(other, key) == [(204, None)]
    assert street.message(other, key).status is DELIVERED
    assert (troubled.accepted, len(well.requests)) == (1, 1)
    assert street.channels.channels[one.channel_id].status is (ChannelStatus.DISABLED if status is HELD else ChannelStatus.ACTIVE)


def test_a_redirect_to_this_machine_is_not_followed() -> None:
    street = Street()
    with Receiver(flapping(200)) as elsewhere, Receiver(redirecting(f"http://127.0.0.1:{elsewhere.port}/", 307)) as receiver:
        channel = street.leads_to(receiver, "um")
        key = street.tell()
    assert street.message(channel, key).status is WAITING
    assert elsewhere.accepted == 0


def test_a_flapping_receiver_takes_each_alert_at_last_under_one_id() -> None:
    street = Street()
    with Receiver(flapping(503, 500, 429, 200)) as receiver:
        channel = street.leads_to(receiver, "um")
        key = street.tell()
        street.run(DAY)
    assert street.message(channel, key).status is DELIVERED
    assert [status for status, _ in street.tried(channel, key)] == [503, 500, 429, 200]
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
    assert len({request.headers["webhook-timestamp"] for request in receiver.requests}) == 4


def test_a_receiver_that_is_away_gets_what_it_missed_once_it_is_back() -> None:
    street = Street()
    with Receiver(hanging_up()) as receiver:
        channel, port = street.leads_to(receiver, "um"), receiver.port
    keys = [street.tell() for _ in range(3)]
    assert {street.tried(channel, key)[0] for key in keys} == {(None, CallError.CONNECT)}
    with Receiver(flapping(204), port=port) as back:
        street.run(DAY)
    assert {street.message(channel, key).status for key in keys} == {DELIVERED}
    assert len({request.headers["webhook-id"] for request in back.requests}) == len(back.requests) == 3
