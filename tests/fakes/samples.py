"""Surveys and answers to test with."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from shared import answer_id as ids
from shared.answer import Answer, AnswerKey
from shared.survey import Segment, Survey, SurveySettings, SurveyStatus, Touchpoint

NOON: Final = datetime(2026, 3, 10, 15, tzinfo=UTC)
"""Twelve o'clock in São Paulo."""
TOUCHPOINTS: Final = ("checkout", "support", "onboarding")
PLANS: Final = ("free", "pro", "enterprise")


def settings_of(**changes: Any) -> SurveySettings:  # noqa: ANN401 - any setting
    """Settings with three touchpoints and a segment `plan`, in pairs."""
    given: dict[str, Any] = {
        "name": "Compra",
        "company": "Loja",
        "touchpoints": tuple(Touchpoint(key=key, label=key) for key in TOUCHPOINTS),
        "segments": (Segment(key="plan", values=PLANS),),
        "pairs": (("touchpoint", "segment.plan"),),
        "retention_days": 60,
    }
    return SurveySettings(**given | changes)


def survey_of(survey_id: str = "loja", settings: SurveySettings | None = None, **changes: Any) -> Survey:  # noqa: ANN401 - any field
    """An open survey."""
    given: dict[str, Any] = {"status": SurveyStatus.OPEN, "created_at": NOON, "person_salt": "salt", "buckets": 2}
    return Survey(survey_id=survey_id, settings=settings or settings_of(), **given | changes)


def key_of(survey: Survey, number: int, instant: datetime = NOON) -> AnswerKey:
    """The key of the answer with this number, given at `instant`."""
    return AnswerKey.of(survey, ids.parse(ids.mint(instant, number)))


def answer_of(
    survey: Survey,
    number: int,
    score: int = 9,
    dimensions: Mapping[str, str] | None = None,
    instant: datetime = NOON,
    **changes: Any,  # noqa: ANN401 - any field
) -> Answer:
    """A new answer, as `collect` stores it."""
    given: dict[str, Any] = {
        "person_id": f"person-{number}",
        "edit_key_hash": "0" * 64,
        "changed_at": instant,
        "dimensions": dimensions if dimensions is not None else {"touchpoint": "checkout", "segment.plan": "pro"},
    }
    return Answer(key=key_of(survey, number, instant), score=score, **given | changes)
