"""A score over time: a point for each span, and which of its changes are more than chance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.comparing import Comparison, Judged, compare, judge_together
from shared.reporting.spans import Span
from shared.scoring import Histogram
from shared.withholding import GroupFigures, Shown


@dataclass(frozen=True, slots=True)
class Point:
    """One point: its days, its answers (or why they are withheld), and the change since the point before that has any."""

    span: Span
    figures: GroupFigures
    change: Judged | None


def points_of(spans: Sequence[Span], figures: Sequence[GroupFigures]) -> tuple[Point, ...]:
    """The points of spans that follow one another: each is compared with the last one before it that shows answers."""
    pairs: list[tuple[Histogram, Histogram] | None] = []
    last: Histogram | None = None
    for each in figures:
        now = _answers_of(each)
        pairs.append((last, now) if last and now else None)
        last = now or last
    return _pointed(spans, figures, pairs)


def rolling_points_of(spans: Sequence[Span], figures: Sequence[GroupFigures], before: Iterable[GroupFigures]) -> tuple[Point, ...]:
    """The points of windows: each is compared with the window just `before` it, as two that overlap share most of their answers."""
    shown = [(_answers_of(earlier), _answers_of(later)) for earlier, later in zip(before, figures, strict=True)]
    return _pointed(spans, figures, [(earlier, later) if earlier and later else None for earlier, later in shown])


def _answers_of(figures: GroupFigures) -> Histogram | None:
    return figures.histogram if isinstance(figures, Shown) and figures.histogram.answers else None


def _pointed(
    spans: Sequence[Span], figures: Sequence[GroupFigures], pairs: Sequence[tuple[Histogram, Histogram] | None]
) -> tuple[Point, ...]:
    """The points, their changes judged together: a series of many points finds something by chance alone."""
    comparisons: dict[int, Comparison] = {place: compare(*pair) for place, pair in enumerate(pairs) if pair}
    judged = dict(zip(comparisons, judge_together(tuple(comparisons.values())), strict=True))
    return tuple(Point(span, seen, judged.get(place)) for place, (span, seen) in enumerate(zip(spans, figures, strict=True)))
