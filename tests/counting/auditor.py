"""What must be true of counting: at every write, and once all is quiet."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from shared import dimension as dim
from shared.answer import FINAL, Answer, AnswerKey, Contribution, Standing, target_of
from shared.counting.importing import Past
from shared.rollup import RowDay, SurveyDay
from shared.survey import Survey
from tests.counting.truth import Cell, all_row_of, in_place_of
from tests.fakes.bus import MemoryBus
from tests.fakes.memory import AnswerWrite, Item, Kind, Memory, Unreadable, Write


class Broken(AssertionError):  # noqa: N818 - it says what is wrong with counting, not with a program
    """A rule of counting does not hold."""


class Auditor:
    """Watches every write to the stores. Raises `Broken` at the first that should not have been."""

    def __init__(self, memory: Memory, bus: MemoryBus) -> None:
        self.memory = memory
        self.bus = bus
        self.drift: Counter[Cell] = Counter()
        """Rollups minus marks, those of expired answers included. Rule 6: only what was planted."""
        self.planted: Counter[Cell] = Counter()
        self.removed: dict[AnswerKey, Item] = {}
        self.placed: dict[str, AnswerKey] = {}
        self.past: dict[tuple[str, str], Past] = {}
        """The answers of the past that were counted, by survey and marker."""
        self.sealed: set[SurveyDay] = set()
        self.writes: Counter[Kind] = Counter()
        self.of_person: defaultdict[str, dict[AnswerKey, Answer]] = defaultdict(dict)
        self.person_of: dict[AnswerKey, str] = {}
        """Whose each answer is, as it is now."""
        self.surveys: Mapping[str, Survey] = {}
        memory.watchers.append(self.watch)

    def watch(self, write: Write) -> None:
        """One write."""
        self.writes[write.kind] += 1
        for row, bins in write.rows.items():
            for score, count in bins.items():
                _add(self.drift, (row, score), count)
        for key, _, after in write.answers:
            self._note_person(key, after)
        for answer in write.answers:
            self._check_answer(write.kind, answer)
        for past in write.past:
            self._check_past(past)
        if write.kind is Kind.PLANT:
            self._plant(write)
        elif write.kind is Kind.SEAL and write.day:
            self.sealed.add(write.day)
        elif write.kind is Kind.REPAIR:
            self._check_repair(write)
        if self.drift != self.planted:
            raise Broken(f"rollups are not the sum of marks after {write.kind.value}: {_shown(self.drift)}, planted {_shown(self.planted)}")

    def _plant(self, write: Write) -> None:
        for row, bins in write.rows.items():
            for score, count in bins.items():
                _add(self.planted, (row, score), count)

    def _check_past(self, past: Past) -> None:
        """Each once, and kept only where recount can still tell whether its day is right."""
        survey_id, name = past.answer.key.survey_id, past.marker.name
        if (survey_id, name) in self.past:
            raise Broken(f"an answer of a file was counted twice: {name}")
        self.past[survey_id, name] = past
        if past.marker.kept and SurveyDay(survey_id, past.contribution.day) in self.sealed:
            raise Broken(f"an imported answer was kept in a sealed day: {past.contribution.day}")
        if not past.marker.kept:
            for cell in _cells(past.contribution, survey_id):
                _add(self.drift, cell, -1)

    def _check_repair(self, write: Write) -> None:
        for row in write.rows:
            if SurveyDay(row.survey_id, row.day) in self.sealed:
                raise Broken(f"a sealed day was repaired: {row.day}")
            for score in range(11):
                self.planted.pop((row, score), None)

    def _check_answer(self, kind: Kind, write: AnswerWrite) -> None:
        key, before, after = write
        if after is None:
            self._check_removal(key, before)
            return
        self._move_mark(before, after)
        if before is None:
            self._check_arrival(kind, key)
        if isinstance(after, Unreadable):
            return
        if isinstance(before, Answer):
            self._check_standing(before, after)
            if kind is Kind.SUPERSEDE:
                self._check_superseding(before)
        self.check_kept(kind, after)

    def _check_standing(self, before: Answer, after: Answer) -> None:
        """What was withdrawn never counts again, and what a person has let count is not set aside again by a machine."""
        if before.standing in FINAL and after.standing is not before.standing:
            raise Broken(f"{before.standing.value}, and then {after.standing.value}: {after.key.answer_id}")
        looked_at = before.standing is Standing.VALID and before.suspicions
        if after.standing is Standing.QUARANTINED and (looked_at or before.standing is Standing.EXCLUDED):
            raise Broken(f"set aside against a person's decision: {after.key.answer_id}")

    def _check_superseding(self, before: Answer) -> None:
        """Rule 9, at once: what is superseded counted, and a later answer of the same person, in the same span, counts or did."""
        if before.standing is not Standing.VALID:
            raise Broken(f"{before.standing.value}, and yet superseded: {before.key.answer_id}")
        if not any(in_place_of(later, before, self.surveys[before.key.survey_id]) for later in self._of_person(before.person_id)):
            raise Broken(f"superseded by nothing: {before.key.answer_id}")

    def _of_person(self, person_id: str) -> Iterable[Answer]:
        return self.of_person[person_id].values()

    def _note_person(self, key: AnswerKey, after: Item | None) -> None:
        """Keep under each person what is theirs."""
        answer = after.was if isinstance(after, Unreadable) else after
        before = self.person_of.pop(key, None)
        if before is not None:
            self.of_person[before].pop(key)
        if answer:
            self.person_of[key] = answer.person_id
            self.of_person[answer.person_id][key] = answer

    def check_once(self, now: datetime, erased: Collection[str]) -> None:
        """Once nothing is under way: no answer counts beside a later one of the same person in the same span."""
        for earlier in self.memory.answers():
            if earlier.standing is Standing.VALID and earlier.person_id not in erased and not earlier.has_expired(now):
                survey = self.surveys[earlier.key.survey_id]
                if any(in_place_of(later, earlier, survey) for later in self._of_person(earlier.person_id)):
                    raise Broken(f"counts beside a later one: {earlier.key.answer_id}")

    def check_kept(self, kind: Kind, answer: Answer) -> None:
        """Rules 3 and 5, at once: what is pending cannot expire, what is not has been counted and announced."""
        if answer.pending and answer.expires_at:
            raise Broken(f"both pending and about to expire: {answer.key.answer_id}")
        if kind in {Kind.COMMIT, Kind.IMPORT} and not answer.pending:
            self._check_settled(answer)
        if kind is Kind.IMPORT and answer.pending and answer.mark and answer.mark.rev == answer.rev:
            raise Broken(f"imported, and to be counted once more: {answer.key.answer_id}")

    def _check_arrival(self, kind: Kind, key: AnswerKey) -> None:
        if key in self.removed:
            raise Broken(f"made again after its removal, by {kind.value}: {key.answer_id}")
        if kind is Kind.COMMIT:
            raise Broken(f"made by settling: {key.answer_id}")
        if self.placed.setdefault(key.answer_id, key) != key:
            raise Broken(f"stored twice, in two partitions: {key.answer_id}")

    def _check_settled(self, answer: Answer) -> None:
        if answer.expires_at is None:
            raise Broken(f"settled for ever: {answer.key.answer_id}")
        if not answer.mark or answer.mark.rev != answer.rev:
            raise Broken(f"no longer pending, yet its last revision was not counted: {answer.key.answer_id}")
        said = f"{answer.key.answer_id}#{answer.rev}" in self.bus.events
        if answer.imported and said:
            raise Broken(f"imported, and told of: {answer.key.answer_id}")
        if not answer.imported and not said:
            raise Broken(f"no longer pending, yet its last revision was never announced: {answer.key.answer_id}")

    def _check_removal(self, key: AnswerKey, item: Item | None) -> None:
        if item is None:
            return
        self.removed[key] = item
        if isinstance(item, Answer) and item.pending:
            raise Broken(f"gone before its last change was counted: {key.answer_id}")

    def _move_mark(self, before: Item | None, after: Item) -> None:
        old, new = counted(before), counted(after)
        if old == new:
            return
        for contribution, times in ((old, 1), (new, -1)):
            for cell in _cells(contribution, self._survey_of(after)):
                _add(self.drift, cell, times)

    def _survey_of(self, item: Item) -> str:
        answer = item.was if isinstance(item, Unreadable) else item
        return answer.key.survey_id if answer else ""

    def check_quiet(self, surveys: Mapping[str, Survey], open_days: Mapping[str, Collection[date]]) -> None:
        """Once nothing is under way: every readable answer counts as it should and was announced.

        `open_days` are those that recount still looks at, by survey; on others nothing gains a row of a pair that came later.
        """
        for answer in self.memory.answers():
            survey = surveys[answer.key.survey_id]
            if answer.pending:
                raise Broken(f"pending for ever: {answer.key.answer_id}")
            self._check_settled(answer)
            target, mark = target_of(answer, survey), counted(answer)
            if target and mark and date.fromisoformat(target.day) not in open_days[survey.survey_id]:
                target = replace(target, rows=mark.rows)
            if mark != target:
                raise Broken(f"counted as {mark}, should be {target}")
            if answer.imported:
                continue
            said = self.bus.events[f"{answer.key.answer_id}#{answer.rev}"].data
            if (said.nps_class, said.score) != (answer.nps_class, answer.score if answer.nps_class else None):
                raise Broken(f"announced in another class: {answer.key.answer_id}")
        left = {cell for cell in self.planted if date.fromisoformat(cell[0].day) in open_days[cell[0].survey_id]}
        if left:
            raise Broken(f"never repaired: {left}")
        if self.memory.refused:
            raise Broken(f"a transaction that no retry could pass: {self.memory.refused[0]}")
        self._check_totals(surveys)

    def _check_totals(self, surveys: Mapping[str, Survey]) -> None:
        """Every answer that still stands, kept or expired, is in the rows exactly once: worked out from the answers alone."""
        wanted, held = self._wanted(surveys), self._held()
        for cell, count in held.items():
            if count - self.planted[cell] < 0:
                raise Broken(f"below zero: {cell}")
        for cell, count in self.planted.items():
            held[cell] -= count
        if {cell: count for cell, count in held.items() if cell[0].row == dim.ALL and count} != wanted:
            raise Broken("the total is not what was answered")

    def _wanted(self, surveys: Mapping[str, Survey]) -> Counter[Cell]:
        wanted: Counter[Cell] = Counter()
        for item in [*self.memory.items.values(), *self.removed.values()]:
            if isinstance(item, Answer):
                wanted.update(all_row_of(item, surveys[item.key.survey_id]))
            else:
                wanted.update(cell for cell in _cells(counted(item), self._survey_of(item)) if cell[0].row == dim.ALL)
        for past in self.past.values():
            if not past.marker.kept:
                wanted.update(all_row_of(past.answer, surveys[past.answer.key.survey_id]))
        return wanted

    def _held(self) -> Counter[Cell]:
        held: Counter[Cell] = Counter()
        for shard_row, days in self.memory.rows.items():
            for day, row in days.items():
                for score, count in row.bins.items():
                    held[RowDay(shard_row.survey_id, shard_row.row, day), score] += count
        return held


def counted(item: Item | None) -> Contribution | None:
    """What an item is counted as, readable or not."""
    answer = item.was if isinstance(item, Unreadable) else item
    return answer.mark.contribution if answer and answer.mark else None


def _cells(contribution: Contribution | None, survey_id: str) -> list[Cell]:
    if contribution is None:
        return []
    return [(RowDay(survey_id, row, contribution.day), contribution.score) for row in contribution.rows]


def _add(cells: Counter[Cell], cell: Cell, count: int) -> None:
    cells[cell] += count
    if not cells[cell]:
        del cells[cell]


def _shown(cells: Counter[Cell]) -> str:
    return str(dict(list(cells.items())[:4]))
