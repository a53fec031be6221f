"""Rollups: histogram rows by (survey, row, day). Implements `counting.ports.RollupStore`."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import batched
from typing import TYPE_CHECKING, Final

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from shared import dimension as dim
from shared.rollup import Bins, RowDay, SurveyDay
from shared.store import transactions
from shared.store.answer_items import milliseconds
from shared.store.rollup_rows import add_to_row, all_row, at_revision, row_key
from shared.store.tables import RollupItem, connection
from shared.survey import Survey

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

_ROWS_A_REPAIR: Final = 80
"""Room in a transaction of 100 for up to 16 shards' checks and the audit entry."""


class Rollups:
    """The repository of rollups."""

    def sums(self, survey: Survey, rows: Collection[str], first: date, last: date, *, strong: bool = False) -> Mapping[RowDay, Bins]:
        """The rows' counts by day, all shards added; one query a row and shard, whatever the number of answers."""
        total: dict[RowDay, Bins] = defaultdict(Counter)
        for row in rows:
            for shard in range(survey.row_shards):
                for item in _query(row_key(survey.survey_id, row, shard), first, last, strong=strong):
                    given = item.attribute_values
                    for score in range(11):
                        total[RowDay(survey.survey_id, row, item.sk)][score] += int(given.get(f"s{score}", 0))
        without_zeros = {row: Counter({score: count for score, count in bins.items() if count}) for row, bins in total.items()}
        return {row: bins for row, bins in without_zeros.items() if bins}

    def revisions(self, survey: Survey, first: date, last: date) -> Mapping[SurveyDay, tuple[int, ...]]:
        """The revision of each shard's `all` row, strongly read."""
        found: dict[SurveyDay, list[int]] = {}
        for shard in range(survey.row_shards):
            for item in _query(row_key(survey.survey_id, dim.ALL, shard), first, last, strong=True):
                found.setdefault(SurveyDay(survey.survey_id, item.sk), [0] * survey.row_shards)[shard] = int(
                    item.attribute_values.get("rev", 0)
                )
        return {day: tuple(revisions) for day, revisions in found.items()}

    def days(self, survey: Survey) -> tuple[date, date] | None:
        """The first and the last day that has an `all` row."""
        ends: list[date] = []
        for shard in range(survey.row_shards):
            for forward in (True, False):
                partition = row_key(survey.survey_id, dim.ALL, shard)
                ends += [date.fromisoformat(item.sk) for item in RollupItem.query(partition, scan_index_forward=forward, limit=1)]
        return (min(ends), max(ends)) if ends else None

    def sealed(self, survey: Survey, first: date, last: date) -> frozenset[date]:
        """The sealed days in the range; the seal is on the first shard's row."""
        days = _query(row_key(survey.survey_id, dim.ALL, 0), first, last, strong=True)
        return frozenset(date.fromisoformat(item.sk) for item in days if "sealed_at" in item.attribute_values)

    def repair(self, survey: Survey, day: date, revisions: tuple[int, ...], rows: Mapping[RowDay, Bins], now: datetime) -> bool:
        """Add `rows` and keep an audit entry, if the day's revisions are still these.

        More than 80 rows go in several transactions, each standing on the revision that the one before it left; stopping in between leaves
        a smaller difference for the next recount.
        """
        every = RowDay(survey.survey_id, dim.ALL, day.isoformat())
        others = [(row, bins) for row, bins in rows.items() if row != every]
        first, *rest = revisions or (0,) * survey.row_shards
        for part, batch in enumerate(batched(others, _ROWS_A_REPAIR, strict=False) if others else [()]):
            transaction = TransactWrite(connection=connection())
            in_every = rows.get(every, Counter()) if part == 0 else Counter()
            add_to_row(transaction, every, 0, in_every, at_revision(first + part))
            _check_other_shards(transaction, survey, day, rest)
            for row, bins in batch:
                add_to_row(transaction, row, 0, bins)
            transaction.save(_audit_entry(every, [(every, in_every), *batch], f"{now.isoformat()}#{part}"))
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


def _check_other_shards(transaction: TransactWrite, survey: Survey, day: date, revisions: Iterable[int]) -> None:
    for shard, revision in enumerate(revisions, start=1):
        partition = row_key(survey.survey_id, dim.ALL, shard)
        transaction.condition_check(RollupItem, partition, day.isoformat(), condition=at_revision(revision))


def _audit_entry(day: RowDay, rows: Iterable[tuple[RowDay, Bins]], when: str) -> RollupItem:
    """What was repaired, when: kept beside the rows for ever, counts only."""
    repaired = {row.row: dict(bins) for row, bins in rows if bins}
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
