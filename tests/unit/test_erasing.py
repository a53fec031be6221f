"""One erasure, step by step, in memory."""

from dataclasses import replace

import pytest

from shared.answer import NOBODY
from shared.privacy.erasing import Taken, take_step
from shared.privacy.erasure import Impossible, Refusal, Step, TellingStatus
from shared.privacy.passing_on import TELL_FOR
from shared.privacy.steps import BATCH, IN_FLIGHT, LOOK_AGAIN, SECOND_LOOK
from tests.erasing.case import ANA, KEPT, Case
from tests.fakes.channels import id_of
from tests.fakes.samples import NOON, answer_of


def test_an_erasure_leaves_the_mark_and_a_receipt_that_counts_everything() -> None:
    case = Case()
    done = case.to(Step.DONE)
    assert done.person_id is None
    assert done.counts == {
        "answers.anonymised": 3,
        "answers.withdrawn": 2,
        "keys": 1,
        "people.answer": 3,
        "people.asked": 1,
        "people.comment": 3,
        "people.lookup": 2,
        "people.profile": 1,
        "people.shared": 1,
        "suppressions": 2,
    }
    assert not case.world.people.items_of(case.person_id)
    assert case.world.people.persons[case.person_id].erased
    assert {answer.person_id for answer in case.stored()} == {NOBODY}
    assert [answer.forgotten for answer in case.stored()] == [True, False, True]
    assert len(case.world.suppression.entries) == 2
    [signed] = case.world.receipts.signed.values()
    assert (signed.receipt_id, signed.counts, signed.done_at) == (done.receipt_id, done.counts, done.done_at)
    assert take_step("er-1", case.world.erasing) is Taken.DONE


def test_there_is_nothing_to_do_of_an_erasure_that_is_not_there() -> None:
    assert take_step("er-2", Case().world.erasing) is Taken.DONE


def test_who_is_held_is_refused_and_nothing_is_touched() -> None:
    case = Case()
    case.world.ledger.note_answers("er-1", case.keys)
    case.world.holds.lookups = set(case.world.people.persons[case.person_id].lookups)
    before = case.world.people.items_of(case.person_id)
    refused = case.to(Step.DONE)
    assert (refused.refusal, refused.person_id, refused.marked_at, refused.receipt_id) == (Refusal.LEGAL_HOLD, None, None, None)
    assert (refused.reason, refused.legal_reference) == ("Processo em curso", "CPC art. 77")
    assert case.world.people.items_of(case.person_id) == before
    assert not case.world.people.persons[case.person_id].erased
    assert {answer.person_id for answer in case.stored()} == {case.person_id}
    assert not case.world.ledger.notes["er-1"]
    assert not list(case.world.ledger.due(NOON + KEPT))


def test_a_receiver_whose_channel_is_disabled_keeps_nobody_waiting_and_is_told_once_it_is_back() -> None:
    case = Case()
    case.world.telling.disabled = {id_of("sala")}
    assert case.to(Step.WAIT).next_at is None
    assert take_step("er-1", case.world.erasing) is Taken.LATER
    [recipient] = case.world.ledger.recipients("er-1")
    assert (recipient.status, recipient.reason) == (TellingStatus.IMPOSSIBLE, Impossible.CHANNEL_DISABLED)
    case.world.telling.disabled = set()
    case.world.now += LOOK_AGAIN
    assert take_step("er-1", case.world.erasing) is Taken.LATER
    [recipient] = case.world.ledger.recipients("er-1")
    assert (recipient.status, recipient.reason, recipient.told_at) == (TellingStatus.TOLD, None, case.world.now)
    assert case.now().next_at == NOON + SECOND_LOOK
    case.to(Step.DONE)
    [[receiver]] = case.world.receipts.receivers.values()
    assert receiver == recipient


def test_whoever_stays_disabled_is_certified_as_not_told() -> None:
    case = Case()
    case.world.telling.disabled = {id_of("sala")}
    case.to(Step.DONE)
    [[receiver]] = case.world.receipts.receivers.values()
    assert (receiver.status, receiver.reason) == (TellingStatus.IMPOSSIBLE, Impossible.CHANNEL_DISABLED)


def test_receivers_are_told_when_no_call_that_began_before_the_mark_can_come_after() -> None:
    case = Case()
    case.to(Step.TELL)
    assert take_step("er-1", case.world.erasing) is Taken.LATER
    assert case.now().next_at == NOON + IN_FLIGHT
    assert take_step("er-1", case.world.erasing) is Taken.LATER
    assert not case.world.telling.sent
    case.world.now = NOON + IN_FLIGHT
    assert take_step("er-1", case.world.erasing) is Taken.AGAIN
    [(told, answer_ids)] = case.world.telling.answers.items()
    assert answer_ids == {key.answer_id for key in case.keys}
    [recipient] = case.world.ledger.recipients("er-1")
    assert (recipient.status, recipient.message_id) == (TellingStatus.TOLD, told)


def test_a_receiver_that_takes_nothing_for_seven_days_is_written_down_as_such() -> None:
    case = Case()
    case.world.deaf = {id_of("sala")}
    done = case.to(Step.DONE)
    assert done.done_at is not None
    assert done.done_at >= NOON + TELL_FOR
    [recipient] = case.world.ledger.recipients("er-1")
    assert (recipient.status, recipient.reason) == (TellingStatus.IMPOSSIBLE, Impossible.NOT_TAKEN)
    assert len(case.world.telling.sent["er-1", id_of("sala")]) == 1


def test_an_answer_that_a_slow_collect_stores_after_the_mark_is_found_by_the_second_look() -> None:
    case = Case()
    survey = case.world.surveys["loja"]
    late = replace(answer_of(survey, 99, 3), person_id=case.person_id)
    case.world.people.announce(ANA, NOON + KEPT, ("loja", late.key.answer_id))
    case.to(Step.WAIT)
    assert case.world.answers.add(late)
    done = case.to(Step.DONE)
    assert case.world.answer(late.key).person_id == NOBODY
    assert (done.counts["answers.anonymised"], done.counts["second.answers.anonymised"]) == (3, 1)
    assert done.done_at is not None
    assert done.done_at >= NOON + SECOND_LOOK


def test_answers_to_surveys_that_are_gone_are_tolerated() -> None:
    case = Case()
    del case.world.known_surveys.surveys["posto"]
    assert case.to(Step.DONE).counts["answers.anonymised"] == 1


def test_an_answer_that_is_only_pointed_to_is_left_alone() -> None:
    case = Case()
    others = answer_of(case.world.surveys["loja"], 50, 3)
    case.world.answers.add(others)
    case.world.people.announce(ANA, NOON + KEPT, ("loja", others.key.answer_id))
    case.to(Step.DONE)
    assert case.world.answer(others.key) == others


def test_an_anonymous_answer_is_found_by_the_note_of_whoever_asked() -> None:
    case = Case(1)
    anonymous = replace(answer_of(case.world.surveys["loja"], 70, 3), person_id="hmac-of-the-answer")
    case.world.answers.add(anonymous)
    case.world.ledger.erasures.clear()
    case.world.ledger.note_answers("er-1", [anonymous.key])
    case.world.ledger.open(replace(case.erasure, person_id="hmac-of-the-answer"))
    assert case.to(Step.DONE).counts == {"answers.anonymised": 1}
    assert case.world.answer(anonymous.key).person_id == NOBODY
    assert {answer.person_id for answer in case.stored()} == {case.person_id}


def test_no_step_does_more_than_a_batch_at_once() -> None:
    case = Case(3 * BATCH)
    calls: list[str] = []
    case.world.memory.faults.turn = calls.append
    most = 0
    while case.now().step is not Step.DONE:
        calls.clear()
        if take_step("er-1", case.world.erasing) is Taken.LATER:
            case.world.now = case.now().next_at or case.world.now
        most = max(most, calls.count("anonymise") // 2, calls.count("delete_item") // 2, calls.count("note_answer") // 2)
    assert most == BATCH
    assert case.now().counts["answers.anonymised"] == 3 * BATCH


@pytest.mark.parametrize("every", range(1, 12))
def test_however_often_it_crashes_it_comes_to_the_same(every: int) -> None:
    """Before or after each call to a store, the next worker ending a few calls later than the one before."""
    undisturbed, case = Case().to(Step.DONE), Case()
    left = 0

    class Crash(BaseException):
        pass

    def turn(_name: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Crash

    case.world.memory.faults.turn = turn
    crashes = 0
    while case.now().step is not Step.DONE:
        left = every + crashes // 3
        try:
            if take_step("er-1", case.world.erasing) is Taken.LATER:
                case.world.now = case.now().next_at or case.world.now
        except Crash:
            crashes += 1
    assert crashes > 10
    assert case.now().counts == undisturbed.counts
    assert len(case.world.receipts.signed) == 1
    assert [len(ids) for ids in case.world.telling.sent.values()] == [1]
