"""Write and read units an answer, put included: our way at several batch sizes, beside the textbook design."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched
from random import Random
from typing import Any, Final
from unittest.mock import patch
from uuid import uuid4

from functions.collect import handler as collect
from shared import answer_id as ids
from shared import dimension as dim
from shared.answer import AnswerKey
from shared.counting.settle import Counting, settle
from shared.events import AnswerClassified
from shared.store import reception
from shared.store.answers import Answers
from shared.store.person_answers import PersonAnswers
from shared.store.person_keys import PersonKeys
from shared.store.registry import SurveyStore, TouchedLedger
from shared.store.tables import connection
from shared.survey import Survey
from tests.bench.meter import item_size, metered
from tests.bench.place import PLAIN_TABLE, Place
from tests.bench.traffic import bodies, commented, post_event

BATCHES: Final = {1: 20, 10: 10, 80: 5}
"""How many batches of each size are measured."""
COUNTERS: Final = ("all", "class", "touchpoint", "channel", "locale")


class AnswerRefusedError(Exception):
    """An answer of the measurement was not taken; the message has the response."""


class _OpenBus:
    """Accepts every event: events cost no units."""

    def announce(self, events: Sequence[AnswerClassified]) -> frozenset[str]:  # noqa: ARG002 - the bus's interface
        return frozenset()


@dataclass(frozen=True, slots=True)
class Cost:
    """Units an answer, of all that was measured at one batch size."""

    write: float
    read: float
    rows: float
    """Rollup rows written a batch."""


def counting() -> Counting:
    """What `settle` works with in `classify`, but for the bus."""
    return Counting(
        answers=Answers(),
        surveys=SurveyStore(),
        bus=_OpenBus(),
        now=lambda: datetime.now(UTC),
        pause=lambda _: None,
        shard=Random(1).randrange,
        persons=PersonAnswers(),
        touched=TouchedLedger(),
    )


def post(survey: Survey, body: dict[str, Any], source_ip: str | None = None) -> AnswerKey:
    """Post one answer through collect's handler; returns where it lies."""
    response = collect.handle(post_event(survey.survey_id, body, source_ip), None)
    if response["statusCode"] != 201:
        raise AnswerRefusedError(response["body"])
    return AnswerKey.of(survey, ids.parse(json.loads(response["body"])["answer_id"]))


def ours(survey: Survey, size: int) -> Cost:
    """Post answers and settle them in batches of `size`."""
    count = size * BATCHES[size]
    work, rows = counting(), 0
    with metered(connection().client) as units:
        for batch in batched(bodies(count, seed=size), size, strict=True):
            rows += settle([post(survey, body) for body in batch], work).rows
    return Cost(units.write / count, units.read / count, rows / BATCHES[size])


def commented_post(survey: Survey, keys: type[PersonKeys] = PersonKeys, count: int = 20) -> Cost:
    """The POST of a commented answer alone, People's keys being of that kind."""
    with patch.object(reception, "PersonKeys", keys):
        collect.compose.cache_clear()
        first, *rest = commented(bodies(count + 1, seed=4))
        post(survey, first)  # survey and master key are read
        with metered(connection().client) as units:
            for body in rest:
                post(survey, body)
    collect.compose.cache_clear()
    return Cost(units.write / count, units.read / count, 0)


def posted(survey: Survey, source_ip: str | None, count: int) -> Cost:
    """The POSTs alone, from one address or each from its own; what sets answers aside afterwards included."""
    collect.compose.cache_clear()
    first, *rest = bodies(count + 1, seed=5)
    post(survey, first)  # the survey is read
    with metered(connection().client) as units:
        for body in rest:
            post(survey, body, source_ip)
    collect.compose.cache_clear()
    return Cost(units.write / count, units.read / count, 0)


def textbook(place: Place, count: int = 40) -> Cost:
    """A put, and a transaction of a marker and five counters, an answer: what AWS's own texts on counters come to."""
    with metered(place.dynamodb) as units:
        for body in bodies(count, seed=0):
            _textbook_answer(place, body)
    return Cost(units.write / count, units.read / count, len(COUNTERS))


def settled(survey: Survey) -> AnswerKey:
    """Post an answer and settle it; returns where it lies."""
    key = post(survey, bodies(1, seed=7)[0])
    settle([key], counting())
    return key


def dimensions_of(body: dict[str, Any]) -> dict[str, str]:
    """The dimensions of an answer, named as the domain names them."""
    plain = {name: body.get(name, dim.ANONYMOUS) for name in dim.PLAIN}
    return plain | {dim.SEGMENT + key: value for key, value in body["segments"].items()}


def typical_item_bytes(place: Place, key: AnswerKey) -> int:
    """The size of a settled answer's item, as it is charged."""
    found = place.dynamodb.get_item(
        TableName=place.environment["ANSWERS_TABLE"], Key={"pk": {"S": key.partition}, "sk": {"S": key.answer_id}}, ConsistentRead=True
    )
    item: Any = found["Item"]
    return item_size(item)


def _textbook_answer(place: Place, body: dict[str, Any]) -> None:
    answer_id = str(uuid4())
    item: Any = {"pk": {"S": "answers"}, "sk": {"S": answer_id}, "score": {"N": str(body["score"])}}
    place.dynamodb.put_item(TableName=PLAIN_TABLE, Item=item)
    marker: Any = {
        "Put": {
            "TableName": PLAIN_TABLE,
            "Item": {"pk": {"S": "marker"}, "sk": {"S": answer_id}},
            "ConditionExpression": "attribute_not_exists(pk)",
        }
    }
    counters: list[Any] = [
        {
            "Update": {
                "TableName": PLAIN_TABLE,
                "Key": {"pk": {"S": f"counter#{counter}"}, "sk": {"S": str(body.get(counter, counter))}},
                "UpdateExpression": "ADD n :one",
                "ExpressionAttributeValues": {":one": {"N": "1"}},
            }
        }
        for counter in COUNTERS
    ]
    place.dynamodb.transact_write_items(TransactItems=[marker, *counters])
