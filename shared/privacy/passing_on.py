"""Those who were given data of the person are told that it has to go (LGPD art. 18 §6): one step of an erasure, and the wait after it."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from shared.privacy.erasure import Erasure, Impossible, Step, TellingStatus
from shared.privacy.steps import Erasing, next_step

TELL_FOR: Final = timedelta(days=7)


def tell(erasure: Erasure, _person_id: str, work: Erasing) -> Erasure:
    """Have every receiver told; wait until all were, or for seven days."""
    now, marked_at = work.now(), erasure.marked_at or work.now()
    recipients = [each for each in work.ledger.recipients(erasure.erasure_id) if each.status is TellingStatus.WAITING]
    if not recipients:
        return next_step(erasure, Step.WAIT)
    if now < marked_at + work.in_flight:
        return replace(erasure, next_at=marked_at + work.in_flight)
    answer_ids = _answer_ids(erasure, work)
    is_over = now >= marked_at + TELL_FOR
    waiting = False
    for recipient in recipients:
        told = work.telling.look(recipient) if recipient.message_id else work.telling.tell(erasure, recipient, answer_ids)
        if is_over and told.status is TellingStatus.WAITING:
            told = replace(told, status=TellingStatus.IMPOSSIBLE, reason=Impossible.NOT_TAKEN)
        if told != recipient:
            work.ledger.note_recipient(erasure.erasure_id, told)
        waiting |= told.status is TellingStatus.WAITING
    return replace(erasure, next_at=min(now + work.look_again, marked_at + TELL_FOR)) if waiting else next_step(erasure, Step.WAIT)


def wait(erasure: Erasure, _person_id: str, work: Erasing) -> Erasure:
    """Until whatever was under way when the person was marked has come to its end; meanwhile channels may be enabled again."""
    now = work.now()
    over_at = (erasure.marked_at or now) + work.second_look
    all_told = tell_resumed(erasure, work)
    if now >= over_at:
        return next_step(erasure, Step.SWEEP)
    return replace(erasure, next_at=over_at if all_told else min(now + work.look_again, over_at))


def tell_resumed(erasure: Erasure, work: Erasing) -> bool:
    """Tell those whose channel was disabled and is no longer; whether none is left. They stay as they are written until they took it."""
    disabled = [each for each in work.ledger.recipients(erasure.erasure_id) if each.reason is Impossible.CHANNEL_DISABLED]
    answer_ids = _answer_ids(erasure, work) if disabled else []
    are_left = False
    for recipient in disabled:
        told = work.telling.tell(erasure, recipient, answer_ids)
        are_left |= told.status is TellingStatus.WAITING or told == recipient
        if told.status is not TellingStatus.WAITING and told != recipient:
            work.ledger.note_recipient(erasure.erasure_id, told)
    return not are_left


def _answer_ids(erasure: Erasure, work: Erasing) -> list[str]:
    return [note.key.answer_id for note in work.ledger.answers(erasure.erasure_id) if note.anonymised]
