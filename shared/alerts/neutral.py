"""Text that somebody else typed, made harmless for a place where others will read it.

First `clean` (or `flat`, for one line), which takes away what cannot be seen or reorders what can; `unlinked` where a link of a stranger's
must not be clickable; then what the place's own markup asks for, as late as possible; `cut` measures that last form.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from typing import Final

ELLIPSIS: Final = "…"
MOST_MARKS: Final = 4
"""Accents stacked on one letter. No language needs more; text that climbs over its neighbours has dozens."""
LONGEST_LINK: Final = 700
"""Discord has room for no more beside its words, in a field of 1,024."""

_LONGEST_WORD: Final = 24
_LONGEST_CHARACTER: Final = 40
_NONCHARACTERS: Final = "".join(chr((plane << 16) + low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
_EMOJI: Final = "\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u27bf\u2900-\u2bff\u3030\u303d\u3297\u3299\ufe0f\U0001f000-\U0001faff"
_BREAKS: Final = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACES: Final = re.compile(r"[^\S\n]+")
_UNSEEN: Final = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f"  # controls, NUL and escape included
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0"  # letters and hyphens that show nothing
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks, embeddings, overrides and isolates of writing direction
    "\u200b\u200c\u2060-\u2065\u206a-\u206f\ufeff"  # of no width
    "\ufe00-\ufe0d\ufff0-\ufffb\U000e0000-\U000e0fff"  # variations, annotations and tags: room to smuggle a text in
    f"\ue000-\uf8ff\U000f0000-\U0010ffff\ufdd0-\ufdef{_NONCHARACTERS}"  # private, or no characters at all
    "]"
)
_STRAY_JOINER: Final = re.compile(f"(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])|(?<![{_EMOJI}0-9#*])[\ufe0e\ufe0f]")
_TLDS: Final = "com|net|org|br|io|app|dev|co|info|biz|xyz|online|site|shop|store|top|link|click|live|ly|gl|gg|cc|ru|cn|tk|zip|mov|cloud"
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30}):(//+[^\s/?#]*)")
_SCHEME_WITHOUT_SLASHES: Final = re.compile(r"(?i)\b(javascript|vbscript|data|file|mailto|tel|sms|slack|msteams|discord|whatsapp):(?=\S)")
_HOST: Final = re.compile(
    rf"(?i)(?<![\w@.-])(?:www\.[\w.-]+|(?:[\w-]+\.)+(?:{_TLDS})(?![\w-])|(?:[\w-]+\.)+[^\W\d_]{{2,24}}(?=/)|(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?=[:/]))(?!\.?[\w.-]*@)"
)


def clean(text: str) -> str:
    r"""The text as a person would read it: nothing unseen, no tricks of direction, at most one empty line and one space in a row.

    Line breaks of any kind become "\n". Idempotent; the result can always be encoded as UTF-8.
    """
    whole = text if text.isascii() else _without_lone_surrogates(text)
    visible = _UNSEEN.sub("", _BREAKS.sub("\n", whole))
    if not visible.isascii():
        visible = _STRAY_JOINER.sub("", unicodedata.normalize("NFC", visible))
        visible = _calm(unicodedata.normalize("NFC", visible))
    lines = (line.strip() for line in _SPACES.sub(" ", visible).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def flat(text: str) -> str:
    """The clean text in one line."""
    return " ".join(clean(text).split())


def unlinked(text: str) -> str:
    """The text with its web addresses written as `https[:]//example[.]com`: readable, and nothing to click on by accident."""
    bracketed = _SCHEME.sub(lambda found: f"{found[1]}[:]{found[2].replace('.', '[.]')}", text)
    bracketed = _SCHEME_WITHOUT_SLASHES.sub(r"\1[:]", bracketed)
    return _HOST.sub(lambda host: host[0].replace(".", "[.]"), bracketed)


def cut(text: str, longest: int, size: Callable[[str], int] | None = None) -> str:
    """The text if its `size` (UTF-16 units unless said: what the strictest tools count) is at most `longest`, else its beginning and "…".

    It is never cut inside an emoji or between a letter and its accents. Empty where there is no room for anything.
    """
    measure = size or utf16
    if measure(text) <= longest:
        return text
    fits, beyond = 0, len(text)
    while beyond - fits > 1:
        middle = (fits + beyond) // 2
        if measure(text[:middle] + ELLIPSIS) <= longest:
            fits = middle
        else:
            beyond = middle
    shorter = text[: _end_of_word(text, _boundary(text, fits))].rstrip() + ELLIPSIS
    return shorter if measure(shorter) <= longest else ""


def utf16(text: str) -> int:
    """The text's length in UTF-16 code units, as JavaScript, Java and .NET count: never less than its characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8(text: str) -> int:
    """The text's length in bytes of UTF-8."""
    return len(text.encode())


def for_mrkdwn(text: str) -> str:
    """For Slack's mrkdwn: no entity, so no mention, channel or link, can be made (docs.slack.dev, Formatting message text, Escaping)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def for_html(text: str) -> str:
    """For the HTML subset of Google Chat's cards, between tags: tags and entities show as typed, lines stay lines."""
    return html.escape(text, quote=False).replace("\n", "<br>")


def for_card_header(text: str) -> str:
    """For a place that may or may not read HTML: no tag or entity can be made, and nothing is shown escaped."""
    return re.sub(r"&(?=[#\w])", "& ", text.replace("<", "\u2039").replace(">", "\u203a"))


def for_discord(text: str) -> str:
    """For Discord's Markdown: emphasis, links, mentions, quotes, lists and headings show as typed."""
    inline = re.sub(r"([\\*_~`|\[\]<@])", r"\\\1", text)
    return re.sub(r"(?m)^(\s*)(#|-|\+|>|\d+(?=[.)]))", _escaped_at_line_start, inline)


def for_adaptive_card(text: str) -> str:
    """For a TextRun of an Adaptive Card, which reads no Markdown but may read {{DATE(…)}} and {{TIME(…)}}."""
    return re.sub(r"\{(?=\{)", "{ ", text)


def safe_link(link: str | None) -> str | None:
    """An http(s) address that no markup can be broken with, or None: one's own link, checked all the same."""
    if link is None or len(link) > LONGEST_LINK or not re.fullmatch(r"https?://[A-Za-z0-9._~:/?#@!$&*+,;=%()'-]+", link):
        return None
    return link.replace("(", "%28").replace(")", "%29").replace("*", "%2A").replace("'", "%27").replace("~", "%7E")


def _escaped_at_line_start(found: re.Match[str]) -> str:
    space, mark = found[1], found[2]
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


def _without_lone_surrogates(text: str) -> str:
    """Join the halves of a character; a half on its own becomes U+FFFD, as it has no UTF-8."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _calm(text: str) -> str:
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _end_of_word(text: str, end: int) -> int:
    """The end of the last whole word, unless it lies far back."""
    space = text.rfind(" ", max(end - _LONGEST_WORD, 0), end + 1)
    return space if space > _LONGEST_WORD else end


def _boundary(text: str, end: int) -> int:
    """The nearest place at or before `end` that lies between two characters as a reader sees them; within reason."""
    for place in range(end, max(end - _LONGEST_CHARACTER, -1), -1):
        if place == 0 or not _holds_together(text, place):
            return place
    return end


def _holds_together(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    joined = after in "\u200d\ufe0e\ufe0f" or before == "\u200d"
    skin_or_mark = "\U0001f3fb" <= after <= "\U0001f3ff" or unicodedata.category(after) in {"Mn", "Me", "Mc"}
    return joined or skin_or_mark or _inside_flag(text, place)


def _inside_flag(text: str, place: int) -> bool:
    """Flags are pairs of regional indicators: inside one, an odd number of them ends here."""
    indicators = 0
    while indicators < place and "\U0001f1e6" <= text[place - 1 - indicators] <= "\U0001f1ff":
        indicators += 1
    return "\U0001f1e6" <= text[place] <= "\U0001f1ff" and indicators % 2 == 1
