"""Rollups: histogram rows by (survey, row, local day), and the differences that settling answers makes in them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from shared import dimension as dim
from shared.answer import Contribution


class RowDay(NamedTuple):
    """One histogram row of one local day (ISO date) of a survey."""

    survey_id: str
    row: str
    day: str


class FamilyDay(NamedTuple):
    """A family of rows of one local day: what one item holds."""

    survey_id: str
    family: str
    day: str


class SurveyDay(NamedTuple):
    """One local day (ISO date) of a survey."""

    survey_id: str
    day: str


def family_of(row: RowDay) -> FamilyDay:
    """The item that a row lies in."""
    return FamilyDay(row.survey_id, dim.family_of(row.row)[0], row.day)


type Bins = Counter[int]
"""Counts, or differences of counts, by score."""


@dataclass(slots=True)
class Difference:
    """What a group of answers changes in the rollups."""

    rows: dict[RowDay, Bins] = field(default_factory=dict)
    days: set[SurveyDay] = field(default_factory=set)

    def add(self, survey_id: str, contribution: Contribution | None, times: int) -> None:
        """Count `contribution` `times` (1 or -1) times more."""
        if contribution is None:
            return
        self.days.add(SurveyDay(survey_id, contribution.day))
        for row in contribution.rows:
            bins = self.rows.setdefault(RowDay(survey_id, row, contribution.day), Counter())
            bins[contribution.score] += times
            if not bins[contribution.score]:
                del bins[contribution.score]

    def touched(self) -> dict[RowDay, Bins]:
        """The rows to write: those that differ and each day's `all` row, whose revision moves even where the changes cancel out."""
        changed = {row: bins for row, bins in self.rows.items() if bins}
        for survey_id, day in self.days:
            changed.setdefault(RowDay(survey_id, dim.ALL, day), Counter())
        return changed


def difference(changes: Iterable[tuple[str, Contribution | None, Contribution | None]]) -> Difference:
    """The difference made by changes of (survey id, counted before, counted from now on)."""
    total = Difference()
    for survey_id, before, after in changes:
        if before != after:
            total.add(survey_id, before, -1)
            total.add(survey_id, after, 1)
    return total


def rows_by_day(survey_id: str, marks: Iterable[Contribution]) -> Mapping[RowDay, Bins]:
    """What the rollups should hold for these marks: Σ marks (rule 6)."""
    total = Difference()
    for mark in marks:
        total.add(survey_id, mark, 1)
    return total.rows
