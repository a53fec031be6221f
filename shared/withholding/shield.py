"""What one survey shows of the groups of one dimension, or of one declared pair, to a caller who may not read answers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import product
from typing import Final, Self

from shared import dimension as dim
from shared.periods import Period
from shared.rollup import Bins, RowDay
from shared.survey import Survey
from shared.withholding.blocks import SMALLEST_GROUP, Block, Counts, cut, is_over, is_settled, span_of, spans_around, total, weeks_of
from shared.withholding.suppression import Cell, Table, shown_cells, shown_values

_WEEK: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)

type Weekly = Mapping[tuple[str, date], int]
"""The answers of each row and week, the week by its Monday."""


class WithheldReason(StrEnum):
    """Why figures are not shown; none tells more than what was asked for and that the answers are few."""

    PARTIAL_WEEKS = "partial_weeks"
    PARTIAL_BLOCKS = "partial_blocks"
    TOO_FEW_ANSWERS = "too_few_answers"


@dataclass(frozen=True, slots=True)
class Withheld:
    """The group's figures, its number of answers included, stay here."""

    reason: WithheldReason
    nearest: Period | None = None
    """A period near the one asked for by which groups of this kind are shown, if they aren't too few."""


@dataclass(frozen=True, slots=True)
class Shield:
    """The blocks of a dimension, or of a pair, on the survey's local day `today`; for who may read answers there are none to heed."""

    today: date
    blocks: tuple[Block, ...] = ()
    is_open: bool = False

    @classmethod
    def open(cls, today: date) -> Self:
        """For a caller with the scope answers:read, who sees everything."""
        return cls(today, is_open=True)

    @classmethod
    def of(cls, survey: Survey, kind: str, sums: Mapping[RowDay, Bins], period: Period, today: date) -> Self:
        """From the rows `rows_behind` of `kind` in the days `days_behind` of `period`; `kind` is a dimension, or two that are a pair (`a&b`)."""
        weekly = _weekly(survey.survey_id, sums)
        first, last = days_behind(period)
        one, _, other = kind.partition("&")
        blocks = _pair_blocks(survey, one, other, weekly, (first, last), today) if other else _blocks(survey, kind, weekly, (first, last), today)
        return cls(today, tuple(blocks))

    def withheld(self, row: str, period: Period, group: int, everybody: int) -> Withheld | None:
        """Why the figures of a row with `group` answers of `everybody`'s are kept back over `period`; None where they are shown.

        What hangs on no answer is judged first. At last, whatever the blocks say, 5 answers in the group and 5 outside are needed.
        """
        if self.is_open or row == dim.ALL:
            return None
        if not period.is_whole_weeks or period.last >= self.today:
            return Withheld(WithheldReason.PARTIAL_WEEKS, self._nearest(period))
        inside = [block for block in self.blocks if block.period.last >= period.first and block.period.first <= period.last]
        if not _is_made_of(inside, period):
            return Withheld(WithheldReason.PARTIAL_BLOCKS, self._nearest(period))
        if not all(row in block.shown for block in inside) or min(group, everybody - group) < SMALLEST_GROUP:
            return Withheld(WithheldReason.TOO_FEW_ANSWERS)
        return None

    def _nearest(self, period: Period) -> Period | None:
        """The longest run of whole blocks inside the period, or the last block that begins in it or before."""
        inside = _joined([block for block in self.blocks if period.first <= block.period.first and block.period.last <= period.last])
        if inside:
            return max(inside, key=lambda run: (run.days, run.first))
        before = [block.period for block in self.blocks if block.period.first <= period.last]
        return max(before, key=lambda block: block.first) if before else None


def kind_of(row: str) -> str:
    """What a row is one of: its dimension, or its pair's two (`touchpoint&segment.plan`)."""
    return "&".join(part.partition("=")[0] for part in row.split("&"))


def rows_behind(survey: Survey, kind: str) -> frozenset[str]:
    """The rows from which it is judged what a dimension or a pair shows."""
    one, _, other = kind.partition("&")
    names = (one, other) if other else (one,)
    rows = {dim.row_of(name, value) for name in names for value in _values(survey, name)}
    pairs = (dim.pair_row_of(*_rows_of(Cell(first, second), one, other)) for first, second in product(*(_values(survey, name) for name in names)))
    return frozenset((dim.ALL, *rows, *(pairs if other else ())))


def days_behind(period: Period) -> tuple[date, date]:
    """The first and the last day from which a period is judged: its spans, and the one before, by which something may be shown instead."""
    try:
        return span_of(span_of(period.first).first - _DAY).first, span_of(period.last).last
    except OverflowError:
        return period.first, period.last


def independent_pairs(pairs: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """The pairs that close no circle with pairs declared before: three tables along a circle of dimensions tell of parts of all three together.

    Of two values each, a=b=c=1 and a=b=c=2 are together what is left of everybody less half of each pair's two unequal cells.
    """
    families: dict[str, frozenset[str]] = {}
    kept = set()
    for one, other in pairs:
        mine, theirs = families.get(one, frozenset({one})), families.get(other, frozenset({other}))
        if other not in mine:
            kept.add((one, other))
            families |= dict.fromkeys(mine | theirs, mine | theirs)
    return frozenset(kept)


def _blocks(survey: Survey, name: str, weekly: Weekly, days: tuple[date, date], today: date) -> Iterable[Block]:
    for span in spans_around(*days):
        if is_over(span, today):
            weeks = [_counts(survey, name, weekly, week.first) for week in weeks_of(span)]
            for block in cut(weeks):
                shown = shown_values(total(weeks, block))
                yield Block(_period(span, block), frozenset(dim.row_of(name, value) for value in shown))


def _pair_blocks(survey: Survey, one: str, other: str, weekly: Weekly, days: tuple[date, date], today: date) -> Iterable[Block]:
    """The blocks that both dimensions have, once no late answer can cut them otherwise, where the pair is one that may be shown at all."""
    if (one, other) not in independent_pairs(survey.settings.pairs):
        return
    columns = {block.period: block for block in _blocks(survey, other, weekly, days, today)}
    for rows in _blocks(survey, one, weekly, days, today):
        if rows.period in columns and is_settled(span_of(rows.period.first), today):
            yield Block(rows.period, _shown_pairs(survey, one, other, weekly, rows, columns[rows.period]))


def _shown_pairs(survey: Survey, one: str, other: str, weekly: Weekly, rows: Block, columns: Block) -> frozenset[str]:
    def answers(row: str) -> int:
        return sum(weekly.get((row, rows.period.first + week), 0) for week in _weeks_in(rows.period))

    def shown(name: str, block: Block) -> dict[str, int]:
        return {value: answers(row) for value in _values(survey, name) if (row := dim.row_of(name, value)) in block.shown}

    table_rows, table_columns = shown(one, rows), shown(other, columns)
    cells = {cell: answers(dim.pair_row_of(*_rows_of(cell, one, other))) for cell in (Cell(*both) for both in product(table_rows, table_columns))}
    found = shown_cells(Table(answers(dim.ALL), table_rows, table_columns, cells))
    return frozenset(dim.pair_row_of(*_rows_of(cell, one, other)) for cell in found)


def _counts(survey: Survey, name: str, weekly: Weekly, week: date) -> Counts:
    """The answers of a week by value; those without a value under the empty one."""
    counts = {value: weekly.get((dim.row_of(name, value), week), 0) for value in _values(survey, name)}
    return counts | {"": weekly.get((dim.ALL, week), 0) - sum(counts.values())}


def _values(survey: Survey, name: str) -> tuple[str, ...]:
    return (*survey.settings.declared()[name], dim.OTHER)


def _rows_of(cell: Cell, one: str, other: str) -> tuple[str, str]:
    return dim.row_of(one, cell.row), dim.row_of(other, cell.column)


def _weekly(survey_id: str, sums: Mapping[RowDay, Bins]) -> Weekly:
    weekly: Counter[tuple[str, date]] = Counter()
    for row, bins in sums.items():
        if row.survey_id == survey_id:
            day = date.fromisoformat(row.day)
            weekly[row.row, day - timedelta(days=day.weekday())] += sum(bins.values())
    return weekly


def _weeks_in(period: Period) -> Iterable[timedelta]:
    return (number * _WEEK for number in range(period.days // _WEEK.days))


def _period(span: Period, block: range) -> Period:
    return Period(span.first + block.start * _WEEK, span.first + block.stop * _WEEK - _DAY)


def _is_made_of(blocks: Sequence[Block], period: Period) -> bool:
    """Whether blocks that overlap a period, and not each other, are exactly it."""
    return sum(block.period.days for block in blocks) == period.days and blocks[0].period.first == period.first


def _joined(blocks: Iterable[Block]) -> list[Period]:
    """Blocks in order, those that follow each other made one period."""
    joined: list[Period] = []
    for block in blocks:
        if joined and joined[-1].last + _DAY == block.period.first:
            joined[-1] = Period(joined[-1].first, block.period.last)
        else:
            joined.append(block.period)
    return joined
