"""The score, and why a part of it may be kept back."""

from datetime import date
from typing import Annotated, Self

from msgspec import UNSET, Meta, UnsetType, field

from shared.api.messages import ResponseBody
from shared.comparing import Verdict
from shared.scoring import BandKey
from shared.withholding import Withheld, WithheldReason

Shown = Annotated[int, Meta(ge=-100, le=100)]
Difference = Annotated[float, Meta(ge=-200, le=200)]
Probability = Annotated[float, Meta(ge=0, le=1)]


class IntervalView(ResponseBody, frozen=True, kw_only=True):
    """Where the score of everybody who could have answered probably lies."""

    low: float
    high: float
    confidence: float
    method: str


class BandView(ResponseBody, frozen=True, kw_only=True):
    """The verdict: a key for programs, a label for people in the survey's default locale."""

    key: BandKey
    label: str


class PeriodView(ResponseBody, frozen=True, kw_only=True):
    """Local days, both included."""

    first: date = field(name="from")
    last: date = field(name="to")


class WithheldView(ResponseBody, frozen=True, kw_only=True):
    """Why figures of a group are not shown to a key without the scope answers:read.

    Groups are shown by whole blocks of one to four weeks that are over. `nearest` is a period near the one asked for that is made of them.
    """

    reason: WithheldReason
    nearest: PeriodView | UnsetType = UNSET

    @classmethod
    def of(cls, withheld: Withheld) -> Self:
        """What is told of it."""
        nearest = withheld.nearest
        return cls(reason=withheld.reason, nearest=PeriodView(first=nearest.first, last=nearest.last) if nearest else UNSET)


class ChannelRate(ResponseBody, frozen=True, kw_only=True):
    """How many of those whom a channel showed the question answered."""

    shown: int
    answered: int
    dismissed: int
    rate: Annotated[float, Meta(ge=0, le=1)] | None


class ResponseRate(ChannelRate, frozen=True, kw_only=True):
    """The same in all, as browsers told it: a rate, not a count of answers.

    `opened` and `suspect` are pages opened by links, and those among them that look like programs. `channels` is null beside one channel's
    figures, and where they are few (see `withheld`).
    """

    opened: int
    suspect: int
    channels: dict[str, ChannelRate] | None


class ComparisonView(ResponseBody, frozen=True, kw_only=True):
    """The score of another period, and what this one's is beside it: `difference` is this less that.

    z and p (two-sided) are null where a side has fewer than ten answers; all is where either side is withheld.
    """

    first: date = field(name="from")
    last: date = field(name="to")
    answers: int | None = None
    nps: Shown | None = None
    interval: IntervalView | None = None
    difference: Difference | None = None
    z: float | None = None
    p: Probability | None = None
    verdict: Verdict | None = None
    withheld: WithheldView | UnsetType = UNSET


class GoalView(ResponseBody, frozen=True, kw_only=True):
    """The survey's goal. It is met where the lower bound of the score's interval reaches it; null says that answers are too few to tell."""

    nps: Shown
    met: bool | None


class IdentifiedView(ResponseBody, frozen=True, kw_only=True):
    """How many answers came with proof of whose they are (`answers`), and how many without."""

    answers: int
    anonymous: int
    share_anonymous: Annotated[float, Meta(ge=0, le=1)]


class NpsReport(ResponseBody, frozen=True, kw_only=True):
    """The score of local days `from` to `to`, both included. Without answers nps and interval are null; withheld, every figure is."""

    survey_id: str
    first: date = field(name="from")
    last: date = field(name="to")
    answers: int | None
    promoters: int | None
    passives: int | None
    detractors: int | None
    distribution: Annotated[tuple[int, ...], Meta(min_length=11, max_length=11)] | None
    nps: Shown | None
    interval: IntervalView | None
    band: BandView | None
    surveys: tuple[str, ...] | None = None
    """Whose answers are pooled, where it is more than one survey."""
    comparison: ComparisonView | None = None
    """Null unless asked for."""
    goal: GoalView | None = None
    """Null where the survey has none, the surveys differ in it, or the figures are withheld."""
    identified: IdentifiedView | None = None
    """Null beside a group's figures, where it is not known, and where either number is withheld."""
    response_rate: ResponseRate | None = None
    """Null where the figures are withheld, and beside groups other than a channel's."""
    withheld: WithheldView | UnsetType = UNSET
