"""`GET …/segments`: what is asked for, and the report of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from msgspec import UNSET

from shared import dimension as dim
from shared.api.figure_views import figure_fields, shown_difference, shown_p, shown_z
from shared.api.nps import COMPARE, compared_of, days_asked, pairs_of, refuse_unknown
from shared.api.nps_messages import PeriodView, WithheldView
from shared.api.problem import Invalid, invalid_parameter
from shared.api.segments_messages import GroupChange, GroupView, MixAndScoreView, SegmentsReport, TotalView
from shared.api.waves_asked import WAVE
from shared.comparing import Judged
from shared.periods import Period, local_day
from shared.phrase import Phrase
from shared.reporting.counts import Counts, Part
from shared.reporting.grouping import Cut, Group, Groups, Values, compared, groups_of, split, why_missing
from shared.scoring import Histogram
from shared.survey import Survey
from shared.withholding import Shown

BY: Final = "by"
_PARAMETERS: Final = (BY, "from", "to", WAVE, COMPARE)
_DECIMALS_OF_A_SHARE: Final = 4


class SegmentsQuery(NamedTuple):
    """By what everybody is cut, which days, and which they are compared with."""

    cut: Cut
    keys: tuple[str, ...]
    period: Period
    compared: Period | None


def segments_query_of(parameters: Mapping[str, str], survey: Survey, now: datetime) -> SegmentsQuery:
    """Read the parameters; one that is repeated comes joined by commas, which no value contains. Raises `Invalid`."""
    refuse_unknown(parameters, _PARAMETERS)
    part = Part(survey, dim.ALL, local_day(now, survey.settings.time_zone))
    period, names = days_asked(parameters, part), _names(parameters, survey)
    keys = tuple(name.removeprefix(dim.SEGMENT) for name in names)
    return SegmentsQuery(Cut(survey, names, part.today), keys, period, compared_of(parameters, period, part))


def _names(parameters: Mapping[str, str], survey: Survey) -> tuple[str, ...]:
    """The dimension, or the two of a declared pair in the pair's order."""
    declared = survey.settings.declared()
    known = {name.removeprefix(dim.SEGMENT): name for name in reversed(declared)}
    keys = parameters.get(BY, "").split(",")
    if not set(keys) <= known.keys():
        raise invalid_parameter(BY, Phrase("one key, or the two of a declared pair, is expected. Keys: {keys}", keys=tuple(sorted(known))))
    names = tuple(known[key] for key in keys)
    if len(names) == 1:
        return names
    pair = next((pair for pair in survey.settings.pairs if sorted(pair) == sorted(names)), None)
    if pair is None:
        raise Invalid(Phrase("Cut by one key, or by two that are a declared pair. Declared pairs: {pairs}.", pairs=pairs_of(survey)))
    return pair


def segments_of(query: SegmentsQuery, now: Counts, before: Counts | None, *, may_read_answers: bool) -> SegmentsReport:
    """The groups of `query`, from what was counted in its period and in the one to compare with. Raises `NegativeCountError`."""
    cut, locale = query.cut, query.cut.survey.settings.default_locale
    everybody, groups = now.of(dim.ALL, query.period), groups_of(cut, now, query.period, may_read_answers=may_read_answers)
    earlier = groups_of(cut, before, query.compared, may_read_answers=may_read_answers) if before and query.compared else None
    found = compared(groups, earlier)
    missing = why_missing(found)
    return SegmentsReport(
        survey_id=cut.survey.survey_id,
        first=query.period.first,
        last=query.period.last,
        by=query.keys,
        total=TotalView(**figure_fields(Shown(everybody), locale)),
        groups=tuple(_view(query, group, everybody) for group in found if len(cut.names) == 1 or _is_listed(group)),
        compared_with=PeriodView(first=query.compared.first, last=query.compared.last) if query.compared else None,
        mix_and_score=_mix_view(query, groups, earlier, everybody, before),
        withheld=WithheldView.of(missing) if missing else UNSET,
    )


def _is_listed(group: Group) -> bool:
    """Of a pair's many groups, those that show an answer."""
    return isinstance(group.figures, Shown) and group.figures.histogram != Histogram()


def _view(query: SegmentsQuery, group: Group, everybody: Histogram) -> GroupView:
    answers = group.figures.histogram.answers if isinstance(group.figures, Shown) else None
    return GroupView(
        share=None if answers is None or not everybody.answers else round(answers / everybody.answers, _DECIMALS_OF_A_SHARE),
        change=_change_view(group.change) if group.change else None,
        **_named(query.cut, group.values),
        **figure_fields(group.figures, query.cut.survey.settings.default_locale),
    )


def _named(cut: Cut, values: Values) -> dict[str, Any]:
    """The fields that say which group it is."""
    told = tuple(value or None for value in values)
    if len(told) > 1:
        return {"values": told}
    labels = {touchpoint.key: touchpoint.label for touchpoint in cut.survey.settings.touchpoints} if cut.names == (dim.TOUCHPOINT,) else {}
    return {"value": told[0], "label": labels.get(values[0], UNSET)}


def _change_view(change: Judged) -> GroupChange:
    found = change.comparison
    return GroupChange(
        difference=shown_difference(found.difference),
        z=shown_z(found.z),
        p=shown_p(found.p),
        p_adjusted=shown_p(change.p_adjusted),
        verdict=change.verdict,
    )


def _mix_view(
    query: SegmentsQuery, now: Groups, earlier: Groups | None, everybody: Histogram, before: Counts | None
) -> MixAndScoreView | None:
    if not (before and earlier and query.compared):
        return None
    found = split(now, earlier, everybody, before.of(dim.ALL, query.compared))
    return MixAndScoreView(**found.shown._asdict()) if found else None
