"""The answers of the demo's year, made up: the same for the same day, whoever runs it."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from infra.demo import people
from infra.demo.story import Moment, is_before_christmas, is_black_friday, is_broken_by_release, mood, told_from, volume
from infra.demo.surveys import DemoSurvey
from infra.demo.words import comment
from shared.scoring import HIGHEST_SCORE, classify

_ZONE = ZoneInfo("America/Sao_Paulo")
_PLAIN = ("touchpoint", "channel", "locale")
_SECONDS_A_DAY = 86_400
_TWO_IN_THE_AFTERNOON = (50_400, 14_000)
"""Seconds after midnight around which answers come, and how far from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAnswer:
    """One answer of the past, as another system might have kept it."""

    id: str
    score: int
    answered_at: datetime
    plain: Mapping[str, str]
    segments: Mapping[str, str]
    comment: str | None = None
    person: people.Customer | None = None


def year_of(survey: DemoSurvey, today: date) -> Iterator[PastAnswer]:
    """All answers of the days before `today`, oldest first. A survey of another id has the same year, told of other customers."""
    chance = Random(f"{survey.name} {today.year}")  # noqa: S311 - repeatable, and nothing secret
    customers = people.customers(survey.customers, survey.survey_id, chance)
    numbers = count(1)
    for day in (today - timedelta(days=days) for days in range(survey.days, 0, -1)):
        days_ago = (told_from(today) - day).days
        answers = _poisson(volume(survey, day, days_ago), chance)
        for seconds in sorted(chance.gauss(*_TWO_IN_THE_AFTERNOON) % _SECONDS_A_DAY for _ in range(answers)):
            answered_at = datetime.combine(day, time.min, _ZONE) + timedelta(seconds=int(seconds))
            person = chance.choice(customers) if chance.random() < survey.identified else None
            moment, plain = _moment(survey, answered_at.date(), days_ago, person, chance)
            score = _score(survey.level + mood(survey, moment), survey.spread, chance)
            yield PastAnswer(
                id=f"{survey.survey_id}-{next(numbers):06}",
                score=score,
                answered_at=answered_at,
                plain=plain,
                segments=moment.segments,
                comment=_said(survey, moment, score, chance),
                person=person,
            )


def _moment(survey: DemoSurvey, day: date, days_ago: int, person: people.Customer | None, chance: Random) -> tuple[Moment, dict[str, str]]:
    """The circumstances, and the plain dimensions. A customer is always of the same segments."""
    given = {}
    for name, shares in survey.shares.items():
        drawn_by = person.chance_of(name) if person and name not in _PLAIN else chance
        given[name] = drawn_by.choices(tuple(shares), tuple(shares.values()))[0]
    plain = {name: given.pop(name) for name in _PLAIN}
    return Moment(day, days_ago, plain["touchpoint"], given), plain


def _said(survey: DemoSurvey, moment: Moment, score: int, chance: Random) -> str | None:
    """The unhappy write more often."""
    eager = survey.commented * (1.5 if score <= 6 else 0.9)  # noqa: PLR2004 - detractors
    if chance.random() > eager:
        return None
    is_rush = is_before_christmas(moment.day) or is_black_friday(moment.day)
    return comment(classify(score), moment.touchpoint, chance, is_broken=is_broken_by_release(survey, moment), is_rush=is_rush)


def _score(level: float, spread: float, chance: Random) -> int:
    """Most are content and some are furious: a bell cut off at the top, with a tail below."""
    drawn = chance.gauss(level, spread) if chance.random() > 0.05 else chance.uniform(0, 7)  # noqa: PLR2004 - one in twenty had a bad day
    return min(max(round(drawn), 0), HIGHEST_SCORE)


def _poisson(mean: float, chance: Random) -> int:
    """How many of rare, independent things happen (D. Knuth, The Art of Computer Programming 2, 3.4.1, algorithm Q)."""
    limit, product, number = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        number += 1
    return number
