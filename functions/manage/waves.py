"""`…/waves`: each function is one route."""

from collections.abc import Callable
from datetime import date
from typing import Final

from functions.manage.composition import compose, logger
from shared.api.body import decode
from shared.api.http import Request, Response, json_response
from shared.api.problem import NoSuchSurvey, NoSuchWave, RevisionPassed, invalid
from shared.api.wave_messages import NewWave, WaveChange, WaveEnd, WaveList, WaveView
from shared.periods import local_day
from shared.survey import Survey
from shared.survey_rules import SurveyRuleError
from shared.survey_waves import NoSuchWaveError, begun, wave_closed, wave_of, wave_renamed
from shared.wave import Wave

_TRIES: Final = 3
_ID_BYTES: Final = 8


def list_all(request: Request) -> Response:
    """All waves of a survey."""
    survey = _there(request)
    return json_response(200, WaveList(survey_id=survey.survey_id, waves=tuple(WaveView.of(wave) for wave in survey.waves)))


def begin(request: Request) -> Response:
    """A new wave."""
    new = decode(request.body, NewWave)
    wave_id = compose().random_bytes(_ID_BYTES).hex()

    def step(survey: Survey) -> Survey:
        today = _today(survey)
        wave = Wave(wave_id=wave_id, name=new.name, first_day=new.first_day or today, last_day=new.last_day)
        return begun(survey, wave, today)

    return _changed(request, wave_id, step, 201)


def rename(request: Request) -> Response:
    """Another name."""
    wave_id, name = request.path["wave_id"], decode(request.body, WaveChange).name
    return _changed(request, wave_id, lambda survey: wave_renamed(survey, wave_id, name))


def close(request: Request) -> Response:
    """No day after the last one belongs to it."""
    wave_id, last_day = request.path["wave_id"], decode(request.body or b"{}", WaveEnd).last_day
    return _changed(request, wave_id, lambda survey: wave_closed(survey, wave_id, last_day, _today(survey)))


def _changed(request: Request, wave_id: str, step: Callable[[Survey], Survey], status: int = 200) -> Response:
    """Store what `step` makes of the survey as it is now; another's change in between is met again."""
    for _ in range(_TRIES):
        before = _there(request)
        after = _stepped(before, step)
        if after is before or compose().surveys.replace(after, before.revision):
            if after is not before:
                logger.info("waves changed", survey_id=after.survey_id, revision=after.revision, key_id=request.key_id)
            return json_response(status, WaveView.of(wave_of(after, wave_id)))
    raise RevisionPassed


def _stepped(before: Survey, step: Callable[[Survey], Survey]) -> Survey:
    try:
        return step(before)
    except SurveyRuleError as error:
        raise invalid(error.pointer, error.rule) from None
    except NoSuchWaveError:
        raise NoSuchWave from None


def _there(request: Request) -> Survey:
    survey = compose().surveys.read(request.path["survey_id"])
    if survey is None:
        raise NoSuchSurvey
    return survey


def _today(survey: Survey) -> date:
    return local_day(compose().now(), survey.settings.time_zone)


_WAVES: Final = "/v1/surveys/{survey_id}/waves"
ROUTES: Final = {
    f"GET {_WAVES}": list_all,
    f"POST {_WAVES}": begin,
    f"PATCH {_WAVES}/{{wave_id}}": rename,
    f"POST {_WAVES}/{{wave_id}}/close": close,
}
