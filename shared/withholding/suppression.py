"""Which values are hidden in a block: those of few answers, and enough of the others that they are not what is left of everybody."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from shared.withholding import SMALLEST_GROUP
from shared.withholding.blocks import Counts, is_few


def shown_values(counts: Counts) -> frozenset[str]:
    """The values whose figures of a block may be added to others': none or 5 answers in each, and in all that are hidden together.

    Where no value has few, that is all of them, those without an answer too: nothing is hidden then that isn't plain. Where one has, an
    empty value is hidden like it, and so is one outside which fewer than 5 answered; then the smallest that is shown, as long as what is
    hidden is few.
    """
    if not any(map(is_few, counts.values())):
        return frozenset(counts)
    everybody = sum(counts.values())
    shown = {value for value, answers in counts.items() if min(answers, everybody - answers) >= SMALLEST_GROUP}
    while shown and is_few(everybody - sum(counts[value] for value in shown)):
        shown.remove(min(shown, key=lambda value: (counts[value], value)))
    return frozenset(shown)


class Cell(NamedTuple):
    """A value of a pair's first dimension with one of its second."""

    row: str
    column: str


_ROW: Final = 0
_COLUMN: Final = 1
type _Line = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A declared pair over one block, and what its two dimensions show of it.

    `rows` and `columns` are the answers of the values that each dimension shows for the same block; `cells` those of the pair. Answers
    without a value in one of the two, or from before the pair was declared, are in a row or a column and in no cell.
    """

    everybody: int
    rows: Counts
    columns: Counts
    cells: Mapping[Cell, int]


def shown_cells(table: Table) -> frozenset[Cell]:
    """The cells that are shown: a whole table of some rows by some columns.

    Rows and columns go, the smallest first, until every cell, the rest of every row and of every column, and what lies in none of the shown
    rows and columns, has no answer or five. Hiding single cells isn't enough: with 5, 1 and 5 hidden along a row and a column, both rests
    are 6, and the row's less the other cell of five is the one.
    """
    lines: dict[_Line, int] = {(_ROW, row): answers for row, answers in table.rows.items()}
    lines |= {(_COLUMN, column): answers for column, answers in table.columns.items()}
    while True:
        rows = [name for axis, name in lines if axis == _ROW]
        columns = [name for axis, name in lines if axis == _COLUMN]
        telling = next(_telling(table, rows, columns), None)
        if telling is None:
            return frozenset(Cell(row, column) for row in rows for column in columns)
        del lines[min((line for line in lines if line in telling), key=lambda line: (lines[line] == 0, lines[line], line))]


def _telling(table: Table, rows: list[str], columns: list[str]) -> Iterator[set[_Line]]:
    """For each figure of few that could be worked out, the lines any of which could go."""
    inside = {cell: table.cells.get(cell, 0) for cell in (Cell(row, column) for row in rows for column in columns)}
    for cell, answers in inside.items():
        if is_few(answers):
            yield {(_ROW, cell.row), (_COLUMN, cell.column)}
    for row in rows:
        if is_few(table.rows[row] - sum(inside[Cell(row, column)] for column in columns)) and columns:
            yield {(_COLUMN, column) for column in columns}
    for column in columns:
        if is_few(table.columns[column] - sum(inside[Cell(row, column)] for row in rows)) and rows:
            yield {(_ROW, row) for row in rows}
    outside = table.everybody - sum(table.rows[row] for row in rows) - sum(table.columns[column] for column in columns)
    if rows and columns and is_few(outside + sum(inside.values())):
        yield {*((_ROW, row) for row in rows), *((_COLUMN, column) for column in columns)}
