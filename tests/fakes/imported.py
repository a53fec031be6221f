"""Answers of the past in memory."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from shared import dimension as dim
from shared.answer import Answer
from shared.counting.importing import Marker, Missed, Past
from shared.counting.ports import Refusal
from shared.rollup import Bins, RowDay, family_of
from shared.survey import Survey
from tests.fakes.memory import MOST_ACTIONS, Kind, Memory, ShardRow


class MemoryImported:
    """Implements `PastStore`."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def markers(self, survey_id: str, names: Collection[str]) -> Mapping[str, Marker]:
        with self.memory.call("markers"):
            return {name: self.memory.markers[survey_id, name] for name in names if (survey_id, name) in self.memory.markers}

    def count(self, survey: Survey, group: Sequence[Past], rows: Mapping[RowDay, Bins]) -> Missed | Refusal:
        with self.memory.call("count"):
            if self.memory.faults.busy():
                self.memory.happened["busy"] += 1
                return Refusal.BUSY
            result = self._transact(survey, group, rows)
            if not result and self.memory.faults.repeated():
                self.memory.happened["applied, then sent again"] += 1
                result = self._transact(survey, group, rows)
        return result

    def _transact(self, survey: Survey, group: Sequence[Past], rows: Mapping[RowDay, Bins]) -> Missed | Refusal:
        keys = {past.answer.key for past in group}
        names = [past.marker.name for past in group]
        if len(set(names)) < len(names) or sum(past.actions for past in group) + len({family_of(row) for row in rows}) > MOST_ACTIONS:
            self.memory.refused.append("no such transaction")
            return Refusal.INVALID
        if not self.memory.faults.unwritable.isdisjoint(keys):
            return Refusal.INVALID
        there = frozenset(past.marker.name for past in group if self.is_there(survey, past))
        sealed = frozenset(day for day in {past.contribution.day for past in group if past.marker.kept} if self.is_sealed(survey, day))
        if there or sealed:
            self.memory.happened["counted before"] += len(there)
            self.memory.happened["sealed meanwhile"] += len(sealed)
            return Missed(there, sealed)
        added: defaultdict[ShardRow, dict[str, Bins]] = defaultdict(dict)
        for row, bins in rows.items():
            added[ShardRow(row.survey_id, row.row, 0)][row.day] = Counter(bins)
        self.memory.markers |= {(survey.survey_id, past.marker.name): past.marker for past in group}
        self.memory.write(Kind.IMPORT, [(past.answer.key, self.item_of(past)) for past in group if past.marker.kept], added, group)
        return Missed()

    def item_of(self, past: Past) -> Answer:
        """What is stored of an answer that is kept."""
        return past.answer

    def is_there(self, survey: Survey, past: Past) -> bool:
        """Whether it was counted before."""
        return (survey.survey_id, past.marker.name) in self.memory.markers or (past.marker.kept and past.answer.key in self.memory.items)

    def is_sealed(self, survey: Survey, day: str) -> bool:
        """Whether the day is sealed."""
        row = self.memory.rows[ShardRow(survey.survey_id, dim.ALL, 0)].get(day)
        return row is not None and row.sealed_at is not None
