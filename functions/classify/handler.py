"""Counts answers: takes the stream's records and the `again` queue's messages alike as hints that an answer has to be settled."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from random import randrange
from typing import Any

import msgspec
from aws_lambda_powertools import Logger

from shared.answer import AnswerKey
from shared.counting.settle import Counting, Outcome, settle
from shared.store.answers import Answers
from shared.store.bus import AgainQueue, EventBus
from shared.store.person_answers import PersonAnswers
from shared.store.registry import SurveyStore, TouchedLedger
from shared.store.session import client
from shared.store.settings import from_environment, pause_with_jitter
from shared.store.tables import AnswerItem, PersonItem, RegistryItem, RollupItem, bind

logger = Logger()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    answers_table: str
    people_table: str
    rollups_table: str
    registry_table: str
    event_bus: str
    again_queue_url: str


@cache
def compose() -> tuple[Counting, AgainQueue]:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(AnswerItem, settings.answers_table)
    bind(PersonItem, settings.people_table)
    bind(RollupItem, settings.rollups_table)
    bind(RegistryItem, settings.registry_table)
    bus = EventBus(client("events"), settings.event_bus)
    again = AgainQueue(client("sqs"), settings.again_queue_url)
    counting = Counting(
        answers=Answers(),
        surveys=SurveyStore(),
        bus=bus,
        now=lambda: datetime.now(UTC),
        pause=pause_with_jitter,
        shard=randrange,
        persons=PersonAnswers(),
        touched=TouchedLedger(),
    )
    return counting, again


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """One batch of the stream, or of the `again` queue."""
    records: list[dict[str, Any]] = event["Records"]
    if records and records[0]["eventSource"] == "aws:sqs":
        return _from_queue(records)
    _from_stream(records)
    return {}


def _from_stream(records: list[dict[str, Any]]) -> None:
    """Settle the batch; what stays unsettled goes to `again`, so the stream never blocks. Raises only if that queue refuses."""
    images = [record["dynamodb"]["Keys"] for record in records]
    keys = {AnswerKey(image["pk"]["S"], image["sk"]["S"]) for image in images}
    counting, again = compose()
    try:
        outcome = settle(keys, counting)
    except Exception as error:  # noqa: BLE001 - whatever it was, the keys are handed on below and nothing is lost
        logger.warning("settling failed", error=type(error).__name__, answers=len(keys))
        outcome = Outcome(unsettled=set(keys))
    _log(len(keys), outcome)
    if outcome.unsettled:
        again.put(outcome.unsettled)


def _from_queue(records: list[dict[str, Any]]) -> dict[str, Any]:
    """Settle the messages; what stays unsettled is delivered again and at last lies in the dead letters."""
    failed: list[str] = []
    messages: dict[AnswerKey, str] = {}
    for record in records:
        try:
            messages[AnswerKey(**msgspec.json.decode(record["body"], type=dict[str, str]))] = record["messageId"]
        except (msgspec.MsgspecError, TypeError):
            failed.append(record["messageId"])
    outcome = _settle_apart(messages)
    _log(len(messages), outcome)
    failed += [message_id for key, message_id in messages.items() if key in outcome.unsettled]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _settle_apart(keys: Collection[AnswerKey]) -> Outcome:
    """Settle together or, where that fails, each alone: a key that no store takes holds up no other."""
    counting, _ = compose()
    try:
        return settle(keys, counting)
    except Exception as error:  # noqa: BLE001 - whatever it was, the message is not deleted
        logger.warning("settling failed", error=type(error).__name__, answers=len(keys))
    if len(keys) == 1:
        return Outcome(unsettled=set(keys))
    total = Outcome()
    for key in keys:
        total.add(_settle_apart([key]))
    return total


def _log(answers: int, outcome: Outcome) -> None:
    logger.info(
        "settled",
        answers=answers,
        counted=outcome.counted,
        announced=outcome.announced,
        rows=outcome.rows,
        again=len(outcome.unsettled),
        surveys=sorted(outcome.surveys),
    )
