"""Copies of the parts of withholding with one rule switched off each. Only here: production code has no such switches."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from typing import Any

import pytest

from shared import dimension as dim
from shared.periods import Period
from shared.survey import Survey
from shared.withholding import shield, suppression
from shared.withholding.blocks import SMALLEST_GROUP, SPAN_WEEKS, Block, Counts, is_few, is_over, span_of, spans_around, total, weeks_of
from shared.withholding.suppression import Cell, Table

type Patching = Callable[[], AbstractContextManager[None]]


def patched(where: object, **copies: Any) -> Patching:  # noqa: ANN401 - whatever stands there
    """Put copies in the place of what a module or a class has under these names, for the time of a search."""

    @contextmanager
    def patch() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as monkeypatch:
            for name, copy in copies.items():
                monkeypatch.setattr(where, name, copy)
            yield

    return patch


def all_values(counts: Counts) -> frozenset[str]:
    """Small values are shown too."""
    return frozenset(value for value, answers in counts.items() if answers)


def values_of_five(counts: Counts) -> frozenset[str]:
    """What is hidden may be few."""
    everybody = sum(counts.values())
    return frozenset(value for value, answers in counts.items() if min(answers, everybody - answers) >= SMALLEST_GROUP)


def every_week(weeks: Sequence[Counts], *, settled: bool) -> tuple[range, ...]:  # noqa: ARG001 - as `cut` has it
    """A span is cut into its weeks, whatever is in them."""
    return tuple(range(week, week + 1) for week in range(len(weeks)))


def in_order(weeks: Sequence[Counts], *, settled: bool) -> tuple[range, ...]:
    """A block grows until no value of it has few; what is left at the end of the span is a block too."""
    blocks, first = [], 0
    for week in range(SPAN_WEEKS if settled else 0):
        if week == SPAN_WEEKS - 1 or not any(map(is_few, total(weeks, range(first, week + 1)).values())):
            blocks.append(range(first, week + 1))
            first = week + 1
    return tuple(blocks) or (range(SPAN_WEEKS),)


def any_period(mine: shield.Shield, row: str, period: Period, group: int, everybody: int) -> shield.Withheld | None:
    """Whole weeks that are over, 5 in the group and 5 outside: no blocks."""
    if row == dim.ALL or (period.is_whole_weeks and period.last < mine.today and min(group, everybody - group) >= SMALLEST_GROUP):
        return None
    return shield.Withheld(shield.WithheldReason.TOO_FEW_ANSWERS)


def cells_of_five(table: Table) -> frozenset[Cell]:
    """Of a pair, what is left of a row or a column may be few."""
    return frozenset(cell for cell, answers in table.cells.items() if min(answers, table.everybody - answers) >= SMALLEST_GROUP)


def cells_one_by_one(table: Table) -> frozenset[Cell]:
    """The rest of a row or a column is made large enough by hiding single cells, the smallest first."""
    shown = set(cells_of_five(table))
    lines = [(table.rows[row], [cell for cell in table.cells if cell.row == row]) for row in table.rows]
    lines += [(table.columns[column], [cell for cell in table.cells if cell.column == column]) for column in table.columns]
    telling = True
    while telling:
        telling = False
        for answers, cells in lines:
            there = [cell for cell in cells if cell in shown]
            if there and is_few(answers - sum(table.cells[cell] for cell in there)):
                shown.remove(min(there, key=lambda cell: (table.cells[cell], cell)))
                telling = True
    return frozenset(shown)


def whatever_is_outside(table: Table, rows: list[str], columns: list[str]) -> Iterator[set[tuple[int, str]]]:
    """What lies in none of the shown rows and columns may be few."""
    for lines in _telling(table, rows, columns):
        if len(lines) < len(rows) + len(columns) or (len(rows), len(columns)) == (1, 1):
            yield lines


_telling = suppression._telling  # noqa: SLF001 - a copy of it with one part less


def pairs_by_themselves(  # noqa: PLR0913, PLR0917 - as the function has it
    survey: Survey, one: str, other: str, weekly: shield.Weekly, days: tuple[date, date], today: date
) -> Iterable[Block]:
    """A pair has blocks of its own: the span, say, where its dimensions are cut finer."""
    for span in spans_around(*days):
        if is_over(span, today):
            whole = [next(iter(found), None) for name in (one, other) if (found := [_whole(survey, name, weekly, span)])]
            yield Block(span, shield._shown_pairs(survey, one, other, weekly, *whole))  # type: ignore[arg-type]  # noqa: SLF001


def _whole(survey: Survey, name: str, weekly: shield.Weekly, span: Period) -> Block:
    weeks = [shield._counts(survey, name, weekly, week.first) for week in weeks_of(span)]  # noqa: SLF001
    shown = suppression.shown_values(total(weeks, range(SPAN_WEEKS)))
    return Block(span, frozenset(dim.row_of(name, value) for value in shown))


def every_pair(pairs: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Circles of pairs are shown."""
    return frozenset(pairs)


def settled_at_once(span: Period, today: date) -> bool:
    """A span is cut finer as soon as it is over."""
    return span.last < today


def always(_: Period, __: date) -> bool:
    """Whatever day it is."""
    return True


__all__ = ["span_of"]
