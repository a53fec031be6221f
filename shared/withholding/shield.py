"""What one survey shows of the groups of one dimension, or of one declared pair, to a caller who may not read answers."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from typing import Final

from shared import dimension as dim
from shared.periods import Period
from shared.survey import Survey
from shared.withholding import SMALLEST_GROUP, Withheld, WithheldReason
from shared.withholding.blocks import SPAN_WEEKS, Block, Counts, cut, is_over, is_settled, span_of, spans_around, total, weeks_of
from shared.withholding.suppression import Cell, Table, shown_cells, shown_values

NO_VALUE: Final = ""
"""The group of the answers without a value in a dimension."""
_DAY: Final = timedelta(days=1)

type Answers = Callable[[str, Period], int]
"""How many answers a row counts in a period; at least in the days `days_behind` of what is judged."""


class Shield:
    """The blocks of a dimension, or of a pair (`a&b`), on the survey's local day `today`. Those of a span are worked out once."""

    def __init__(self, survey: Survey, kind: str, answers: Answers, today: date) -> None:
        """Work on the rows `rows_behind` of the survey and the kind."""
        self._survey, self._kind, self._answers, self._today = survey, kind, answers, today
        self._spans: dict[date, tuple[Block, ...]] = {}

    def withheld(self, row: str, period: Period, group: int, everybody: int) -> Withheld | None:
        """Why the figures of a row with `group` answers of `everybody`'s are kept back over `period`; None where they are shown.

        What hangs on no answer is judged first. At last, whatever the blocks say, 5 answers in the group and 5 outside are needed.
        """
        if not period.is_whole_weeks or period.last >= self._today:
            return Withheld(WithheldReason.PARTIAL_WEEKS, self._nearest(period))
        blocks = [block for block in self._blocks(period.first, period.last) if _overlap(block.period, period)]
        if not _are(blocks, period):
            return Withheld(WithheldReason.PARTIAL_BLOCKS, self._nearest(period))
        if not all(row in block.shown for block in blocks) or min(group, everybody - group) < SMALLEST_GROUP:
            return Withheld(WithheldReason.TOO_FEW_ANSWERS)
        return None

    def _nearest(self, period: Period) -> Period | None:
        """The longest run of whole blocks inside the period, or the last block that begins in it or before."""
        blocks = list(self._blocks(*days_behind(period)))
        inside = _runs([block.period for block in blocks if period.first <= block.period.first and block.period.last <= period.last])
        if inside:
            return max(inside, key=lambda run: (run.days, run.first))
        return next((block.period for block in reversed(blocks) if block.period.first <= period.last), None)

    def _blocks(self, first: date, last: date) -> Iterator[Block]:
        for span in spans_around(first, last):
            if span.first not in self._spans:
                one, _, other = self._kind.partition("&")
                found = self._pair_blocks(one, other, span) if other else self._dimension_blocks(one, span)
                self._spans[span.first] = tuple(found) if is_over(span, self._today) else ()
            yield from self._spans[span.first]

    def _dimension_blocks(self, name: str, span: Period) -> Iterator[Block]:
        weeks = weeks_of(span)
        counts = [self._counts(name, week) for week in weeks]
        for block in cut(counts) if is_settled(span, self._today) else (range(SPAN_WEEKS),):
            shown = shown_values(total(counts, block))
            yield Block(Period(weeks[block.start].first, weeks[block.stop - 1].last), frozenset(dim.row_of(name, value) for value in shown))

    def _pair_blocks(self, one: str, other: str, span: Period) -> Iterator[Block]:
        """The blocks that both dimensions have, once no late answer can move them, of a pair that may be shown at all."""
        if (one, other) not in independent_pairs(self._survey.settings.pairs) or not is_settled(span, self._today):
            return
        columns = {block.period: block for block in self._dimension_blocks(other, span)}
        for rows in self._dimension_blocks(one, span):
            if rows.period in columns:
                yield Block(rows.period, self._shown_pairs(one, other, rows, columns[rows.period]))

    def _shown_pairs(self, one: str, other: str, rows: Block, columns: Block) -> frozenset[str]:
        def shown(name: str, block: Block) -> dict[str, int]:
            wanted = {value: dim.row_of(name, value) for value in _values(self._survey, name)}
            return {value: self._answers(row, block.period) for value, row in wanted.items() if row in block.shown}

        def row_of(cell: Cell) -> str:
            return dim.pair_row_of(dim.row_of(one, cell.row), dim.row_of(other, cell.column))

        first, second = shown(one, rows), shown(other, columns)
        cells = {cell: self._answers(row_of(cell), rows.period) for cell in (Cell(*both) for both in product(first, second))}
        return frozenset(map(row_of, shown_cells(Table(self._answers(dim.ALL, rows.period), first, second, cells))))

    def _counts(self, name: str, week: Period) -> Counts:
        counts = {value: self._answers(dim.row_of(name, value), week) for value in _values(self._survey, name)}
        return counts | {NO_VALUE: self._answers(dim.ALL, week) - sum(counts.values())}


def kind_of(row: str) -> str:
    """What a row is one of: its dimension, or its pair's two (`touchpoint&segment.plan`)."""
    return "&".join(part.partition("=")[0] for part in row.split("&"))


def rows_behind(survey: Survey, kind: str) -> frozenset[str]:
    """The rows from which it is judged what a dimension or a pair shows."""
    one, _, other = kind.partition("&")
    rows = [[dim.row_of(name, value) for value in _values(survey, name)] for name in ((one, other) if other else (one,))]
    pairs = [dim.pair_row_of(*both) for both in product(*rows)] if other else []
    return frozenset((dim.ALL, *(row for each in rows for row in each), *pairs))


def days_behind(period: Period) -> tuple[date, date]:
    """The first and the last day from which a period is judged: its spans, and the one before, by which something may be shown instead."""
    try:
        return span_of(span_of(period.first).first - _DAY).first, span_of(period.last).last
    except OverflowError:
        return period.first, period.last


def independent_pairs(pairs: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """The pairs that close no circle with pairs declared before.

    Three tables along a circle of dimensions tell of parts of all three together. Of two values each, the answers of the first value in all
    three and those of the second in all three are together everybody less half of the unequal cells of the three tables.
    """
    families: dict[str, frozenset[str]] = {}
    kept = set()
    for one, other in pairs:
        mine, theirs = families.get(one, frozenset({one})), families.get(other, frozenset({other}))
        if other not in mine:
            kept.add((one, other))
            families |= dict.fromkeys(mine | theirs, mine | theirs)
    return frozenset(kept)


def _values(survey: Survey, name: str) -> tuple[str, ...]:
    return (*survey.settings.declared()[name], dim.OTHER)


def _overlap(one: Period, other: Period) -> bool:
    return one.first <= other.last and other.first <= one.last


def _are(blocks: Sequence[Block], period: Period) -> bool:
    """Whether blocks that overlap a period, and not each other, are exactly it."""
    return bool(blocks) and blocks[0].period.first == period.first and sum(block.period.days for block in blocks) == period.days


def _runs(periods: Iterable[Period]) -> list[Period]:
    """Periods in order, those that follow each other made one."""
    runs: list[Period] = []
    for period in periods:
        if runs and runs[-1].last + _DAY == period.first:
            runs[-1] = Period(runs[-1].first, period.last)
        else:
            runs.append(period)
    return runs
