"""Asking a receiver for a sign of life, or of who owns it, by a call that is made at once and once."""

from datetime import datetime
from typing import Final, TypedDict

from shared.alerts.call import CallFailed
from shared.alerts.challenge import challenge_of, new_code
from shared.alerts.channel import Channel
from shared.alerts.compose import ChannelChallenge, ChannelTest, compose_told
from shared.alerts.compose.letter import PRODUCT
from shared.alerts.content import AlertKind
from shared.alerts.message import message_id_of
from shared.alerts.outcome import Outcome, Result
from shared.alerts.registration import Registering, RegistrationError
from shared.survey import Locale

_ECHO_BYTES: Final = 24


class TooSoonError(RegistrationError):
    """A code was sent a moment ago."""


def echo(channel: Channel, work: Registering) -> Outcome:
    """Send a random text, which only who reads what arrives there can answer with."""
    text = work.random_bytes(_ECHO_BYTES).hex()
    told = ChannelChallenge(**_about(channel, AlertKind.CHALLENGE, work), code=text)
    outcome, body = _call(channel, told, work)
    if outcome.result is Result.VERIFIED and text.encode() not in body:
        return Outcome(Result.NOT_ECHOED, outcome.status)
    return outcome


def sign_of_life(channel: Channel, work: Registering) -> Outcome:
    """Whether a room takes messages; there is nothing to ask where SNS delivers."""
    if channel.kind.is_subscription:
        return Outcome(Result.VERIFIED)
    return _call(channel, ChannelTest(**_about(channel, AlertKind.TEST, work)), work)[0]


def send_code(channel: Channel, work: Registering) -> Outcome:
    """Post a code in the room. Its hash is kept first: a code that was posted can be typed back. Raises `TooSoonError`."""
    now, seen = work.now(), work.register.challenge(channel.channel_id)
    if seen is not None and seen.is_fresh(now):
        raise TooSoonError
    code = new_code(work.random_bytes)
    kept = challenge_of(code, work.register.address(channel.channel_id), channel.channel_id, now)
    if not work.register.set_challenge(channel.channel_id, seen, kept):
        raise TooSoonError  # somebody asked at the same moment
    outcome, _ = _call(channel, ChannelChallenge(**_about(channel, AlertKind.CHALLENGE, work), code=code), work)
    return Outcome(Result.CODE_SENT, outcome.status) if outcome.result is Result.VERIFIED else outcome


class _About(TypedDict):
    """What every word to a channel about itself has."""

    message_id: str
    locale: Locale
    at: datetime
    company: str
    channel_id: str
    channel_name: str


def _about(channel: Channel, kind: AlertKind, work: Registering) -> _About:
    now = work.now()
    return _About(
        message_id=message_id_of(channel.channel_id, kind, now.isoformat()),
        locale=channel.settings.locale,
        at=now,
        company=PRODUCT,
        channel_id=channel.channel_id,
        channel_name=channel.settings.name,
    )


def _call(channel: Channel, told: ChannelChallenge | ChannelTest, work: Registering) -> tuple[Outcome, bytes]:
    """Say it now, once. Returns what came of it, and how the answer begins."""
    payload = compose_told(channel.kind, told)
    try:
        reply = work.caller.call(channel, told.message_id, payload.body, payload.content_type)
    except CallFailed as failed:
        return Outcome(Result.NOT_TAKEN, error=failed.error), b""
    return Outcome(Result.VERIFIED if reply.accepted else Result.NOT_TAKEN, reply.status), reply.body
