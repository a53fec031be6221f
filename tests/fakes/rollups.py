"""Rollups in memory."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime

from shared import dimension as dim
from shared.rollup import Bins, RowDay, SurveyDay
from shared.survey import Survey
from tests.fakes.memory import Kind, Memory, Row, ShardRow, Write

_ROWS_A_TURN = 16


class MemoryRollups:
    """Implements `RollupStore`."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def sums(self, survey: Survey, rows: Collection[str], first: date, last: date, *, strong: bool = False) -> Mapping[RowDay, Bins]:
        del strong  # whatever is read here is the newest
        total: defaultdict[RowDay, Bins] = defaultdict(Counter)
        for number, row in enumerate(rows):
            if number % _ROWS_A_TURN == 0:
                self.memory.faults.turn("sums")
            for shard in range(survey.row_shards):
                for day, item in self._query(ShardRow(survey.survey_id, row, shard), first, last):
                    bins = total[RowDay(survey.survey_id, row, day)]
                    for score, count in item.bins.items():
                        bins[score] += count
        self.memory.faults.turn("sums")
        without_zeros = {row: Counter({score: count for score, count in bins.items() if count}) for row, bins in total.items()}
        return {row: bins for row, bins in without_zeros.items() if bins}

    def revisions(self, survey: Survey, first: date, last: date) -> Mapping[SurveyDay, tuple[int, ...]]:
        found: dict[SurveyDay, list[int]] = {}
        for shard in range(survey.row_shards):
            with self.memory.call("revisions"):
                for day, item in self._query(ShardRow(survey.survey_id, dim.ALL, shard), first, last):
                    found.setdefault(SurveyDay(survey.survey_id, day), [0] * survey.row_shards)[shard] = item.rev
        return {day: tuple(revisions) for day, revisions in found.items()}

    def days(self, survey: Survey) -> tuple[date, date] | None:
        with self.memory.call("days"):
            days = [day for shard in range(survey.row_shards) for day in self.memory.rows[ShardRow(survey.survey_id, dim.ALL, shard)]]
        return (date.fromisoformat(min(days)), date.fromisoformat(max(days))) if days else None

    def sealed(self, survey: Survey, first: date, last: date) -> frozenset[date]:
        with self.memory.call("sealed"):
            found = self._query(ShardRow(survey.survey_id, dim.ALL, 0), first, last)
            return frozenset(date.fromisoformat(day) for day, item in found if item.sealed_at)

    def repair(self, survey: Survey, day: date, revisions: tuple[int, ...], rows: Mapping[RowDay, Bins], now: datetime) -> bool:
        del now
        with self.memory.call("repair"):
            if not self.still_at(survey, day, revisions):
                return False
            every = RowDay(survey.survey_id, dim.ALL, day.isoformat())
            added: defaultdict[ShardRow, dict[str, Bins]] = defaultdict(dict)
            for row, bins in {every: Counter[int](), **rows}.items():
                added[ShardRow(row.survey_id, row.row, 0)][row.day] = bins
            self.memory.audit.append((day, rows))
            self.memory.write(Kind.REPAIR, [], added)
        return True

    def seal(self, survey: Survey, day: date, revisions: tuple[int, ...], now: datetime) -> bool:
        with self.memory.call("seal"):
            if not self.still_at(survey, day, revisions):
                return False
            self.memory.row(ShardRow(survey.survey_id, dim.ALL, 0), day.isoformat()).sealed_at = now
            self.memory.tell(Write(Kind.SEAL, day=SurveyDay(survey.survey_id, day.isoformat())))
        return True

    def still_at(self, survey: Survey, day: date, revisions: tuple[int, ...]) -> bool:
        """Whether the day's revisions are these; a shard without an item is at 0."""
        rows = [self.memory.rows[ShardRow(survey.survey_id, dim.ALL, shard)].get(day.isoformat()) for shard in range(survey.row_shards)]
        return tuple(row.rev if row else 0 for row in rows) == (revisions or (0,) * survey.row_shards)

    def _query(self, row: ShardRow, first: date, last: date) -> Iterator[tuple[str, Row]]:
        days = self.memory.rows.get(row, {})
        begin, end = first.isoformat(), last.isoformat()
        return ((day, item) for day, item in days.items() if begin <= day <= end)
