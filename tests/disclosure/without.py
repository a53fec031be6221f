"""Copies of the parts of withholding with one rule switched off each. Only here: production code has no such switches."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from typing import Any, Final

import pytest

from shared import dimension as dim
from shared.periods import Period
from shared.reporting import seeing
from shared.reporting.seeing import Counted
from shared.scoring import pool
from shared.withholding import SMALLEST_GROUP, GroupFigures, Shown, Withheld, WithheldReason, suppression
from shared.withholding.blocks import SPAN_WEEKS, Block, Counts, is_few, total, weeks_of
from shared.withholding.shield import Shield
from shared.withholding.suppression import Cell, Table

type Patching = Callable[[], AbstractContextManager[None]]
_TOO_FEW: Final = Withheld(WithheldReason.TOO_FEW_ANSWERS)


def patched(where: object, **copies: Any) -> Patching:  # noqa: ANN401 - whatever stands there
    """Put copies in the place of what a module or a class has under these names, for the time of a search."""

    @contextmanager
    def patch() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as monkeypatch:
            for name, copy in copies.items():
                monkeypatch.setattr(where, name, copy)
            yield

    return patch


def _of_five(answers: int, everybody: int) -> bool:
    return min(answers, everybody - answers) >= SMALLEST_GROUP


# ── Periods ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def any_period(self: Shield, row: str, period: Period, group: int, everybody: int) -> Withheld | None:  # noqa: ARG001 - as the method has it
    """Any days: 5 in the group and 5 outside."""
    return None if _of_five(group, everybody) else _TOO_FEW


def any_weeks(self: Shield, row: str, period: Period, group: int, everybody: int) -> Withheld | None:
    """Whole weeks that are over, 5 in the group and 5 outside: no blocks."""
    is_over = period.is_whole_weeks and period.last < self._today
    return any_period(self, row, period, group, everybody) if is_over else _TOO_FEW


def growing(weeks: Sequence[Counts]) -> tuple[range, ...]:
    """A block grows until no value has few in it; what is left at the span's end is one more, whatever is in it."""
    blocks, first = [], 0
    for week in range(SPAN_WEEKS):
        if week == SPAN_WEEKS - 1 or not any(map(is_few, total(weeks, range(first, week + 1)).values())):
            blocks.append(range(first, week + 1))
            first = week + 1
    return tuple(blocks)


def begun(span: Period, today: date) -> bool:
    """Weeks of a span are shown while others are still to come."""
    return span.first < today


# ── Values ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def values_of_five(counts: Counts) -> frozenset[str]:
    """What is hidden may be few."""
    everybody = sum(counts.values())
    return frozenset(value for value, answers in counts.items() if _of_five(answers, everybody))


def without_nobodys(counts: Counts) -> frozenset[str]:
    """The answers without a value are left out of account."""
    return suppression.shown_values({value: answers for value, answers in counts.items() if value})


def pool_of_five(counted: Sequence[Counted], period: Period, *, may_read_answers: bool) -> GroupFigures:
    """A pool shows what is of five in all."""
    if len(counted) == 1:
        return seeing.figures(counted, period, may_read_answers=may_read_answers)
    both = [(counts.of(part.row, period), counts.of(dim.ALL, period)) for part, counts in counted]
    group, everybody = pool(each for each, _ in both), pool(each for _, each in both)
    return Shown(group) if _of_five(group.answers, everybody.answers) else _TOO_FEW


# ── Pairs ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def cells_of_five(table: Table) -> frozenset[Cell]:
    """What is left of a row or a column may be few."""
    return frozenset(cell for cell, answers in table.cells.items() if answers >= SMALLEST_GROUP)


def cells_one_by_one(table: Table) -> frozenset[Cell]:
    """What is left of a row or a column is made large enough by hiding single cells, the smallest first."""
    shown = set(cells_of_five(table))
    lines = [(table.rows[row], [cell for cell in table.cells if cell.row == row]) for row in table.rows]
    lines += [(table.columns[column], [cell for cell in table.cells if cell.column == column]) for column in table.columns]
    while True:
        rests = [
            (answers - sum(table.cells[cell] for cell in cells if cell in shown), shown.intersection(cells)) for answers, cells in lines
        ]
        telling = next((there for rest, there in rests if is_few(rest) and there), None)
        if telling is None:
            return frozenset(shown)
        shown.remove(min(telling, key=lambda cell: (table.cells[cell], cell)))


_telling = suppression._telling  # noqa: SLF001 - a copy of it follows


def outside_may_be_few(table: Table, rows: list[str], columns: list[str]) -> Iterator[set[tuple[int, str]]]:
    """What lies in none of the shown rows and columns may be few."""
    for lines in _telling(table, rows, columns):
        if len({axis for axis, _ in lines}) == 1 or len(lines) == 2:
            yield lines


def by_the_span(self: Shield, one: str, other: str, span: Period) -> Iterator[Block]:
    """A pair is shown by the whole span, where its dimensions are cut finer."""
    weeks = weeks_of(span)
    both = []
    for name in (one, other):
        shown = suppression.shown_values(total([self._counts(name, week) for week in weeks], range(SPAN_WEEKS)))
        both.append(Block(span, frozenset(dim.row_of(name, value) for value in shown)))
    yield Block(span, self._shown_pairs(one, other, *both))


def every_pair(pairs: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Circles of pairs are shown."""
    return frozenset(pairs)


def at_once(span: Period, today: date) -> bool:
    """Pairs are shown as soon as their span is over."""
    return span.last < today
