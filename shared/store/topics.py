"""The SNS topics: by one, subscribers hear of detractors; by the other, whoever runs the system hears of disabled channels."""

from typing import Any

from shared.alerts.compose.sns import MESSAGE_STRUCTURE, SnsMessage


class Topic:
    """Publishes to one topic. Implements `alerts.publishing.Topic`."""

    def __init__(self, sns: Any, arn: str) -> None:  # noqa: ANN401 - botocore's client
        """Publish to the topic with that ARN."""
        self._sns = sns
        self._arn = arn

    def publish(self, message: SnsMessage) -> None:
        """Publish, a text for each protocol."""
        self._sns.publish(
            TopicArn=self._arn,
            Subject=message.subject,
            Message=message.message,
            MessageStructure=MESSAGE_STRUCTURE,
            MessageAttributes=message.attributes,
        )
