"""Rollups: histogram rows by (survey, row, day). Implements `counting.ports.RollupStore`."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import batched, product
from typing import TYPE_CHECKING, Any, Final

from pynamodb.exceptions import TransactWriteError
from pynamodb.pagination import ResultIterator
from pynamodb.transactions import TransactWrite

from shared import dimension as dim
from shared.rollup import Bins, RowDay, SurveyDay
from shared.store import transactions
from shared.store.answer_items import milliseconds
from shared.store.rollup_rows import add_to_rows, all_row, at_revision, bins_in, by_item, item_key
from shared.store.tables import RollupItem, connection
from shared.survey import Survey

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

_ITEMS_A_REPAIR: Final = 80
"""Room in a transaction of 100 for up to 16 shards' checks and the audit entry."""
_ROWS_OF_AN_ITEM: Final = 5
"""An update expression takes 4 KB and 300 operators (DynamoDB developer guide, Constraints): 55 bins stay far below."""


class Rollups:
    """The repository of rollups."""

    def sums(self, survey: Survey, rows: Collection[str], first: date, last: date, *, strong: bool = False) -> Mapping[RowDay, Bins]:
        """The rows' counts by day, all shards added; one query a family of rows and shard, whatever the number of answers."""
        families: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            families[dim.family_of(row)[0]].append(row)
        total: dict[RowDay, Bins] = defaultdict(Counter)
        for family, shard in product(families, range(survey.row_shards)):
            for raw in query_days(item_key(survey.survey_id, family, shard), first, last, strong=strong):
                for row, bins in bins_in(raw, families[family]):
                    total[RowDay(survey.survey_id, row, raw["sk"]["S"])].update(bins)
        without_zeros = {row: Counter({score: count for score, count in bins.items() if count}) for row, bins in total.items()}
        return {row: bins for row, bins in without_zeros.items() if bins}

    def revisions(self, survey: Survey, first: date, last: date) -> Mapping[SurveyDay, tuple[int, ...]]:
        """The revision of each shard's `all` row, strongly read."""
        found: dict[SurveyDay, list[int]] = {}
        for shard in range(survey.row_shards):
            for item in _query(item_key(survey.survey_id, dim.ALL, shard), first, last, strong=True):
                found.setdefault(SurveyDay(survey.survey_id, item.sk), [0] * survey.row_shards)[shard] = int(
                    item.attribute_values.get("rev", 0)
                )
        return {day: tuple(revisions) for day, revisions in found.items()}

    def days(self, survey: Survey) -> tuple[date, date] | None:
        """The first and the last day that has an `all` row."""
        ends: list[date] = []
        for shard in range(survey.row_shards):
            for forward in (True, False):
                partition = item_key(survey.survey_id, dim.ALL, shard)
                ends += [date.fromisoformat(item.sk) for item in RollupItem.query(partition, scan_index_forward=forward, limit=1)]
        return (min(ends), max(ends)) if ends else None

    def sealed(self, survey: Survey, first: date, last: date) -> frozenset[date]:
        """The sealed days in the range; the seal is on the first shard's row."""
        days = _query(item_key(survey.survey_id, dim.ALL, 0), first, last, strong=True)
        return frozenset(date.fromisoformat(item.sk) for item in days if "sealed_at" in item.attribute_values)

    def repair(self, survey: Survey, day: date, revisions: tuple[int, ...], rows: Mapping[RowDay, Bins], now: datetime) -> bool:
        """Add `rows` and keep an audit entry, if the day's revisions are still these.

        Many rows go in several transactions, each standing on the revision that the one before it left; stopping in between leaves a
        smaller difference for the next recount.
        """
        every = RowDay(survey.survey_id, dim.ALL, day.isoformat())
        first, *rest = revisions or (0,) * survey.row_shards
        for part, batch in enumerate(_repairs([row for row in rows if row != every])):
            transaction = TransactWrite(connection=connection())
            added = {every: rows.get(every, Counter()) if part == 0 else Counter()} | {row: rows[row] for row in batch}
            add_to_rows(transaction, added, {survey.survey_id: 0}, at_revision(first + part))
            _check_other_shards(transaction, survey, day, rest)
            transaction.save(_audit_entry(every, added, f"{now.isoformat()}#{part}"))
            if not _committed(transaction):
                return False
        return True

    def seal(self, survey: Survey, day: date, revisions: tuple[int, ...], now: datetime) -> bool:
        """Seal the day, if its revisions are still these."""
        first, *rest = revisions or (0,) * survey.row_shards
        transaction = TransactWrite(connection=connection())
        actions: list[Action] = [RollupItem.sealed_at.set(milliseconds(now))]
        transaction.update(all_row(survey.survey_id, 0, day), actions=actions, condition=at_revision(first))
        _check_other_shards(transaction, survey, day, rest)
        return _committed(transaction)


def _query(partition: str, first: date, last: date, *, strong: bool) -> Iterator[RollupItem]:
    return RollupItem.query(
        partition,
        range_key_condition=RollupItem.sk.between(first.isoformat(), last.isoformat()),
        consistent_read=strong,
    )


def query_days(partition: str, first: date, last: date, *, strong: bool) -> Iterator[Mapping[str, Any]]:
    """The raw items of a partition by day: a model reads only attributes that it names, and bins are named by values."""
    return ResultIterator(
        RollupItem._get_connection().query,  # noqa: SLF001 - the only way to a model's connection
        (partition,),
        {"range_key_condition": RollupItem.sk.between(first.isoformat(), last.isoformat()), "consistent_read": strong},
    )


def _repairs(rows: Iterable[RowDay]) -> Iterator[list[RowDay]]:
    """The rows of each transaction of a repair; one without any where there are none."""
    parts: dict[int, list[Sequence[RowDay]]] = defaultdict(list)
    for members in by_item(rows).values():
        for part, some in enumerate(batched(members, _ROWS_OF_AN_ITEM, strict=False)):
            parts[part].append(some)
    batches = [batch for some in parts.values() for batch in batched(some, _ITEMS_A_REPAIR, strict=False)]
    return ([row for some in batch for row in some] for batch in batches or [()])


def _check_other_shards(transaction: TransactWrite, survey: Survey, day: date, revisions: Iterable[int]) -> None:
    for shard, revision in enumerate(revisions, start=1):
        partition = item_key(survey.survey_id, dim.ALL, shard)
        transaction.condition_check(RollupItem, partition, day.isoformat(), condition=at_revision(revision))


def _audit_entry(day: RowDay, rows: Mapping[RowDay, Bins], when: str) -> RollupItem:
    """What was repaired, when: kept beside the rows for ever, counts only."""
    repaired = {row.row: dict(bins) for row, bins in rows.items() if bins}
    return RollupItem(f"{day.survey_id}#audit", f"{day.day}#{when}", repaired=repaired)


def _committed(transaction: TransactWrite) -> bool:
    """Commit; False where a revision had moved or another commit was under way."""
    try:
        transaction._commit()  # noqa: SLF001 - what leaving its `with` block does; here the error has to be told apart
    except TransactWriteError as error:
        codes = transactions.reasons(error)
        if transactions.CONDITION in codes or transactions.is_busy(codes):
            return False
        raise
    return True
