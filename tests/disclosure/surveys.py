"""Small surveys, drawn at random or set up to be hard: few answers, empty weeks, values that everybody or nobody has."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from shared import dimension as dim
from shared.rollup import Bins, RowDay
from shared.survey import Segment, Survey, Touchpoint
from tests.fakes.samples import settings_of, survey_of

MONDAY: Final = date(2026, 2, 16)
"""The first day of a span of four weeks."""
NAMES: Final = ("touchpoint", "segment.plan", "segment.region")
PAIRS: Final = (("touchpoint", "segment.plan"), ("segment.plan", "segment.region"), ("touchpoint", "segment.region"))
VALUES: Final = ("a", "b", "c")
NOBODY: Final = ""
"""Stands for no value."""


class Given(NamedTuple):
    """An answer: on which day, with which value of each dimension, and on which day of asking it was there."""

    day: date
    values: tuple[str, ...]
    score: int
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Small:
    """A survey and its answers, and the days on which somebody asks for all figures."""

    survey: Survey
    answers: tuple[Given, ...]
    asked_on: tuple[date, ...]

    def sums(self, asked: int) -> dict[RowDay, Bins]:
        """The rollups as they were at one of the days of asking."""
        sums: dict[RowDay, Bins] = {}
        for answer in self.answers:
            if answer.asked <= asked:
                given = {name: value for name, value in zip(NAMES, answer.values, strict=False) if value != NOBODY}
                for row in self.survey.rows_of(given):
                    sums.setdefault(RowDay(self.survey.survey_id, row, answer.day.isoformat()), Counter())[answer.score] += 1
        return sums


def small(
    answers: Iterable[Given],
    pairs: Iterable[tuple[str, str]] = (),
    asked_on: Iterable[date] = (MONDAY + timedelta(days=365),),
    survey_id: str = "loja",
) -> Small:
    """A survey of the dimensions that the answers have values in."""
    settings = settings_of(
        touchpoints=tuple(Touchpoint(key=value, label=value) for value in VALUES),
        channels=(),
        segments=(Segment(key="plan", values=VALUES), Segment(key="region", values=VALUES)),
        pairs=tuple(pairs),
    )
    return Small(survey_of(survey_id, settings), tuple(answers), tuple(asked_on))


def many(number: int, week: int, *values: str, day: int = 0, asked: int = 0) -> list[Given]:
    """Answers of one kind on one day of a week, the first being week 0."""
    return [Given(MONDAY + timedelta(weeks=week, days=day), values, score % 11, asked) for score in range(number)]


def drawn(seed: int) -> Small:
    """A survey of one or two spans; some weeks empty or of one answer, some values rare."""
    random = Random(seed)
    dimensions = random.choice((2, 2, 3))
    weeks = random.choice((4, 4, 8))
    weights = [[random.choice((0, 1, 3, 10, 30)) for _ in (*VALUES, dim.OTHER, NOBODY)] for _ in range(dimensions)]
    answers = []
    for week in range(weeks):
        busy = [week * 7 + random.randrange(7) for _ in range(random.choice((1, 1, 2)))]
        for _ in range(random.choice((0, 1, 5, 12, 25, 40))):
            values = tuple(random.choices((*VALUES, dim.OTHER, NOBODY), weigh if any(weigh) else None)[0] for weigh in weights)
            answers.append(Given(MONDAY + timedelta(days=random.choice(busy)), values, random.randrange(11)))
    pairs = random.sample(
        [pair for pair in PAIRS if set(pair) <= set(NAMES[:dimensions])], k=random.choice((0, 1, 1, 2, 3)) % (2 * dimensions - 2)
    )
    after = MONDAY + timedelta(weeks=weeks)
    return small(answers, pairs, (after, after + timedelta(days=365)))
