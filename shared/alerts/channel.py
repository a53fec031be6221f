"""A channel: where alerts go, which ones, and what of a person they may carry."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from shared.survey import Key, Label, Locale, SurveyId, Value

ChannelId = Annotated[str, Meta(pattern=r"^ch_[a-z2-7]{16}$(?!\n)")]
Include = Literal["comment", "first_name", "email", "customer_id"]
Hour = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)")]
Word = Annotated[str, Meta(min_length=2, max_length=60)]
Address = Annotated[str, Meta(min_length=5, max_length=2000)]
StatusReason = Literal["gone", "failing"]


class ChannelKind(StrEnum):
    """The receivers we know how to speak to."""

    WEBHOOK = "webhook"
    SLACK = "slack"
    TEAMS = "teams"
    GOOGLE_CHAT = "google_chat"
    DISCORD = "discord"
    SNS_EMAIL = "sns_email"
    SNS_SMS = "sns_sms"

    @property
    def is_subscription(self) -> bool:
        """Whether SNS delivers to it, so that it is a subscription of our topic and not an address we call."""
        return self in {ChannelKind.SNS_EMAIL, ChannelKind.SNS_SMS}


class ChannelStatus(StrEnum):
    """The life of a channel. Only an active one is sent alerts; those of a paused or disabled one are held, and can be replayed."""

    UNVERIFIED = "unverified"
    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"


class _Part(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a channel's settings."""


class QuietHours(_Part, frozen=True):
    """When nobody wants to be woken, in the receivers' own time zone: from `begins` to `ends`, over midnight where it is later.

    Urgent alerts pass, those of a score of `urgent_at_most` or less, and wait for no digest either.
    """

    begins: Hour
    ends: Hour
    time_zone: Annotated[str, Meta(max_length=60)] = "America/Sao_Paulo"
    urgent_at_most: Annotated[int, Meta(ge=-1, le=6)] = 0


class Rules(_Part, frozen=True):
    """Which detractors the channel hears of; an empty list does not restrict. All that are given have to hold."""

    surveys: Annotated[tuple[SurveyId, ...], Meta(max_length=100)] = ()
    score_at_most: Annotated[int, Meta(ge=0, le=6)] = 6
    segments: Annotated[dict[Key, tuple[Value, ...]], Meta(max_length=20)] = field(default_factory=dict)
    touchpoints: Annotated[tuple[Key, ...], Meta(max_length=50)] = ()
    words: Annotated[tuple[Word, ...], Meta(max_length=50)] = ()
    quiet_hours: QuietHours | None = None
    digest: Literal["none", "hourly", "daily"] = "none"
    digest_at: Hour = "08:00"


class ChannelSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a manager decides about a channel. `country` is where the receiver keeps what it gets (LGPD arts. 33-36)."""

    name: Label
    include: Annotated[tuple[Include, ...], Meta(max_length=4)] = ()
    mask_comment: bool = True
    wait_seconds: Annotated[int, Meta(ge=0, le=900)] = 120
    locale: Locale = "pt-BR"
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}$(?!\n)")] = "BR"
    rules: Rules = Rules()


class Channel(Struct, frozen=True, kw_only=True):
    """A channel as it is kept. Address and secrets are kept beside it, sealed, and never shown again."""

    channel_id: ChannelId
    kind: ChannelKind
    settings: ChannelSettings
    status: ChannelStatus = ChannelStatus.UNVERIFIED
    status_reason: StatusReason | None = None
    host: str = ""
    """The receiver's host name (or, for a subscription, what kind of address it is): what may be shown of the address."""
    subscription: str | None = None
    created_at: datetime
    verified_at: datetime | None = None
    disabled_at: datetime | None = None
    owner_told_at: datetime | None = None
    """When the notice of its disabling went out."""
    revision: int = 1


SNS_CHANNEL = "sns"
"""Stands for the topic as a whole in receipts: a subscriber's own wishes are its filter policy."""
