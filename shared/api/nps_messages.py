"""The score, and why a part of it may be kept back."""

from datetime import date
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType, field

from shared.api.messages import ResponseBody
from shared.scoring import BandKey
from shared.withholding import WithheldReason


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


class WithheldView(ResponseBody, frozen=True, kw_only=True):
    """Why figures of a group are not shown to a key without the scope answers:read."""

    reason: WithheldReason


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
    nps: Annotated[int, Meta(ge=-100, le=100)] | None
    interval: IntervalView | None
    band: BandView | None
    response_rate: ResponseRate | None = None
    """Null where the figures are withheld, and beside groups other than a channel's."""
    withheld: WithheldView | UnsetType = UNSET
