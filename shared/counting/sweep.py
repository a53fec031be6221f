"""The sweep (rule 4): finds answers that have been pending for long, wherever their stream record went, and settles them.

It reads the partitions that can hold such answers, and no index. A write to an answer whose id lies outside the last hour (a late POST, an
edit, an import, an erasure) first announces its partition as touched (`counting.reach`), so the sweep reads the ids of the time since
the last complete sweep and the touched partitions, not two months of answers (docs/decisions/0004). What a sweep cannot settle (the bus is
down, an answer is poison or cannot be read yet) it announces itself, or it would lie outside what the next sweeps read.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import batched
from typing import Final

from shared import answer_id as ids
from shared.answer import Answer, AnswerKey
from shared.counting.ports import AnswerStore, SweepLedger
from shared.counting.reach import UNANNOUNCED_AHEAD, UNANNOUNCED_PAST
from shared.counting.settle import Counting, Outcome, settle
from shared.survey import Survey

PENDING_FOR: Final = timedelta(minutes=10)
_SLOWEST_WRITE: Final = timedelta(minutes=15)
_BATCH: Final = 80

type _Pending = tuple[AnswerKey, datetime | None]
"""A pending answer and since when; None where it cannot be read."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: how many answers had been pending for long, for how long at most, and how settling them went."""

    found: int
    oldest: timedelta
    settled: Outcome


def sweep(surveys: Collection[Survey], ledger: SweepLedger, work: Counting) -> Swept:
    """Settle what has been pending for over ten minutes in every survey; what stays unsettled is met again by the next sweep."""
    began_at = work.now()
    never_before = min((survey.created_at for survey in surveys), default=began_at)
    since = (ledger.swept_at() or never_before) - UNANNOUNCED_PAST - PENDING_FOR - _SLOWEST_WRITE
    late = [found for survey in surveys for found in _recent(survey, since, began_at, work.answers)]
    for partition, touched_at in ledger.touched().items():
        there = list(_pending(partition, "", "g", work.answers))
        late += there
        if not there and touched_at < began_at - _SLOWEST_WRITE:
            ledger.forget(partition, touched_at)
    overdue = {key: changed_at for key, changed_at in late if changed_at and changed_at <= began_at - PENDING_FOR}
    outcome = Outcome()
    for keys in batched(overdue, _BATCH, strict=False):
        outcome.add(settle(keys, work))
    unreadable = {key for key, changed_at in late if changed_at is None}
    for partition in sorted({key.partition for key in outcome.unsettled | unreadable}):
        ledger.touch(partition, began_at)
    ledger.record_sweep(began_at)
    oldest = max((began_at - changed_at for changed_at in overdue.values()), default=timedelta(0))
    return Swept(len(overdue), oldest, outcome)


def _recent(survey: Survey, since: datetime, now: datetime, answers: AnswerStore) -> Iterator[_Pending]:
    until = now + UNANNOUNCED_AHEAD + PENDING_FOR
    for utc_date in _dates(since, until):
        for bucket in range(survey.buckets):
            partition = ids.partition_of(survey.survey_id, utc_date, bucket)
            yield from _pending(partition, ids.first_id_at(since), ids.first_id_at(until), answers)


def _pending(partition: str, first_id: str, last_id: str, answers: AnswerStore) -> Iterator[_Pending]:
    for found in answers.in_partition(partition, first_id=first_id, last_id=last_id, pending_only=True):
        yield (found.key, found.changed_at) if isinstance(found, Answer) else (found, None)


def _dates(first: datetime, last: datetime) -> Iterator[date]:
    day = first.astimezone(UTC).date()
    while day <= last.astimezone(UTC).date():
        yield day
        day += timedelta(days=1)
