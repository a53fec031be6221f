"""Registering webhooks and rooms, in memory."""

import json

import pytest

from shared.alerts import registration, verification
from shared.alerts.call import CallError
from shared.alerts.channel import ChannelKind, ChannelStatus
from shared.alerts.guard import UrlFault
from shared.alerts.outcome import Outcome, Result
from shared.alerts.registration import AddressError, PassedRevisionError, TooManyChannelsError
from tests.fakes.registering import HOOK, PLAIN, RegisteringHouse, register
from tests.hostile import HOSTILE_NAMES, HOSTILE_URLS, Names


@pytest.fixture
def house() -> RegisteringHouse:
    return RegisteringHouse()


def test_a_webhook_that_echoes_its_challenge_is_active_at_once(house: RegisteringHouse) -> None:
    made, outcome = register(house)
    assert outcome == Outcome(Result.VERIFIED, 200)
    assert made.channel.status is ChannelStatus.ACTIVE
    assert made.channel.verified_at == house.now
    assert house.register.find(made.channel.channel_id) == made.channel
    [(address, body)] = house.caller.calls
    assert address == HOOK
    assert json.loads(body)["type"] == "channel.challenge"
    assert len(json.loads(body)["data"]["challenge"]) == 48


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((200, b"ok"), Outcome(Result.NOT_ECHOED, 200)),
        ((204, b""), Outcome(Result.NOT_ECHOED, 204)),
        ((404, b"not here"), Outcome(Result.NOT_TAKEN, 404)),
        ((302, b"elsewhere"), Outcome(Result.NOT_TAKEN, 302)),
        (CallError.TIMEOUT, Outcome(Result.NOT_TAKEN, error=CallError.TIMEOUT)),
        (CallError.REFUSED_ADDRESS, Outcome(Result.NOT_TAKEN, error=CallError.REFUSED_ADDRESS)),
    ],
)
def test_one_that_does_not_stays_unverified_and_can_be_asked_again(
    house: RegisteringHouse, answer: tuple[int, bytes] | CallError, outcome: Outcome
) -> None:
    echoing = house.caller.answering
    house.caller.answering = lambda _body: answer
    made, first = register(house)
    assert first == outcome
    assert made.channel.status is ChannelStatus.UNVERIFIED
    house.caller.answering = echoing
    again, second = verification.verify(made.channel, house.work)
    assert (again.status, second.result) == (ChannelStatus.ACTIVE, Result.VERIFIED)


def test_a_refused_status_proves_nothing_even_with_the_echo(house: RegisteringHouse) -> None:
    house.caller.answering = lambda body: (500, body)
    assert register(house)[1] == Outcome(Result.NOT_TAKEN, 500)


def test_each_challenge_is_another(house: RegisteringHouse) -> None:
    house.caller.answering = lambda _body: (200, b"")
    made, _ = register(house)
    verification.verify(made.channel, house.work)
    first, second = (json.loads(body)["data"]["challenge"] for _, body in house.caller.calls)
    assert first != second


def test_a_challenge_passed_at_an_address_that_was_changed_meanwhile_verifies_nothing(house: RegisteringHouse) -> None:
    house.caller.answering = lambda _body: (200, b"")
    channel = register(house)[0].channel

    def changing(body: bytes) -> tuple[int, bytes]:
        house.caller.answering = lambda _body: (200, b"")
        registration.change(channel, PLAIN, "https://cs.example.com/other", house.work)
        return 200, body

    house.caller.answering = changing
    with pytest.raises(PassedRevisionError):
        verification.verify(channel, house.work)
    assert house.register.channels[channel.channel_id].status is ChannelStatus.UNVERIFIED


@pytest.mark.parametrize("url", [url for urls in HOSTILE_URLS.values() for url in urls])
def test_a_hostile_url_is_refused_with_advice_and_nothing_is_kept_or_called(house: RegisteringHouse, url: str) -> None:
    with pytest.raises(AddressError) as refused:
        register(house, address=url)
    assert any(fault in refused.value.advice for fault in UrlFault)
    assert not house.register.channels
    assert not house.caller.calls


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_name_that_leads_astray_is_refused(name: str) -> None:
    house = RegisteringHouse(Names())
    with pytest.raises(AddressError, match="not on the public internet"):
        register(house, address=f"https://{name}/hook")
    assert not house.register.channels
    assert not house.caller.calls


def test_a_name_that_is_not_found_is_refused(house: RegisteringHouse) -> None:
    with pytest.raises(AddressError, match="not found"):
        register(house, address="https://nobody.example.com/hook")


@pytest.mark.parametrize(
    ("kind", "host"),
    [
        (ChannelKind.SLACK, "cs.example.com"),
        (ChannelKind.SLACK, "hooks.slack.com.example.com"),
        (ChannelKind.SLACK, "xhooks.slack.com"),
        (ChannelKind.TEAMS, "cs.example.com"),
        (ChannelKind.TEAMS, "loja.webhook.office.com"),
        (ChannelKind.TEAMS, "environment.api.powerplatform.com"),
        (ChannelKind.TEAMS, "xenvironment.api.powerplatform.com"),
        (ChannelKind.GOOGLE_CHAT, "googleapis.com"),
        (ChannelKind.DISCORD, "example.discord.com"),
    ],
)
def test_a_tools_url_has_the_tools_host(kind: ChannelKind, host: str) -> None:
    house = RegisteringHouse(Names({host: ["8.8.8.8"]}))
    with pytest.raises(AddressError, match="copy"):
        register(house, kind, f"https://{host}/x")
    assert not house.caller.calls


@pytest.mark.parametrize(
    ("kind", "host"),
    [
        (ChannelKind.SLACK, "hooks.slack.com"),
        (ChannelKind.TEAMS, "default0.1a.environment.api.powerplatform.com"),
        (ChannelKind.TEAMS, "prod-31.westus.logic.azure.com"),
        (ChannelKind.GOOGLE_CHAT, "chat.googleapis.com"),
        (ChannelKind.DISCORD, "discord.com"),
        (ChannelKind.DISCORD, "canary.discord.com"),
    ],
)
def test_a_tools_own_hosts_pass(kind: ChannelKind, host: str) -> None:
    house = RegisteringHouse(Names({host: ["8.8.8.8"]}))
    made, outcome = register(house, kind, f"https://{host}:443/x?sig=1")
    assert (made.channel.host, outcome.result) == (host, Result.CODE_SENT)
    assert made.secret is None


def test_the_hundred_and_first_channel_is_refused(house: RegisteringHouse) -> None:
    for _ in range(100):
        register(house)
    with pytest.raises(TooManyChannelsError):
        register(house)
