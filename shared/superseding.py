"""Which of a person's answers count where a survey counts each person once a span (`count_once_per`): the last of them.

An answer is superseded by a later one (by id) of the same person in the same span, if that one counts or was superseded itself: so
whichever of them is settled first, and however often, the same answers are left. What is set aside or withdrawn supersedes nothing; what is
anonymous or anonymised is nobody's, and stands alone.
"""

from datetime import timedelta
from typing import Final, NamedTuple

from shared import answer_id as ids
from shared import dimension as dim
from shared.answer import NOBODY, Answer, Standing
from shared.identity import anonymous_person_id
from shared.periods import day_span, local_day
from shared.survey import Survey
from shared.wave import Wave, wave_on

SUPERSEDES: Final = frozenset({Standing.VALID, Standing.SUPERSEDED})
"""The standings in which an answer supersedes earlier ones."""
_MILLISECOND: Final = timedelta(milliseconds=1)


class Reach(NamedTuple):
    """Between which ids, both included, those lie that may be in one span with an answer."""

    first_id: str
    last_id: str


EVER: Final = Reach("0", "g")


def has_person(answer: Answer, survey: Survey) -> bool:
    """Whether it is a person's who is known, and who was not erased since."""
    return answer.person_id not in {NOBODY, anonymous_person_id(answer.key.answer_id, survey.person_salt)}


def reach_of(answer: Answer, survey: Survey) -> Reach | None:
    """Where to look for what it supersedes, or is superseded by; None where it stands alone."""
    if survey.settings.count_once_per == "none" or answer.standing not in SUPERSEDES or not has_person(answer, survey):
        return None
    if survey.settings.count_once_per == "touchpoint":
        return EVER if _touchpoint(answer) else None
    if survey.settings.count_once_per == "wave":
        wave = _wave(answer, survey)
        return _days_of(wave, survey.settings.time_zone) if wave else None
    span = _days(survey)
    return Reach(ids.first_id_at(answer.instant - span), ids.first_id_at(answer.instant + span + _MILLISECOND))


def supersedes(later: Answer, earlier: Answer, survey: Survey) -> bool:
    """Whether `later` takes the place of `earlier`, if that one counts."""
    if not later.key.answer_id > earlier.key.answer_id or later.person_id != earlier.person_id or reach_of(later, survey) is None:
        return False
    if survey.settings.count_once_per == "touchpoint":
        return _touchpoint(later) == _touchpoint(earlier)
    if survey.settings.count_once_per == "wave":
        return _wave(later, survey) == _wave(earlier, survey)
    return later.instant - earlier.instant <= _days(survey)


def _days(survey: Survey) -> timedelta:
    return timedelta(days=int(survey.settings.count_once_per.removeprefix("days:")))


def _wave(answer: Answer, survey: Survey) -> Wave | None:
    return wave_on(survey.waves, local_day(answer.instant, survey.settings.time_zone))


def _days_of(wave: Wave, time_zone: str) -> Reach:
    first = ids.first_id_at(day_span(wave.first_day, time_zone).begins)
    return Reach(first, ids.first_id_at(day_span(wave.last_day, time_zone).ends) if wave.last_day else EVER.last_id)


def _touchpoint(answer: Answer) -> str | None:
    """A declared one: two that were never declared may well be different ones."""
    touchpoint = answer.dimensions.get(dim.TOUCHPOINT)
    return None if touchpoint == dim.OTHER else touchpoint
