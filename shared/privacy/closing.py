"""The end of an erasure: what was done is counted and signed, and then it is forgotten whom it was about."""

from collections import Counter
from dataclasses import replace

from shared.privacy.erasure import Erasure, Ours, Step
from shared.privacy.steps import BATCH, DROP, SECOND, Erasing, counted, next_step, some_notes


def close(erasure: Erasure, _person_id: str, work: Erasing) -> Erasure:
    """Count the notes, decide the receipt's id and time, sign it, drop the notes, and with them the person's id.

    Id and time are written down before anything is signed, so that there is one receipt however often it is signed.
    """
    phase, _, after = (erasure.cursor or "count:").partition(":")
    match phase:
        case "count":
            notes = some_notes(erasure, after, work)
            erasure = counted(erasure, sum(map(counts_of, notes), Counter[str]()))
            return replace(erasure, cursor=f"count:{notes[-1].key.answer_id}" if len(notes) == BATCH else "decide")
        case "decide":
            return replace(erasure, cursor="sign", receipt_id=work.new_receipt_id(), done_at=work.now())
        case "sign":
            receipt_id = work.receipts.sign(erasure, work.ledger.recipients(erasure.erasure_id))
            return replace(erasure, cursor=DROP, receipt_id=receipt_id)
        case _:
            if work.ledger.forget_answers(erasure.erasure_id, BATCH):
                return erasure
            return replace(next_step(erasure, Step.DONE), person_id=None)


def counts_of(note: Ours) -> Counter[str]:
    """What was done about one answer."""
    done = {"answers.anonymised": int(note.anonymised), "answers.withdrawn": int(note.withdrawn)}
    counts = {(SECOND if note.late else "") + name: count for name, count in done.items()}
    late_messages = len(note.late_messages - note.messages)
    return Counter(counts | {"outbox.messages": len(note.messages), SECOND + "outbox.messages": late_messages})
