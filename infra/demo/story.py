"""What happened in the demo's year, and what it did to how customers felt. Days are counted back, so the story never ages."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, exp, pi
from typing import Final

from infra.demo.surveys import DemoSurvey

RELEASE_DAYS_AGO: Final = 168
HOTFIX_DAYS_AGO: Final = 119
CARRIER_DAYS_AGO: Final = 63
_SUPPORT_HIRES_DAYS_AGO: Final = 210
_HARM: Final = -5.0
_NOT_HIT: Final = -0.1
_HEALING_DAYS: Final = 16.0
_CHRISTMAS: Final = -1.1
_BLACK_FRIDAY: Final = -0.7
_CARRIER: Final = 0.7
_HIRES: Final = 0.8


@dataclass(frozen=True, slots=True)
class Moment:
    """One answer's circumstances. `days_ago` is counted from the day that the story is told from, which may be before `day`."""

    day: date
    days_ago: int
    touchpoint: str
    segments: dict[str, str]


def told_from(today: date) -> date:
    """The day that all others are counted back from: the week's Monday, so that what happened whole weeks ago changed whole weeks."""
    return today - timedelta(days=today.weekday())


def mood(survey: DemoSurvey, moment: Moment) -> float:
    """How far, in points of the scale, the moment moves an answer from the survey's usual level."""
    about_place = survey.touchpoints.get(moment.touchpoint, 0.0)
    about_person = sum(survey.moods.get(f"{key}:{value}", 0.0) for key, value in moment.segments.items())
    return about_place + about_person + _season(moment) + _release(survey, moment) + _mended(survey, moment)


def volume(survey: DemoSurvey, day: date, days_ago: int) -> float:
    """How many answers a day brings, on average: fewer at weekends, more before Christmas, more as the company grows."""
    weekend = 0.55 if day.isoweekday() >= 6 else 1.12  # noqa: PLR2004 - Saturday and Sunday
    growth = 1.25 - 0.5 * days_ago / survey.days
    year = 1 + 0.18 * cos(2 * pi * (day.timetuple().tm_yday - 345) / 365)
    rush = 1.5 if is_black_friday(day) or is_before_christmas(day) else 1.0
    return survey.a_day * weekend * growth * year * rush


def is_before_christmas(day: date) -> bool:
    """The fortnight in which everybody orders."""
    return (12, 8) <= (day.month, day.day) <= (12, 24)


def is_black_friday(day: date) -> bool:
    """The last full week of November, when deliveries are late."""
    return (11, 22) <= (day.month, day.day) <= (11, 29)


def is_broken_by_release(survey: DemoSurvey, moment: Moment) -> bool:
    """Whether the release had broken what this customer uses, and the hotfix was not out yet."""
    return survey.has_release and HOTFIX_DAYS_AGO < moment.days_ago <= RELEASE_DAYS_AGO and moment.segments.get("plan") == "pro"


def _release(survey: DemoSurvey, moment: Moment) -> float:
    """The release hurts one plan at once; after the hotfix trust comes back slowly."""
    if not survey.has_release or moment.days_ago > RELEASE_DAYS_AGO:
        return 0.0
    harm = _HARM if moment.segments.get("plan") == "pro" else _NOT_HIT
    return harm if moment.days_ago > HOTFIX_DAYS_AGO else harm * exp((moment.days_ago - HOTFIX_DAYS_AGO) / _HEALING_DAYS)


def _season(moment: Moment) -> float:
    if moment.touchpoint not in {"delivery", "support"}:
        return 0.0
    if is_before_christmas(moment.day):
        return _CHRISTMAS
    return _BLACK_FRIDAY if is_black_friday(moment.day) else 0.0


def _mended(survey: DemoSurvey, moment: Moment) -> float:
    """What the company did about what its customers said: a second carrier in the north, more people in support."""
    better = 0.0
    is_far = moment.segments.get("region") in {"norte", "nordeste"}
    if survey.has_carrier and is_far and moment.touchpoint == "delivery" and moment.days_ago <= CARRIER_DAYS_AGO:
        better += _CARRIER
    if moment.touchpoint == "support" and moment.days_ago <= _SUPPORT_HIRES_DAYS_AGO:
        better += _HIRES
    return better
