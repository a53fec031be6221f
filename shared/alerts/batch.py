"""A batch of an SQS queue: what fails is delivered again by itself, and at last lies in the dead letters."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from shared.faults import describe


class WarningLog(Protocol):
    """The part of a logger that is needed here."""

    def warning(self, msg: object, /, *, extra: Mapping[str, object]) -> None:
        """Log a warning with fields."""


def each(records: Sequence[Mapping[str, Any]], take: Callable[[str], None], log: WarningLog, *, at_once: int = 1) -> dict[str, Any]:
    """Take each message's body; those that raise are named as Lambda asks (ReportBatchItemFailures), the others are done with.

    With `at_once` more than 1, that many are taken at the same time, so that none waits for the others.
    """

    def attempt(record: Mapping[str, Any]) -> bool:
        try:
            take(record["body"])
        except Exception as error:  # noqa: BLE001 - one message's trouble keeps no other back; the queue delivers this one again
            log.warning("message failed", extra=describe(error))
            return False
        return True

    if at_once == 1 or len(records) == 1:
        done = [attempt(record) for record in records]
    else:
        with ThreadPoolExecutor(at_once) as pool:
            done = list(pool.map(attempt, records))
    failed = [record["messageId"] for record, well in zip(records, done, strict=True) if not well]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
