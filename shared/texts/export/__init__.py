"""What exported files say, and how, by locale: in the JSON files beside this."""

from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from shared.answer import Standing
from shared.scoring import NpsClass
from shared.survey import Locale

_HERE: Final = Path(__file__).parent


class ExportTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One locale: what its spreadsheets split cells by, how it writes a moment (as strftime has it), heads of columns, words for codes."""

    delimiter: str
    moment: str
    columns: dict[str, str]
    classes: dict[NpsClass, str]
    standings: dict[Standing, str]
    yes: str
    no: str


@cache
def export_texts(locale: Locale) -> ExportTexts:
    """The texts of a locale, read when first asked for."""
    return msgspec.json.decode((_HERE / f"{locale}.json").read_bytes(), type=ExportTexts)
