"""Which answers are set aside as they come, and which are after the fact. The one who answers is told nothing of it."""

from dataclasses import replace
from datetime import datetime

from shared import answer_id as ids
from shared.answer import Answer, AnswerKey, Standing, SuspicionReason, quarantined_for
from shared.api.messages import NewAnswer
from shared.counting.reach import needs_announcing
from shared.intake.ports import Answers, TouchedPartitions, TrafficUnavailableError
from shared.intake.suspicion import suspicions_of
from shared.intake.traffic import Flood, Sender, Watch


def judged(answer: Answer, new: NewAnswer, sender: Sender | None, watch: Watch, now: datetime) -> Answer:
    """The new answer, set aside where it is suspicious. Without a `sender`, as of a proven person, its network is not looked at."""
    reasons = suspicions_of(new)
    if sender is not None and watch.knows_flood(sender, now):
        reasons = (*reasons, SuspicionReason.NETWORK)
    return replace(answer, standing=Standing.QUARANTINED, suspicions=reasons) if reasons else answer


def weigh(answer: Answer, sender: Sender, watch: Watch, answers: Answers, touched: TouchedPartitions, now: datetime) -> bool:  # noqa: PLR0913, PLR0917 - what, whose, where
    """Take note of a stored answer, and set aside what turns out to be a flood; False where that could not be found out."""
    try:
        flood = watch.note(sender, answer.key.answer_id, now)
        if flood is not None:
            _set_aside(flood, sender, answers, touched, now)
            watch.settle(flood)
    except TrafficUnavailableError:
        return False
    return True


def _set_aside(flood: Flood, sender: Sender, answers: Answers, touched: TouchedPartitions, now: datetime) -> None:
    for text in sorted(flood.answer_ids):
        answer_id = ids.parse(text)
        key = AnswerKey.of(sender.survey, answer_id)
        if needs_announcing(answer_id, now):
            touched.touch(key.partition, now)
        answers.change(key, quarantined_for(SuspicionReason.NETWORK), now)
