"""What goes over the wire with answers that were set aside."""

from datetime import datetime
from typing import Self

from msgspec import field

from shared.answer import Answer, Standing, SuspicionReason
from shared.api.messages import RequestBody, ResponseBody
from shared.quarantine import DecisionReason
from shared.scoring import NpsClass, classify


class DecisionBody(RequestBody, frozen=True, kw_only=True):
    """Why; the body may be left out."""

    reason: DecisionReason | None = None


class SetAside(ResponseBody, frozen=True, kw_only=True):
    """An answer, whether it counts, and why it was suspicious, if it was. `class` is the score's, counted or not."""

    answer_id: str
    answered_at: datetime
    score: int
    nps_class: NpsClass = field(name="class")
    standing: Standing
    suspicions: tuple[SuspicionReason, ...]

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """That answer."""
        return cls(
            answer_id=answer.key.answer_id,
            answered_at=answer.instant,
            score=answer.score,
            nps_class=classify(answer.score),
            standing=answer.standing,
            suspicions=answer.suspicions,
        )


class Quarantine(ResponseBody, frozen=True, kw_only=True):
    """A page of answers that are set aside, oldest first. A page may be short, or empty, and yet have a next one."""

    survey_id: str
    answers: tuple[SetAside, ...]
    next_cursor: str | None
