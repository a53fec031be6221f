"""Tells whoever runs the system about a channel, by an SNS topic. Implements `alerts.ports.Notices`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from shared.alerts.channel import Channel, StatusReason
from shared.alerts.compose import ChannelDisabled
from shared.alerts.compose.letter import PRODUCT
from shared.alerts.compose.sns import compose_notice
from shared.alerts.content import AlertKind
from shared.alerts.message import message_id_of
from shared.alerts.ports import Deliveries
from shared.store.topics import Topic


class Notices:
    """Publishes to one topic."""

    def __init__(self, sns: Any, topic_arn: str, deliveries: Deliveries, now: Callable[[], datetime]) -> None:  # noqa: ANN401 - botocore's client
        """Publish to `topic_arn`; `deliveries` knows since when an endpoint has been failing."""
        self._topic = Topic(sns, topic_arn)
        self._deliveries = deliveries
        self._now = now

    def disabled(self, channel: Channel, reason: StatusReason) -> None:
        """The channel was disabled and hears of nothing more until it is seen to."""
        now = self._now()
        since = self._deliveries.breaker(channel.channel_id).failing_since
        notice = ChannelDisabled(
            message_id=message_id_of(channel.channel_id, AlertKind.DISABLED, (since or now).isoformat()),
            locale=channel.settings.locale,
            at=now,
            company=PRODUCT,
            channel_id=channel.channel_id,
            channel_name=channel.settings.name,
            reason=reason,
            failing_since=since,
        )
        self._topic.publish(compose_notice(notice))
