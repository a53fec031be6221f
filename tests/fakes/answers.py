"""Answers in memory."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import batched

from shared import dimension as dim
from shared.answer import EDITED, SUPERSEDED, Answer, AnswerKey, Change, changed, may_change
from shared.counting.ports import CommitResult, Reading, Refusal, Settlement
from shared.rollup import Bins, RowDay, family_of
from shared.superseding import SUPERSEDES
from tests.fakes.memory import MOST_ACTIONS, Item, Kind, Memory, ShardRow, Unreadable


class MemoryAnswers:
    """Implements `AnswerStore`."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def read(self, keys: Collection[AnswerKey]) -> Reading:
        answers: dict[AnswerKey, Answer] = {}
        unreadable: set[AnswerKey] = set()
        for batch in batched(sorted(set(keys)), self.memory.page, strict=False):
            with self.memory.call("read"):
                found = {key: self.memory.items[key] for key in batch if key in self.memory.items}
            for key, item in found.items():
                if isinstance(item, Answer):
                    answers[key] = item
                else:
                    unreadable.add(key)
        return Reading(answers, frozenset(unreadable))

    def in_partition(
        self, partition: str, *, first_id: str = "", last_id: str = "g", pending_only: bool = False, page: int | None = None
    ) -> Iterator[Answer | AnswerKey]:
        after, most = AnswerKey(partition, first_id), min(page or self.memory.page, self.memory.page)
        while True:
            with self.memory.call("query"):
                found = self._page(after, last_id, most)
            for key, item in found:
                if (item.pending or not pending_only) and not self.memory.faults.overlooked(key):
                    yield key if isinstance(item, Unreadable) else item
            if len(found) < most:
                return
            after = AnswerKey(partition, found[-1][0].answer_id + "\0")

    def backwards(self, partition: str, *, first_id: str, last_id: str, page: int) -> Iterator[Answer | AnswerKey]:
        most = min(page, self.memory.page)
        before = last_id + "!"
        while True:
            with self.memory.call("query"):
                ids = sorted(
                    (key.answer_id for key in self.memory.partitions[partition] if first_id <= key.answer_id < before), reverse=True
                )
                found = [(key, self.memory.items[key]) for key in (AnswerKey(partition, each) for each in ids[:most])]
            yield from (key if isinstance(item, Unreadable) else item for key, item in found if not self.memory.faults.overlooked(key))
            if len(found) < most:
                return
            before = found[-1][0].answer_id

    def _page(self, first: AnswerKey, last_id: str, most: int) -> list[tuple[AnswerKey, Item]]:
        keys = sorted(self.memory.partitions[first.partition])
        start = bisect_left(keys, first)
        return [(key, self.memory.items[key]) for key in keys[start : start + most] if key.answer_id <= last_id]

    def add(self, answer: Answer) -> bool:
        with self.memory.call("add"):
            free = answer.key not in self.memory.items
            if free:
                self.memory.write(Kind.ADD, [(answer.key, answer)], {})
        return free

    def change(self, key: AnswerKey, change: Change, now: datetime) -> bool:
        with self.memory.call("change"):
            item = self.memory.items.get(key)
            answer = answer_in(item)
            if answer is None or not self.allows(answer, change, now):
                return False
            self.memory.write(Kind.CHANGE, [(key, like(item, self.after(answer, change, now)))], {})
        return True

    def give(self, key: AnswerKey, anonymous: str, person_id: str, change: Change, now: datetime) -> bool:
        with self.memory.call("give"):
            item = self.memory.items.get(key)
            answer = answer_in(item)
            if answer is None or answer.person_id != anonymous or not may_change(answer, now, EDITED):
                return False
            given = replace(self.after(answer, change, now), person_id=person_id)
            self.memory.write(Kind.CHANGE, [(key, like(item, given))], {})
        return True

    def supersede(self, earlier: Answer, later: Answer, now: datetime) -> bool:
        with self.memory.call("supersede"):
            faults = self.memory.faults
            if faults.busy() or not faults.unwritable.isdisjoint({earlier.key, later.key}):
                self.memory.happened["busy"] += 1
                return False
            item, above = self.memory.items.get(earlier.key), answer_in(self.memory.items.get(later.key))
            there = answer_in(item)
            if there is None or above is None or not self.may_supersede(there, above, earlier.person_id, now):
                self.memory.happened["superseding lost"] += 1
                return False
            self.memory.happened["superseded"] += 1
            self.memory.write(Kind.SUPERSEDE, [(earlier.key, like(item, self.after(there, SUPERSEDED, now)))], {})
            return not faults.repeated()

    def may_supersede(self, earlier: Answer, later: Answer, person_id: str, now: datetime) -> bool:
        """Whether both are still that person's, the earlier one counts, and the later one does or was superseded itself."""
        return (
            {earlier.person_id, later.person_id} == {person_id}
            and later.anonymised_at is None
            and later.standing in SUPERSEDES
            and self.allows(earlier, SUPERSEDED, now)
        )

    def allows(self, answer: Answer, change: Change, now: datetime) -> bool:
        """Whether the change may be made."""
        return may_change(answer, now, change)

    def after(self, answer: Answer, change: Change, now: datetime) -> Answer:
        """Rule 1."""
        return changed(answer, change, now)

    def commit(self, settlements: Sequence[Settlement], rows: Mapping[RowDay, Bins], shards: Mapping[str, int]) -> CommitResult:
        with self.memory.call("commit"):
            if self.memory.faults.busy():
                self.memory.happened["busy"] += 1
                return Refusal.BUSY
            result = self._transact(settlements, rows, shards)
            if not result and self.memory.faults.repeated():
                self.memory.happened["applied, then sent again"] += 1
                result = self._transact(settlements, rows, shards)
        return result

    def _transact(self, settlements: Sequence[Settlement], rows: Mapping[RowDay, Bins], shards: Mapping[str, int]) -> CommitResult:
        if self._is_refused(settlements, rows):
            return Refusal.INVALID
        items = [self.memory.items.get(settlement.answer.key) for settlement in settlements]
        lost = {
            settlement.answer.key
            for settlement, item in zip(settlements, items, strict=True)
            if not self.still_as_read(item, settlement.answer)
        }
        if lost:
            self.memory.happened["condition lost"] += len(lost)
            return frozenset(lost)
        marked = [(settlement.answer.key, _marked(item, settlement)) for settlement, item in zip(settlements, items, strict=True)]
        added: defaultdict[ShardRow, dict[str, Bins]] = defaultdict(dict)
        for row, bins in rows.items():
            added[ShardRow(row.survey_id, row.row, shards[row.survey_id])][row.day] = bins
        self.memory.write(Kind.COMMIT, marked, added)
        return frozenset()

    def _is_refused(self, settlements: Sequence[Settlement], rows: Mapping[RowDay, Bins]) -> bool:
        keys = [settlement.answer.key for settlement in settlements]
        reason = (
            "no action"
            if not keys and not rows
            else "too many actions"
            if len(keys) + len({family_of(row) for row in rows}) > MOST_ACTIONS
            else "an item twice"
            if len(set(keys)) < len(keys)
            else "an update of nothing"
            if any(not bins and row.row != dim.ALL for row, bins in rows.items())
            else None
        )
        if reason:
            self.memory.refused.append(reason)
        poisoned = not self.memory.faults.unwritable.isdisjoint(keys)
        self.memory.happened["poison refused"] += poisoned
        return bool(reason) or poisoned

    def still_as_read(self, item: Item | None, seen: Answer) -> bool:
        """Rule 2: pending, at the revision and with the mark that were read."""
        answer = answer_in(item)
        return (
            answer is not None
            and answer.pending
            and answer.rev == seen.rev
            and (answer.mark.rev if answer.mark else None) == (seen.mark.rev if seen.mark else None)
        )


def answer_in(item: Item | None) -> Answer | None:
    """What conditions and updates work on: DynamoDB does not mind whether the program can read the rest of an item."""
    return item.was if isinstance(item, Unreadable) else item


def like(item: Item | None, answer: Answer) -> Item:
    """The answer, as readable as the item was."""
    return Unreadable(answer) if isinstance(item, Unreadable) else answer


def _marked(item: Item | None, settlement: Settlement) -> Item:
    """The item with what the commit sets; where a rule is switched off and nothing is there, an update makes an item of what was read."""
    answer = answer_in(item) or settlement.answer
    if settlement.expires_at is None:
        return like(item, replace(answer, mark=settlement.mark))
    return like(item, replace(answer, mark=settlement.mark, expires_at=settlement.expires_at.replace(microsecond=0), pending=False))
