"""What answers should come to, worked out without the code under test."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared import dimension as dim
from shared.answer import NOBODY, Answer, Standing
from shared.rollup import RowDay
from shared.survey import Survey

type Cell = tuple[RowDay, int]
"""One count: a row's day and a score."""


def in_place_of(later: Answer, earlier: Answer, survey: Survey) -> bool:
    """Whether one stands in the other's place."""
    if later.key.answer_id <= earlier.key.answer_id or later.key.survey_id != earlier.key.survey_id or later.person_id != earlier.person_id:
        return False
    if later.person_id == NOBODY or later.standing not in {Standing.VALID, Standing.SUPERSEDED}:
        return False
    match survey.settings.count_once_per.split(":"):
        case ["days", days]:
            return _milliseconds(later) - _milliseconds(earlier) <= int(days) * 86_400_000
        case ["touchpoint"]:
            return later.dimensions.get("touchpoint", "other") == earlier.dimensions.get("touchpoint") != "other"
        case ["wave"]:
            return any(
                wave.first_day <= _day_of(earlier, survey) <= _day_of(later, survey) <= (wave.last_day or date.max) for wave in survey.waves
            )
        case _:
            return False


def _milliseconds(answer: Answer) -> int:
    """When it was given: its id's first 48 bits are its time (RFC 9562 §5.7)."""
    return int(answer.key.answer_id.replace("-", "")[:12], 16)


def _day_of(answer: Answer, survey: Survey) -> date:
    instant = datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC")) + timedelta(milliseconds=_milliseconds(answer))
    return instant.astimezone(ZoneInfo(survey.settings.time_zone)).date()


def all_row_of(answer: Answer, survey: Survey) -> list[Cell]:
    """What the answer adds to the `all` row."""
    if answer.standing is not Standing.VALID:
        return []
    return [(RowDay(survey.survey_id, dim.ALL, _day_of(answer, survey).isoformat()), answer.score)]
