"""Answers of the past with their markers and rows. Implements `counting.importing.PastStore`.

Markers lie in Rollups, under `SURVEY#imported#BUCKET`, and stay as long as the rows that they keep from being counted twice.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import batched
from typing import Any, Final

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from shared import dimension as dim
from shared.counting.importing import Marker, Missed, Past
from shared.counting.ports import Refusal
from shared.rollup import Bins, RowDay
from shared.store import transactions
from shared.store.answer_items import item_of
from shared.store.batches import MOST_KEYS, raw_items
from shared.store.rollup_rows import add_to_rows, by_item
from shared.store.tables import AnswerItem, RollupItem, connection
from shared.survey import Survey

_SHARD: Final = 0
"""The one that carries the seal."""


class Imported:
    """The repository of answers of the past."""

    def markers(self, survey_id: str, names: Collection[str]) -> Mapping[str, Marker]:
        """Those that are there, strongly read."""
        places = batched((_place(survey_id, name) for name in set(names)), MOST_KEYS, strict=False)
        found = (_marker_in(raw) for some in places for raw in raw_items(RollupItem, some))
        return {marker.name: marker for marker in found}

    def count(self, survey: Survey, group: Sequence[Past], rows: Mapping[RowDay, Bins]) -> Missed | Refusal:
        """Markers, answers and rows in one transaction."""
        transaction = TransactWrite(connection=connection())
        for past in group:
            transaction.save(_item_of(survey, past.marker), condition=RollupItem.pk.does_not_exist())
        kept = [past for past in group if past.marker.kept]
        for past in kept:
            transaction.save(item_of(past.answer), condition=AnswerItem.pk.does_not_exist())
        open_days = {past.contribution.day for past in kept}
        for condition, some in ((RollupItem.sealed_at.does_not_exist(), True), (None, False)):
            its_rows = {row: bins for row, bins in rows.items() if (row.day in open_days) is some}
            add_to_rows(transaction, its_rows, {survey.survey_id: _SHARD}, condition)
        try:
            transaction._commit()  # noqa: SLF001 - what leaving its `with` block does; here the error has to be told apart
        except TransactWriteError as error:
            return _missed(error, group, [row for some in (True, False) for row in rows if (row.day in open_days) is some])
        return Missed()


def _missed(error: TransactWriteError, group: Sequence[Past], rows: Sequence[RowDay]) -> Missed | Refusal:
    """Reasons come in the order of the actions: markers, answers, items of rows."""
    codes = transactions.reasons(error)
    names = [past.marker.name for past in group] + [past.marker.name for past in group if past.marker.kept]
    days = [item.day if item.family == dim.ALL else "" for item in by_item(rows)]
    there = frozenset(name for name, code in zip(names, codes, strict=False) if code == transactions.CONDITION)
    sealed = frozenset(day for day, code in zip(days, codes[len(names) :], strict=False) if code == transactions.CONDITION)
    if there or sealed:
        return Missed(there, sealed)
    if transactions.is_invalid(codes):
        return Refusal.INVALID
    if transactions.is_busy(codes):
        return Refusal.BUSY
    raise error


def _place(survey_id: str, name: str) -> tuple[str, str]:
    return f"{survey_id}#imported#{name[0]}", name


def _item_of(survey: Survey, marker: Marker) -> RollupItem:
    return RollupItem(
        *_place(survey.survey_id, marker.name),
        imported_by=marker.import_id,
        imported_row=marker.row,
        kept=1 if marker.kept else None,
    )


def _marker_in(raw: Mapping[str, Any]) -> Marker:
    return Marker(raw["sk"]["S"], raw["imported_by"]["S"], int(raw["imported_row"]["N"]), kept="kept" in raw)
