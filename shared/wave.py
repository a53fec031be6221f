"""Waves: named spans of a survey's whole local days, such as a quarter's round of asking. Waves of one survey never overlap."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

WaveId = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$(?!\n)", max_length=16)]
WaveName = Annotated[str, Meta(min_length=1, max_length=120)]


class Wave(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Local days from `first_day` to `last_day`, both included; without a last day it is still open."""

    wave_id: WaveId
    name: WaveName
    first_day: date
    last_day: date | None = None

    def has(self, day: date) -> bool:
        """Whether the local day lies in it."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def meets(self, other: "Wave") -> bool:
        """Whether both have a day in common."""
        return self.first_day <= (other.last_day or date.max) and other.first_day <= (self.last_day or date.max)


def wave_on(waves: Iterable[Wave], day: date) -> Wave | None:
    """The wave that a local day lies in; None between waves."""
    return next((wave for wave in waves if wave.has(day)), None)
