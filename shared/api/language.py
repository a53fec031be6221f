"""Which language a request asks for, and what the API refuses said in it. A language's texts are read when it is first asked for."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from shared.phrase import translated

if TYPE_CHECKING:
    from shared.survey import Locale

ENGLISH: Final = "en"
_SPOKEN: Final[dict[str, "Locale"]] = {"pt": "pt-BR", "en": ENGLISH, "es": "es"}
_TEXTS: Final = Path(__file__).parents[1] / "texts" / "refusals"
_MOST_LANGUAGES: Final = 10


def liked(header: str) -> list[str]:
    """The languages of `Accept-Language`, the most liked first (RFC 9110 §12.5.4)."""
    weighed: list[tuple[float, str]] = []
    for part in header.split(",")[:_MOST_LANGUAGES]:
        tag, _, parameter = part.strip().partition(";")
        try:
            weight = float(parameter.strip().lower().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            weight = 0.0
        if 0 < weight <= 1:
            weighed.append((-weight, tag.strip()))
    return [tag for _, tag in sorted(weighed, key=lambda each: each[0])]


def asked_for(header: str) -> "Locale":
    """The language that `Accept-Language` likes most of those we have; English where it likes none, and where there is no such header."""
    tags = (tag.partition("-")[0].lower() for tag in liked(header))
    return next((_SPOKEN[tag] for tag in tags if tag in _SPOKEN), ENGLISH)


def refusal_in(locale: "Locale", text: str) -> str:
    """What the API refuses, in a language; what a person wrote, such as a legal hold's reason, stays as it is."""
    return str(text) if locale == ENGLISH else translated(text, _templates(locale))


@cache
def _templates(locale: "Locale") -> dict[str, str]:
    return msgspec.json.decode((_TEXTS / f"{locale}.json").read_bytes(), type=dict[str, str])
