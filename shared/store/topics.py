"""SNS topics: detractors for subscribers, and notices for whoever looks after the system."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from shared.alerts.compose import ChannelDisabled, sns
from shared.alerts.compose.letter import PRODUCT
from shared.alerts.content import AlertKind
from shared.alerts.message import message_id_of
from shared.store.session import client

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

    from shared.alerts.channel import Channel, StatusReason


class Topic:
    """Publishes to one topic. Implements `alerts.publishing.Topic`."""

    def __init__(self, arn: str) -> None:
        """Take the topic's ARN."""
        self._arn = arn

    def publish(self, message: sns.SnsMessage) -> None:
        """Publish, a text for each protocol."""
        self._sns.publish(
            TopicArn=self._arn,
            Subject=message.subject,
            Message=message.message,
            MessageStructure=sns.MESSAGE_STRUCTURE,
            MessageAttributes=dict(message.attributes),
        )

    @cached_property
    def _sns(self) -> "SNSClient":
        made: SNSClient = client("sns")
        return made


class Notices:
    """Implements `alerts.ports.Notices`: a word on the notices' topic."""

    def __init__(self, topic: Topic, now: Callable[[], datetime]) -> None:
        """Publish to that topic."""
        self._topic = topic
        self._now = now

    def disabled(self, channel: "Channel", reason: "StatusReason") -> None:
        """The channel was disabled and hears of nothing more until it is seen to."""
        now = self._now()
        notice = ChannelDisabled(
            message_id=message_id_of(channel.channel_id, AlertKind.DISABLED, now.isoformat()),
            locale=channel.settings.locale,
            at=now,
            company=PRODUCT,
            channel_id=channel.channel_id,
            channel_name=channel.settings.name,
            reason=reason,
        )
        self._topic.publish(sns.compose_notice(notice))
