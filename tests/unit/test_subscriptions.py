"""Channels that SNS delivers to, and what rules a channel may have, in memory."""

from typing import Any

import pytest
from msgspec.structs import replace

from shared.alerts import registration, verification
from shared.alerts.channel import ChannelKind, ChannelStatus, QuietHours, Rules
from shared.alerts.channel_rules import ChannelRuleError
from shared.alerts.outcome import Result
from shared.alerts.register import AlreadySubscribedError
from shared.alerts.registration import AddressError
from tests.fakes.registering import HOOK, PLAIN, RegisteringHouse, register


@pytest.fixture
def house() -> RegisteringHouse:
    return RegisteringHouse()


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
        ({"locale": "en"}, "/locale"),
        ({"wait_seconds": 30}, "/wait_seconds"),
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
