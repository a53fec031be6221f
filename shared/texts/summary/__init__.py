"""Texts of the weekly summary and of the page that ends it, by locale, in the JSON files beside this."""

from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from shared.survey import Locale

FOLDER: Final = Path(__file__).parent


class SummaryTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of one locale."""

    subject: str
    greeting: str
    lead: str
    score: str
    few: str
    none: str
    counts: str
    rose: str
    fell: str
    no_clear_change: str
    too_few: str
    open: str
    why: str
    stop: str
    ask: str
    ask_detail: str
    button: str
    ended: str
    ended_detail: str


@cache
def summary_texts(locale: Locale) -> SummaryTexts:
    """The texts of a locale, read when first asked for."""
    return msgspec.json.decode((FOLDER / f"{locale}.json").read_bytes(), type=SummaryTexts)
