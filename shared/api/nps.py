"""`GET …/nps`: what is asked for, and the report of it. Everything comes from rollups, so its cost does not grow with the answers."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from shared import dimension as dim
from shared.api.nps_messages import BandView, IntervalView, NpsReport, WithheldView
from shared.api.problem import Invalid, invalid_parameter
from shared.periods import Period, PeriodError, default_period, local_day
from shared.rollup import Bins, RowDay
from shared.scoring import HIGHEST_SCORE, Histogram, band, interval, nps
from shared.survey import Survey
from shared.withholding import GroupFigures, Shown, Withheld, withhold_small_groups

SEGMENT: Final = "segment"
_PARAMETERS: Final = ("from", "to", *dim.PLAIN, SEGMENT)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOST_FILTERS: Final = 2


class NpsQuery(NamedTuple):
    """Which days, and which row of the rollups: `all`, one value of a dimension, or two values of a declared pair."""

    period: Period
    row: str
    today: date
    """The survey's local day on which it is asked."""


def query_of(parameters: Mapping[str, str], survey: Survey, now: datetime) -> NpsQuery:
    """Read the parameters; one that is repeated comes joined by commas, which no value contains. Raises `Invalid`."""
    for name in parameters:
        if name not in _PARAMETERS:
            raise Invalid(f"Only these parameters are allowed: {', '.join(_PARAMETERS)}.")
    today = local_day(now, survey.settings.time_zone)
    return NpsQuery(period_of(parameters, today), _row(parameters, survey), today)


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
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # such as the 30th of February
    raise invalid_parameter(name, "a day of the calendar, YYYY-MM-DD, is expected")


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
    pairs = ", ".join(f"{one} with {other}" for one, other in survey.settings.pairs) or "none"
    raise Invalid(f"Filter by one dimension, or by two that are a declared pair. Declared pairs: {pairs}.")


def filters_of(parameters: Mapping[str, str], survey: Survey) -> list[tuple[str, str]]:
    """The dimensions and values asked for, each a declared one or `other`."""
    declared = survey.settings.declared()
    given = [(name, name, parameters[name]) for name in dim.PLAIN if name in parameters]
    for text in parameters[SEGMENT].split(",") if SEGMENT in parameters else ():
        key, _, value = text.partition(":")
        if dim.SEGMENT + key not in declared:
            keys = ", ".join(segment.key for segment in survey.settings.segments) or "none"
            raise invalid_parameter(SEGMENT, f"key:value with a declared key is expected. Declared keys: {keys}")
        given.append((SEGMENT, dim.SEGMENT + key, value))
    for parameter, name, value in given:
        allowed = (*declared[name], dim.OTHER)
        if value not in allowed:
            raise invalid_parameter(parameter, f"one of these values of {name} is expected: {', '.join(allowed)}")
    return [(name, value) for _, name, value in given]


def report_of(survey: Survey, query: NpsQuery, sums: Mapping[RowDay, Bins], *, may_read_answers: bool) -> NpsReport:
    """The report of `query`. `sums` are the period's rows: the one asked for and `all`. Raises `NegativeCountError`."""
    group, everyone = _histogram(sums, query.row), _histogram(sums, dim.ALL)
    is_everyone = query.row == dim.ALL
    figures: GroupFigures = Shown(group)
    if not is_everyone:
        figures = withhold_small_groups(group, everyone, query.period, today=query.today, may_read_answers=may_read_answers)
    if isinstance(figures, Withheld):
        return _withheld(survey, query, figures)
    shown = figures.histogram
    spread, verdict = interval(shown), band(shown, survey.settings.default_locale)
    return NpsReport(
        survey_id=survey.survey_id,
        first=query.period.first,
        last=query.period.last,
        answers=shown.answers,
        promoters=shown.promoters,
        passives=shown.passives,
        detractors=shown.detractors,
        distribution=shown.to_tuple(),
        nps=nps(shown),
        interval=IntervalView(low=spread.low, high=spread.high, confidence=spread.confidence, method=spread.method) if spread else None,
        band=BandView(key=verdict.key, label=verdict.label),
    )


def _withheld(survey: Survey, query: NpsQuery, figures: Withheld) -> NpsReport:
    return NpsReport(
        survey_id=survey.survey_id,
        first=query.period.first,
        last=query.period.last,
        answers=None,
        promoters=None,
        passives=None,
        detractors=None,
        distribution=None,
        nps=None,
        interval=None,
        band=None,
        withheld=WithheldView(reason=figures.reason),
    )


def _histogram(sums: Mapping[RowDay, Bins], wanted: str) -> Histogram:
    counts = [0] * (HIGHEST_SCORE + 1)
    for (_, row, _), bins in sums.items():
        if row == wanted:
            for score, count in bins.items():
                counts[score] += count
    return Histogram.from_tuple(tuple(counts))
