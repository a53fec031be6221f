"""What can be composed besides one alert: many at once, and a word to a channel about itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from shared.alerts.content import AlertContent, AlertKind
from shared.survey import Locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Alerts that a channel wanted together, in the order in which they are to be read. There is at least one."""

    kind: ClassVar = AlertKind.DIGEST
    message_id: str
    locale: Locale
    at: datetime
    alerts: Sequence[AlertContent]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A word to a channel about itself. `company` may be the system's own name where a channel serves several."""

    kind: ClassVar[AlertKind]
    message_id: str
    locale: Locale
    at: datetime
    company: str
    channel_id: str
    channel_name: str
    time_zone: str = "America/Sao_Paulo"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTest(Notice):
    """Somebody wants to see whether it works."""

    kind = AlertKind.TEST


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChallenge(Notice):
    """Whoever can read this code where it arrives, or echo it from there, owns the place."""

    kind = AlertKind.CHALLENGE
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDisabled(Notice):
    """A channel was disabled. Said elsewhere: to its owner."""

    kind = AlertKind.DISABLED
    reason: Literal["gone", "failing"]
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedAnswer:
    """An answer that was an erased person's, as a receiver knows it from its alerts. Nothing else is left of it to say."""

    survey_id: str
    survey_name: str
    answer_id: str
    answered_at: datetime
    time_zone: str
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectErased:
    """A person was erased, and the receiver was given data of theirs: it has to delete its copies (LGPD art. 18 §6).

    `at` is when. There is at least one answer.
    """

    kind: ClassVar = AlertKind.ERASED
    message_id: str
    locale: Locale
    at: datetime
    company: str
    answers: Sequence[ErasedAnswer]


type Told = AlertContent | Digest | ChannelTest | ChannelChallenge | ChannelDisabled | SubjectErased
