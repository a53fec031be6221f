"""Codes, and channels that change, pause and resume, in memory."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from shared.alerts import registration, verification
from shared.alerts.challenge import TRIES, challenge_of
from shared.alerts.channel import Channel, ChannelKind, ChannelStatus
from shared.alerts.outcome import Outcome, Result
from shared.alerts.proof import TooSoonError
from shared.alerts.registration import AddressError, NotSignedError, PassedRevisionError
from shared.alerts.retrying import WELL
from shared.alerts.verification import CodeRefusedError, DisabledError, UnverifiedError, UnwellError
from tests.fakes.registering import HOOK, PLAIN, SLACK, RegisteringHouse, code_in, in_room, register, wrong


@pytest.fixture
def house() -> RegisteringHouse:
    return RegisteringHouse()


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


def test_a_disabled_channel_starts_anew_at_another_url(house: RegisteringHouse) -> None:
    channel = disabled(house, register(house)[0].channel)
    moved = registration.change(channel, PLAIN, "https://cs.example.com/other", house.work)
    assert (moved.status, moved.status_reason, moved.disabled_at) == (ChannelStatus.UNVERIFIED, None, None)
    assert verification.verify(moved, house.work)[0].status is ChannelStatus.ACTIVE
    assert house.deliveries.breaker(channel.channel_id) == WELL


def test_the_same_digits_prove_nothing_for_another_channel_or_address(house: RegisteringHouse) -> None:
    kept = challenge_of("123456", SLACK, "ch_one", house.now)
    assert kept.admits("123456", SLACK, "ch_one")
    assert not kept.admits("123456", SLACK, "ch_other")
    assert not kept.admits("123456", HOOK, "ch_one")
