"""How often the question was shown, and what came of it: numbers of a day and a channel, without whom."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

MOST_AT_ONCE: Final = 20


class Displayed(StrEnum):
    """What is counted."""

    SHOWN = "shown"
    DISMISSED = "dismissed"
    ANSWERED = "answered"
    OPENED = "opened"
    """A page with the question was opened, by a link say, whether by a person or a program."""
    SUSPECT = "suspect"
    """It was opened by what looks like a program."""


type DisplayCounts = Mapping[Displayed, int]


def response_rate(counts: DisplayCounts) -> float | None:
    """How many of those who were shown the question answered, 0 to 1; None where nobody was. An answer whose display got lost adds none."""
    shown, answered = counts.get(Displayed.SHOWN, 0), counts.get(Displayed.ANSWERED, 0)
    return round(min(1.0, answered / shown), 4) if shown else None


def total_of(channels: Mapping[str, DisplayCounts]) -> DisplayCounts:
    """All channels together."""
    return {each: sum(counts.get(each, 0) for counts in channels.values()) for each in Displayed}
