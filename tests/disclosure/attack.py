"""Works out what follows from published figures about sets of one to four answers.

The unknowns are the answers of each *cell*: a day with answers, a value of each dimension, and since when it was there. A figure is the sum
of some cells. First bounds are propagated (no cell is negative): a cell that cannot have answers is left out. Then a set of answers is
*told*, over the cells that are left, if what it adds up to is a linear combination of the figures, whatever the scores: exact arithmetic
over the fractions, with a large prime only to find candidates. Sets of whole days tell nothing new: everybody's figures of every day are
public.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import chain, combinations, product
from random import Random
from typing import Final, NamedTuple

from shared.periods import Period
from tests.disclosure.surveys import NAMES, Small

_PRIME: Final = 2**61 - 1
MOST_TOLD: Final = 4


class Cell(NamedTuple):
    """Answers of one day, with these values, that were there since one of the days of asking."""

    day: date
    values: tuple[str, ...]
    asked: int


class Figure(NamedTuple):
    """A published sum: who (a dimension's or a pair's name and values; nothing for everybody), when, and as of which day of asking."""

    who: tuple[tuple[str, str], ...]
    period: Period
    asked: int
    answers: int


class Leak(NamedTuple):
    """A set of one to four answers whose sum follows from the figures."""

    what: str
    answers: int


type Cells = frozenset[int]


@dataclass(slots=True)
class Attack:
    """What somebody knows who has asked for everything."""

    small: Small
    figures: Sequence[Figure]
    cells: list[Cell] = field(init=False)
    numbers: list[int] = field(init=False)
    sets: dict[Cells, int] = field(init=False)
    """Cells by what they are known to add up to."""

    def __post_init__(self) -> None:
        """Lay out the cells and the sums."""
        counted = Counter(Cell(answer.day, answer.values, answer.asked) for answer in self.small.answers)
        values = [sorted(set(column)) for column in zip(*(answer.values for answer in self.small.answers), strict=True)]
        times = sorted({(cell.day, cell.asked) for cell in counted})
        self.cells = [Cell(day, chosen, asked) for day, asked in times for chosen in product(*values)]
        self.numbers = [counted[cell] for cell in self.cells]
        self.sets = {}
        for figure in self.figures:
            self.sets[self._of(figure.who, figure.period, figure.asked)] = figure.answers
        self.sets.pop(frozenset(), None)

    def _of(self, who: Iterable[tuple[str, str]], period: Period, asked: int) -> Cells:
        wanted = [(NAMES.index(name), value) for name, value in who]
        return frozenset(
            number
            for number, cell in enumerate(self.cells)
            if period.first <= cell.day <= period.last and cell.asked <= asked and all(cell.values[at] == value for at, value in wanted)
        )

    def leaks(self) -> Iterator[Leak]:
        """Every set found, of those looked at."""
        low, high = self._bounds()
        open_cells = [number for number in range(len(self.cells)) if high[number]]
        solution = _in_the_null_space([[int(cell in known) for cell in open_cells] for known in self.sets], len(open_cells))
        where = dict(zip(open_cells, solution, strict=True))
        yield from self._differences(where)
        for name, cells in chain(self._groups_and_times(), self._small_sums(where)):
            left = cells & where.keys()
            if sum(where[cell] for cell in left) % _PRIME == 0 and self._is_of_few(left, where) and self._is_told(left, open_cells):
                yield Leak(name, self._answers(left))
        yield from self._known_differences(where, [cell for cell in where if low[cell] == high[cell]])

    def _differences(self, where: dict[int, int]) -> Iterator[Leak]:
        """One figure less another that is a part of it."""
        bits = {sum(1 << cell for cell in cells if cell in where) for cells in self.sets}
        for whole, part in product(bits, bits):
            if whole & part == part and whole != part:
                left = frozenset(cell for cell in where if (whole ^ part) >> cell & 1)
                if self._is_of_few(left, where):
                    yield Leak(
                        f"one figure less another: {[self.cells[cell] for cell in sorted(left) if self.numbers[cell]]}", self._answers(left)
                    )

    def _answers(self, cells: Iterable[int]) -> int:
        return sum(self.numbers[cell] for cell in cells)

    def _is_of_few(self, cells: Cells, where: dict[int, int]) -> bool:
        """Whether the cells have 1 to 4 answers, not all of them late (who asks before and after sees those), and aren't whole days."""
        if not 0 < self._answers(cells) <= MOST_TOLD or not any(self.numbers[cell] and not self._is_late(cell) for cell in cells):
            return False
        times = {(self.cells[cell].day, self.cells[cell].asked) for cell in cells}
        return any(cell not in cells for cell in where if (self.cells[cell].day, self.cells[cell].asked) in times)

    def _is_late(self, cell: int) -> bool:
        """Whether its day had been asked for before its answers were there."""
        day, _, asked = self.cells[cell]
        return asked > 0 and day < self.small.asked_on[asked - 1]

    def _bounds(self) -> tuple[list[int], list[int]]:
        """The fewest and most answers of each cell, from figures and from what is left of one when others within it are taken away."""
        low, high = [0] * len(self.cells), [len(self.small.answers)] * len(self.cells)
        for cell in self._empty():
            high[cell] = 0
        known = dict(self.sets)
        for whole, answers in self.sets.items():
            rest, left = whole, answers
            for part in sorted((part for part in self.sets if part < whole), key=lambda part: (len(part), sorted(part))):
                if part <= rest:
                    rest, left = rest - part, left - self.sets[part]
            known[rest] = left
        changed = True
        while changed:
            changed = False
            for cells, answers in known.items():
                most, fewest = sum(high[cell] for cell in cells), sum(low[cell] for cell in cells)
                for cell in cells:
                    at_most, at_least = min(high[cell], answers - fewest + low[cell]), max(low[cell], answers - most + high[cell])
                    if (at_least, at_most) != (low[cell], high[cell]):
                        most, fewest = most + at_most - high[cell], fewest + at_least - low[cell]
                        low[cell], high[cell], changed = at_least, at_most, True
        return low, high

    def _empty(self) -> set[int]:
        """The cells of figures that are equal: of one less a part of it, or less the difference of two others, where nothing is left."""
        figures = {sum(1 << cell for cell in cells): answers for cells, answers in self.sets.items()}
        parts = figures | {
            whole ^ part: answers - figures[part] for whole, answers in figures.items() for part in figures if whole & part == part != whole
        }
        empty = 0
        for part, answers in parts.items():
            if not answers:
                empty |= part
            for whole, in_all in figures.items():
                if in_all == answers and whole & part == part:
                    empty |= whole ^ part
        return {cell for cell in range(len(self.cells)) if empty >> cell & 1}

    def _groups_and_times(self) -> Iterator[tuple[str, Cells]]:
        """Groups of one to three values, all but one, and two of a dimension, on every day and over every run of weeks."""
        periods = {figure.period for figure in self.figures}
        names = NAMES[: len(self.cells[0].values)]
        values = {name: sorted({cell.values[at] for cell in self.cells}) for at, name in enumerate(names)}
        groups: list[tuple[str, Cells]] = []
        for length in range(1, len(names) + 1):
            for chosen in combinations(names, length):
                for given in product(*(values[name] for name in chosen)):
                    who = tuple(zip(chosen, given, strict=True))
                    groups.append((str(who), self._of(who, Period(date(2025, 1, 1), date(2028, 1, 1)), 9)))
        singles = groups[: sum(map(len, values.values()))]
        everything = frozenset(range(len(self.cells)))
        groups += [(f"not {name}", everything - cells) for name, cells in groups]
        groups += [(f"{one} or {other}", mine | theirs) for (one, mine), (other, theirs) in combinations(singles, 2)]
        times = [(f"{period.first} to {period.last}", self._of((), period, 9)) for period in periods]
        for asked in {cell.asked for cell in self.cells}:
            there = self._of((), Period(date(2025, 1, 1), date(2028, 1, 1)), asked)
            for (group, cells), (when, days) in product(groups, times):
                yield f"{group}, {when}, {asked}", cells & days & there

    def _few(self, cells: Iterable[int]) -> dict[int, list[tuple[int, ...]]]:
        """One and two of the cells that have one to four answers."""
        answered = [cell for cell in cells if 0 < self.numbers[cell] <= MOST_TOLD]
        return {length: list(combinations(answered, length)) for length in (1, 2)}

    def _small_sums(self, where: dict[int, int]) -> Iterator[tuple[str, Cells]]:
        """Up to four cells anywhere that add up to what is known."""
        sums: dict[int, list[tuple[int, ...]]] = {}
        for cells in chain.from_iterable(self._few(where).values()):
            sums.setdefault(sum(where[cell] for cell in cells) % _PRIME, []).append(cells)
        for value, ones in sums.items():
            for one, other in product(ones, [(), *sums.get(-value % _PRIME, ())] if value == 0 else sums.get(-value % _PRIME, ())):
                if not set(one) & set(other):
                    yield f"{[self.cells[cell] for cell in (*one, *other)]}", frozenset((*one, *other))

    def _known_differences(self, where: dict[int, int], known: Iterable[int]) -> Iterator[Leak]:
        """Up to four cells, some of them less the others, where it is known how many answers each has."""
        sums: dict[int, list[tuple[int, ...]]] = {}
        for cells in chain.from_iterable(self._few(known).values()):
            sums.setdefault(sum(where[cell] for cell in cells) % _PRIME, []).append(cells)
        for one, other in chain.from_iterable(combinations(same, 2) for same in sums.values()):
            both = frozenset((*one, *other))
            if not set(one) & set(other) and self._is_of_few(both, where):
                yield Leak(f"{[self.cells[cell] for cell in one]} less {[self.cells[cell] for cell in other]}", self._answers(both))

    def _is_told(self, cells: Cells, open_cells: list[int]) -> bool:
        """Whether the cells' sum is a linear combination of the figures: exactly, over the fractions."""
        rows = [[Fraction(cell in known) for cell in open_cells] for known in self.sets]
        wanted = [Fraction(cell in cells) for cell in open_cells]
        return _is_spanned(wanted, rows)


def _in_the_null_space(rows: list[list[int]], width: int) -> list[int]:
    """A random vector orthogonal to every row, modulo a prime of 61 bits; to another row only if that is spanned, or by rare luck."""
    pivots: dict[int, dict[int, int]] = {}
    for dense in rows:
        row = {at: value for at, value in enumerate(dense) if value}
        while row:
            at = min(row)
            if at not in pivots:
                inverse = pow(row[at], -1, _PRIME)
                pivots[at] = {column: value * inverse % _PRIME for column, value in row.items()}
                break
            factor = row[at]
            for column, value in pivots[at].items():
                left = (row.get(column, 0) - factor * value) % _PRIME
                if left:
                    row[column] = left
                else:
                    row.pop(column, None)
    random = Random(width)
    solution = [random.randrange(_PRIME) for _ in range(width)]
    for at in sorted(pivots, reverse=True):
        solution[at] = -sum(value * solution[column] for column, value in pivots[at].items() if column != at) % _PRIME
    return solution


def _is_spanned(wanted: list[Fraction], rows: list[list[Fraction]]) -> bool:
    """Whether `wanted` is a linear combination of `rows`."""
    pivots: dict[int, list[Fraction]] = {}
    for row in (*rows, wanted):
        left = row
        for at, pivot in sorted(pivots.items()):
            if left[at]:
                factor = left[at]
                left = [mine - factor * theirs for mine, theirs in zip(left, pivot, strict=True)]
        first = next((column for column, value in enumerate(left) if value), None)
        if row is wanted:
            return first is None
        if first is not None:
            pivots[first] = [value / left[first] for value in left]
    return False
