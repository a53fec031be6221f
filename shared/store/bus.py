"""The event bus and the queue of answers to be settled again."""

import logging
from collections.abc import Collection, Sequence
from itertools import batched
from typing import TYPE_CHECKING, Any, Final

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from shared.answer import AnswerKey
from shared.events import ANSWER_CLASSIFIED, SOURCE, AnswerClassified

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

ENTRIES_A_REQUEST: Final = 10
"""Both PutEvents and SendMessageBatch take ten."""
_log = logging.getLogger(__name__)


class QueueRefusedError(Exception):
    """The queue did not take every key; the caller must not forget them."""


class EventBus:
    """Publishes to one bus. Implements `counting.ports.Bus`."""

    def __init__(self, client: "EventBridgeClient", bus_name: str) -> None:
        """Publish to `bus_name`."""
        self._client = client
        self._bus_name = bus_name

    def announce(self, events: Sequence[AnswerClassified]) -> frozenset[str]:
        """Publish; returns the ids of events that were not accepted.

        After a request that failed altogether the rest is not sent: waiting for a bus that does not answer, request after request, the
        function would time out before it had counted anything.
        """
        refused = {event.metadata.id for event in events}
        for batch in batched(events, ENTRIES_A_REQUEST, strict=False):
            try:
                results = self._client.put_events(Entries=[self._entry(event) for event in batch])["Entries"]
            except (BotoCoreError, ClientError) as error:
                _log.warning("bus refused a request: %s", type(error).__name__)
                break
            refused -= {event.metadata.id for event, result in zip(batch, results, strict=True) if not result.get("ErrorCode")}
        return frozenset(refused)

    def _entry(self, event: AnswerClassified) -> "PutEventsRequestEntryTypeDef":
        return {
            "EventBusName": self._bus_name,
            "Source": SOURCE,
            "DetailType": ANSWER_CLASSIFIED,
            "Detail": msgspec.json.encode(event).decode(),
            "Time": event.metadata.occurred_at,
        }


class AgainQueue:
    """Takes answers that could not be settled; one message a key, so that one poison key holds up no other."""

    def __init__(self, client: "SQSClient", queue_url: str) -> None:
        """Send to `queue_url`."""
        self._client = client
        self._queue_url = queue_url

    def put(self, keys: Collection[AnswerKey]) -> None:
        """Send every key; raises `QueueRefusedError` if any is not taken."""
        for batch in batched(sorted(keys), ENTRIES_A_REQUEST, strict=False):
            entries: list[SendMessageBatchRequestEntryTypeDef] = [
                {"Id": str(number), "MessageBody": msgspec.json.encode(key._asdict()).decode()} for number, key in enumerate(batch)
            ]
            failed: list[Any] = list(self._client.send_message_batch(QueueUrl=self._queue_url, Entries=entries).get("Failed", []))
            if failed:
                raise QueueRefusedError
