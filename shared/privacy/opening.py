"""Opening erasures: for a data subject who has proved who they are, and for the controller. Legal holds are met here first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from shared.answer import AnswerKey
from shared.identity import IdentityKind
from shared.privacy.door_ports import EraseQueue, LegalHolds
from shared.privacy.erasure import Asker, Erasure, Step
from shared.privacy.holds import Hold, refused_by
from shared.privacy.ids import ERASURE, id_from
from shared.privacy.ports import Ledger, PeopleToErase


class NobodyError(Exception):
    """There is nobody by that identifier."""


class HeldError(Exception):
    """A legal hold is on the person."""

    def __init__(self, hold: Hold) -> None:
        """Keep which one: its reason is told."""
        super().__init__(hold.hold_id)
        self.hold = hold


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening erasures works with."""

    people: PeopleToErase
    ledger: Ledger
    holds: LegalHolds
    queue: EraseQueue
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Case:
    """Why erasures are opened. The same case for the same person is the same erasure."""

    asker: Asker
    case_id: str
    reason: str | None = None
    legal_reference: str | None = None
    request_id: str | None = None
    answers: tuple[AnswerKey, ...] = ()
    """Answers that the person has shown to be theirs."""


def open_erasure(person_id: str, case: Case, work: Opening) -> Erasure:
    """Write an erasure and bring it to the eraser; one that a legal hold forbids is written as refused, with the hold's reason."""
    now = work.now()
    erasure = Erasure(
        erasure_id=erasure_id_of(person_id, case.case_id),
        person_id=person_id,
        asker=case.asker,
        asked_at=now,
        reason=case.reason,
        legal_reference=case.legal_reference,
        request_id=case.request_id,
    )
    if hold := next(iter(work.holds.in_force(work.people.lookups_of(person_id))), None):
        erasure = replace(refused_by(hold, erasure, now), step=Step.DONE, person_id=None)
    work.ledger.open(erasure)
    if erasure.refusal is None:
        if case.answers:
            work.ledger.note_answers(erasure.erasure_id, case.answers)
        work.queue.erase(erasure.erasure_id)
    return erasure


def open_for(kind: IdentityKind, identifier: str, case: Case, work: Opening) -> Sequence[Erasure]:
    """One erasure for each person with that identifier; none at all where a hold is on one of them.

    Raises `NobodyError` and `HeldError`.
    """
    persons = work.people.persons_of(kind, identifier)
    if not persons:
        raise NobodyError
    for person_id in persons:
        for hold in work.holds.in_force(work.people.lookups_of(person_id)):
            raise HeldError(hold)
    return [open_erasure(person_id, case, work) for person_id in persons]


def erasure_id_of(person_id: str, case_id: str) -> str:
    """Both are random, so it leads to neither."""
    return id_from(ERASURE, sha256(f"{case_id}|{person_id}".encode()).digest())
