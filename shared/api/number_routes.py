"""Routes of scores: of a period and over time, and the annotations that are told beside them."""

from typing import Final

from shared.access import Scope
from shared.api import problem as p
from shared.api.annotation_messages import AnnotationChange, AnnotationList, AnnotationView, NewAnnotation
from shared.api.nps_messages import NpsReport
from shared.api.route import BODY, Parameter, Route
from shared.api.segments_messages import SegmentsReport
from shared.api.trend_messages import TrendReport

_SURVEY: Final = "/v1/surveys/{survey_id}"
_ANNOTATIONS: Final = f"{_SURVEY}/annotations"
_ANNOTATION: Final = f"{_ANNOTATIONS}/{{annotation_id}}"
_DAY: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_INTERVAL: Final = r"^(day|week|month|quarter|wave)$"
_FIRST: Final = "The first local day, YYYY-MM-DD; without it, "
_LAST: Final = Parameter("to", "The last local day, included; today unless given", _DAY)
_WAVE: Final = Parameter("wave", "The days of a wave of the survey, by its wave_id, instead of from and to", r"^[0-9a-f]{16}$")
_FILTERS: Final = (
    Parameter("touchpoint", "Only answers of this touchpoint, or other"),
    Parameter("channel", "Only answers of this channel, or other"),
    Parameter("variant", "Only answers of this variant, or other"),
    Parameter("locale", "Only answers in this locale, or other"),
    Parameter("identity", "Only answers whose person is known (identified), or the others (anonymous)"),
    Parameter("segment", "Only answers of this segment, as key:value, such as plan:pro. Repeat it for a declared pair of segments"),
)
_COMPARE: Final = Parameter(
    "compare",
    "Also the score of another period: previous (as many days, just before; of a wave, the wave before), year (the same days a "
    "year earlier; of whole ISO weeks, 52 weeks earlier), or FROM..TO. It may share no day with this one",
)
_SURVEYS: Final = Parameter(
    "surveys", "More surveys, whose answers are added, each by its own local days: ids separated by commas, 10 at most with the path's"
)

NUMBER_ROUTES: Final = (
    Route(
        method="GET",
        path=f"{_SURVEY}/nps",
        function="report",
        scope=Scope.SCORES_READ,
        summary="The score of a period, of all answers or of one group, and beside another period's",
        query=(
            Parameter("from", _FIRST + "the 30 days that end on the last", _DAY),
            _LAST,
            _WAVE,
            *_FILTERS,
            _SURVEYS,
            _COMPARE,
        ),
        responses={200: NpsReport},
        refusals=(p.Invalid, p.NoSuchSurvey, p.TooBusy),
    ),
    Route(
        method="GET",
        path=f"{_SURVEY}/trend",
        function="report",
        scope=Scope.SCORES_READ,
        summary="The score over time, its changes beside chance, and the annotations of its days",
        query=(
            Parameter("from", _FIRST + "30 days, 26 weeks, 12 months or 3 years that end on the last, by the interval, or all waves", _DAY),
            _LAST,
            _WAVE,
            Parameter("interval", "A point for each local day (the usual), ISO week, month, quarter or wave; 1,000 at most", _INTERVAL),
            Parameter("window", "Instead of interval: a point for each day, of the 7, 28 or 90 days that end on it", r"^(7d|28d|90d)$"),
            *_FILTERS,
            _SURVEYS,
        ),
        responses={200: TrendReport},
        refusals=(p.Invalid, p.NoSuchSurvey, p.TooBusy),
    ),
    Route(
        method="GET",
        path=f"{_SURVEY}/segments",
        function="report",
        scope=Scope.SCORES_READ,
        summary="The score by groups, and which of them changed more than by chance",
        query=(
            Parameter("by", "touchpoint, channel, variant, locale, identity or a segment's key; or two of them that are a declared pair"),
            Parameter("from", _FIRST + "the 30 days that end on the last", _DAY),
            _LAST,
            _WAVE,
            _COMPARE,
        ),
        responses={200: SegmentsReport},
        refusals=(p.Invalid, p.NoSuchSurvey, p.TooBusy),
    ),
    Route(
        method="GET",
        path=_ANNOTATIONS,
        function="manage",
        scope=Scope.SCORES_READ,
        summary="All annotations of a survey, by their first day",
        responses={200: AnnotationList},
        refusals=(p.NoSuchSurvey,),
    ),
    Route(
        method="POST",
        path=_ANNOTATIONS,
        function="manage",
        scope=Scope.SURVEYS,
        summary="Write down what happened on some days: a release, a campaign, an incident. Name no customer",
        request=NewAnnotation,
        responses={201: AnnotationView},
        refusals=(*BODY, p.NoSuchSurvey, p.TooManyAnnotations),
    ),
    Route(
        method="PATCH",
        path=_ANNOTATION,
        function="manage",
        scope=Scope.SURVEYS,
        summary="Change an annotation",
        request=AnnotationChange,
        responses={200: AnnotationView},
        refusals=(*BODY, p.NoSuchSurvey, p.NoSuchAnnotation, p.RevisionPassed),
    ),
    Route(
        method="DELETE",
        path=_ANNOTATION,
        function="manage",
        scope=Scope.SURVEYS,
        summary="Delete an annotation, for good",
        responses={204: None},
        refusals=(p.NoSuchSurvey, p.NoSuchAnnotation),
    ),
)
