"""Events on the bus: ids, enums and numbers only. Additive within a version; delivery is at least once with a constant id."""

from datetime import datetime
from typing import Final, Literal

from msgspec import Struct, field

from shared import dimension as dim
from shared.answer import Answer
from shared.scoring import NpsClass

SOURCE: Final = "recomenda"


class Metadata(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who says what, when: `id` is `answer_id#rev`, the same however often the event is delivered."""

    id: str
    version: Literal[1] = 1
    occurred_at: datetime


class AnswerClassifiedData(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What became of an answer. Class and score are null once it was withdrawn or superseded."""

    survey_id: str
    answer_id: str
    revision: int
    nps_class: NpsClass | None = field(name="class")
    previous_class: NpsClass | None
    score: int | None
    touchpoint: str | None
    channel: str | None
    finished: bool
    commented: bool = False
    """Whether it has a comment; events made before there was this field say that it has none."""


class AnswerClassified(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`answer.classified`, version 1: the detail of the EventBridge event."""

    metadata: Metadata
    data: AnswerClassifiedData


ANSWER_CLASSIFIED: Final = "answer.classified"


def answer_classified(answer: Answer) -> AnswerClassified:
    """The event of the answer's present revision; the same however often it is made again before or after it was counted."""
    mark = answer.mark
    counted_now = mark is not None and mark.rev == answer.rev
    previous = None if mark is None else mark.previous_class if counted_now else mark.nps_class
    return AnswerClassified(
        metadata=Metadata(id=f"{answer.key.answer_id}#{answer.rev}", occurred_at=answer.changed_at),
        data=AnswerClassifiedData(
            survey_id=answer.key.survey_id,
            answer_id=answer.key.answer_id,
            revision=answer.rev,
            nps_class=answer.nps_class,
            previous_class=previous,
            score=answer.score if answer.nps_class else None,
            touchpoint=answer.dimensions.get(dim.TOUCHPOINT),
            channel=answer.dimensions.get(dim.CHANNEL),
            finished=answer.finished,
            commented=answer.commented,
        ),
    )
