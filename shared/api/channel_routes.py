"""The routes of alert channels and of what was sent to them."""

from typing import Final

from shared.access import Scope
from shared.api import channel_problem as c
from shared.api import problem as p
from shared.api.channel_messages import (
    ChannelChange,
    ChannelList,
    ChannelMade,
    ChannelVerified,
    ChannelView,
    NewChannel,
    RotatedSecret,
    TestSent,
    VerifyChannel,
)
from shared.api.delivery_messages import DeliveryList, ReplayedOne, Replaying, ReplaySpan
from shared.api.route import BODY, INSTANT, Parameter, Route

CHANNELS: Final = "/v1/channels"
CHANNEL: Final = f"{CHANNELS}/{{channel_id}}"
DELIVERIES: Final = f"{CHANNEL}/deliveries"

CHANNEL_ROUTES: Final = (
    Route(
        method="GET",
        path=CHANNELS,
        function="channels",
        scope=Scope.CHANNELS,
        summary="All alert channels",
        responses={200: ChannelList},
    ),
    Route(
        method="POST",
        path=CHANNELS,
        function="channels",
        scope=Scope.CHANNELS,
        summary="Make a channel. A webhook is challenged and a code posted in a room at once; alerts come once it is verified",
        request=NewChannel,
        responses={201: ChannelMade},
        refusals=(*BODY, c.TooManyChannels, c.AddressSubscribed, p.TooBusy),
    ),
    Route(
        method="GET",
        path=CHANNEL,
        function="channels",
        scope=Scope.CHANNELS,
        summary="One channel",
        responses={200: ChannelView},
        refusals=(c.NoSuchChannel,),
    ),
    Route(
        method="PATCH",
        path=CHANNEL,
        function="channels",
        scope=Scope.CHANNELS,
        summary="Change a channel's settings, or its URL",
        request=ChannelChange,
        responses={200: ChannelVerified},
        refusals=(*BODY, c.NoSuchChannel, p.RevisionPassed, p.TooBusy),
    ),
    Route(
        method="DELETE",
        path=CHANNEL,
        function="channels",
        scope=Scope.CHANNELS,
        summary="Delete a channel with its address and secrets, at once and for good",
        responses={204: None},
        refusals=(c.NoSuchChannel, p.TooBusy),
    ),
    Route(
        method="POST",
        path=f"{CHANNEL}/verify",
        function="channels",
        scope=Scope.CHANNELS,
        summary="Prove that the place is yours: type the code back, or ask for another challenge or code",
        request=VerifyChannel,
        responses={200: ChannelVerified},
        refusals=(
            *BODY,
            *(c.NoSuchChannel, c.ChannelNotActive, c.CodeRefused, c.CodeTooSoon, c.AddressSubscribed, c.NotForThisKind),
            *(p.RevisionPassed, p.TooBusy),
        ),
    ),
    Route(
        method="POST",
        path=f"{CHANNEL}/pause",
        function="channels",
        scope=Scope.CHANNELS,
        summary="Send nothing until it is resumed; what comes meanwhile is held, and can be replayed",
        responses={200: ChannelView},
        refusals=(c.NoSuchChannel, c.ChannelUnverified, c.ChannelNotActive, p.RevisionPassed, p.TooBusy),
    ),
    Route(
        method="POST",
        path=f"{CHANNEL}/resume",
        function="channels",
        scope=Scope.CHANNELS,
        summary="Send again. A disabled channel is sent a challenge or a test first",
        responses={200: ChannelView},
        refusals=(c.NoSuchChannel, c.ChannelUnverified, c.ChannelUnwell, p.RevisionPassed, p.TooBusy),
    ),
    Route(
        method="POST",
        path=f"{CHANNEL}/test",
        function="channels",
        scope=Scope.CHANNELS,
        summary="Send a test, as alerts are sent",
        responses={202: TestSent},
        refusals=(c.NoSuchChannel, c.ChannelUnverified, c.NotForThisKind, p.TooBusy),
    ),
    Route(
        method="POST",
        path=f"{CHANNEL}/rotate-secret",
        function="channels",
        scope=Scope.CHANNELS,
        summary="Make another signing secret. It is shown this once; for 24 hours the one before signs too",
        responses={201: RotatedSecret},
        refusals=(c.NoSuchChannel, c.NotForThisKind, p.TooBusy),
    ),
    Route(
        method="GET",
        path=DELIVERIES,
        function="channels",
        scope=Scope.CHANNELS,
        summary="What was sent to a channel, newest first, with each attempt",
        query=(
            Parameter("from", "Opened then or later, as 2026-03-14T15:00:00Z; without it, 7 days before the end", INSTANT),
            Parameter("to", "Opened then or before; now unless given", INSTANT),
            Parameter("status", "Only messages of this status: waiting, delivered, failed, held, dropped or in_digest"),
            Parameter("cursor", "The next_cursor of the page before"),
            Parameter("answer_id", "Only messages about this answer, however long ago; with status at most, not with the others"),
        ),
        responses={200: DeliveryList},
        refusals=(p.Invalid, c.NoSuchChannel, c.NotForThisKind),
    ),
    Route(
        method="POST",
        path=f"{DELIVERIES}/{{message_id}}/replay",
        function="channels",
        scope=Scope.CHANNELS,
        summary="Send a message again, with the same id",
        responses={202: ReplayedOne},
        refusals=(c.NoSuchChannel, c.NoSuchDelivery, c.ChannelUnverified, c.ChannelNotActive, c.NotReplayable, c.NotForThisKind, p.TooBusy),
    ),
    Route(
        method="POST",
        path=f"{CHANNEL}/replay",
        function="channels",
        scope=Scope.CHANNELS,
        summary="Send the messages of a span of time again, each with the same id, at most 500 at once",
        request=ReplaySpan,
        responses={202: Replaying},
        refusals=(*BODY, c.NoSuchChannel, c.ChannelUnverified, c.ChannelNotActive, c.NotForThisKind, p.TooBusy),
    ),
)
