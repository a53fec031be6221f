"""What was sent to a channel, and sending it again: each function is one route."""

from typing import Final

from msgspec import UNSET

from functions.channels.channels import there
from functions.channels.composition import compose, logger
from functions.channels.refusing import refusing
from shared.alerts.channel import Channel, ChannelStatus
from shared.alerts.message import MessageStatus
from shared.alerts.replaying import UNTOLD, replay, replay_span
from shared.api.body import decode
from shared.api.channel_problem import ChannelNotActive, ChannelUnverified, NoSuchDelivery, NotForThisKind, NotReplayable
from shared.api.channel_routes import CHANNEL, DELIVERIES
from shared.api.deliveries import LONGEST_SPAN, page_of, wanted_of
from shared.api.delivery_messages import DeliveryList, DeliveryView, ReplayedOne, Replaying, ReplaySpan, delivery_of
from shared.api.http import Request, Response, json_response
from shared.api.problem import invalid
from shared.phrase import Phrase


def list_all(request: Request) -> Response:
    """A page of messages, newest first."""
    composed = compose()
    wanted = wanted_of(request.query, composed.registering.now())
    page = page_of(_called(request).channel_id, wanted, composed.deliveries)
    views: list[DeliveryView] = []
    for message in page.messages:
        attempts = composed.deliveries.attempts(message.message_id) if message.calls else ()
        views.append(delivery_of(message, tuple(attempts)))
    return json_response(200, DeliveryList(deliveries=tuple(views), next_cursor=page.next_cursor))


def replay_one(request: Request) -> Response:
    """Send one message again."""
    channel, message_id, composed = _listening(request), request.path["message_id"], compose()
    message = composed.deliveries.find(message_id)
    if message is None or message.channel_id != channel.channel_id:
        raise NoSuchDelivery
    with refusing():
        again = replay(message_id, composed.deliveries, composed.outbox, composed.registering.now())
    if not again:
        raise NotReplayable
    logger.info("message replayed", channel_id=channel.channel_id, message_id=message_id, key_id=request.key_id)
    return json_response(202, ReplayedOne(message_id=message_id))


def replay_all(request: Request) -> Response:
    """Send the messages of a span again."""
    span = decode(request.body, ReplaySpan)
    if span.last < span.first:
        raise invalid("/to", "an instant after from is expected")
    if span.last - span.first > LONGEST_SPAN:
        raise invalid("/from", Phrase("at most {most} days before to, as long as messages are kept", most=LONGEST_SPAN.days))
    channel, composed = _listening(request), compose()
    statuses = UNTOLD if span.status is UNSET else {MessageStatus(span.status)}
    now = composed.registering.now()
    with refusing():
        done = replay_span(channel.channel_id, span.first, span.last, statuses, composed.deliveries, composed.outbox, now)
    logger.info("messages replayed", channel_id=channel.channel_id, messages=done.messages, more=done.more, key_id=request.key_id)
    return json_response(202, Replaying(messages=done.messages, more=done.more))


def _called(request: Request) -> Channel:
    """The channel, if it is one whose deliveries are ours."""
    channel = there(request)
    if channel.kind.is_subscription:
        raise NotForThisKind("SNS delivers to it and keeps the record: see the topic's delivery status in CloudWatch.")
    return channel


def _listening(request: Request) -> Channel:
    """The channel, if what is sent now arrives."""
    channel = _called(request)
    if channel.status is ChannelStatus.UNVERIFIED:
        raise ChannelUnverified
    if channel.status is not ChannelStatus.ACTIVE:
        raise ChannelNotActive
    return channel


ROUTES: Final = {
    f"GET {DELIVERIES}": list_all,
    f"POST {DELIVERIES}/{{message_id}}/replay": replay_one,
    f"POST {CHANNEL}/replay": replay_all,
}
