"""Cells that spreadsheets take for what they are: text (owasp.org, CSV Injection)."""

import re
import unicodedata
from typing import Final

from shared.privacy.copies import harmless

_FORMULA: Final = "=+-@"
_LOOKALIKES: Final = "".join(chr(code) for code in range(0x80, 0x10000) if unicodedata.normalize("NFKC", chr(code))[:1] in tuple(_FORMULA))
_UNSEEN: Final = r"\s\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
_INSIDE: Final = re.compile(rf"([,;|\t\r\n\"'\u2019\u201d][{_UNSEEN}]*)(?=[{re.escape(_FORMULA + _LOOKALIKES)}])")


def cell(text: str) -> str:
    """The text, with an apostrophe wherever a spreadsheet might see a formula begin.

    At its beginning, whatever unseen stands before; and after whatever may end a cell or a line, for who opens the file with another
    delimiter than it was written with: the rest of the text then begins a cell of its own.
    """
    return harmless(_INSIDE.sub(r"\1'", text))
