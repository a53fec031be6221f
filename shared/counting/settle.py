"""`settle`: the one way an answer comes to be counted and announced, for the stream, the `again` queue, the sweep and recount."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from shared.answer import Answer, AnswerKey, Mark, expiry_of, target_of
from shared.counting.once import supersede
from shared.counting.ports import AnswerStore, Bus, PersonAnswers, Refusal, Settlement, SurveyReader, Touching
from shared.events import answer_classified
from shared.rollup import Difference, FamilyDay, difference, family_of
from shared.survey import Survey

MOST_ACTIONS: Final = 100
"""TransactWriteItems takes at most 100 actions (DynamoDB developer guide, transaction-apis)."""
ROUNDS: Final = 6
TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Counting:
    """What settling works with. `pause(n)` waits before the n-th repetition; `shard(k)` picks one of k row shards at random."""

    answers: AnswerStore
    surveys: SurveyReader
    bus: Bus
    now: Callable[[], datetime]
    pause: Callable[[int], None]
    shard: Callable[[int], int]
    persons: PersonAnswers
    touched: Touching


@dataclass(slots=True)
class Outcome:
    """What became of the keys. `unsettled` ones are still pending (or unreadable) and have to be tried again."""

    counted: int = 0
    announced: int = 0
    rows: int = 0
    unsettled: set[AnswerKey] = field(default_factory=set)
    surveys: set[str] = field(default_factory=set)

    def add(self, other: "Outcome") -> None:
        """Add what settling further keys came to."""
        self.counted += other.counted
        self.announced += other.announced
        self.rows += other.rows
        self.unsettled |= other.unsettled
        self.surveys |= other.surveys


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one answer should be marked as, and the survey that says so."""

    answer: Answer
    mark: Mark
    survey: Survey
    announced: bool = True


def settle(keys: Collection[AnswerKey], work: Counting) -> Outcome:
    """Count and announce each pending answer among `keys` exactly as it stands; anything else about them is left alone.

    Announce, then count (rule 3): an answer that is no longer pending has been both. Answers that lost a race are read and decided again.
    """
    outcome = Outcome()
    todo = set(keys)
    for attempt in range(ROUNDS):
        plans = list(_decide(todo, work, outcome))
        plans = _announce(plans, work, outcome)
        todo = {key for group in _groups(plans) for key in _commit(group, work, outcome)}
        if not todo:
            break
        work.pause(attempt)
    outcome.unsettled |= todo
    return outcome


def _decide(keys: Collection[AnswerKey], work: Counting, outcome: Outcome) -> Iterator[_Plan]:
    """Compare each pending answer's target with its mark. What cannot be read, or has no survey, stays unsettled."""
    for key, answer in sorted(_read(keys, work, outcome).items()):
        if not answer.pending:
            continue
        survey = work.surveys.find(key.survey_id)
        if survey is None:
            outcome.unsettled.add(key)
            continue
        yield _Plan(answer, _mark_for(answer, survey), survey)


def _read(keys: Collection[AnswerKey], work: Counting, outcome: Outcome) -> dict[AnswerKey, Answer]:
    """The answers and all that one of them supersedes, once that is decided (rule 9), as they are then."""
    found: dict[AnswerKey, Answer] = {}
    todo, undecided = set(keys), set[AnswerKey]()
    while todo:
        reading = work.answers.read(todo)
        outcome.unsettled |= reading.unreadable
        found |= reading.answers
        done = supersede(reading.answers.values(), work)
        todo = done.superseded
        undecided |= done.undecided
    outcome.unsettled |= undecided
    return {key: answer for key, answer in found.items() if key not in undecided}


def _mark_for(answer: Answer, survey: Survey) -> Mark:
    """What a revision counts as is decided once: whatever changes rows changes `counted_rev` too, so no commit can be applied twice.

    If the survey has gained a pair since, that is drift, which recount hands back to be settled at a new revision.
    """
    before = answer.mark
    if before is not None and before.rev == answer.rev:
        return before
    return Mark(answer.rev, target_of(answer, survey), before.nps_class if before else None)


def _announce(plans: Sequence[_Plan], work: Counting, outcome: Outcome) -> list[_Plan]:
    """Publish every plan's event; what the bus did not take is counted all the same, but stays pending.

    Of an imported answer nobody was told when it came, so nobody is told what becomes of it either.
    """
    if not plans:
        return []
    events = {plan.answer.key: answer_classified(plan.answer) for plan in plans if not plan.answer.imported}
    refused = work.bus.announce(list(events.values())) if events else frozenset()
    outcome.announced += len(events) - len(refused)
    unsaid = {key for key, event in events.items() if event.metadata.id in refused}
    said = [replace(plan, announced=plan.answer.key not in unsaid) for plan in plans]
    outcome.unsettled |= {plan.answer.key for plan in said if not plan.announced}
    outcome.unsettled -= {plan.answer.key for plan in said if plan.announced}
    return said


def _groups(plans: Iterable[_Plan]) -> Iterator[list[_Plan]]:
    """Pack answers with the items of the rows they may change into as few transactions as hold them (rule 8)."""
    group: list[_Plan] = []
    items: set[FamilyDay] = set()
    for plan in plans:
        its_items = {family_of(row) for row in _difference([plan]).touched()}
        if group and len(group) + 1 + len(items | its_items) > MOST_ACTIONS:
            yield group
            group, items = [], set()
        group.append(plan)
        items |= its_items
    if group:
        yield group


def _difference(group: Sequence[_Plan]) -> Difference:
    return difference(
        (plan.survey.survey_id, plan.answer.mark.contribution if plan.answer.mark else None, plan.mark.contribution) for plan in group
    )


def _commit(group: list[_Plan], work: Counting, outcome: Outcome) -> set[AnswerKey]:
    """Write a group; returns the keys to be read and decided again.

    A group that is not writable is halved down to the one that is to blame.
    """
    lost: set[AnswerKey] = set()
    for attempt in range(TRIES):
        if not group:
            return lost
        rows = _difference(group).touched()
        shards = {plan.survey.survey_id: work.shard(plan.survey.row_shards) for plan in group}
        result = work.answers.commit([_settlement(plan, work.now()) for plan in group], rows, shards)
        if result is Refusal.INVALID:
            return lost | _halve(group, work, outcome)
        if result is Refusal.BUSY:
            work.pause(attempt)
            continue
        if not result:
            outcome.counted += len(group)
            outcome.rows += len(rows)
            outcome.surveys |= shards.keys()
            return lost
        lost |= result
        group = [plan for plan in group if plan.answer.key not in result]
    return lost | {plan.answer.key for plan in group}


def _halve(group: list[_Plan], work: Counting, outcome: Outcome) -> set[AnswerKey]:
    if len(group) == 1:
        outcome.unsettled.add(group[0].answer.key)
        return set()
    middle = len(group) // 2
    return _commit(group[:middle], work, outcome) | _commit(group[middle:], work, outcome)


def _settlement(plan: _Plan, now: datetime) -> Settlement:
    return Settlement(plan.answer, plan.mark, expiry_of(plan.answer, plan.survey, now) if plan.announced else None)
