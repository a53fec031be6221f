"""Waves in what reports are asked for."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from shared.api.problem import Invalid, invalid_parameter
from shared.periods import LONGEST_PERIOD, Period, PeriodError
from shared.phrase import Phrase
from shared.survey import Survey
from shared.survey_waves import NoSuchWaveError, wave_of
from shared.wave import Wave

WAVE: Final = "wave"


def wave_asked(parameters: Mapping[str, str], survey: Survey) -> Wave | None:
    """The wave whose days are asked for, in place of `from` and `to`. Raises `Invalid`."""
    if WAVE not in parameters:
        return None
    if "from" in parameters or "to" in parameters:
        raise invalid_parameter(WAVE, "either a wave, or from and to, is expected")
    try:
        return wave_of(survey, parameters[WAVE])
    except NoSuchWaveError:
        raise invalid_parameter(WAVE, "the wave_id of one of the survey's waves is expected") from None


def days_of(wave: Wave, today: date) -> Period:
    """The days of a wave, up to today while it is open. Raises `Invalid`."""
    try:
        return Period(wave.first_day, wave.last_day or max(today, wave.first_day))
    except PeriodError:
        expected = "a wave of at most {most} days is expected; ask for some of its days"
        raise invalid_parameter(WAVE, Phrase(expected, most=LONGEST_PERIOD)) from None


def wave_before(wave: Wave, survey: Survey, today: date) -> Period:
    """The days of the wave before one. Raises `Invalid`."""
    earlier = [each for each in survey.waves if each.first_day < wave.first_day]
    if not earlier:
        raise Invalid("This is the survey's first wave: compare it with two days as FROM..TO.")
    return days_of(max(earlier, key=lambda each: each.first_day), today)


def usual_of_waves(survey: Survey, today: date) -> timedelta:
    """How far back a series of waves goes: to the first wave, at most 3,660 days."""
    first = min((wave.first_day for wave in survey.waves), default=today)
    return timedelta(days=min(max((today - first).days, 0), LONGEST_PERIOD - 1))
