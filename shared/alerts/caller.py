"""The one way to a receiver: its sealed address, the headers of its kind, and the guarded call."""

from collections.abc import Callable
from datetime import datetime

from shared.alerts.call import Reply
from shared.alerts.channel import Channel, ChannelKind
from shared.alerts.ports import Channels
from shared.alerts.post import Poster
from shared.alerts.signature import signed_headers


class ReceiverCaller:
    """Implements `Caller`."""

    def __init__(self, poster: Poster, channels: Channels, now: Callable[[], datetime]) -> None:
        """`now` also dates signatures, so each attempt has its own."""
        self._poster = poster
        self._channels = channels
        self._now = now

    def call(self, channel: Channel, message_id: str, body: bytes, content_type: str) -> Reply:
        """POST to the channel's address; to a generic webhook signed with its secrets, two of them for 24 hours after a rotation.

        Raises `CallFailed`; whatever else it raises, nothing was sent.
        """
        now, headers = self._now(), {"Content-Type": content_type}
        address = self._channels.address(channel.channel_id)
        if channel.kind is ChannelKind.WEBHOOK:
            secrets = self._channels.signing_secrets(channel.channel_id, now)
            headers |= signed_headers(message_id, int(now.timestamp()), body, secrets)
        return self._poster.post(address, body, headers, now=now)
