"""One part of a text message: 160 characters of the GSM alphabet, never more, and nothing personal.

Other alphabets leave room for 70 (3GPP TS 23.038), and most Portuguese accents are in none of GSM's tables: ã, õ, á and ç lose them, as
people expect of a text message.
"""

import unicodedata
from collections.abc import Iterator
from typing import Final

from shared.alerts.compose.telling import filling_of, survey_of, wording_of
from shared.alerts.content import AlertContent
from shared.alerts.neutral import flat, safe_link

ONE_PART: Final = 160
LONGEST_DISPLAY_NAME: Final = 11
ROOM: Final = ONE_PART - LONGEST_DISPLAY_NAME - len("> ")
"""SNS puts the topic's display name before the text (SNS developer guide, Publishing to a topic)."""
SHORTEST_NAME: Final = 12
_PLACE: Final = "§"
_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The basic table: one septet each. What the extension table has for two (brackets, the euro) is written otherwise."""
_WRITTEN: Final = str.maketrans(
    {"\u201c": '"', "\u201d": '"', "\xab": '"', "\xbb": '"', "\u2018": "'", "\u2019": "'", "`": "'"}
    | {"\u2013": "-", "\u2014": "-", "~": "-", "\xb7": "-", "\u2026": "...", "\u20ac": "EUR", "\xba": "o", "\xaa": "a"}
    | {"[": "(", "]": ")", "{": "(", "}": ")", "|": "/", "\\": "/", "^": ""}
)


def compose(content: AlertContent) -> str:
    """The text: the whole if it fits, else without touchpoint, with a shorter survey's name, and at last without the link."""
    return next(text for text in _drafts(content) if len(text) <= ROOM)


def in_gsm(text: str) -> str:
    """The text in the basic table of the GSM alphabet; what has no likeness there is left out."""
    kept = (_nearest(character) for character in flat(text).translate(_WRITTEN))
    return " ".join("".join(kept).split())


def _nearest(character: str) -> str:
    if character in _GSM:
        return character
    return "".join(part for part in unicodedata.normalize("NFKD", character) if part in _GSM)


def _drafts(content: AlertContent) -> Iterator[str]:
    survey = in_gsm(survey_of(content)) or content.survey_id
    touchpoint = in_gsm(content.touchpoint.label) if content.touchpoint else ""
    link = safe_link(content.link)
    ending = f" {link}" if link and set(link) <= _GSM else ""
    if touchpoint:
        yield _text(content, f"{survey}, {touchpoint}") + ending
    for tail in dict.fromkeys((ending, "")):
        yield _text(content, survey) + tail
        longest = ROOM - len(_text(content, "") + tail) - len("...")
        if longest >= SHORTEST_NAME:
            yield _text(content, survey[:longest].rstrip() + "...") + tail
    yield _text(content, "")[:ROOM]


def _text(content: AlertContent, where: str) -> str:
    return in_gsm(wording_of(content).sms.format(**filling_of(content), where=_PLACE)).replace(_PLACE, where)
