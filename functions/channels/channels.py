"""`/v1/channels` and `/v1/channels/{channel_id}`: each function is one route."""

from typing import Final

from msgspec import UNSET

from functions.channels.composition import compose, logger
from functions.channels.refusing import refusing
from shared.alerts import registration
from shared.alerts.channel import Channel, ChannelStatus
from shared.alerts.proof import TooSoonError
from shared.alerts.register import SubscriptionRefusedError
from shared.alerts.registration import PassedRevisionError
from shared.alerts.verification import register, verify
from shared.api.body import decode
from shared.api.channel_messages import (
    ChannelChange,
    ChannelList,
    ChannelMade,
    ChannelVerified,
    ChannelView,
    NewChannel,
    address_field,
    changed_settings,
    settings_of,
    verification_of,
    view_of,
)
from shared.api.channel_routes import CHANNEL, CHANNELS
from shared.api.http import Request, Response, empty_response, json_response
from shared.api.problem import RevisionPassed

_TRIES: Final = 3


def list_all(_request: Request) -> Response:
    """All channels, the oldest first."""
    channels = sorted(compose().registering.register.list(), key=lambda channel: (channel.created_at, channel.channel_id))
    return json_response(200, ChannelList(channels=tuple(view_of(channel, ChannelView) for channel in channels)))


def read(request: Request) -> Response:
    """One channel."""
    return json_response(200, view_of(there(request), ChannelView))


def create(request: Request) -> Response:
    """A new channel, and the first request for a proof that its place is the owner's."""
    new = decode(request.body, NewChannel)
    with refusing(address_field(new.kind)):
        made, outcome = register(new.kind, new.address, settings_of(new), compose().registering)
    channel = made.channel
    logger.info("channel made", channel_id=channel.channel_id, kind=channel.kind, result=outcome.result, key_id=request.key_id)
    secret = UNSET if made.secret is None else made.secret
    body = view_of(channel, ChannelMade, verification=verification_of(outcome), signing_secret=secret)
    return json_response(201, body, headers={"location": f"{CHANNELS}/{channel.channel_id}"})


def change(request: Request) -> Response:
    """Other settings, or another URL, which is asked for a proof at once."""
    wanted = decode(request.body, ChannelChange)
    for _ in range(_TRIES):
        before = there(request)
        if wanted.revision is not UNSET and before.revision != wanted.revision:
            raise RevisionPassed
        try:
            with refusing():
                return _changed(before, wanted, request)
        except RevisionPassed:
            continue  # another's change in between is met again
    raise RevisionPassed


def delete(request: Request) -> Response:
    """Delete it."""
    channel = there(request)
    with refusing():
        registration.remove(channel, compose().registering)
    logger.info("channel deleted", channel_id=channel.channel_id, key_id=request.key_id)
    return empty_response(204)


def there(request: Request) -> Channel:
    """The channel that a request is about."""
    with refusing():
        return registration.there(request.path["channel_id"], compose().registering)


def _changed(before: Channel, wanted: ChannelChange, request: Request) -> Response:
    work = compose().registering
    url = None if wanted.url is UNSET else wanted.url
    after = registration.change(before, changed_settings(before.settings, wanted), url, work)
    if after is before:
        return json_response(200, view_of(before, ChannelVerified))
    logger.info("channel changed", channel_id=after.channel_id, status=after.status, revision=after.revision, key_id=request.key_id)
    return json_response(200, _verified_anew(after) if url is not None else view_of(after, ChannelVerified))


def _verified_anew(channel: Channel) -> ChannelVerified:
    """Ask for the proof that another URL needs; the change stands whatever comes of it."""
    if channel.status is not ChannelStatus.UNVERIFIED:
        return view_of(channel, ChannelVerified)
    try:
        verified, outcome = verify(channel, compose().registering)
    except (TooSoonError, PassedRevisionError, SubscriptionRefusedError):
        return view_of(channel, ChannelVerified)
    return view_of(verified, ChannelVerified, verification=verification_of(outcome))


ROUTES: Final = {
    f"GET {CHANNELS}": list_all,
    f"POST {CHANNELS}": create,
    f"GET {CHANNEL}": read,
    f"PATCH {CHANNEL}": change,
    f"DELETE {CHANNEL}": delete,
}
