"""What the queue or the clock brings: a data subject's request to be looked up, an erasure to be gone on with, a master key that is due."""

import time
from typing import Any, Final

import msgspec
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.erase.composition import compose
from shared.alerts.batch import each
from shared.privacy.answering import Handled, handle_request
from shared.privacy.erasing import Taken, take_step

logger = Logger()
metrics = Metrics()
_SECONDS_AT_MOST: Final = 15.0
"""Of one erasure at a time; a step takes a few seconds, and the function may run for forty."""


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the two."""

    request_id: str | None = None
    erasure_id: str | None = None


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """A message of the queue; or the clock, which brings what is due to the queue, and a master key when the newest has served."""
    if "Records" in event:
        return each(event["Records"], _take, logger)
    work = compose()
    due = list(work.erasing.ledger.due(work.erasing.now()))
    for erasure_id in due:
        work.queue.erase(erasure_id)
    if due:
        logger.info("erasures due", erasures=len(due))
    work.rotation.renew(work.erasing.now())  # last: erasures wait for no key that cannot be made
    return {"due": len(due)}


def _take(text: str) -> None:
    work, body = compose(), msgspec.json.decode(text, type=_Body)
    if body.request_id is not None:
        handled = handle_request(body.request_id, work.answering)
        logger.info("request looked up", result=handled)
        if handled is Handled.TOO_LATE:
            metrics.add_metric("RequestsUnanswered", MetricUnit.Count, 1)
            metrics.flush_metrics()
    elif body.erasure_id is not None:
        _go_on(body.erasure_id)


def _go_on(erasure_id: str) -> None:
    """As many steps as there is time for; what is left comes again by the queue."""
    work, until, taken = compose(), time.monotonic() + _SECONDS_AT_MOST, Taken.AGAIN
    while taken is Taken.AGAIN and time.monotonic() < until:
        taken = take_step(erasure_id, work.erasing)
    if taken is Taken.AGAIN:
        work.queue.erase(erasure_id)
    logger.info("erasure gone on with", erasure_id=erasure_id, result=taken.name.lower())
