"""What erasing counts on from the ledger: of the one in memory, which its tests use, and of DynamoDB's alike."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

import pytest

from shared.answer import AnswerKey
from shared.privacy.erasure import Asker, Erasure, Impossible, Ours, Recipient, Refusal, Step, TellingStatus
from shared.privacy.ports import Ledger
from tests.contract.erasing_places import erasing_in_memory, erasing_on_aws
from tests.fakes.samples import NOON, key_of, survey_of

SURVEY: Final = survey_of()
HOUR: Final = timedelta(hours=1)
SALA: Final = Recipient(
    channel_id="ch_sala",
    name="Sala",
    kind="slack",
    host="sala.example",
    country="US",
    fields=frozenset({"comment", "email"}),
    first_at=NOON,
    last_at=NOON + HOUR,
    times=3,
)


@pytest.fixture
def ledger(kind: str) -> Ledger:
    """An empty ledger."""
    return (erasing_in_memory() if kind == "memory" else erasing_on_aws()).ledger


def erasure_of(erasure_id: str = "er-1", **given: Any) -> Erasure:  # noqa: ANN401 - any field
    return replace(Erasure(erasure_id=erasure_id, person_id="ana", asker=Asker.SUBJECT, asked_at=NOON), **given)


def moved(seen: Erasure, **changes: Any) -> Erasure:  # noqa: ANN401 - any field
    return replace(seen, revision=seen.revision + 1, **changes)


def keys(count: int) -> list[AnswerKey]:
    return sorted((key_of(SURVEY, number) for number in range(1, count + 1)), key=lambda key: key.answer_id)


def test_an_erasure_is_kept_as_it_is_and_opened_once(ledger: Ledger) -> None:
    whole = erasure_of(
        asker=Asker.CONTROLLER,
        step=Step.RECEIPT,
        cursor="count:x",
        revision=7,
        reason="contrato encerrado",
        legal_reference="art. 16",
        request_id="rq-1",
        counts=MappingProxyType({"people.comment": 2}),
        marked_at=NOON,
        key_destroyed_at=NOON + HOUR,
        next_at=NOON + 2 * HOUR,
        done_at=NOON + 3 * HOUR,
        refusal=Refusal.LEGAL_HOLD,
        receipt_id="receipt-1",
    )
    assert ledger.open(whole)
    assert ledger.find("er-1") == whole
    assert not ledger.open(erasure_of())
    assert ledger.find("er-1") == whole
    assert ledger.find("er-2") is None


def test_it_is_written_only_by_whoever_saw_it_as_it_is(ledger: Ledger) -> None:
    opened = erasure_of()
    ledger.open(opened)
    changes: dict[str, Any]
    for changes in ({"step": Step.KEY, "marked_at": NOON}, {"next_at": NOON + HOUR}):
        seen = ledger.find("er-1")
        assert seen is not None
        assert ledger.advance(seen, moved(seen, **changes))
        assert not ledger.advance(opened, moved(opened, step=Step.DONE))
        assert not ledger.advance(seen, moved(seen, next_at=NOON + 2 * HOUR))
        assert ledger.find("er-1") == moved(seen, **changes)


def test_what_is_due_is_told_the_longest_due_first(ledger: Ledger) -> None:
    for number in (2, 1, 3):
        ledger.open(erasure_of(f"er-{number}", asked_at=NOON + number * HOUR))
    assert list(ledger.due(NOON + 2 * HOUR)) == ["er-1", "er-2"]
    first = ledger.find("er-1")
    assert first is not None
    ledger.advance(first, moved(first, next_at=NOON + 5 * HOUR))
    assert list(ledger.due(NOON + 4 * HOUR)) == ["er-2", "er-3"]
    assert list(ledger.due(NOON + 5 * HOUR)) == ["er-2", "er-3", "er-1"]
    second = ledger.find("er-2")
    assert second is not None
    ledger.advance(second, moved(second, step=Step.DONE, person_id=None))
    assert list(ledger.due(NOON + 5 * HOUR)) == ["er-3", "er-1"]


def test_they_are_listed_by_when_they_were_asked_for_newest_first(ledger: Ledger) -> None:
    for number in (2, 1, 3):
        ledger.open(erasure_of(f"er-{number}", asked_at=NOON + number * HOUR))
    listed = [each.erasure_id for each in ledger.listed(NOON + HOUR, NOON + 2 * HOUR)]
    assert listed == ["er-2", "er-1"]


def test_notes_of_answers_are_kept_once_and_told_in_the_order_of_their_ids(ledger: Ledger) -> None:
    some = keys(130)
    assert ledger.note_answers("er-1", some[:20]) == 20
    assert ledger.note_answers("er-1", reversed(some)) == 110
    assert ledger.note_answers("er-1", []) == 0
    assert list(ledger.answers("er-1")) == [Ours(key) for key in some]
    assert [note.key for note in ledger.answers("er-1", some[4].answer_id)] == some[5:]
    assert not list(ledger.answers("er-2"))


def test_what_is_noted_of_an_answer_stays(ledger: Ledger) -> None:
    one, other = keys(2)
    ledger.note_answers("er-1", [one, other])
    ledger.answers_found("er-1", [one])
    ledger.answers_found("er-1", [one, other], late=True)
    ledger.answer_withdrawn("er-1", other)
    ledger.note_messages("er-1", one, ["m1"])
    ledger.note_messages("er-1", one, ["m1", "m2"])
    ledger.note_messages("er-1", one, ["m3"], late=True)
    ledger.note_answers("er-1", [one, other])
    assert list(ledger.answers("er-1")) == [
        Ours(one, anonymised=True, messages=frozenset({"m1", "m2"}), late_messages=frozenset({"m3"})),
        Ours(other, anonymised=True, late=True, withdrawn=True),
    ]


def test_notes_are_dropped_some_at_a_time_and_do_not_come_back(ledger: Ledger) -> None:
    some = keys(5)
    ledger.note_answers("er-1", some)
    assert ledger.forget_answers("er-1", 3)
    assert len(list(ledger.answers("er-1"))) == 2
    assert ledger.forget_answers("er-1", 3)
    assert not ledger.forget_answers("er-1", 3)
    ledger.answers_found("er-1", some)
    ledger.answer_withdrawn("er-1", some[0])
    ledger.note_messages("er-1", some[0], ["m1"])
    assert not list(ledger.answers("er-1"))


def test_receivers_are_kept_and_only_go_on(ledger: Ledger) -> None:
    told = replace(SALA, status=TellingStatus.TOLD, message_id="m1", told_at=NOON + HOUR)
    gone = replace(told, status=TellingStatus.ACKNOWLEDGED, acknowledged_at=NOON + 2 * HOUR)
    failed = replace(SALA, message_id="m1", status=TellingStatus.IMPOSSIBLE, reason=Impossible.NOT_TAKEN)
    ledger.note_recipients("er-1", [SALA, replace(SALA, channel_id="ch_rede")])
    assert ledger.note_recipient("er-1", failed)
    ledger.note_recipients("er-1", [SALA])
    assert ledger.recipients("er-1") == [replace(SALA, channel_id="ch_rede"), failed]
    assert ledger.note_recipient("er-1", told)
    assert not ledger.note_recipient("er-1", failed)
    assert ledger.note_recipient("er-1", gone)
    assert not ledger.note_recipient("er-1", told)
    assert ledger.recipients("er-1")[1] == gone
    assert not ledger.recipients("er-2")
