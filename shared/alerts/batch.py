"""A batch of an SQS queue: what fails is delivered again by itself, and at last lies in the dead letters."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from shared.faults import describe


class WarningLog(Protocol):
    """The part of a logger that is needed here."""

    def warning(self, msg: object, /, *, extra: Mapping[str, object]) -> None:
        """Log a warning with fields."""


def each(records: Sequence[Mapping[str, Any]], take: Callable[[str], None], log: WarningLog) -> dict[str, Any]:
    """Take each message's body; those that raise are named as Lambda asks (ReportBatchItemFailures), the others are done with."""
    failed: list[str] = []
    for record in records:
        try:
            take(record["body"])
        except Exception as error:  # noqa: BLE001 - one message's trouble keeps no other back; the queue delivers this one again
            log.warning("message failed", extra=describe(error))
            failed.append(record["messageId"])
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
