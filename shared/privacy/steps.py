"""The steps of an erasure. Each takes the record as it was read and returns it as it is after some work.

What makes them repeatable from anywhere, by any number of workers at once:

1. A step is written down by whoever still finds the record as it read it; everything before that is done again by the next worker, so all
   of it may be done twice.
2. Nothing is counted by what a call reports of itself, which a crash would lose and a repetition double. What cannot grow after the mark is
   counted first, written down, and only then deleted; of answers and messages notes are kept under unique keys, and the notes are counted
   once nobody can be writing them any more.
3. Whatever has to be known later (answers, receivers, messages) is noted before what it is known from goes.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from types import MappingProxyType
from typing import Final

from shared import answer_id as ids
from shared.answer import AnswerKey
from shared.counting.reach import needs_announcing
from shared.privacy.erasure import Erasure, Ours, Parted, Step
from shared.privacy.holds import refused_by
from shared.privacy.ports import (
    AnswersToErase,
    Holds,
    Ledger,
    OutboxToErase,
    PeopleToErase,
    PersonKeys,
    Receipts,
    Suppression,
    Surveys,
    Telling,
    TouchedPartitions,
)

BATCH: Final = 25
"""Answers, or items of People, at once: what a call of a function does in a few seconds."""
IN_FLIGHT: Final = timedelta(minutes=2)
"""For so long a call to a receiver that began before the mark may be under way; who is told before it ends may keep what it brings."""
LOOK_AGAIN: Final = timedelta(minutes=30)
STRAGGLERS: Final = timedelta(minutes=15)
"""No function of ours, nor of Lambda's, runs for longer: whoever was at it too has ended by then, and the notes say all that was done."""
SECOND_LOOK: Final = timedelta(hours=25)
"""After the mark: the stream keeps its records for 24 hours, and no function that read before the mark runs for an hour."""
SECOND: Final = "second."
"""What the second look found is counted under the same names after this."""
DROP: Final = "drop"
"""Where the receipt's step drops the notes: all that is left to do of a refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasing:
    """What erasing works with. `channel_ids` gives all channels there are; `new_receipt_id` is of a cryptographic source."""

    people: PeopleToErase
    keys: PersonKeys
    answers: AnswersToErase
    outbox: OutboxToErase
    surveys: Surveys
    touched: TouchedPartitions
    channel_ids: Callable[[], Collection[str]]
    holds: Holds
    suppression: Suppression
    telling: Telling
    receipts: Receipts
    ledger: Ledger
    now: Callable[[], datetime]
    new_receipt_id: Callable[[], str]
    second_look: timedelta = SECOND_LOOK
    in_flight: timedelta = IN_FLIGHT
    stragglers: timedelta = STRAGGLERS
    look_again: timedelta = LOOK_AGAIN


def mark(erasure: Erasure, person_id: str, work: Erasing) -> Erasure:
    """Refuse, if the person is held; else mark them. Free of a hold is written first: who finds one later must not have marked anybody."""
    if erasure.cursor is None:
        if hold := next(iter(work.holds.in_force(work.people.lookups_of(person_id))), None):
            return replace(refused_by(hold, erasure, work.now()), step=Step.RECEIPT, cursor=DROP)
        return replace(erasure, cursor="free")
    work.people.mark_erased(person_id, work.now())
    return replace(next_step(erasure, Step.KEY), marked_at=work.now())  # read after the mark: what waits counts from when it was there


def key(erasure: Erasure, person_id: str, work: Erasing) -> Erasure:
    """Count what makes their data key, then destroy it."""
    if erasure.cursor is None:
        return replace(counted(erasure, {"keys": int(work.keys.holds(person_id))}), cursor="destroy")
    work.keys.destroy(person_id)
    return replace(next_step(erasure, Step.GATHER), key_destroyed_at=work.now())


def gather(erasure: Erasure, person_id: str, work: Erasing) -> Erasure:
    """Note the answers, some at a time, and at last the receivers."""
    after = gather_some(erasure, person_id, erasure.cursor or "", work)
    return replace(erasure, cursor=after) if after else next_step(erasure, Step.ANSWERS)


def gather_some(erasure: Erasure, person_id: str, after: str, work: Erasing) -> str | None:
    """Note the answers past `after`; where to go on, None once all are, and the receivers too. Surveys may be gone."""
    found = list(islice(work.people.answers_of(person_id, after), BATCH))
    keys = [key for survey_id, answer_id in found if (key := _key_of(survey_id, answer_id, work)) is not None]
    if keys:
        work.ledger.note_answers(erasure.erasure_id, keys)
    if len(found) == BATCH:
        return found[-1][1]
    work.ledger.note_recipients(erasure.erasure_id, work.people.recipients_of(person_id))
    return None


def _key_of(survey_id: str, answer_id: str, work: Erasing) -> AnswerKey | None:
    survey = work.surveys.find(survey_id)
    try:
        return AnswerKey.of(survey, ids.parse(answer_id)) if survey else None
    except ids.InvalidAnswerIdError:
        return None


def answers(erasure: Erasure, person_id: str, work: Erasing) -> Erasure:
    """Part the noted answers from the person, some at a time."""
    notes = some_notes(erasure, erasure.cursor, work)
    part(erasure, notes, person_id, work, late=False)
    return _onwards(erasure, notes, Step.OUTBOX)


def part(erasure: Erasure, notes: Sequence[Ours], person_id: str, work: Erasing, *, late: bool) -> list[Ours]:
    """Part the noted answers from the person; returns the notes of those that were theirs.

    That an answer names them is noted first: afterwards nobody can tell whose it was. One that is not there may still come, and is left to
    the second look; one that names somebody else is left alone.
    """
    found = work.answers.naming([note.key for note in notes if not note.anonymised], person_id)
    if found:
        work.ledger.answers_found(erasure.erasure_id, found, late=late)
    theirs = [note if note.anonymised else replace(note, anonymised=True) for note in notes if note.anonymised or note.key in found]
    for note in theirs:
        _part_one(erasure, note, person_id, work)
    return theirs


def _part_one(erasure: Erasure, note: Ours, person_id: str, work: Erasing) -> None:
    if take_out(note.key, person_id, work) is Parted.FORGOTTEN and not note.withdrawn:
        work.ledger.answer_withdrawn(erasure.erasure_id, note.key)


def take_out(key: AnswerKey, person_id: str, work: Erasing) -> Parted:
    """Take the person out of one answer of theirs, as its survey has it."""
    survey, now = work.surveys.find(key.survey_id), work.now()
    withdraw = survey is not None and survey.settings.on_erasure == "forget_score"
    if withdraw and needs_announcing(ids.parse(key.answer_id), now):
        work.touched.touch(key.partition, now)
    return work.answers.anonymise(key, person_id, now, withdraw=withdraw)


def outbox(erasure: Erasure, _person_id: str, work: Erasing) -> Erasure:
    """Delete the messages about the noted answers, some at a time."""
    notes = some_notes(erasure, erasure.cursor, work)
    forget_messages(erasure, notes, work, late=False)
    return _onwards(erasure, notes, Step.SUPPRESS)


def forget_messages(erasure: Erasure, notes: Collection[Ours], work: Erasing, *, late: bool) -> None:
    """Note the messages about those of the answers that were the person's, then delete just those.

    A pointer alone proves nothing: a refused request may have left it, to an answer that is somebody else's.
    """
    theirs = {note.key.answer_id: note.key for note in notes if note.anonymised}
    if not theirs:
        return
    channel_ids = {*work.channel_ids(), *(recipient.channel_id for recipient in work.ledger.recipients(erasure.erasure_id))}
    for answer_id, message_ids in work.outbox.messages(list(theirs), channel_ids).items():
        work.ledger.note_messages(erasure.erasure_id, theirs[answer_id], message_ids, late=late)
        work.outbox.forget(message_ids)


def suppress(erasure: Erasure, person_id: str, work: Erasing) -> Erasure:
    """Write suppression entries, before the lookups that they are made of go; and who was erased, before no one here knows."""
    lookups = work.people.lookups_of(person_id)
    if lookups:
        work.suppression.add(lookups, work.now())
    work.suppression.remember(person_id, work.now())
    return next_step(counted(erasure, {"suppressions": len(lookups)}), Step.PEOPLE)


def people(erasure: Erasure, person_id: str, work: Erasing) -> Erasure:
    """Count what People holds of them, then delete it, some at a time."""
    if erasure.cursor is None:
        return replace(counted(erasure, work.people.holdings(person_id)), cursor="delete")
    return erasure if work.people.delete_some(person_id, BATCH) else next_step(erasure, Step.TELL)


def some_notes(erasure: Erasure, after: str | None, work: Erasing) -> list[Ours]:
    """The next notes of answers."""
    return list(islice(work.ledger.answers(erasure.erasure_id, after or ""), BATCH))


def counted(erasure: Erasure, counts: Mapping[str, int], prefix: str = "") -> Erasure:
    """The record with these counts added; of those that are nothing, nothing is written."""
    total = Counter(erasure.counts) + Counter({prefix + name: count for name, count in counts.items()})
    return replace(erasure, counts=MappingProxyType(dict(sorted(total.items()))))


def _onwards(erasure: Erasure, notes: Sequence[Ours], step: Step) -> Erasure:
    return replace(erasure, cursor=notes[-1].key.answer_id) if len(notes) == BATCH else next_step(erasure, step)


def next_step(erasure: Erasure, step: Step) -> Erasure:
    """The record at the beginning of a step."""
    return replace(erasure, step=step, cursor=None)
