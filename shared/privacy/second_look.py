"""The second look at everything, once whatever was under way at the mark has come to its end: a collect that had read before it, say.

Nothing of People can have come since the mark, by the conditions of its writes; that is looked at all the same.
"""

from dataclasses import replace

from shared.privacy.erasure import Erasure, Step
from shared.privacy.steps import BATCH, SECOND, Erasing, counted, forget_messages, gather_some, next_step, part, some_notes


def sweep(erasure: Erasure, person_id: str, work: Erasing) -> Erasure:
    """One part of it; the cursor says which, and where that goes on."""
    phase, _, after = (erasure.cursor or "key").partition(":")
    match phase:
        case "key":
            held = int(work.keys.holds(person_id))
            return replace(counted(erasure, {"keys": held}, SECOND), cursor="destroy")
        case "destroy":
            work.keys.destroy(person_id)
            return replace(erasure, cursor="gather:")
        case "gather":
            further = gather_some(erasure, person_id, after, work)
            return replace(erasure, cursor=f"gather:{further}" if further else "answers:")
        case "answers":
            return _answers(erasure, person_id, after, work)
        case _:
            return _people(erasure, person_id, work)


def _answers(erasure: Erasure, person_id: str, after: str, work: Erasing) -> Erasure:
    notes = some_notes(erasure, after, work)
    forget_messages(erasure, part(erasure, notes, person_id, work, late=True), work, late=True)
    return replace(erasure, cursor=f"answers:{notes[-1].key.answer_id}" if len(notes) == BATCH else "people")


def _people(erasure: Erasure, person_id: str, work: Erasing) -> Erasure:
    if erasure.cursor == "people":
        return replace(counted(erasure, work.people.holdings(person_id), SECOND), cursor="delete")
    if work.people.delete_some(person_id, BATCH):
        return erasure
    return replace(next_step(erasure, Step.RECEIPT), next_at=work.now() + work.stragglers)
