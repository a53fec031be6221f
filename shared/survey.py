"""A survey: what is asked, of whom, under which legal basis, and the dimensions its answers are counted by."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from itertools import product
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from shared import dimension as dim
from shared.scoring import NpsClass
from shared.wave import Wave

MOST_VALUES = 50
MOST_SEGMENTS = 20
MOST_PAIRS = 10
MOST_SHARDS = 16
MOST_WAVES = 200
SHORTEST_RETENTION = 60
LONGEST_RETENTION = 3650
# In Python `$` also matches before a line break at the end; `(?!\n)` forbids that, and browsers read it too.
SurveyId = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$(?!\n)")]
Key = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,39}$(?!\n)")]
Value = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$(?!\n)")]
Label = Annotated[str, Meta(min_length=1, max_length=120)]
Text = Annotated[str, Meta(min_length=1, max_length=500)]
Url = Annotated[str, Meta(pattern=r"^https://[^\s<>\"]{1,1000}$(?!\n)")]
Origin = Annotated[str, Meta(pattern=r"^(https://[a-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?$(?!\n)")]
Email = Annotated[str, Meta(pattern=r"^[^@\s<>]{1,64}@[^@\s<>]{1,190}$(?!\n)")]
Locale = Literal["pt-BR", "en", "es"]
Colour = Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}$(?!\n)")]

OncePer = Annotated[
    str,
    Meta(
        pattern=r"^(none|wave|touchpoint|days:([1-9][0-9]?|[1-6][0-9]{2}|7[0-2][0-9]|730))$(?!\n)",
        description="In which span a person who is known counts once, by their last answer: none (every answer counts), "
        "days:1 to days:730, wave, or touchpoint (a declared one). Holds for answers that come from then on; what was replaced stays so",
    ),
]


class _Part(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a survey's settings."""


class Touchpoint(_Part, frozen=True):
    """Where in the customer's journey the question is asked."""

    key: Key
    label: Label
    journey_stage: Key | None = None


class Segment(_Part, frozen=True):
    """A property that answers are cut by; `signed_only` ones are taken from a signed token alone."""

    key: Key
    values: Annotated[tuple[Value, ...], Meta(max_length=MOST_VALUES)]
    signed_only: bool = False


class Encarregado(_Part, frozen=True):
    """The person in charge of personal data (LGPD art. 41), or a small agent's channel (Res. CD/ANPD 2/2022)."""

    name: Label
    email: Email


class Wording(_Part, frozen=True):
    """The survey's own texts in one locale; what is None is the standard text."""

    question: Text | None = None
    follow_up: dict[NpsClass, Text] = field(default_factory=dict)
    thanks: Text | None = None


class LegalBasis(_Part, frozen=True):
    """Why personal data may be processed (LGPD art. 7, or 11 where comments may be sensitive)."""

    kind: Literal["consent", "legitimate_interest", "contract"]
    consent_version: Label | None = None
    consent_text: dict[Locale, Annotated[str, Meta(min_length=1, max_length=2000)]] = field(default_factory=dict)
    assessment: Label | None = None

    def is_complete(self) -> bool:
        """Consent needs its text and version (art. 8); legitimate interest the reference of its assessment (art. 10)."""
        if self.kind == "consent":
            return bool(self.consent_version and self.consent_text)
        return self.kind != "legitimate_interest" or self.assessment is not None


class Theme(_Part, frozen=True):
    """How widget and page look."""

    colour: Colour = "#0b5fff"
    position: Literal["corner", "inline"] = "corner"
    dark: Literal["auto", "always", "never"] = "auto"


class Display(_Part, frozen=True):
    """When the widget asks of itself. Every rule that is set must hold; `urls` are patterns of the page's address with `*` for any text."""

    seconds: Annotated[int, Meta(ge=0, le=3600)] = 0
    scroll_percent: Annotated[int, Meta(ge=1, le=100)] | None = None
    exit_intent: bool = False
    event: Value | None = None
    share_percent: Annotated[int, Meta(ge=1, le=100)] = 100
    urls: Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=300)], ...], Meta(max_length=20)] = ()
    most_displays: Annotated[int, Meta(ge=1, le=100)] = 3
    """How often it is shown to one visitor who neither answers nor dismisses it."""
    dismissed_days: Annotated[int, Meta(ge=1, le=730)] = 30
    """How long it is not shown again to who dismissed it."""


class SurveySettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All that a manager decides about a survey."""

    name: Label
    company: Label
    wording: dict[Locale, Wording] = field(default_factory=dict)
    locales: Annotated[tuple[Locale, ...], Meta(min_length=1, max_length=3)] = ("pt-BR",)
    default_locale: Locale = "pt-BR"
    theme: Theme = Theme()
    time_zone: Annotated[str, Meta(max_length=60)] = "America/Sao_Paulo"
    touchpoints: Annotated[tuple[Touchpoint, ...], Meta(max_length=MOST_VALUES)] = ()
    channels: Annotated[tuple[Value, ...], Meta(max_length=MOST_VALUES)] = ("widget", "page", "email", "chat")
    variants: Annotated[tuple[Value, ...], Meta(max_length=MOST_VALUES)] = ()
    segments: Annotated[tuple[Segment, ...], Meta(max_length=MOST_SEGMENTS)] = ()
    pairs: Annotated[tuple[tuple[str, str], ...], Meta(max_length=MOST_PAIRS)] = ()
    origins: Annotated[tuple[Origin, ...], Meta(max_length=50)] = ()
    legal_basis: LegalBasis | None = None
    notice_url: Url | None = None
    encarregado: Encarregado | None = None
    audience_minors: bool = False
    display: Display = Display()
    recontact_days: Annotated[int, Meta(ge=1, le=730)] = 90
    """How long nobody is asked again who has answered."""
    most_per_network: Annotated[int, Meta(ge=1, le=1000)] | None = 100
    """Answers without a proven person that one network may give in ten minutes before they are set aside; None: any number (a kiosk)."""
    count_once_per: OncePer = "none"
    retention_days: Annotated[int, Meta(ge=SHORTEST_RETENTION, le=LONGEST_RETENTION)] | None = None
    on_erasure: Literal["anonymise", "forget_score"] = "anonymise"
    goal: Annotated[int, Meta(ge=-100, le=100)] | None = None
    """The score that the company wants."""

    def declared(self) -> dict[str, tuple[str, ...]]:
        """Each dimension's name and the values it may take, `other` aside."""
        plain = {
            dim.TOUCHPOINT: tuple(touchpoint.key for touchpoint in self.touchpoints),
            dim.CHANNEL: self.channels,
            dim.VARIANT: self.variants,
            dim.LOCALE: self.locales,
            dim.IDENTITY: (dim.IDENTIFIED, dim.ANONYMOUS),
        }
        return plain | {dim.SEGMENT + segment.key: segment.values for segment in self.segments}


class SurveyStatus(StrEnum):
    """The life of a survey."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Survey(Struct, frozen=True, kw_only=True):
    """A survey as it is kept.

    `buckets` is fixed when it is made (an answer's place depends on it); `row_shards` may only grow (readers add up all of them);
    `person_salt` derives the random-looking person id of an anonymous answer; `revision` guards concurrent changes.
    """

    survey_id: SurveyId
    settings: SurveySettings
    status: SurveyStatus = SurveyStatus.DRAFT
    created_at: datetime
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    person_salt: str
    buckets: Annotated[int, Meta(ge=1, le=64)] = 4
    row_shards: Annotated[int, Meta(ge=1, le=MOST_SHARDS)] = 1
    waves: Annotated[tuple[Wave, ...], Meta(max_length=MOST_WAVES)] = ()
    """By their days; no two have a day in common, and one at most is open."""
    revision: int = 1

    @property
    def retention_days(self) -> int:
        """Days an answer is kept; a survey that has never opened has none yet and keeps the longest."""
        return self.settings.retention_days or LONGEST_RETENTION

    def rows_of(self, dimensions: Mapping[str, str]) -> tuple[str, ...]:
        """The rows an answer with these (resolved) dimensions counts in: `all`, one a dimension, one a declared pair."""
        single = [dim.row_of(name, value) for name, value in sorted(dimensions.items())]
        pairs = [
            dim.pair_row_of(dim.row_of(one, dimensions[one]), dim.row_of(other, dimensions[other]))
            for one, other in self.settings.pairs
            if one in dimensions and other in dimensions
        ]
        return (dim.ALL, *single, *pairs)

    def all_rows(self) -> Iterator[str]:
        """Every row that any answer of the survey can have been counted in."""
        declared = {name: (*values, dim.OTHER) for name, values in self.settings.declared().items()}
        yield dim.ALL
        for name, values in declared.items():
            yield from (dim.row_of(name, value) for value in values)
        for one, other in self.settings.pairs:
            for first, second in product(declared[one], declared[other]):
                yield dim.pair_row_of(dim.row_of(one, first), dim.row_of(other, second))
