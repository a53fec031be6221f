"""What goes over the wire with a survey's waves."""

from datetime import date
from typing import Self

from shared.api.messages import RequestBody, ResponseBody
from shared.wave import Wave, WaveName


class NewWave(RequestBody, frozen=True, kw_only=True):
    """A wave to begin: today unless `first_day` (the survey's local day) says otherwise; with `last_day` it is closed already."""

    name: WaveName
    first_day: date | None = None
    last_day: date | None = None


class WaveEnd(RequestBody, frozen=True, kw_only=True):
    """The wave's last day, included; today unless given. The body may be left out."""

    last_day: date | None = None


class WaveChange(RequestBody, frozen=True, kw_only=True):
    """Another name."""

    name: WaveName


class WaveView(ResponseBody, frozen=True, kw_only=True):
    """A wave: the survey's local days from `first_day` to `last_day`, both included; null while it is open."""

    wave_id: str
    name: str
    first_day: date
    last_day: date | None

    @classmethod
    def of(cls, wave: Wave) -> Self:
        """That wave."""
        return cls(wave_id=wave.wave_id, name=wave.name, first_day=wave.first_day, last_day=wave.last_day)


class WaveList(ResponseBody, frozen=True, kw_only=True):
    """A survey's waves, by their days."""

    survey_id: str
    waves: tuple[WaveView, ...]
