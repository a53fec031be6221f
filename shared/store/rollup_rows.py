"""Rows of Rollups: their keys and what adding to them is."""

from datetime import date
from typing import TYPE_CHECKING

from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from shared import dimension as dim
from shared.rollup import Bins, RowDay
from shared.store.tables import BINS, RollupItem

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action


def row_key(survey_id: str, row: str, shard: int) -> str:
    """The partition key of one shard of a row."""
    return f"{survey_id}#{row}#{shard}"


def all_row(survey_id: str, shard: int, day: date | str) -> RollupItem:
    """The `all` row of a day, which carries its revision and its seal."""
    return RollupItem(row_key(survey_id, dim.ALL, shard), str(day))


def at_revision(revision: int) -> Condition:
    """The condition that an `all` row has not moved; 0 stands for a row that no commit has touched."""
    return RollupItem.rev == revision if revision else RollupItem.rev.does_not_exist()


def add_to_row(transaction: TransactWrite, row: RowDay, shard: int, bins: Bins, condition: Condition | None = None) -> None:
    """Add `bins` to one shard of a row; an `all` row's revision moves with it."""
    actions: list[Action] = [BINS[score].add(count) for score, count in bins.items()]
    if row.row == dim.ALL:
        actions.append(RollupItem.rev.add(1))
    transaction.update(RollupItem(row_key(row.survey_id, row.row, shard), row.day), actions=actions, condition=condition)
