"""A score over time."""

from datetime import date

from msgspec import UNSET, UnsetType, field

from shared.api.annotation_messages import AnnotationView
from shared.api.messages import ResponseBody
from shared.api.nps_messages import BandView, Difference, IntervalView, Probability, Shown, WithheldView
from shared.comparing import Verdict
from shared.reporting.spans import Interval, Window
from shared.wave import Wave


class ChangeView(ResponseBody, frozen=True, kw_only=True):
    """What changed since the point before that has answers; in a rolling series, since the window just before.

    `verdict` looks at this change alone; `marked` says whether it stands among all changes of the series (Holm, 5 %).
    """

    difference: Difference | None
    z: float | None
    p: Probability | None
    verdict: Verdict
    marked: bool


class TrendPoint(ResponseBody, frozen=True, kw_only=True):
    """One point, of the local days `from` to `to`. Without answers nps and interval are null; withheld, every figure is.

    `complete`: all days of its day, week, month, quarter, wave or window are in it, and are over.
    """

    first: date = field(name="from")
    last: date = field(name="to")
    complete: bool
    answers: int | None
    promoters: int | None
    passives: int | None
    detractors: int | None
    nps: Shown | None
    interval: IntervalView | None
    band: BandView | None
    change: ChangeView | None
    wave: Wave | None = None
    """Which wave it is, in a series of waves."""
    withheld: WithheldView | UnsetType = UNSET


class TrendReport(ResponseBody, frozen=True, kw_only=True):
    """The score of local days `from` to `to`, point by point, with what happened meanwhile."""

    survey_id: str
    surveys: tuple[str, ...] | None
    """Whose answers are pooled, where it is more than one survey."""
    first: date = field(name="from")
    last: date = field(name="to")
    interval: Interval | None
    window: Window | None
    """Instead of an interval: a point a day, each of the window's days that end on it."""
    time_zone: str
    points: tuple[TrendPoint, ...]
    annotations: tuple[AnnotationView, ...]
