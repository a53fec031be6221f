"""The report of `GET …/nps`. Everything comes from rollups, so its cost does not grow with the answers."""

from collections.abc import Sequence

from shared.api.figure_views import figure_fields, interval_view, shown_difference, shown_p, shown_z
from shared.api.nps import IDENTITY_ROWS, NpsQuery
from shared.api.nps_messages import ComparisonView, GoalView, IdentifiedView, NpsReport, WithheldView
from shared.comparing import compare, reaches
from shared.periods import Period
from shared.reporting.counts import Part
from shared.reporting.seeing import Counted, figures
from shared.scoring import Histogram, nps
from shared.withholding import GroupFigures, Shown, Withheld


def report_of(query: NpsQuery, counted: Sequence[Counted], compared: Sequence[Counted], *, may_read_answers: bool) -> NpsReport:
    """The report of `query`, from what was counted in its period and in the one to compare with. Raises `NegativeCountError`."""
    survey, pooled = query.parts[0].survey, tuple(part.survey.survey_id for part in query.parts)
    seen = figures(counted, query.period, may_read_answers=may_read_answers)
    return NpsReport(
        survey_id=survey.survey_id,
        surveys=pooled if len(pooled) > 1 else None,
        first=query.period.first,
        last=query.period.last,
        distribution=seen.histogram.to_tuple() if isinstance(seen, Shown) else None,
        comparison=_comparison(query.compared, seen, compared, may_read_answers=may_read_answers) if query.compared else None,
        goal=_goal(query.parts, seen.histogram) if isinstance(seen, Shown) else None,
        identified=_identified(query, counted, may_read_answers=may_read_answers),
        **figure_fields(seen, survey.settings.default_locale),
    )


def _comparison(period: Period, seen: GroupFigures, compared: Sequence[Counted], *, may_read_answers: bool) -> ComparisonView:
    other = figures(compared, period, may_read_answers=may_read_answers)
    if isinstance(other, Withheld):
        return ComparisonView(first=period.first, last=period.last, withheld=WithheldView.of(other))
    before, found = other.histogram, compare(other.histogram, seen.histogram) if isinstance(seen, Shown) else None
    return ComparisonView(
        first=period.first,
        last=period.last,
        answers=before.answers,
        nps=nps(before),
        interval=interval_view(before),
        difference=shown_difference(found.difference) if found else None,
        z=shown_z(found.z) if found else None,
        p=shown_p(found.p) if found else None,
        verdict=found.verdict if found else None,
    )


def _identified(query: NpsQuery, counted: Sequence[Counted], *, may_read_answers: bool) -> IdentifiedView | None:
    """Of everybody, whose answers are identified and whose are not."""
    if not query.is_of_everybody:
        return None
    known, unknown = (
        figures([(part._replace(row=row), counts) for part, counts in counted], query.period, may_read_answers=may_read_answers)
        for row in IDENTITY_ROWS
    )
    if isinstance(known, Withheld) or isinstance(unknown, Withheld):
        return None
    identified, anonymous = known.histogram.answers, unknown.histogram.answers
    total = identified + anonymous
    return IdentifiedView(answers=identified, anonymous=anonymous, share_anonymous=round(anonymous / total, 4)) if total else None


def _goal(parts: tuple[Part, ...], shown: Histogram) -> GoalView | None:
    """A pool has a goal where all its surveys have the same."""
    goals = {part.survey.settings.goal for part in parts}
    goal = goals.pop()
    return None if goals or goal is None else GoalView(nps=goal, met=reaches(shown, goal))
