"""The score by groups."""

from datetime import date
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType, field

from shared.api.messages import ResponseBody
from shared.api.nps_messages import BandView, Difference, IntervalView, PeriodView, Probability, Shown, WithheldView
from shared.comparing import Verdict


class GroupChange(ResponseBody, frozen=True, kw_only=True):
    """What changed since the period that is compared with.

    `p` looks at this group alone; `p_adjusted` and `verdict` at all groups together (Holm, 5 %).
    """

    difference: Difference | None
    z: float | None
    p: Probability | None
    p_adjusted: Probability | None
    verdict: Verdict


class TotalView(ResponseBody, frozen=True, kw_only=True):
    """Everybody's figures."""

    answers: int
    promoters: int
    passives: int
    detractors: int
    nps: Shown | None
    interval: IntervalView | None
    band: BandView


class GroupView(ResponseBody, frozen=True, kw_only=True):
    """One group's figures; withheld, every one is null.

    By one key it has `value`, by two `values` in the order of `by`. `other` stands for what isn't declared, null for the answers without a
    value (by two keys: in one of them). `label` is a touchpoint's. `share` is of everybody's answers.
    """

    value: str | UnsetType | None = UNSET
    values: tuple[str | None, str | None] | UnsetType = UNSET
    label: str | UnsetType = UNSET
    answers: int | None
    share: Annotated[float, Meta(ge=0, le=1)] | None
    promoters: int | None
    passives: int | None
    detractors: int | None
    nps: Shown | None
    interval: IntervalView | None
    band: BandView | None
    change: GroupChange | None
    withheld: WithheldView | UnsetType = UNSET


class MixAndScoreView(ResponseBody, frozen=True, kw_only=True):
    """Why everybody's score is another: `mix` is what comes of other shares of the groups, `score` of other scores in them; they add up.

    Groups that are withheld in one of the periods are taken as one.
    """

    difference: Difference
    mix: float
    score: float


class SegmentsReport(ResponseBody, frozen=True, kw_only=True):
    """The score of local days `from` to `to` by groups. Every answer is in one.

    By two keys, groups without answers are left out, and to a key without answers:read those that are withheld: `withheld` says why.
    """

    survey_id: str
    first: date = field(name="from")
    last: date = field(name="to")
    by: tuple[str, ...]
    total: TotalView
    groups: tuple[GroupView, ...]
    compared_with: PeriodView | None
    mix_and_score: MixAndScoreView | None
    withheld: WithheldView | UnsetType = UNSET
