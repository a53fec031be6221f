"""An answer as those who may read answers see it."""

from datetime import datetime

from msgspec import field

from shared import dimension as dim
from shared.alerts.ports import PersonFacts
from shared.answer import Answer, Standing
from shared.api.messages import ResponseBody
from shared.scoring import NpsClass
from shared.survey import Survey


class PersonView(ResponseBody, frozen=True, kw_only=True):
    """Who answered, where a signed token said so. Personal."""

    customer_id: str | None
    email: str | None
    name: str | None


class AnswerView(ResponseBody, frozen=True, kw_only=True):
    """One answer: what alerts link to. Class is null once it no longer counts; comment and person are personal."""

    survey_id: str
    answer_id: str
    answered_at: datetime
    score: int
    nps_class: NpsClass | None = field(name="class")
    standing: Standing
    finished: bool
    touchpoint: str | None
    channel: str | None
    variant: str | None
    locale: str | None
    segments: dict[str, str]
    comment: str | None
    person: PersonView | None


def view_of(survey: Survey, answer: Answer, facts: PersonFacts) -> AnswerView:
    """The answer with what People holds of its person."""
    given = answer.dimensions
    known = facts.customer_id or facts.email or facts.name
    return AnswerView(
        survey_id=survey.survey_id,
        answer_id=answer.key.answer_id,
        answered_at=answer.instant,
        score=answer.score,
        nps_class=answer.nps_class,
        standing=answer.standing,
        finished=answer.finished,
        touchpoint=given.get(dim.TOUCHPOINT),
        channel=given.get(dim.CHANNEL),
        variant=given.get(dim.VARIANT),
        locale=given.get(dim.LOCALE),
        segments={name.removeprefix(dim.SEGMENT): value for name, value in given.items() if name.startswith(dim.SEGMENT)},
        comment=facts.comment,
        person=PersonView(customer_id=facts.customer_id, email=facts.email, name=facts.name) if known else None,
    )
