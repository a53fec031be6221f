"""Rows as counting leaves them, and who reads them."""

from collections.abc import Mapping
from datetime import date

from pynamodb.expressions.operand import Path

from shared.dimension import ALL, family_of
from shared.store.rollup_rows import bin_name, item_key
from shared.store.tables import RollupItem
from shared.survey import Survey

READER = {"key_id": "reader", "scopes": "scores:read"}
ANALYST = {"key_id": "analyst", "scopes": "scores:read answers:read"}
MONDAY = date(2026, 3, 9)


def count(survey: Survey, row: str, scores: Mapping[int, int], day: date = MONDAY, shard: int = 0) -> None:
    """Say how many answers of a day gave each score."""
    item = RollupItem(item_key(survey.survey_id, family_of(row)[0], shard), day.isoformat())
    item.update(actions=[Path([bin_name(row, score)]).set(number) for score, number in scores.items()])


def count_classes(survey: Survey, day: str, classes: tuple[int, int, int], row: str = ALL) -> None:
    """The same by classes: promoters, passives, detractors."""
    count(survey, row, dict(zip((9, 7, 2), classes, strict=True)), date.fromisoformat(day))
