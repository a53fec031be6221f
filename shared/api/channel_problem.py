"""What the API refuses about alert channels and their deliveries. See `shared.api.problem`."""

from shared.api.problem import Kind, Refused


class NoSuchChannel(Refused):
    """No channel has this id."""

    kind = Kind(404, "no-such-channel", "There is no such channel", "Check the channel's id: GET /v1/channels lists them.")


class NoSuchDelivery(Refused):
    """The channel has no message with this id, or no longer."""

    kind = Kind(
        404,
        "no-such-delivery",
        "The channel has no such message",
        "Check the message's id: GET /v1/channels/{channel_id}/deliveries lists those of the last 45 days.",
    )


class TooManyChannels(Refused):
    """As many as the system looks after."""

    kind = Kind(409, "too-many-channels", "There are 100 channels already", "Delete one that is no longer used.")


class AddressSubscribed(Refused):
    """Another subscription of the topic has the address."""

    kind = Kind(
        409,
        "address-subscribed",
        "This address is subscribed already",
        "Change the channel that has it; or delete that, or the topic's own subscription, and try again.",
    )


class ChannelUnverified(Refused):
    """Nobody has proved yet that the place is theirs."""

    kind = Kind(
        409,
        "channel-unverified",
        "The channel is not verified yet",
        "POST /v1/channels/{channel_id}/verify first: it tells what is needed.",
    )


class ChannelNotActive(Refused):
    """It is paused or disabled."""

    kind = Kind(409, "channel-not-active", "The channel is paused or disabled", "POST /v1/channels/{channel_id}/resume first.")


class ChannelUnwell(Refused):
    """The receiver of a disabled channel still takes nothing."""

    kind = Kind(
        409,
        "channel-unwell",
        "The receiver does not take what it is sent",
        "Put the receiver right, or change the channel's URL; resume then.",
    )


class NotForThisKind(Refused):
    """What is asked does not exist for channels of this kind."""

    kind = Kind(409, "not-for-this-kind", "Channels of this kind have no such thing", "Ask it of a channel of another kind.")


class NotReplayable(Refused):
    """The message is part of a digest, which is what is sent."""

    kind = Kind(409, "not-replayable", "The message cannot be sent by itself", "It is part of a digest: replay that, by its digest_id.")


class CodeRefused(Refused):
    """Wrong, over 15 minutes old, or tried five times: a guesser learns not which."""

    kind = Kind(
        422,
        "code-refused",
        "The code is not accepted",
        "Type the six digits that were posted last; after 15 minutes or 5 tries ask for others: POST …/verify without a code.",
    )


class CodeTooSoon(Refused):
    """A code was posted less than 30 seconds ago."""

    kind = Kind(429, "code-too-soon", "A code was posted a moment ago", "Look for it in the room; another can be posted after 30 seconds.")
