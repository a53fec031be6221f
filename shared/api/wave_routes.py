"""Routes of a survey's waves."""

from typing import Final

from shared.access import Scope
from shared.api import problem as p
from shared.api.route import BODY, Route
from shared.api.wave_messages import NewWave, WaveChange, WaveEnd, WaveList, WaveView

_WAVES: Final = "/v1/surveys/{survey_id}/waves"
_WAVE: Final = f"{_WAVES}/{{wave_id}}"
WAVE_ROUTES: Final = (
    Route(
        method="GET",
        path=_WAVES,
        function="manage",
        scope=Scope.SURVEYS,
        summary="A survey's waves: named spans of local days that never overlap",
        responses={200: WaveList},
        refusals=(p.NoSuchSurvey,),
    ),
    Route(
        method="POST",
        path=_WAVES,
        function="manage",
        scope=Scope.SURVEYS,
        summary="Begin a wave. One at most is open; with a last_day it is closed already",
        request=NewWave,
        responses={201: WaveView},
        refusals=(*BODY, p.NoSuchSurvey, p.RevisionPassed),
    ),
    Route(
        method="PATCH",
        path=_WAVE,
        function="manage",
        scope=Scope.SURVEYS,
        summary="Rename a wave",
        request=WaveChange,
        responses={200: WaveView},
        refusals=(*BODY, p.NoSuchSurvey, p.NoSuchWave, p.RevisionPassed),
    ),
    Route(
        method="POST",
        path=f"{_WAVE}/close",
        function="manage",
        scope=Scope.SURVEYS,
        summary="Close a wave, or move a closed one's last day. Answers that were counted stay counted as they are",
        request=WaveEnd,
        request_is_optional=True,
        responses={200: WaveView},
        refusals=(*BODY, p.NoSuchSurvey, p.NoSuchWave, p.RevisionPassed),
    ),
)
