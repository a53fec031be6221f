"""Texts of the letter that carries a code to a data subject, by locale, in the JSON files beside this."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from shared.survey import Locale

if TYPE_CHECKING:
    from jinja2 import Template


class LetterTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of one locale: {what} is asked for, the code lives {minutes}."""

    subject: str
    greeting: str
    lead: str
    expiry: str
    not_you: str
    never_share: str
    signature: str
    what: dict[str, str]
    and_: str = msgspec.field(name="and")


@cache
def letter_texts(locale: Locale) -> LetterTexts:
    """The texts of a locale, read when first asked for."""
    return msgspec.json.decode(Path(__file__).with_name(f"{locale}.json").read_bytes(), type=LetterTexts)


@cache
def letter_template() -> "Template":
    """The letter as HTML."""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - only letters need it

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(Path(__file__).with_name("letter.html").read_text(encoding="utf-8"))
