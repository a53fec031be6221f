"""Texts of alerts for Customer Success, by locale, in the JSON files beside this. `{…}` stands for what an alert fills in."""

from functools import cache
from pathlib import Path

import msgspec

from shared.scoring import NpsClass
from shared.survey import Locale


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the texts."""


class Labels(_Part, frozen=True):
    """What stands beside a value."""

    survey: str
    touchpoint: str
    answered_at: str
    segments: str
    first_name: str
    email: str
    customer_id: str
    comment: str
    next_step: str
    open_answer: str
    channel: str


class AnswerTexts(_Part, frozen=True):
    """An alert about one answer: {score}, {class}, {who}, {company}; in `sms`, {where} is survey and touchpoint."""

    title: str
    lead: str
    next_step: str
    sms: str


class DigestTexts(_Part, frozen=True):
    """Many alerts in one message: {count} of them, {score} of each."""

    title_one: str
    title_many: str
    entry: str
    entry_withdrawn: str
    more_one: str
    more_many: str
    next_step: str


class NoticeTexts(_Part, frozen=True):
    """A word to a channel about itself: {company}."""

    title: str
    lead: str
    next_step: str


class DisabledTexts(_Part, frozen=True):
    """The word that a channel was disabled: {since} is when it began to fail."""

    title: str
    lead_gone: str
    lead_failing: str
    next_step: str


class Calendar(_Part, frozen=True):
    """How an instant is written: {weekday}, {day}, {month}, {month_number}, {year}, {time}, {zone}."""

    moment: str
    short_moment: str
    weekdays: tuple[str, str, str, str, str, str, str]
    months: tuple[str, str, str, str, str, str, str, str, str, str, str, str]


class AlertTexts(_Part, frozen=True):
    """All of one locale."""

    classes: dict[NpsClass, str]
    labels: Labels
    somebody: str
    cut_comment: str
    detractor: AnswerTexts
    comment_added: AnswerTexts
    improved: AnswerTexts
    withdrawn: AnswerTexts
    replaced: AnswerTexts
    digest: DigestTexts
    test: NoticeTexts
    challenge: NoticeTexts
    disabled: DisabledTexts
    erased: NoticeTexts
    calendar: Calendar


@cache
def alert_texts(locale: Locale) -> AlertTexts:
    """The texts of a locale, read when first asked for."""
    return msgspec.json.decode(Path(__file__).with_name(f"{locale}.json").read_bytes(), type=AlertTexts)
