"""A week's figures of a survey, beside those of the week before, and when they are due. Of all answers only: no role sees more or less."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from shared import dimension as dim
from shared.comparing import Comparison, compare
from shared.periods import Period, last_complete_weeks, zone
from shared.reporting.counts import Counts
from shared.reporting.spans import just_before
from shared.scoring import Histogram
from shared.survey import Survey, SurveyStatus

_MONDAY: Final = 1
_FROM_HOUR: Final = 8
"""Whoever opens their letters in the morning finds it there; what could not be sent is tried again while it is Monday."""


@dataclass(frozen=True, slots=True)
class SurveyWeek:
    """One survey's week."""

    name: str
    answers: Histogram
    beside_the_week_before: Comparison


def due(surveys: Iterable[Survey], now: datetime) -> Mapping[str, Sequence[Survey]]:
    """Open surveys, by name, where it is Monday and eight o'clock or later: by time zone, as a week is not the same everywhere."""
    zones: defaultdict[str, list[Survey]] = defaultdict(list)
    for survey in sorted(surveys, key=lambda survey: survey.settings.name.casefold()):
        there = now.astimezone(zone(survey.settings.time_zone))
        if survey.status is SurveyStatus.OPEN and there.isoweekday() == _MONDAY and there.hour >= _FROM_HOUR:
            zones[survey.settings.time_zone].append(survey)
    return zones


def week_of(now: datetime, time_zone: str) -> Period:
    """The newest ISO week that is over there."""
    return last_complete_weeks(1, now.astimezone(zone(time_zone)).date())


def days_to_read(week: Period) -> tuple[date, date]:
    """The first and the last day that `figures` needs."""
    return just_before(week).first, week.last


def figures(survey: Survey, counts: Counts, week: Period) -> SurveyWeek:
    """Raises `NegativeCountError` where rows were read while they changed."""
    now, before = counts.of(dim.ALL, week), counts.of(dim.ALL, just_before(week))
    return SurveyWeek(survey.settings.name, now, compare(before, now))
