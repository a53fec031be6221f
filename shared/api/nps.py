"""What reports are asked for: the surveys, the days, what to compare them with, and the rows of the group."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from shared import dimension as dim
from shared.api.problem import Invalid, invalid_parameter
from shared.api.waves_asked import WAVE, days_of, wave_asked, wave_before
from shared.periods import Period, PeriodError, default_period, local_day
from shared.phrase import Phrase
from shared.reporting.counts import Part
from shared.reporting.spans import just_before, share_a_day, year_before
from shared.survey import Survey

SEGMENT: Final = "segment"
SURVEYS: Final = "surveys"
COMPARE: Final = "compare"
IDENTITY_ROWS: Final = tuple(dim.row_of(dim.IDENTITY, value) for value in (dim.IDENTIFIED, dim.ANONYMOUS))
FILTERS: Final = (*dim.PLAIN, SEGMENT)
MOST_SURVEYS: Final = 10
_PARAMETERS: Final = ("from", "to", WAVE, *FILTERS, SURVEYS, COMPARE)
_PREVIOUS: Final = "previous"
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOST_FILTERS: Final = 2
_TO: Final = ".."
_NONE: Final = Phrase("none")


class NpsQuery(NamedTuple):
    """Of which surveys, the path's first, each with its row: `all`, one value of a dimension, or two of a declared pair; and which days."""

    parts: tuple[Part, ...]
    period: Period
    compared: Period | None = None

    @property
    def is_of_everybody(self) -> bool:
        """Whether no group is asked for."""
        return self.parts[0].row == dim.ALL


def query_of(parameters: Mapping[str, str], surveys: Sequence[Survey], now: datetime) -> NpsQuery:
    """Read the parameters; one that is repeated comes joined by commas, which no value contains. Raises `Invalid`."""
    refuse_unknown(parameters, _PARAMETERS)
    parts = parts_of(parameters, surveys, now)
    period = days_asked(parameters, parts[0])
    return NpsQuery(parts, period, compared_of(parameters, period, parts[0]))


def refuse_unknown(parameters: Mapping[str, str], allowed: Sequence[str]) -> None:
    """Refuse a parameter that is not one of those. Raises `Invalid`."""
    if not set(parameters) <= set(allowed):
        raise Invalid(Phrase("Only these parameters are allowed: {names}.", names=tuple(allowed)))


def survey_ids_of(parameters: Mapping[str, str], survey_id: str) -> tuple[str, ...]:
    """The surveys that are asked for, each once, the path's first. Raises `Invalid`."""
    listed = parameters[SURVEYS].split(",") if SURVEYS in parameters else []
    wanted = tuple(dict.fromkeys([survey_id, *listed]))
    if len(wanted) > MOST_SURVEYS:
        raise no_such_surveys()
    return wanted


def no_such_surveys() -> Invalid:
    """The refusal of surveys to pool."""
    expected = "ids of existing surveys are expected, separated by commas, at most {most} with the path's"
    return invalid_parameter(SURVEYS, Phrase(expected, most=MOST_SURVEYS))


def parts_of(parameters: Mapping[str, str], surveys: Sequence[Survey], now: datetime) -> tuple[Part, ...]:
    """Each survey with its row of the group that is asked for, which each must declare. Raises `Invalid`."""
    return tuple(Part(survey, _row(parameters, survey), local_day(now, survey.settings.time_zone)) for survey in surveys)


def days_asked(parameters: Mapping[str, str], part: Part, usual: timedelta | None = None) -> Period:
    """The days of a wave of the path's survey, or those of `period_of`. Raises `Invalid`."""
    wave = wave_asked(parameters, part.survey)
    return days_of(wave, part.today) if wave else period_of(parameters, part.today, usual)


def period_of(parameters: Mapping[str, str], today: date, usual: timedelta | None = None) -> Period:
    """Read `from` and `to`; without `from`, the usual days before the last, or the 30 days that end on it. Raises `Invalid`."""
    last = _day(parameters, "to") or today
    try:
        return Period(_day(parameters, "from") or (default_period(last).first if usual is None else last - usual), last)
    except (PeriodError, OverflowError):
        raise invalid_parameter("from", "a day up to `to`, and at most 3660 days with it, is expected") from None


def _day(parameters: Mapping[str, str], name: str) -> date | None:
    text = parameters.get(name)
    if text is None:
        return None
    try:
        return calendar_day(text)
    except ValueError:
        raise invalid_parameter(name, "a day of the calendar, YYYY-MM-DD, is expected") from None


def _row(parameters: Mapping[str, str], survey: Survey) -> str:
    wanted = list(filters_of(parameters, survey))
    if not wanted:
        return dim.ALL
    if len(wanted) == 1:
        return dim.row_of(*wanted[0])
    chosen = dict(wanted)
    for one, other in survey.settings.pairs:
        if len(wanted) == _MOST_FILTERS and chosen.keys() == {one, other}:
            return dim.pair_row_of(dim.row_of(one, chosen[one]), dim.row_of(other, chosen[other]))
    raise Invalid(Phrase("Filter by one dimension, or by two that are a declared pair. Declared pairs: {pairs}.", pairs=pairs_of(survey)))


def pairs_of(survey: Survey) -> tuple[str, ...]:
    """The survey's pairs, as refusals name them."""
    return tuple(Phrase("{one} with {other}", one=one, other=other) for one, other in survey.settings.pairs) or (_NONE,)


def filters_of(parameters: Mapping[str, str], survey: Survey) -> list[tuple[str, str]]:
    """The dimensions and values asked for, each a declared one or `other`."""
    declared = survey.settings.declared()
    given = [(name, name, parameters[name]) for name in dim.PLAIN if name in parameters]
    for text in parameters[SEGMENT].split(",") if SEGMENT in parameters else ():
        key, _, value = text.partition(":")
        if dim.SEGMENT + key not in declared:
            keys = tuple(segment.key for segment in survey.settings.segments) or (_NONE,)
            raise invalid_parameter(SEGMENT, Phrase("key:value with a declared key is expected. Declared keys: {keys}", keys=keys))
        given.append((SEGMENT, dim.SEGMENT + key, value))
    for parameter, name, value in given:
        allowed = (*declared[name], dim.OTHER)
        if value not in allowed:
            raise invalid_parameter(parameter, Phrase("one of these values of {name} is expected: {values}", name=name, values=allowed))
    return [(name, value) for _, name, value in given]


def compared_of(parameters: Mapping[str, str], period: Period, part: Part) -> Period | None:
    """The period to compare with, which may share no day with it: its answers would stand on both sides. Raises `Invalid`."""
    wanted = parameters.get(COMPARE)
    if wanted is None:
        return None
    wave = wave_asked(parameters, part.survey)
    try:
        if wanted == _PREVIOUS and wave:
            other = wave_before(wave, part.survey, part.today)
        else:
            other = {_PREVIOUS: just_before, "year": year_before}[wanted](period) if _TO not in wanted else _span(wanted)
    except (KeyError, ValueError):
        raise invalid_parameter(COMPARE, "previous, year, or two days as FROM..TO (at most 3660 days) are expected") from None
    if share_a_day(period, other):
        raise invalid_parameter(COMPARE, "a period that shares no day with the one from `from` to `to` is expected")
    return other


def _span(text: str) -> Period:
    """Read FROM..TO. Raises `ValueError`."""
    first, last = (calendar_day(day) for day in text.split(_TO))
    return Period(first, last)


def calendar_day(text: str) -> date:
    """Read YYYY-MM-DD, of a day that the calendar has. Raises `ValueError`."""
    if not _DAY.fullmatch(text):
        raise ValueError
    return date.fromisoformat(text)
