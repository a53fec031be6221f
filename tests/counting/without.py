"""Copies of the parts of counting with one rule switched off each. Only here: production code has no such switches."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from shared.answer import Answer, AnswerKey, Change, Contribution, Mark, Standing, expiry_of, target_of
from shared.counting import importing, recount, sweep
from shared.counting import settle as settling
from shared.counting.importing import Past
from shared.counting.ports import SweepLedger
from shared.counting.settle import Counting, Outcome, settle
from shared.counting.sweep import Swept
from shared.events import AnswerClassified
from shared.rollup import Bins, Difference, RowDay
from shared.survey import Survey
from tests.counting.auditor import Auditor
from tests.fakes.answers import MemoryAnswers, answer_in
from tests.fakes.imported import MemoryImported
from tests.fakes.memory import Item, Kind
from tests.fakes.rollups import MemoryRollups

type Patching = Callable[[], AbstractContextManager[None]]


class Consequences(Auditor):
    """Does not look whether rules 3 and 5 are kept, only at what comes of it."""

    def check_kept(self, kind: Kind, answer: Answer) -> None:
        """Whatever."""


def patched(where: object, **copies: Any) -> Patching:  # noqa: ANN401 - whatever stands there
    """Put copies in the place of what a module or a class has under these names, for the time of a run."""

    @contextmanager
    def patch() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as monkeypatch:
            for name, copy in copies.items():
                monkeypatch.setattr(where, name, copy)
            yield

    return patch


# ── What the stores are asked ──────────────────────────────────────────────────────────────────────────────────────────


class AnyRevision(MemoryAnswers):
    """The commit does not ask for `rev = :rev`."""

    def still_as_read(self, item: Item | None, seen: Answer) -> bool:
        there = answer_in(item)
        return there is not None and super().still_as_read(item, replace(seen, rev=there.rev))


class AnyMark(MemoryAnswers):
    """The commit does not ask for `counted_rev = :seen`."""

    def still_as_read(self, item: Item | None, seen: Answer) -> bool:
        there = answer_in(item)
        return there is not None and super().still_as_read(item, replace(seen, mark=there.mark))


class EvenIfGone(MemoryAnswers):
    """The commit does not ask whether the answer is there: an update of an item that is not makes one."""

    def still_as_read(self, item: Item | None, seen: Answer) -> bool:
        return item is None or super().still_as_read(item, seen)


class KeepsExpiry(MemoryAnswers):
    """A change leaves `expires_at` where it is."""

    def after(self, answer: Answer, change: Change, now: datetime) -> Answer:
        return replace(super().after(answer, change, now), expires_at=answer.expires_at)


class NothingIsFinal(MemoryAnswers):
    """A change of standing does not ask which one the answer has."""

    def allows(self, answer: Answer, change: Change, now: datetime) -> bool:
        return super().allows(answer if change.standing is None else replace(answer, standing=_some_before(change)), change, now)


class AnySuspicion(MemoryAnswers):
    """What was suspected before is set aside again, whatever a person has decided since."""

    def allows(self, answer: Answer, change: Change, now: datetime) -> bool:
        return super().allows(replace(answer, suspicions=()), change, now)


def _some_before(change: Change) -> Standing:
    return min(change.standings_before)


class AnyDayRevision(MemoryRollups):
    """Repair and seal do not ask whether the day's revisions are still those of the scan."""

    def still_at(self, survey: Survey, day: date, revisions: tuple[int, ...]) -> bool:
        del survey, day, revisions
        return True


class ForgetsMarkers(MemoryImported):
    """The import's transaction does not ask for the marker, only whether there is such an answer."""

    def is_there(self, survey: Survey, past: Past) -> bool:
        del survey
        return past.marker.kept and past.answer.key in self.memory.items


class NeverSealed(MemoryImported):
    """The import's transaction does not ask whether the day has been sealed."""

    def is_sealed(self, survey: Survey, day: str) -> bool:
        del survey, day
        return False


class _Unheard:
    """A ledger that hears of nothing."""

    def touch(self, partition: str, now: datetime) -> None:
        """Nothing."""


def counting_past_unannounced(store: importing.PastStore, _touched: object, pause: Callable[[int], None]) -> importing.PastCounting:
    """Where imported answers are left to be settled is announced to nobody."""
    return importing.PastCounting(store, _Unheard(), pause)


class Unmarked(MemoryImported):
    """An imported answer does not say what it has been counted as."""

    def item_of(self, past: Past) -> Answer:
        return replace(past.answer, mark=Mark(past.answer.rev, None))


def stored_pending(answer: Answer, survey: Survey, now: datetime) -> Answer:
    """An imported answer is left to be settled as well."""
    return replace(importing.settled(answer, survey, now), pending=True, expires_at=None)


def like_any_answer(answer: Answer, survey: Survey, now: datetime) -> Answer:
    """An imported answer is told of, once something becomes of it."""
    return replace(importing.settled(answer, survey, now), imported=False)


# ── Settling ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Mute:
    """Takes every event and tells nobody."""

    def __init__(self) -> None:
        self.events: list[AnswerClassified] = []

    def announce(self, events: Sequence[AnswerClassified]) -> frozenset[str]:
        self.events += events
        return frozenset()


def settle_then_announce(keys: Collection[AnswerKey], work: Counting) -> Outcome:
    """Counts first and announces afterwards."""
    later = _Mute()
    outcome = settle(keys, replace(work, bus=later))
    refused = work.bus.announce(later.events)
    outcome.unsettled |= {key for key in keys for event_id in refused if event_id.startswith(key.answer_id)}
    return outcome


class _Deaf:
    """Publishes, and does not hear what was refused."""

    def __init__(self, work: Counting) -> None:
        self.bus = work.bus

    def announce(self, events: Sequence[AnswerClassified]) -> frozenset[str]:
        self.bus.announce(events)
        return frozenset()


def settle_without_listening(keys: Collection[AnswerKey], work: Counting) -> Outcome:
    """Takes what the bus refused for announced."""
    return settle(keys, replace(work, bus=_Deaf(work)))


def settle_each_time_it_comes(keys: Collection[AnswerKey], work: Counting) -> Outcome:
    """Does not drop repeated keys."""
    often = {key: list(keys).count(key) for key in keys}
    outcome = Outcome()
    decided = settling._decide(often, work, outcome)  # noqa: SLF001 - a copy of its loop
    plans = settling._announce([plan for plan in decided for _ in range(often[plan.answer.key])], work, outcome)  # noqa: SLF001
    for group in settling._groups(plans):  # noqa: SLF001
        outcome.unsettled |= settling._commit(group, work, outcome)  # noqa: SLF001
    return outcome


def mark_decided_anew(answer: Answer, survey: Survey) -> Mark:
    """A revision that is counted again is counted as the survey is now."""
    before = answer.mark
    if before is not None and before.rev == answer.rev:
        return replace(before, contribution=target_of(answer, survey))
    return Mark(answer.rev, target_of(answer, survey), before.nps_class if before else None)


def target_whatever_its_standing(answer: Answer, survey: Survey) -> Contribution | None:
    """What is set aside counts on."""
    set_aside = answer.standing in {Standing.QUARANTINED, Standing.EXCLUDED}
    return target_of(replace(answer, standing=Standing.VALID) if set_aside else answer, survey)


def no_tombstone(answer: Answer, survey: Survey, now: datetime) -> datetime:
    """A withdrawn answer goes at once."""
    return now + timedelta(minutes=1) if answer.standing is Standing.WITHDRAWN else expiry_of(answer, survey, now)


def not_halved(group: list[Any], _work: Counting, outcome: Outcome) -> set[AnswerKey]:
    """A group with poison in it is given up as a whole."""
    outcome.unsettled |= {plan.answer.key for plan in group}
    return set()


def touched_only_if_different(difference: Difference) -> dict[RowDay, Bins]:
    """A day's revision stays where it is if its changes cancel out."""
    return {row: bins for row, bins in difference.rows.items() if bins}


# ── The sweep ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Forgetful:
    """A ledger that nothing is announced to."""

    def __init__(self, ledger: SweepLedger) -> None:
        self.swept_at = ledger.swept_at
        self.record_sweep = ledger.record_sweep
        self.touched = ledger.touched
        self.forget = ledger.forget

    def touch(self, partition: str, now: datetime) -> None:
        """Nothing."""


def sweep_without_announcing(surveys: Collection[Survey], ledger: SweepLedger, work: Counting) -> Swept:
    """The sweep does not announce the partitions of what it could not settle."""
    return sweep.sweep(surveys, _Forgetful(ledger), work)


# ── Recount ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_count, _check = recount._count, recount._check  # noqa: SLF001 - what the copies stand on


def count_of_scores(tally: Any, answer: Answer | AnswerKey, survey: Survey, now: datetime) -> None:  # noqa: ANN401 - recount's own
    """Rows are compared with what the answers should count as, not with what they have been counted as."""
    _count(tally, answer, survey, now)
    if isinstance(answer, Answer):
        tally.marks.add(survey.survey_id, answer.mark.contribution if answer.mark else None, -1)
        tally.marks.add(survey.survey_id, target_of(answer, survey), 1)


def check_of_moving_days(*arguments: Any) -> recount.DayCheck:  # noqa: ANN401 - those of recount's
    """Every day counts as quiet."""
    return replace(_check(*arguments), quiet=True)


def repair_at_first_sight(survey: Survey, check: recount.DayCheck, _answers: object, rollups: MemoryRollups, now: datetime) -> bool:
    """A difference is repaired without a second look."""
    return check.tells and rollups.repair(survey, check.day, check.revisions, check.rows, now)


def rows_of_the_survey_alone(survey: Survey, _tallies: Mapping[date, Any]) -> Iterable[str]:
    """Rows that the survey in hand does not know are not read."""
    return list(survey.all_rows())


def quiet_is_enough(check: recount.DayCheck) -> bool:
    """Marks that cannot be read are passed over."""
    return check.quiet


def every_day(_survey: Survey, _now: datetime) -> date:
    """Days are compared however old they are."""
    return date(2000, 1, 1)
