"""Waves of a survey: begun, closed, renamed. Each step gives the survey as it is then, and moves no answer that has been counted."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from msgspec.structs import replace

from shared.periods import LONGEST_PERIOD
from shared.phrase import Phrase
from shared.survey import MOST_WAVES, Survey
from shared.survey_rules import SurveyRuleError
from shared.wave import Wave

_FIRST: Final = "/first_day"
_LAST: Final = "/last_day"
_EARLIEST: Final = date(2000, 1, 1)


class NoSuchWaveError(Exception):
    """The survey has no wave of this id."""


def begun(survey: Survey, wave: Wave, today: date) -> Survey:
    """The survey with another wave, open or closed already. Raises `SurveyRuleError`."""
    if len(survey.waves) >= MOST_WAVES:
        raise SurveyRuleError(Phrase("a survey has at most {most} waves", most=MOST_WAVES), "")
    if wave.last_day is None and any(each.last_day is None for each in survey.waves):
        raise SurveyRuleError("another wave is open: close that one first", _FIRST)
    _check(wave, survey.waves, today, _FIRST)
    return _with(survey, (*survey.waves, wave))


def wave_closed(survey: Survey, wave_id: str, last_day: date | None, today: date) -> Survey:
    """The survey with the wave's last day set: `today` unless given. A closed wave's is moved where one is given, else nothing changes.

    Raises `NoSuchWaveError`, `SurveyRuleError`.
    """
    wave = wave_of(survey, wave_id)
    closed = replace(wave, last_day=last_day or wave.last_day or max(today, wave.first_day))
    _check(closed, (each for each in survey.waves if each is not wave), today, _LAST)
    return _replaced(survey, wave, closed)


def wave_renamed(survey: Survey, wave_id: str, name: str) -> Survey:
    """The survey with another name of the wave. Raises `NoSuchWaveError`."""
    wave = wave_of(survey, wave_id)
    return _replaced(survey, wave, replace(wave, name=name))


def wave_of(survey: Survey, wave_id: str) -> Wave:
    """The wave of this id. Raises `NoSuchWaveError`."""
    for wave in survey.waves:
        if wave.wave_id == wave_id:
            return wave
    raise NoSuchWaveError


def _check(wave: Wave, others: Iterable[Wave], today: date, pointer: str) -> None:
    if wave.last_day is not None and wave.last_day < wave.first_day:
        raise SurveyRuleError("the last day is not before the first", _LAST)
    if wave.first_day < _EARLIEST or (wave.last_day or wave.first_day) > today + timedelta(days=LONGEST_PERIOD):
        expected = "a day from {earliest} on, at most {most} days ahead, is expected"
        raise SurveyRuleError(Phrase(expected, earliest=_EARLIEST, most=LONGEST_PERIOD), pointer)
    if wave.last_day is not None and (wave.last_day - wave.first_day).days >= LONGEST_PERIOD:
        raise SurveyRuleError(Phrase("a wave has at most {most} days", most=LONGEST_PERIOD), _LAST)
    if any(wave.meets(other) for other in others):
        raise SurveyRuleError("another wave has some of these days", pointer)


def _replaced(survey: Survey, before: Wave, after: Wave) -> Survey:
    return survey if after == before else _with(survey, (after if wave is before else wave for wave in survey.waves))


def _with(survey: Survey, waves: Iterable[Wave]) -> Survey:
    return replace(survey, waves=tuple(sorted(waves, key=lambda wave: wave.first_day)), revision=survey.revision + 1)
