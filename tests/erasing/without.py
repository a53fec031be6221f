"""Copies of parts of erasing with one rule switched off each. Only here: production code has no such switches."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, cast

import pytest

from shared.answer import Answer, Change, day_of, may_change
from shared.privacy import closing, erasing, second_look, steps
from shared.privacy.erasure import Erasure, Ours, Recipient, Step
from shared.privacy.holds import refused_by
from shared.privacy.steps import Erasing
from tests.erasing import world
from tests.fakes import answers as answer_fakes
from tests.fakes import erasable
from tests.fakes.erasable import ErasablePeople, Place
from tests.fakes.erasures import MemoryErasures

type Patch = pytest.MonkeyPatch


def steps_are_written_down_by_anybody(patch: Patch) -> None:
    """A step that somebody else has written down meanwhile is written once more."""
    patch.setattr(MemoryErasures, "is_as_seen", lambda _ledger, _seen: True)


def nobody_looks_for_the_mark(patch: Patch) -> None:
    """Writes to People do not ask whether the person was erased."""
    patch.setattr(ErasablePeople, "_refuse_erased", lambda people, person_id: people.keys.salts.add(person_id))


def deletions_are_counted_as_they_happen(patch: Patch) -> None:
    """What a call deleted is counted by that call."""

    def people(erasure: Erasure, person_id: str, work: Erasing) -> Erasure:
        before = work.people.holdings(person_id)
        more = work.people.delete_some(person_id, 2)
        erasure = steps.counted(erasure, Counter(before) - Counter(work.people.holdings(person_id)))
        return erasure if more else steps.next_step(erasure, Step.TELL)

    _replace_step(patch, Step.PEOPLE, people)


def the_key_is_counted_when_it_is_destroyed(patch: Patch) -> None:
    """The same of the key."""

    def key(erasure: Erasure, person_id: str, work: Erasing) -> Erasure:
        erasure = steps.counted(erasure, {"keys": int(work.keys.destroy(person_id))})
        return replace(steps.next_step(erasure, Step.GATHER), key_destroyed_at=work.now())

    _replace_step(patch, Step.KEY, key)


def every_lookup_goes(patch: Patch) -> None:
    """A customer's lookup is deleted whomever it leads to."""
    delete_item = ErasablePeople.delete_item

    def anyhow(people: ErasablePeople, place: Place) -> None:
        delete_item(people, place)
        if place[0] == "lookup":
            people.owners.pop(place[2], None)

    patch.setattr(ErasablePeople, "delete_item", anyhow)


def nobody_looks_twice(patch: Patch) -> None:
    """There is no second look."""
    _replace_step(patch, Step.SWEEP, lambda erasure, _person_id, _work: steps.next_step(erasure, Step.RECEIPT))


def nobody_waits_for_the_second_look(patch: Patch) -> None:
    """The second look comes at once."""
    _replace_step(patch, Step.WAIT, lambda erasure, _person_id, _work: steps.next_step(erasure, Step.SWEEP))


def times_are_coarsened_at_once(patch: Patch) -> None:
    """While the answer is pending, too."""
    for where in (erasable, answer_module()):
        patch.setattr(where, "coarsened", lambda answer: replace(answer, changed_at=day_of(answer.changed_at)))


def answer_module() -> Any:  # noqa: ANN401 - a module
    """Where `anonymised` finds `coarsened`."""
    from shared import answer  # noqa: PLC0415 - the name is taken by what it is about

    return answer


def withdrawals_are_not_announced_to_the_sweep(patch: Patch) -> None:
    """Old partitions are written to without a word."""
    patch.setattr(steps, "needs_announcing", lambda _answer_id, _now: False)


def receivers_are_told_at_once(patch: Patch) -> None:
    """Though a call to them may be under way."""
    _hurry(patch, in_flight=timedelta(0))


def receivers_are_noted_anew(patch: Patch) -> None:
    """A slow worker notes receivers over what others wrote of them."""

    def note(ledger: MemoryErasures, erasure_id: str, recipients: Iterable[Recipient]) -> None:
        for recipient in recipients:
            with ledger.memory.call("note_new_recipient"):
                ledger.known[erasure_id][recipient.channel_id] = recipient

    patch.setattr(MemoryErasures, "note_recipients", note)


def receivers_may_go_back(patch: Patch) -> None:
    """What was acknowledged is written over with what was read before."""
    patch.setattr(MemoryErasures, "is_behind", lambda _ledger, _recipient, _there: False)


def anonymised_answers_may_be_edited(patch: Patch) -> None:
    """A change that began before is written after."""

    def by_anybody(answer: Answer, now: Any, _change: Change) -> bool:  # noqa: ANN401 - as it is
        return may_change(answer, now)

    patch.setattr(answer_fakes, "may_change", by_anybody)


def receipts_are_numbered_when_they_are_signed(patch: Patch) -> None:
    """Each signature makes a receipt of its own."""

    def close(erasure: Erasure, person_id: str, work: Erasing) -> Erasure:
        if erasure.cursor == "sign":
            erasure = replace(erasure, receipt_id=work.new_receipt_id(), done_at=work.now())
        return closing.close(erasure, person_id, work)

    _replace_step(patch, Step.RECEIPT, close)


def messages_are_noted_after_they_are_gone(patch: Patch) -> None:
    """First deleted, then noted."""

    def forget(erasure: Erasure, notes: Iterable[Ours], work: Erasing, *, late: bool) -> None:
        theirs = {note.key.answer_id: note.key for note in notes if note.anonymised}
        for answer_id, message_ids in work.outbox.messages(list(theirs), work.channel_ids()).items():
            work.outbox.forget(message_ids)
            work.ledger.note_messages(erasure.erasure_id, theirs[answer_id], message_ids, late=late)

    _forgets(patch, forget)


def pointers_prove_whose_an_answer_is(patch: Patch) -> None:
    """Messages about whatever is pointed to are deleted."""
    forget_messages = steps.forget_messages

    def forget(erasure: Erasure, notes: Iterable[Ours], work: Erasing, *, late: bool) -> None:
        forget_messages(erasure, [replace(note, anonymised=True) for note in notes], work, late=late)

    _forgets(patch, forget)


def whose_an_answer_was_is_not_noted_first(patch: Patch) -> None:
    """First anonymised, then noted."""

    def part(erasure: Erasure, notes: Iterable[Ours], person_id: str, work: Erasing, *, late: bool) -> list[Ours]:
        found = work.answers.naming([note.key for note in notes if not note.anonymised], person_id)
        theirs = [replace(note, anonymised=True) for note in notes if note.anonymised or note.key in found]
        for note in theirs:
            steps._part_one(erasure, note, person_id, work)  # noqa: SLF001 - a copy of its loop
        work.ledger.answers_found(erasure.erasure_id, found, late=late)
        return theirs

    patch.setattr(steps, "part", part)
    patch.setattr(second_look, "part", part)


def _forgets(patch: Patch, forget: Callable[..., None]) -> None:
    patch.setattr(steps, "forget_messages", forget)
    patch.setattr(second_look, "forget_messages", forget)


def holds_are_looked_for_while_marking(patch: Patch) -> None:
    """That there is no hold is not written down before the mark."""

    def mark(erasure: Erasure, person_id: str, work: Erasing) -> Erasure:
        if hold := next(iter(work.holds.in_force(work.people.lookups_of(person_id))), None):
            return replace(refused_by(hold, erasure, work.now()), step=Step.RECEIPT, cursor=steps.DROP)
        work.people.mark_erased(person_id, work.now())
        return replace(steps.next_step(erasure, Step.KEY), marked_at=work.now())

    _replace_step(patch, Step.MARK, mark)


def notes_are_counted_at_once(patch: Patch) -> None:
    """Others may still be at it."""
    _hurry(patch, stragglers=timedelta(0))


def lookups_go_first(patch: Patch) -> None:
    """People is emptied before it is asked what is to be suppressed, and whom to tell."""

    def key(erasure: Erasure, person_id: str, work: Erasing) -> Erasure:
        if erasure.cursor is not None:
            work.people.delete_some(person_id, 100)
        return steps.key(erasure, person_id, work)

    _replace_step(patch, Step.KEY, key)


def _hurry(patch: Patch, **waits: timedelta) -> None:
    """Wait less."""
    patch.setattr(world, "Erasing", partial(Erasing, **cast("Any", waits)))


def _replace_step(patch: Patch, step: Step, copy: Callable[[Erasure, str, Erasing], Erasure]) -> None:
    table: Any = erasing._STEPS  # noqa: SLF001 - the table of steps
    patch.setattr(erasing, "_STEPS", {**table, step: copy})
