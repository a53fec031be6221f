"""What every tool shows, in the reader's language and still in no tool's markup: title, sentence, facts, quotation, what to do, link.

All texts that came from elsewhere are clean and bounded; each tool escapes and shortens them once more for itself.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.survey import Locale
from shared.texts.alerts import AlertTexts, alert_texts

BETWEEN: Final = " · "
PRODUCT: Final = "Recomenda"


class Tone(StrEnum):
    """How loud a message is."""

    ALARM = "alarm"
    WORD = "word"
    CALM = "calm"
    PLAIN = "plain"


class About(StrEnum):
    """What a fact is about."""

    SURVEY = "survey"
    TOUCHPOINT = "touchpoint"
    ANSWERED_AT = "answered_at"
    SEGMENTS = "segments"
    FIRST_NAME = "first_name"
    EMAIL = "email"
    CUSTOMER_ID = "customer_id"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what it is about, in words, and its value."""

    about: About
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One alert of a digest."""

    title: str
    detail: str
    quote: str | None
    link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message as a person reads it."""

    locale: Locale
    tone: Tone
    emoji: str
    title: str
    lead: str
    at: datetime
    footer: str
    next_step: str
    facts: tuple[Fact, ...] = ()
    quote: str | None = None
    code: str | None = None
    entries: tuple[Entry, ...] = ()
    link: str | None = None

    @property
    def texts(self) -> AlertTexts:
        """The words around it."""
        return alert_texts(self.locale)

    @property
    def headline(self) -> str:
        """The title as it is shown."""
        return f"{self.emoji} {self.title}"

    @property
    def summary(self) -> str:
        """What a list of messages or a locked screen may show: what happened and where, nobody's name."""
        where = self.facts[0].value if self.facts else self.lead
        return f"{self.title}{BETWEEN}{where}" if where else self.title

    def more(self, left_out: int) -> str:
        """How many entries there was no room for."""
        texts = self.texts.digest
        return texts.more_one if left_out == 1 else texts.more_many.format(count=left_out)
