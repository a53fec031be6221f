"""Figures as they go over the wire: each rounded once, for show."""

from fractions import Fraction
from typing import Any, Final

from shared.api.nps_messages import BandView, IntervalView, WithheldView
from shared.comparing import shown_probability
from shared.scoring import Histogram, band, interval, nps, to_one_decimal
from shared.withholding import GroupFigures, Withheld

_DECIMALS_OF_Z: Final = 4
_FIGURES: Final = ("answers", "promoters", "passives", "detractors", "nps", "interval", "band")


def figure_fields(figures: GroupFigures, locale: str) -> dict[str, Any]:
    """The fields of a report, a point or a group that tell its figures: all null, and why, where they are withheld.

    Raises `NegativeCountError`.
    """
    if isinstance(figures, Withheld):
        return dict.fromkeys(_FIGURES) | {"withheld": WithheldView.of(figures)}
    shown, verdict = figures.histogram, band(figures.histogram, locale)
    return {
        "answers": shown.answers,
        "promoters": shown.promoters,
        "passives": shown.passives,
        "detractors": shown.detractors,
        "nps": nps(shown),
        "interval": interval_view(shown),
        "band": BandView(key=verdict.key, label=verdict.label),
    }


def interval_view(histogram: Histogram) -> IntervalView | None:
    """The interval of a score; None without answers. Raises `NegativeCountError`."""
    spread = interval(histogram)
    return IntervalView(low=spread.low, high=spread.high, confidence=spread.confidence, method=spread.method) if spread else None


def shown_z(z: float | None) -> float | None:
    """To four decimals, never -0."""
    return None if z is None else round(z, _DECIMALS_OF_Z) + 0.0


def shown_p(p: float | None) -> float | None:
    """As it is judged."""
    return None if p is None else shown_probability(p)


def shown_difference(difference: Fraction | None) -> float | None:
    """To one decimal."""
    return None if difference is None else to_one_decimal(difference)
