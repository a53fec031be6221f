"""What brings messages and answers back when they are due: SQS within 15 minutes, EventBridge Scheduler beyond. They carry ids only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched
from math import ceil
from typing import TYPE_CHECKING, Any, Final, cast

import msgspec
from botocore.exceptions import ClientError

from shared.alerts.message import Due
from shared.answer import AnswerKey

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

LONGEST_DELAY: Final = timedelta(minutes=15)
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html, DelaySeconds."""
_MOST_AT_ONCE: Final = 10
_SECOND: Final = timedelta(seconds=1)


class DueMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The body of a message of the deliverer's queue."""

    message_id: str
    channel_id: str | None = None
    times: int = 0


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

    def enqueue(self, due: Due, at: datetime | None, now: datetime) -> None:
        """Now (None) or at a time, however far ahead. Bringing it twice does no harm."""
        delay = _until(at, now)
        if delay <= LONGEST_DELAY:
            self._sqs.send_message(QueueUrl=self._queue_url, **_queued(due, delay))
        else:
            self._schedule(due, now + delay)

    def put_back(self, dues: Sequence[tuple[Due, datetime]], now: datetime) -> Collection[Due]:
        """At these times, or after 15 minutes where they are later; returns those that will be brought."""
        taken: list[Due] = []
        for some in batched(dues, _MOST_AT_ONCE, strict=False):
            entries = [{"Id": str(number), **_queued(due, min(_until(at, now), LONGEST_DELAY))} for number, (due, at) in enumerate(some)]
            answer = self._sqs.send_message_batch(QueueUrl=self._queue_url, Entries=cast("Any", entries))
            taken += [some[int(each["Id"])][0] for each in answer.get("Successful", [])]
        return taken

    def _schedule(self, due: Due, at: datetime) -> None:
        """One schedule for a message and a time: the same again is refused as there already, which is as good."""
        second = _whole_second(at)
        try:
            self._scheduler.create_schedule(
                Name=schedule_name(due.message_id, at),
                GroupName=self._schedules.group,
                ScheduleExpression=f"at({second.isoformat()})",
                FlexibleTimeWindow={"Mode": "OFF"},
                ActionAfterCompletion="DELETE",
                Target={"Arn": self._schedules.queue_arn, "RoleArn": self._schedules.role_arn, "Input": _body(due)},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConflictException":
                raise


def schedule_name(message_id: str, at: datetime) -> str:
    """The name of the schedule that brings a message at a time."""
    return f"{message_id}-{_whole_second(at):%Y%m%dT%H%M%S}"


def _whole_second(at: datetime) -> datetime:
    """The first whole second that is not before it, in UTC, as the scheduler writes it."""
    return (at.astimezone(UTC) + _SECOND - timedelta(microseconds=1)).replace(microsecond=0, tzinfo=None)


def _until(at: datetime | None, now: datetime) -> timedelta:
    return max(at - now, timedelta(0)) if at else timedelta(0)


def _body(due: Due) -> str:
    return msgspec.json.encode(DueMessage(due.message_id, due.channel_id, due.times)).decode()


def _queued(due: Due, delay: timedelta) -> dict[str, Any]:
    """As SQS takes it. The group has SQS keep the messages of one channel from crowding out those of the others.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
    """
    return {"MessageBody": _body(due), "DelaySeconds": ceil(delay / _SECOND), "MessageGroupId": due.channel_id or due.message_id}


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
