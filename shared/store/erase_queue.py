"""Brings ids to the eraser's queue. Implements `privacy.door_ports.EraseQueue`."""

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class EraseQueue:
    """One SQS queue, with either of two messages."""

    def __init__(self, sqs: "SQSClient", queue_url: str) -> None:
        """Send to `queue_url`."""
        self._sqs = sqs
        self._queue_url = queue_url

    def look_up(self, request_id: str) -> None:
        """A request's address is to be looked up."""
        self._send(request_id=request_id)

    def erase(self, erasure_id: str) -> None:
        """An erasure is to be gone on with."""
        self._send(erasure_id=erasure_id)

    def _send(self, **body: str) -> None:
        self._sqs.send_message(QueueUrl=self._queue_url, MessageBody=msgspec.json.encode(body).decode())
