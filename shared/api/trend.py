"""`GET …/trend`: what is asked for, and the series of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, NamedTuple

from shared.annotation import Annotation
from shared.api.annotation_messages import AnnotationView
from shared.api.figure_views import figure_fields, shown_difference, shown_p, shown_z
from shared.api.nps import FILTERS, SURVEYS, days_asked, parts_of, refuse_unknown
from shared.api.problem import Invalid, invalid_parameter
from shared.api.trend_messages import ChangeView, TrendPoint, TrendReport
from shared.api.waves_asked import WAVE, usual_of_waves
from shared.comparing import Judged
from shared.periods import Period
from shared.phrase import Phrase
from shared.reporting.counts import Part
from shared.reporting.seeing import Counted, figures
from shared.reporting.series import Point, points_of, rolling_points_of
from shared.reporting.spans import Interval, OutOfCalendarError, Span, Window, cut, just_before, rolling, waves_in
from shared.survey import Survey
from shared.withholding import GroupFigures

INTERVAL: Final = "interval"
WINDOW: Final = "window"
MOST_POINTS: Final = 1_000
USUAL_DAYS: Final[Mapping[Interval, int]] = {Interval.DAY: 30, Interval.WEEK: 182, Interval.MONTH: 365, Interval.QUARTER: 1_096}
"""How many days are shown unless asked for."""
_PARAMETERS: Final = ("from", "to", WAVE, INTERVAL, WINDOW, *FILTERS, SURVEYS)


class TrendQuery(NamedTuple):
    """Of which surveys, which days, and the spans of the points."""

    parts: tuple[Part, ...]
    period: Period
    interval: Interval | None
    window: Window | None
    spans: tuple[Span, ...]
    before: tuple[Period, ...]
    """What each window is compared with: the one just before it. None of an interval."""

    @property
    def days(self) -> Period:
        """All days that are looked at."""
        earliest = self.before[0] if self.before else self.period
        return Period(earliest.first, self.period.last)


def trend_query_of(parameters: Mapping[str, str], surveys: Sequence[Survey], now: datetime) -> TrendQuery:
    """Read the parameters. Raises `Invalid`."""
    refuse_unknown(parameters, _PARAMETERS)
    interval, window = _steps_of(parameters)
    parts = parts_of(parameters, surveys, now)
    period = days_asked(parameters, parts[0], _usual(interval, parts[0]))
    spans = _spans(period, window or interval or Interval.DAY, parts)
    try:
        points = tuple(islice(spans, MOST_POINTS + 1))
        before = tuple(just_before(span.period) for span in points) if window else ()
    except OutOfCalendarError:
        raise invalid_parameter("from", "a day with twice the window's days before it is expected") from None
    if len(points) <= MOST_POINTS:
        return TrendQuery(parts, period, interval, window, points, before)
    raise Invalid(Phrase("These are more than {most} points: ask for fewer days, or for a longer interval.", most=MOST_POINTS))


def _usual(interval: Interval | None, part: Part) -> timedelta:
    """How far before the last day a series begins unless asked for; one of waves, with the first wave."""
    if interval is not Interval.WAVE:
        return timedelta(days=USUAL_DAYS[interval or Interval.DAY] - 1)
    return usual_of_waves(part.survey, part.today)


def _spans(period: Period, step: Interval | Window, parts: Sequence[Part]) -> Iterator[Span]:
    """The spans of the points; days of a pool are over when they are for each of its surveys."""
    is_over_before = min(part.today for part in parts)
    if isinstance(step, Window):
        return rolling(period, step, is_over_before)
    return waves_in(period, parts[0].survey.waves, is_over_before) if step is Interval.WAVE else cut(period, step, is_over_before)


def _steps_of(parameters: Mapping[str, str]) -> tuple[Interval | None, Window | None]:
    """The interval, days unless asked for, or else the window."""
    interval, window = parameters.get(INTERVAL), parameters.get(WINDOW)
    if window is None:
        try:
            return Interval.DAY if interval is None else Interval(interval), None
        except ValueError:
            raise invalid_parameter(INTERVAL, Phrase("one of {values} is expected", values=tuple(Interval))) from None
    if interval is not None or window not in Window:
        raise invalid_parameter(WINDOW, Phrase("one of {values} is expected, and no interval beside it", values=tuple(Window)))
    return None, Window(window)


def trend_of(query: TrendQuery, counted: Sequence[Counted], annotations: Sequence[Annotation], *, may_read_answers: bool) -> TrendReport:
    """The series of `query`, from what was counted in all of its days. Raises `NegativeCountError`."""

    def seen(period: Period) -> GroupFigures:
        return figures(counted, period, may_read_answers=may_read_answers)

    each = [seen(span.period) for span in query.spans]
    points = rolling_points_of(query.spans, each, map(seen, query.before)) if query.window else points_of(query.spans, each)
    survey, pooled = query.parts[0].survey, tuple(part.survey.survey_id for part in query.parts)
    return TrendReport(
        survey_id=survey.survey_id,
        surveys=pooled if len(pooled) > 1 else None,
        first=query.period.first,
        last=query.period.last,
        interval=query.interval,
        window=query.window,
        time_zone=survey.settings.time_zone,
        points=tuple(_point_view(point, survey.settings.default_locale) for point in points),
        annotations=tuple(AnnotationView.of(each) for each in annotations if each.touches(query.period)),
    )


def _point_view(point: Point, locale: str) -> TrendPoint:
    return TrendPoint(
        first=point.span.period.first,
        last=point.span.period.last,
        complete=point.span.complete,
        wave=point.span.wave,
        change=_change_view(point.change) if point.change else None,
        **figure_fields(point.figures, locale),
    )


def _change_view(change: Judged) -> ChangeView:
    found = change.comparison
    return ChangeView(
        difference=shown_difference(found.difference),
        z=shown_z(found.z),
        p=shown_p(found.p),
        verdict=found.verdict,
        marked=change.is_marked,
    )
