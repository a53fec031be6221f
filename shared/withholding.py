"""Which figures of a part of the respondents may be shown to somebody who may not read the answers themselves.

A group of few is a person: "plan=pro: 1 detractor" is what somebody answered. So is what is left when a group is taken
away from everybody. Pseudonymous data are personal (LGPD arts. 5, 12).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from shared.periods import Period
from shared.scoring import Histogram

SMALLEST_GROUP: Final = 5


class WithheldReason(StrEnum):
    """Why figures are not shown; none tells more than what was asked for and that the answers are few."""

    PARTIAL_WEEKS = "partial_weeks"
    TOO_FEW_ANSWERS = "too_few_answers"


@dataclass(frozen=True, slots=True)
class Shown:
    """The group's figures may be shown."""

    histogram: Histogram


@dataclass(frozen=True, slots=True)
class Withheld:
    """The group's figures, its number of answers included, stay here."""

    reason: WithheldReason


type GroupFigures = Shown | Withheld


def withhold_small_groups(group: Histogram, everyone: Histogram, period: Period, *, today: date, may_read_answers: bool) -> GroupFigures:
    """What a caller may see of `group`, a filtered part of `everyone`, both over `period`, on the survey's local day `today`.

    With the scope `answers:read`: all. Without it, three things are needed: the period is whole ISO weeks (or one period
    less another leaves a single day) that are over (or who asks before and after an answer sees it), at least 5 answers
    are in the group, and at least 5 are outside it (or everyone's figures, which are shown, less the group's give theirs
    away).

    An empty group is withheld like a group of four, and so is one outside which nobody answered. If none could be told
    from few, the day the zero goes would tell that somebody answered, and nobody outside would tell that whoever
    answered belongs to the group. For the same reason one reason stands for both sides, and the period, which hangs on
    no answer, is judged first.

    This judges one figure. It doesn't see what several of them say together: of two shown spans of whole weeks, one
    within the other, and of all values of a dimension but one, the difference may be fewer than 5 answers.
    """
    if may_read_answers:
        return Shown(group)
    if not period.is_whole_weeks or period.last >= today:
        return Withheld(WithheldReason.PARTIAL_WEEKS)
    if min(group.answers, everyone.answers - group.answers) < SMALLEST_GROUP:
        return Withheld(WithheldReason.TOO_FEW_ANSWERS)
    return Shown(group)
