"""Brings messages to the deliverer, and answers back to the notifier, when they are due.

Up to 15 minutes ahead SQS itself holds a message back; beyond that, an EventBridge schedule sends it, once, and is then deleted.
"""

from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from math import ceil
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from shared.alerts.incoming import check_body, due_body
from shared.store.session import client

if TYPE_CHECKING:
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_sqs import SQSClient

    from shared.answer import AnswerKey

LONGEST_DELAY: Final = timedelta(minutes=15)
"""SQS DelaySeconds is at most 900."""


class Outbox:
    """Implements `alerts.ports.Outbox`."""

    def __init__(self, queue_url: str, queue_arn: str, group: str, role: str) -> None:
        """Bring to a queue, which schedules of `group` reach as `role`."""
        self._queue_url = queue_url
        self._queue_arn = queue_arn
        self._group = group
        self._role = role

    def enqueue(self, message_id: str, at: datetime | None, now: datetime) -> None:
        """Now (None) or at a time, however far ahead."""
        wait = max(timedelta(0), at - now) if at else timedelta(0)
        if wait <= LONGEST_DELAY:
            self._sqs.send_message(QueueUrl=self._queue_url, MessageBody=due_body(message_id), DelaySeconds=ceil(wait.total_seconds()))
        elif at is not None:
            self._schedule(message_id, at)

    def _schedule(self, message_id: str, at: datetime) -> None:
        """A schedule of that name at that time; asked for twice, it is one."""
        minute = at.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
        name = "d-" + sha256(f"{message_id}|{minute.isoformat()}".encode()).hexdigest()[:40]
        try:
            self._scheduler.create_schedule(
                Name=name,
                GroupName=self._group,
                ScheduleExpression=f"at({minute:%Y-%m-%dT%H:%M:%S})",
                FlexibleTimeWindow={"Mode": "OFF"},
                ActionAfterCompletion="DELETE",
                Target={"Arn": self._queue_arn, "RoleArn": self._role, "Input": due_body(message_id)},
            )
        except ClientError as error:
            if error.response["Error"].get("Code") != "ConflictException":
                raise

    @cached_property
    def _sqs(self) -> "SQSClient":
        made: SQSClient = client("sqs")
        return made

    @cached_property
    def _scheduler(self) -> "EventBridgeSchedulerClient":
        made: EventBridgeSchedulerClient = client("scheduler")
        return made


class Checks:
    """Implements `alerts.ports.Checks` with a queue's own delay."""

    def __init__(self, queue_url: str) -> None:
        """Bring back to this queue."""
        self._queue_url = queue_url

    def check_later(self, key: "AnswerKey", channel_id: str, seconds: int) -> None:
        """After at most 900 seconds."""
        sqs: SQSClient = client("sqs")
        sqs.send_message(QueueUrl=self._queue_url, MessageBody=check_body(key, channel_id), DelaySeconds=seconds)
