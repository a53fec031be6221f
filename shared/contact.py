"""Whether a person may be asked again: what is remembered of when they were, and the survey's rules."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.survey import Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """When a person was last asked. Answers and dismissals are of any survey; displays of one."""

    answered_at: datetime | None = None
    dismissed_at: datetime | None = None
    shown: int = 0
    """How often since they answered or dismissed the question last."""


def may_ask(history: History, survey: Survey, now: datetime) -> bool:
    """Whether the survey may ask them now: they neither answered nor dismissed it too lately, nor were shown it too often."""
    settings = survey.settings
    if history.answered_at and now < history.answered_at + timedelta(days=settings.recontact_days):
        return False
    if history.dismissed_at and now < history.dismissed_at + timedelta(days=settings.display.dismissed_days):
        return False
    return history.shown < settings.display.most_displays


def remembered_for(survey: Survey) -> timedelta:
    """How long somebody is kept who is known only from having been asked."""
    return timedelta(days=max(survey.settings.recontact_days, survey.settings.display.dismissed_days))
