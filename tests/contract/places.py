"""Stores of counting in one place, with ways to look into them and to spoil them that the program has not."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any, Final, cast

import boto3
from pynamodb.models import Model

from shared.answer import Answer, AnswerKey
from shared.counting.ports import AnswerStore, RollupStore, SurveyReader, SweepLedger
from shared.rollup import Bins, RowDay, family_of
from shared.store.answers import Answers
from shared.store.registry import SurveyStore, TouchedLedger
from shared.store.rollup_rows import bin_name, item_key
from shared.store.rollups import Rollups
from shared.store.tables import AnswerItem, RegistryItem, RollupItem, bind
from shared.survey import Survey
from tests.fakes.answers import MemoryAnswers
from tests.fakes.memory import Memory, ShardRow, Unreadable
from tests.fakes.registry import MemoryLedger, MemorySurveys
from tests.fakes.rollups import MemoryRollups
from tests.template import resources

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Raw = dict[str, dict[str, Any]]
"""An item as DynamoDB's API has it."""

TABLES: Final[Mapping[str, type[Model]]] = {"AnswersTable": AnswerItem, "RollupsTable": RollupItem, "RegistryTable": RegistryItem}
_numbers = count()


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where stores are."""

    answers: AnswerStore
    rollups: RollupStore
    ledger: SweepLedger
    surveys: SurveyReader
    put_survey: Callable[[Survey], object]
    spoil: Callable[[AnswerKey], None]
    """Make an item that is there one that nobody can read; `pending` stays as it is."""
    jam: Callable[[AnswerKey, RowDay], None]
    """See to it that no transaction with this answer and this row is taken."""
    bins: Callable[[RowDay, int], Bins]
    """One shard of a row, on one day."""
    audit: Callable[[Survey, date], list[dict[str, dict[str, int]]]]
    """The entries that repairs of a day left: what was added, by row and score."""
    raw: "Aws | None" = None


def in_memory() -> Place:
    """Memory, two items a page."""
    memory, surveys = Memory(page=2), MemorySurveys()

    def audit(_survey: Survey, day: date) -> list[dict[str, dict[str, int]]]:
        return [
            {row.row: {str(score): count for score, count in bins.items()} for row, bins in rows.items() if bins}
            for repaired, rows in memory.audit
            if repaired == day
        ]

    def spoil(key: AnswerKey) -> None:
        item = memory.items[key]
        assert isinstance(item, Answer)
        memory.plant(key, Unreadable(item))

    return Place(
        answers=MemoryAnswers(memory),
        rollups=MemoryRollups(memory),
        ledger=MemoryLedger(memory),
        surveys=surveys,
        put_survey=surveys.put,
        spoil=spoil,
        jam=lambda key, _row: memory.faults.unwritable.add(key),
        bins=lambda row, shard: _without_zeros(memory.row(ShardRow(row.survey_id, row.row, shard), row.day).bins),
        audit=audit,
    )


class Aws:
    """Tables as template.yaml declares them, seen through the plain client."""

    def __init__(self) -> None:
        self.dynamodb: DynamoDBClient = boto3.client("dynamodb")
        self.names = {logical_id: f"{logical_id}-{next(_numbers)}" for logical_id in TABLES}
        for logical_id, name in self.names.items():
            declared = resources("AWS::DynamoDB::Table")[logical_id]
            shape = {part: declared[part] for part in ("KeySchema", "AttributeDefinitions", "BillingMode")}
            self.dynamodb.create_table(TableName=name, **shape)
            bind(TABLES[logical_id], name)

    def answer(self, key: AnswerKey) -> Raw:
        """The item of an answer; empty where there is none."""
        return self._get("AnswersTable", *key)

    def put_answer(self, item: Raw) -> None:
        """Put an item among the answers."""
        self.dynamodb.put_item(TableName=self.names["AnswersTable"], Item=item)

    def spoil(self, key: AnswerKey) -> None:
        """Take an item's score away."""
        item = self.answer(key)
        del item["score"]
        self.put_answer(item)

    def jam(self, row: RowDay) -> None:
        """A row whose counts are texts cannot be added to."""
        texts = {bin_name(row.row, score): {"S": "x"} for score in range(11)}
        self.dynamodb.put_item(TableName=self.names["RollupsTable"], Item={**self._row_key(row, 0), **texts})

    def bins(self, row: RowDay, shard: int) -> Bins:
        """One shard of a row, on one day."""
        item = self._get("RollupsTable", *(value["S"] for value in self._row_key(row, shard).values()))
        return _without_zeros({score: int(item.get(bin_name(row.row, score), {"N": "0"})["N"]) for score in range(11)})

    def audit(self, survey: Survey, day: date) -> list[dict[str, dict[str, int]]]:
        """The audit entries of a day."""
        items = RollupItem.query(f"{survey.survey_id}#audit", RollupItem.sk.startswith(day.isoformat()), consistent_read=True)
        return [item.repaired for item in items]

    def _get(self, table: str, pk: str, sk: str) -> Raw:
        found = self.dynamodb.get_item(TableName=self.names[table], Key={"pk": {"S": pk}, "sk": {"S": sk}}, ConsistentRead=True)
        return cast("Raw", found.get("Item", {}))

    def _row_key(self, row: RowDay, shard: int) -> Raw:
        return {"pk": {"S": item_key(row.survey_id, family_of(row).family, shard)}, "sk": {"S": row.day}}


def on_aws() -> Place:
    """New tables in the AWS that the environment points to."""
    aws, surveys = Aws(), SurveyStore()
    return Place(
        answers=Answers(),
        rollups=Rollups(),
        ledger=TouchedLedger(),
        surveys=surveys,
        put_survey=surveys.create,
        spoil=aws.spoil,
        jam=lambda _key, row: aws.jam(row),
        bins=aws.bins,
        audit=aws.audit,
        raw=aws,
    )


def _without_zeros(bins: Mapping[int, int]) -> Bins:
    return Counter({score: count for score, count in bins.items() if count})
