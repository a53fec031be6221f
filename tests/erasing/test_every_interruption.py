"""At every place of an erasure a second worker, and whoever else is quick, goes all the way before the first one goes on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from shared.alerts.content import AlertKind
from shared.alerts.deliver import deliver
from shared.alerts.message import Message, message_id_of
from shared.alerts.notify import notify
from shared.counting.settle import settle
from shared.privacy.erasing import Taken, take_step
from shared.privacy.erasure import Step, TellingStatus
from tests.erasing import without
from tests.erasing.auditor import Broken
from tests.erasing.case import Case
from tests.fakes.channels import id_of

LONGEST_STEP: Final = timedelta(minutes=15)
"""For so long the first worker may stand still."""
LONGEST_DELIVERY: Final = timedelta(minutes=1)
"""And so long whoever calls a receiver."""


def _goes_all_the_way(case: Case, within: timedelta) -> None:
    """A second worker takes all steps that are due, and the receivers acknowledge what they are told."""
    world, until = case.world, case.world.now + within
    while (taken := take_step("er-1", world.erasing)) is not Taken.DONE:
        if taken is Taken.LATER:
            due = case.now().next_at or world.now
            if due >= until:
                break
            world.now = due
    world.now = max(world.now, until - timedelta(seconds=1))
    for recipient in world.ledger.recipients("er-1"):
        if recipient.status is TellingStatus.TOLD:
            gone = replace(recipient, status=TellingStatus.ACKNOWLEDGED, acknowledged_at=world.now)
            world.ledger.note_recipient("er-1", gone)
            case.auditor.acknowledged.add(("er-1", recipient.channel_id))


def _interrupt(case: Case, at: int, within: timedelta, then: Callable[[], object] = lambda: None) -> Callable[[], bool]:
    """Have a second worker go all the way at the place with this number; tells whether there was such a place."""
    places, busy = 0, False

    def turn(_name: str) -> None:
        nonlocal places, busy
        if busy:
            return
        places += 1
        if places == at:
            busy = True
            _goes_all_the_way(case, within)
            then()
            busy = False

    case.world.memory.faults.turn = turn
    return lambda: places >= at


def _end(case: Case) -> None:
    """What is left to be done, and whether all is right then."""
    while case.now().step is not Step.DONE:
        if take_step("er-1", case.world.erasing) is Taken.LATER:
            settle(case.world.memory.pending(), case.world.counting)
            case.world.now = case.now().next_at or case.world.now
    case.world.memory.faults.turn = lambda _name: None
    settle(case.world.memory.pending(), case.world.counting)
    case.auditor.check_quiet()


def _step_interrupted(at: int) -> bool:
    case = Case()
    settle(case.keys, case.world.counting)
    reached = _interrupt(case, at, LONGEST_STEP)
    _end(case)
    return reached()


def _delivery_interrupted(at: int) -> bool:
    """A detractor's alert on its way, with their comment, when they are erased."""
    case = Case()
    settle(case.keys, case.world.counting)
    notify(case.keys[0], case.world.notifying)
    reached = _interrupt(case, at, LONGEST_DELIVERY)
    for _, due in list(case.world.outbox.queue):
        deliver(due.message_id, case.world.delivering)
    was_reached = reached()
    case.world.memory.faults.turn = lambda _name: None
    _end(case)
    return was_reached


def _message_comes_late(at: int) -> bool:
    """While the first worker stands still at the second look, the second ends its own, and then a message about an answer is opened."""
    case = Case()
    settle(case.keys, case.world.counting)
    case.to(Step.SWEEP)
    key, channel_id = case.keys[0], id_of("sala")
    message_id = message_id_of(channel_id, AlertKind.DETRACTOR, key.answer_id)
    opened = Message(message_id=message_id, channel_id=channel_id, kind=AlertKind.DETRACTOR, created_at=case.world.now, answer=key)
    reached = _interrupt(case, at, LONGEST_STEP, lambda: case.world.deliveries.open(opened))
    while not reached() and case.now().step is Step.SWEEP:
        take_step("er-1", case.world.erasing)
    was_reached = reached()
    case.world.memory.faults.turn = lambda _name: None
    case.world.deliveries.messages.pop(message_id, None)  # the first was past its look; so late, none comes in truth
    _end(case)
    return was_reached


def _everywhere(interrupted: Callable[[int], bool]) -> int:
    at = 1
    while interrupted(at):
        at += 1
    return at


def test_a_second_worker_may_overtake_the_first_at_any_place() -> None:
    assert _everywhere(_step_interrupted) > 150


def test_what_is_found_after_the_second_look_of_another_is_counted_too() -> None:
    assert _everywhere(_message_comes_late) > 20


def test_somebody_may_be_erased_at_any_place_of_a_delivery() -> None:
    assert _everywhere(_delivery_interrupted) > 30


@pytest.mark.parametrize(
    ("switch", "interrupted", "says"),
    [
        (without.steps_are_written_down_by_anybody, _step_interrupted, "."),
        (without.receivers_may_go_back, _step_interrupted, "acknowledgement"),
        (without.receivers_are_noted_anew, _step_interrupted, "acknowledgement|waits for ever|told under"),
        (without.receipts_are_numbered_when_they_are_signed, _step_interrupted, "receipts of one|says something else"),
        (without.notes_are_counted_at_once, _message_comes_late, "counted"),
        (without.receivers_are_told_at_once, _delivery_interrupted, "after it was told"),
    ],
)
def test_without_a_rule_the_second_worker_breaks_something(
    switch: Callable[[without.Patch], None], interrupted: Callable[[int], bool], says: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        switch(patch)
        with pytest.raises(Broken, match=says):
            _everywhere(interrupted)
