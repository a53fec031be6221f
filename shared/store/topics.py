"""The SNS topic that subscribers hear of detractors by."""

from functools import cached_property
from typing import TYPE_CHECKING

from shared.alerts.compose import sns
from shared.store.session import client

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


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
            MessageAttributes=message.attributes,
        )

    @cached_property
    def _sns(self) -> "SNSClient":
        made: SNSClient = client("sns")
        return made
