"""Rows of Rollups: the items they lie in, and what adding to them is.

An item holds a family of rows (`shared.dimension.family_of`) of one day and shard: all values of a dimension, say, each with bins of its
own (`checkout:s9`; the `all` row, alone in its family, has `s9`). A write is charged by the item, and 80 answers of any values change few.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.transactions import TransactWrite

from shared import dimension as dim
from shared.rollup import Bins, FamilyDay, RowDay, family_of
from shared.store.tables import RollupItem

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

_BINS: Final = range(11)


def item_key(survey_id: str, family: str, shard: int) -> str:
    """The partition key of one shard of a family."""
    return f"{survey_id}#{family}#{shard}"


def all_row(survey_id: str, shard: int, day: date | str) -> RollupItem:
    """The item of a day's `all` row, which carries its revision and its seal."""
    return RollupItem(item_key(survey_id, dim.ALL, shard), str(day))


def at_revision(revision: int) -> Condition:
    """The condition that an `all` row has not moved; 0 stands for a row that no commit has touched."""
    return RollupItem.rev == revision if revision else RollupItem.rev.does_not_exist()


def add_to_rows(
    transaction: TransactWrite, rows: Mapping[RowDay, Bins], shards: Mapping[str, int], condition: Condition | None = None
) -> None:
    """Add to one shard of each row, one action an item; an `all` row's revision moves with it. `condition` is on `all` rows."""
    for item, members in by_item(rows).items():
        actions: list[Action] = [
            Path([bin_name(row.row, score)]).add(count) for row in members for score, count in sorted(rows[row].items())
        ]
        is_all = item.family == dim.ALL
        if is_all:
            actions.append(RollupItem.rev.add(1))
        partition = item_key(item.survey_id, item.family, shards[item.survey_id])
        transaction.update(RollupItem(partition, item.day), actions=actions, condition=condition if is_all else None)


def by_item(rows: Iterable[RowDay]) -> dict[FamilyDay, list[RowDay]]:
    """The rows of each item."""
    found: defaultdict[FamilyDay, list[RowDay]] = defaultdict(list)
    for row in rows:
        found[family_of(row)].append(row)
    return dict(found)


def bin_name(row: str, score: int) -> str:
    """The attribute that counts a score in a row."""
    place = dim.family_of(row)[1]
    return f"{place}:s{score}" if place else f"s{score}"


def bins_in(raw: Mapping[str, Any], rows: Iterable[str]) -> Iterator[tuple[str, Bins]]:
    """What a raw item counts in those of its rows."""
    for row in rows:
        names = ((score, bin_name(row, score)) for score in _BINS)
        yield row, Counter({score: int(raw[name]["N"]) for score, name in names if name in raw})
