"""Which figures of a part of the respondents may be shown to somebody who may not read the answers themselves.

A group of few is a person: "plan=pro: 1 detractor" is what somebody answered. So is what is left when a group is taken away from everybody,
from its own figures of a longer period, or from all groups but one. Pseudonymous data are personal (LGPD arts. 5, 12).

Figures of everybody are always shown. A group's are shown for whole *blocks* of weeks (`blocks`), less what is hidden in each
(`suppression`); `shield` judges what was asked for. What that promises, why, and what it doesn't: docs/decisions/0029.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.periods import Period
from shared.scoring import Histogram

SMALLEST_GROUP: Final = 5


class WithheldReason(StrEnum):
    """Why figures are not shown; none tells more than what was asked for and that the answers are few."""

    PARTIAL_WEEKS = "partial_weeks"
    PARTIAL_BLOCKS = "partial_blocks"
    TOO_FEW_ANSWERS = "too_few_answers"


@dataclass(frozen=True, slots=True)
class Shown:
    """The group's figures may be shown."""

    histogram: Histogram


@dataclass(frozen=True, slots=True)
class Withheld:
    """The group's figures, its number of answers included, stay here."""

    reason: WithheldReason
    nearest: Period | None = None
    """A period near the one asked for by which groups of this kind are shown, where they aren't too few."""


type GroupFigures = Shown | Withheld
