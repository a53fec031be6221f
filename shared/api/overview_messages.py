"""Surveys as whoever reads scores needs them: what they are called, and what they can be cut by."""

from typing import Self

from shared.api.messages import ResponseBody
from shared.survey import Segment, Survey, SurveyStatus, Touchpoint
from shared.wave import Wave


class SurveyOverview(ResponseBody, frozen=True, kw_only=True):
    """One survey's name, dimensions and waves; nothing of its texts, its legal side or where it is shown."""

    survey_id: str
    name: str
    company: str
    status: SurveyStatus
    time_zone: str
    locales: tuple[str, ...]
    touchpoints: tuple[Touchpoint, ...]
    channels: tuple[str, ...]
    variants: tuple[str, ...]
    segments: tuple[Segment, ...]
    pairs: tuple[tuple[str, str], ...]
    waves: tuple[Wave, ...]
    goal: int | None

    @classmethod
    def of(cls, survey: Survey) -> Self:
        """The survey's."""
        settings = survey.settings
        return cls(
            survey_id=survey.survey_id,
            name=settings.name,
            company=settings.company,
            status=survey.status,
            time_zone=settings.time_zone,
            locales=settings.locales,
            touchpoints=settings.touchpoints,
            channels=settings.channels,
            variants=settings.variants,
            segments=settings.segments,
            pairs=settings.pairs,
            waves=survey.waves,
            goal=settings.goal,
        )


class SurveyOverviews(ResponseBody, frozen=True, kw_only=True):
    """All surveys, by id."""

    surveys: tuple[SurveyOverview, ...]
