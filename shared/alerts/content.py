"""What an alert says, before it takes the shape of a receiver's tool. Made at the moment of sending, and kept nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.scoring import NpsClass
from shared.survey import Locale

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class AlertKind(StrEnum):
    """The types of messages, as receivers see them."""

    DETRACTOR = "alert.detractor"
    COMMENT_ADDED = "alert.comment_added"
    WITHDRAWN = "alert.withdrawn"
    DIGEST = "alert.digest"
    TEST = "channel.test"
    CHALLENGE = "channel.challenge"
    DISABLED = "channel.disabled"
    ERASED = "subject.erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """Where the customer was asked."""

    key: str
    label: str
    journey_stage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What of the customer the channel asked for; each is None unless its `include` names it. Personal."""

    comment: str | None = None
    first_name: str | None = None
    email: str | None = None
    customer_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertContent:
    """One alert about one answer. Score and class are None once the answer no longer speaks for anybody."""

    kind: AlertKind
    message_id: str
    survey_id: str
    survey_name: str
    company: str
    locale: Locale
    time_zone: str
    answer_id: str
    revision: int
    score: int | None
    nps_class: NpsClass | None
    answered_at: datetime
    occurred_at: datetime | None = None
    """When what it tells of happened, where that is later than the answer."""
    touchpoint: Touched | None = None
    segments: Mapping[str, str] = field(default=NOTHING)
    link: str | None = None
    replaced: bool = False
    """Whether a later answer of the same customer counts in its place."""
    person: Person = field(default_factory=Person)
