"""What brings messages and answers back when they are due: SQS within 15 minutes, EventBridge Scheduler beyond. They carry ids only."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any, Final

import msgspec
from botocore.exceptions import ClientError

from shared.answer import AnswerKey

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

LONGEST_DELAY: Final = timedelta(minutes=15)
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html, DelaySeconds."""
_SECOND: Final = timedelta(seconds=1)


class DueMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a message of the deliverer's queue."""

    message_id: str


class DueCheck(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a message of the notifier's queue that is no event: a channel's wait is over."""

    partition: str
    answer_id: str
    channel_id: str

    @property
    def key(self) -> AnswerKey:
        """Where the answer lies."""
        return AnswerKey(self.partition, self.answer_id)


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A `DueCheck` as it lies in the queue, where events lie too."""

    check: DueCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedules:
    """Where one-time schedules are made, what they send to, and as whom."""

    group: str
    queue_arn: str
    role_arn: str


class Outbox:
    """Brings a message's id to the deliverer's queue when it is due. Implements `alerts.ports.Outbox`."""

    def __init__(self, sqs: "SQSClient", queue_url: str, scheduler: Any, schedules: Schedules) -> None:  # noqa: ANN401 - botocore's client
        """Send to `queue_url`, by `schedules` what is due later than SQS can wait."""
        self._sqs = sqs
        self._queue_url = queue_url
        self._scheduler = scheduler
        self._schedules = schedules

    def enqueue(self, message_id: str, at: datetime | None, now: datetime) -> None:
        """Now (None) or at a time, however far ahead. Bringing it twice does no harm."""
        body = msgspec.json.encode(DueMessage(message_id)).decode()
        delay = max(at - now, timedelta(0)) if at else timedelta(0)
        if delay <= LONGEST_DELAY:
            self._sqs.send_message(QueueUrl=self._queue_url, MessageBody=body, DelaySeconds=ceil(delay / _SECOND))
        else:
            self._schedule(message_id, now + delay, body)

    def _schedule(self, message_id: str, at: datetime, body: str) -> None:
        """One schedule for a message and a time: the same again is refused as there already, which is as good."""
        due = (at.astimezone(UTC) + _SECOND - timedelta(microseconds=1)).replace(microsecond=0, tzinfo=None)
        try:
            self._scheduler.create_schedule(
                Name=f"{message_id}-{due:%Y%m%dT%H%M%S}",
                GroupName=self._schedules.group,
                ScheduleExpression=f"at({due.isoformat()})",
                FlexibleTimeWindow={"Mode": "OFF"},
                ActionAfterCompletion="DELETE",
                Target={"Arn": self._schedules.queue_arn, "RoleArn": self._schedules.role_arn, "Input": body},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConflictException":
                raise


class Checks:
    """Brings an answer back to the notifier's queue after a channel's wait. Implements `alerts.ports.Checks`."""

    def __init__(self, sqs: "SQSClient", queue_url: str) -> None:
        """Send to `queue_url`."""
        self._sqs = sqs
        self._queue_url = queue_url

    def check_later(self, key: AnswerKey, channel_id: str, seconds: int) -> None:
        """After at most 900 seconds."""
        body = msgspec.json.encode(Check(DueCheck(*key, channel_id))).decode()
        self._sqs.send_message(QueueUrl=self._queue_url, MessageBody=body, DelaySeconds=seconds)
