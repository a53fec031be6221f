"""Registering, changing and verifying channels, in memory."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from shared.alerts import registration, verification
from shared.alerts.call import CallError
from shared.alerts.challenge import TRIES
from shared.alerts.channel import Channel, ChannelKind, ChannelSettings, ChannelStatus, QuietHours, Rules
from shared.alerts.channel_rules import ChannelRuleError
from shared.alerts.guard import UrlFault
from shared.alerts.outcome import Outcome, Result
from shared.alerts.proof import TooSoonError
from shared.alerts.register import AlreadySubscribedError
from shared.alerts.registration import AddressError, Made, NotSignedError, PassedRevisionError, TooManyChannelsError
from shared.alerts.retrying import WELL
from shared.alerts.verification import CodeRefusedError, DisabledError, UnverifiedError, UnwellError
from tests.fakes.registering import RegisteringHouse
from tests.hostile import HOSTILE_NAMES, HOSTILE_URLS, Names

HOOK = "https://cs.example.com/hook?key=s3cret"
SLACK = "https://hooks.slack.com/services/T0/B0/s3cret"
PLAIN = ChannelSettings(name="Sala do CS")


@pytest.fixture
def house() -> RegisteringHouse:
    return RegisteringHouse()


def register(
    house: RegisteringHouse,
    kind: ChannelKind = ChannelKind.WEBHOOK,
    address: str = HOOK,
    **settings: Any,  # noqa: ANN401 - any setting
) -> tuple[Made, Outcome]:
    return verification.register(kind, address, replace(PLAIN, **settings), house.work)


def in_room(house: RegisteringHouse) -> Channel:
    made, outcome = register(house, ChannelKind.SLACK, SLACK)
    assert outcome == Outcome(Result.CODE_SENT, 200)
    return made.channel


def code_in(house: RegisteringHouse) -> str:
    """The six digits that stand in the room's last message."""
    code: str
    [code] = set(re.findall(r"(?<![0-9])[0-9]{6}(?![0-9])", house.caller.calls[-1][1].decode()))
    return code


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


# ── Webhooks ─────────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── Rooms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_code_that_stands_in_the_room_verifies_it(house: RegisteringHouse) -> None:
    channel = in_room(house)
    verified = verification.enter_code(channel.channel_id, code_in(house), house.work)
    assert (verified.status, verified.verified_at) == (ChannelStatus.ACTIVE, house.now)
    assert channel.channel_id not in house.register.challenges


def test_nothing_that_is_kept_tells_the_code(house: RegisteringHouse) -> None:
    channel = in_room(house)
    assert code_in(house) not in repr(house.register.challenges[channel.channel_id])


def test_five_wrong_codes_end_it(house: RegisteringHouse) -> None:
    channel, code = in_room(house), code_in(house)
    for _ in range(TRIES):
        with pytest.raises(CodeRefusedError):
            verification.enter_code(channel.channel_id, wrong(code), house.work)
    with pytest.raises(CodeRefusedError):
        verification.enter_code(channel.channel_id, code, house.work)
    assert house.register.channels[channel.channel_id].status is ChannelStatus.UNVERIFIED


def test_four_wrong_codes_do_not(house: RegisteringHouse) -> None:
    channel, code = in_room(house), code_in(house)
    for _ in range(TRIES - 1):
        with pytest.raises(CodeRefusedError):
            verification.enter_code(channel.channel_id, wrong(code), house.work)
    assert verification.enter_code(channel.channel_id, code, house.work).status is ChannelStatus.ACTIVE


@pytest.mark.parametrize(("minutes", "passes"), [(14.99, True), (15, False), (-1, False)])
def test_a_code_lives_15_minutes(house: RegisteringHouse, minutes: float, passes: bool) -> None:  # noqa: FBT001 - a table's column
    channel, code = in_room(house), code_in(house)
    house.now += timedelta(minutes=minutes)
    if passes:
        assert verification.enter_code(channel.channel_id, code, house.work).status is ChannelStatus.ACTIVE
    else:
        with pytest.raises(CodeRefusedError):
            verification.enter_code(channel.channel_id, code, house.work)


def test_another_code_can_be_posted_after_30_seconds_and_ends_the_one_before(house: RegisteringHouse) -> None:
    channel, first = in_room(house), code_in(house)
    with pytest.raises(TooSoonError):
        verification.verify(channel, house.work)
    house.now += timedelta(seconds=30)
    assert verification.verify(channel, house.work)[1].result is Result.CODE_SENT
    second = code_in(house)
    assert first != second
    with pytest.raises(CodeRefusedError):
        verification.enter_code(channel.channel_id, first, house.work)
    assert verification.enter_code(channel.channel_id, second, house.work).status is ChannelStatus.ACTIVE


def test_a_code_that_was_asked_for_twice_at_once_is_posted_once(house: RegisteringHouse) -> None:
    channel = in_room(house)
    house.now += timedelta(minutes=1)
    random_bytes, drawn = house.work.random_bytes, list[int]()

    def asked_meanwhile(count: int) -> bytes:
        if not drawn:
            drawn.append(count)
            verification.verify(channel, house.work)
        return random_bytes(count)

    object.__setattr__(house.work, "random_bytes", asked_meanwhile)
    with pytest.raises(TooSoonError):
        verification.verify(channel, house.work)
    assert len(house.caller.calls) == 2


def test_guesses_at_the_same_moment_use_up_one_try_each(house: RegisteringHouse) -> None:
    channel, code = in_room(house), code_in(house)
    take, depth = house.register.set_challenge, [0]

    def guessed_meanwhile(channel_id: str, seen: Any, new: Any) -> bool:  # noqa: ANN401 - as the register has it
        if depth[0] < 4 and new is not None:
            depth[0] += 1
            with pytest.raises(CodeRefusedError):
                verification.enter_code(channel_id, wrong(code), house.work)
        return take(channel_id, seen, new)

    house.register.set_challenge = guessed_meanwhile  # type: ignore[method-assign]
    with pytest.raises(CodeRefusedError):
        verification.enter_code(channel.channel_id, wrong(code), house.work)
    assert house.register.challenges[channel.channel_id].tries_left == 0


def test_a_code_serves_one_address_only(house: RegisteringHouse) -> None:
    channel, code = in_room(house), code_in(house)
    registration.change(channel, PLAIN, "https://hooks.slack.com/services/T0/B0/other", house.work)
    with pytest.raises(CodeRefusedError):
        verification.enter_code(channel.channel_id, code, house.work)


def test_a_code_that_was_used_is_not_taken_again(house: RegisteringHouse) -> None:
    channel, code = in_room(house), code_in(house)
    verified = verification.enter_code(channel.channel_id, code, house.work)
    moved = registration.change(verified, PLAIN, SLACK + "2", house.work)
    registration.change(moved, PLAIN, SLACK, house.work)
    with pytest.raises(CodeRefusedError):
        verification.enter_code(channel.channel_id, code, house.work)


def test_a_room_that_takes_no_message_got_no_code(house: RegisteringHouse) -> None:
    house.caller.answering = lambda _body: (404, b"no_service")
    made, outcome = register(house, ChannelKind.SLACK, SLACK)
    assert (made.channel.status, outcome) == (ChannelStatus.UNVERIFIED, Outcome(Result.NOT_TAKEN, 404))


# ── Subscriptions ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_email_waits_until_its_owner_confirms(house: RegisteringHouse) -> None:
    made, outcome = register(house, ChannelKind.SNS_EMAIL, "cs@loja.example", rules=Rules(surveys=("loja",), score_at_most=3))
    assert (made.channel.status, outcome.result, made.secret) == (ChannelStatus.UNVERIFIED, Result.UNCONFIRMED, None)
    assert made.channel.host == "email"
    [subscribed] = house.subscriptions.there.values()
    assert subscribed.policy == {"survey": ("loja",), "score": [{"numeric": ["<=", 3]}]}
    assert verification.verify(made.channel, house.work)[1].result is Result.UNCONFIRMED
    subscribed.confirmed = True
    verified, outcome = verification.verify(made.channel, house.work)
    assert (verified.status, outcome.result) == (ChannelStatus.ACTIVE, Result.VERIFIED)


def test_one_that_sns_dropped_is_subscribed_again(house: RegisteringHouse) -> None:
    channel = register(house, ChannelKind.SNS_EMAIL, "cs@loja.example")[0].channel
    house.subscriptions.there.clear()
    again, outcome = verification.verify(channel, house.work)
    assert outcome.result is Result.UNCONFIRMED
    assert again.subscription in house.subscriptions.there


@pytest.mark.parametrize("score_at_most", [6, 3])
def test_an_address_is_subscribed_once_and_the_channel_that_has_it_stays(house: RegisteringHouse, score_at_most: int) -> None:
    first = register(house, ChannelKind.SNS_SMS, "+5511999990000")[0].channel
    with pytest.raises(AlreadySubscribedError):
        register(house, ChannelKind.SNS_SMS, "+5511999990000", rules=Rules(score_at_most=score_at_most))
    assert list(house.register.channels) == [first.channel_id]
    assert first.subscription in house.subscriptions.there


def test_what_changes_or_pauses_a_subscription_reaches_sns(house: RegisteringHouse) -> None:
    channel = register(house, ChannelKind.SNS_SMS, "+5511999990000")[0].channel
    [subscribed] = house.subscriptions.there.values()
    changed = registration.change(
        channel, replace(PLAIN, rules=Rules(touchpoints=("checkout",), segments={"plan": ("pro",)})), None, house.work
    )
    assert subscribed.policy == {"touchpoint": ("checkout",), "segments": ["plan:pro"]}
    paused = verification.pause(changed, house.work)
    assert subscribed.policy == {"type": ["nothing"]}
    verification.resume(paused, house.work)
    assert subscribed.policy == {"touchpoint": ("checkout",), "segments": ["plan:pro"]}


def test_deleting_it_ends_the_subscription(house: RegisteringHouse) -> None:
    channel = register(house, ChannelKind.SNS_EMAIL, "cs@loja.example")[0].channel
    registration.remove(channel, house.work)
    assert not house.subscriptions.there
    assert not house.register.channels


def test_a_subscription_keeps_its_address(house: RegisteringHouse) -> None:
    channel = register(house, ChannelKind.SNS_EMAIL, "cs@loja.example")[0].channel
    with pytest.raises(AddressError, match="make a channel"):
        registration.change(channel, PLAIN, HOOK, house.work)


@pytest.mark.parametrize(
    ("settings", "pointer"),
    [
        ({"include": ("comment",)}, "/include"),
        ({"rules": Rules(words=("procon",))}, "/rules/words"),
        ({"rules": Rules(quiet_hours=QuietHours(begins="20:00", ends="08:00"))}, "/rules/quiet_hours"),
        ({"rules": Rules(digest="daily")}, "/rules/digest"),
        ({"rules": Rules(segments={"plan": ("pro",), "region": ("sul",)})}, "/rules/segments"),
        ({"rules": Rules(surveys=tuple(f"s{n}" for n in range(40)), touchpoints=("a", "b", "c", "d"))}, "/rules"),
    ],
)
def test_what_sns_cannot_do_is_refused_for_subscriptions_alone(house: RegisteringHouse, settings: dict[str, Any], pointer: str) -> None:
    for kind, address in ((ChannelKind.SNS_EMAIL, "cs@loja.example"), (ChannelKind.SNS_SMS, "+5511999990000")):
        with pytest.raises(ChannelRuleError) as refused:
            register(house, kind, address, **settings)
        assert refused.value.pointer == pointer
    assert not house.subscriptions.there
    assert register(house, **settings)[1].result is Result.VERIFIED


@pytest.mark.parametrize(
    ("rules", "pointer"),
    [
        (Rules(quiet_hours=QuietHours(begins="20:00", ends="20:00")), "/rules/quiet_hours/ends"),
        (Rules(quiet_hours=QuietHours(begins="20:00", ends="08:00", time_zone="Lua")), "/rules/quiet_hours/time_zone"),
        (Rules(quiet_hours=QuietHours(begins="20:00", ends="08:00", time_zone="../../etc/passwd")), "/rules/quiet_hours/time_zone"),
        (Rules(words=("procon", "  ")), "/rules/words/1"),
        (Rules(words=("!!",)), "/rules/words/0"),
    ],
)
def test_rules_that_could_never_hold_are_refused(house: RegisteringHouse, rules: Rules, pointer: str) -> None:
    with pytest.raises(ChannelRuleError) as refused:
        register(house, rules=rules)
    assert refused.value.pointer == pointer
    channel = register(house)[0].channel
    with pytest.raises(ChannelRuleError):
        registration.change(channel, replace(PLAIN, rules=rules), None, house.work)


# ── Changing, pausing, resuming ──────────────────────────────────────────────────────────────────────────────────────


def test_another_url_has_to_be_verified_anew(house: RegisteringHouse) -> None:
    channel = register(house)[0].channel
    moved = registration.change(channel, PLAIN, "https://cs.example.com/other", house.work)
    assert (moved.status, moved.verified_at, moved.revision) == (ChannelStatus.UNVERIFIED, None, channel.revision + 1)
    assert house.register.address(channel.channel_id) == "https://cs.example.com/other"


def test_the_same_url_in_another_spelling_changes_nothing(house: RegisteringHouse) -> None:
    channel = register(house)[0].channel
    assert registration.change(channel, PLAIN, "HTTPS://CS.example.com:443/hook?key=s3cret", house.work) is channel


@pytest.mark.parametrize("url", ["http://cs.example.com/", "https://127.0.0.1/", "https://nobody.example.com/"])
def test_a_change_to_a_hostile_url_is_refused_and_the_channel_stays(house: RegisteringHouse, url: str) -> None:
    channel = register(house)[0].channel
    with pytest.raises(AddressError):
        registration.change(channel, PLAIN, url, house.work)
    assert house.register.channels == {channel.channel_id: channel}
    assert house.register.address(channel.channel_id) == HOOK


def test_a_channel_pauses_and_resumes(house: RegisteringHouse) -> None:
    channel = register(house)[0].channel
    paused = verification.pause(channel, house.work)
    assert paused.status is ChannelStatus.PAUSED
    assert verification.pause(paused, house.work) is paused
    assert verification.verify(paused, house.work) == (paused, Outcome(Result.VERIFIED))
    resumed = verification.resume(paused, house.work)
    assert resumed.status is ChannelStatus.ACTIVE
    assert verification.resume(resumed, house.work) is resumed
    assert len(house.caller.calls) == 1


def test_an_unverified_one_neither_pauses_nor_resumes(house: RegisteringHouse) -> None:
    channel = in_room(house)
    for step in (verification.pause, verification.resume):
        with pytest.raises(UnverifiedError):
            step(channel, house.work)


def disabled(house: RegisteringHouse, channel: Channel) -> Channel:
    assert house.register.disable(channel.channel_id, "failing", house.now)
    broken = WELL.after_failure(house.now - timedelta(hours=73))
    assert house.deliveries.set_breaker(channel.channel_id, WELL, broken)
    return house.register.channels[channel.channel_id]


def test_a_disabled_webhook_resumes_once_it_echoes_and_its_failures_are_forgotten(house: RegisteringHouse) -> None:
    channel = disabled(house, register(house)[0].channel)
    with pytest.raises(DisabledError):
        verification.verify(channel, house.work)
    with pytest.raises(DisabledError):
        verification.pause(channel, house.work)
    echoing = house.caller.answering
    house.caller.answering = lambda _body: (200, b"ok")
    with pytest.raises(UnwellError) as unwell:
        verification.resume(channel, house.work)
    assert unwell.value.outcome == Outcome(Result.NOT_ECHOED, 200)
    house.caller.answering = echoing
    resumed = verification.resume(channel, house.work)
    assert (resumed.status, resumed.status_reason, resumed.disabled_at, resumed.owner_told_at) == (ChannelStatus.ACTIVE, None, None, None)
    assert house.deliveries.breaker(channel.channel_id) == WELL


def test_a_disabled_room_resumes_once_it_takes_a_test(house: RegisteringHouse) -> None:
    made = in_room(house)
    channel = disabled(house, verification.enter_code(made.channel_id, code_in(house), house.work))
    house.caller.answering = lambda _body: (410, b"")
    with pytest.raises(UnwellError) as unwell:
        verification.resume(channel, house.work)
    assert unwell.value.outcome == Outcome(Result.NOT_TAKEN, 410)
    house.caller.answering = lambda _body: (200, b"ok")
    assert verification.resume(channel, house.work).status is ChannelStatus.ACTIVE


def test_a_channel_that_somebody_else_changed_is_not_overwritten(house: RegisteringHouse) -> None:
    channel = register(house)[0].channel
    verification.pause(channel, house.work)
    with pytest.raises(PassedRevisionError):
        registration.change(channel, replace(PLAIN, name="Outra"), None, house.work)


def test_only_webhooks_have_a_secret_to_rotate(house: RegisteringHouse) -> None:
    made, _ = register(house)
    secret, until = registration.rotate_secret(made.channel, house.work)
    assert (secret != made.secret, until) == (True, house.now + timedelta(hours=24))
    assert house.register.signing_secrets(made.channel.channel_id, house.now) == (secret, made.secret)
    with pytest.raises(NotSignedError):
        registration.rotate_secret(in_room(house), house.work)
