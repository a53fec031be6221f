"""Verifying, pausing, resuming and testing a channel, and rotating its secret: each function is one route."""

from collections.abc import Callable
from typing import Final

from msgspec import UNSET

from functions.channels.channels import there
from functions.channels.composition import compose, logger
from functions.channels.refusing import refusing
from shared.alerts import registration, verification
from shared.alerts.channel import Channel, ChannelKind, ChannelStatus
from shared.alerts.outcome import Outcome, Result
from shared.alerts.registration import Registering
from shared.alerts.replaying import send_test
from shared.api.body import decode
from shared.api.channel_messages import ChannelVerified, ChannelView, RotatedSecret, TestSent, VerifyChannel, verification_of, view_of
from shared.api.channel_problem import ChannelUnverified, NotForThisKind
from shared.api.channel_routes import CHANNEL
from shared.api.http import Request, Response, json_response
from shared.api.problem import RevisionPassed

_TRIES: Final = 3
_NO_CODE: Final = "Only channels of Slack, Teams, Google Chat and Discord are sent a code; verify this one without."


def verify(request: Request) -> Response:
    """Take the code that was typed back, or ask for a proof once more."""
    code = decode(request.body or b"{}", VerifyChannel).code
    work, channel = compose().registering, there(request)
    with refusing():
        if code is UNSET:
            channel, outcome = verification.verify(channel, work)
        elif channel.kind.is_subscription or channel.kind is ChannelKind.WEBHOOK:
            raise NotForThisKind(_NO_CODE)
        else:
            channel, outcome = verification.enter_code(channel.channel_id, code, work), Outcome(Result.VERIFIED)
    logger.info("channel asked for a proof", channel_id=channel.channel_id, result=outcome.result, key_id=request.key_id)
    return json_response(200, view_of(channel, ChannelVerified, verification=verification_of(outcome)))


def pause(request: Request) -> Response:
    """Send nothing for a while."""
    return _stepped(request, verification.pause)


def resume(request: Request) -> Response:
    """Send again."""
    return _stepped(request, verification.resume)


def test(request: Request) -> Response:
    """Send a test as alerts are sent. One that is paused or disabled gets it too."""
    channel = there(request)
    if channel.kind.is_subscription:
        raise NotForThisKind("SNS sends every subscriber the same, so nothing can be sent to one alone.")
    if channel.status is ChannelStatus.UNVERIFIED:
        raise ChannelUnverified
    composed = compose()
    with refusing():
        message_id = send_test(channel, composed.deliveries, composed.outbox, composed.registering.now())
    logger.info("channel test sent", channel_id=channel.channel_id, message_id=message_id, key_id=request.key_id)
    return json_response(202, TestSent(message_id=message_id))


def rotate_secret(request: Request) -> Response:
    """Another signing secret."""
    channel = there(request)
    with refusing():
        secret, until = registration.rotate_secret(channel, compose().registering)
    logger.info("channel secret rotated", channel_id=channel.channel_id, key_id=request.key_id)
    return json_response(201, RotatedSecret(channel_id=channel.channel_id, signing_secret=secret, previous_valid_until=until))


def _stepped(request: Request, step: Callable[[Channel, Registering], Channel]) -> Response:
    """Take a step from the channel as it is now; where somebody else changes it meanwhile, from what it is then."""
    for _ in range(_TRIES):
        before = there(request)
        try:
            with refusing():
                after = step(before, compose().registering)
        except RevisionPassed:
            continue
        if after is not before:
            logger.info("channel changed", channel_id=after.channel_id, status=after.status, revision=after.revision, key_id=request.key_id)
        return json_response(200, view_of(after, ChannelView))
    raise RevisionPassed


ROUTES: Final = {
    f"POST {CHANNEL}/verify": verify,
    f"POST {CHANNEL}/pause": pause,
    f"POST {CHANNEL}/resume": resume,
    f"POST {CHANNEL}/test": test,
    f"POST {CHANNEL}/rotate-secret": rotate_secret,
}
