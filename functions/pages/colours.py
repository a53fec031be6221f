"""The page's colours: the survey's own, corrected until it can be read on light and on dark ground.

Contrast is WCAG 2.2's: relative luminance (its glossary) and the ratio of two (SC 1.4.3, 1.4.11). Colours are `#rrggbb`.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

READABLE: Final = 4.5
_STEPS: Final = 40
_MIDDLE: Final = 0.18
"""The luminance whose contrast to black is about that to white."""
_LIGHT: Final = {"page": "#f4f5f8", "card": "#ffffff", "soft": "#f1f3f6", "line": "#dde1e8", "text": "#1a1d21", "muted": "#555c66"}
_DARK: Final = {"page": "#111317", "card": "#1b1e24", "soft": "#272b33", "line": "#373d47", "text": "#f3f4f6", "muted": "#b4bac4"}
_WRONG: Final = "#c01622"


@cache
def colour_style(colour: str, dark: str) -> str:
    """The rules that give each of the style's colours its value, by the theme's colour and `auto`, `always` or `never` dark."""
    light, night = _rules("light", _LIGHT, colour), _rules("dark", _DARK, colour)
    if dark == "always":
        return night
    return light if dark == "never" else f"{light}@media(prefers-color-scheme:dark){{{night}}}"


def _rules(scheme: str, ground: Mapping[str, str], colour: str) -> str:
    ink, fill = readable(colour, ground["soft"]), readable(colour, ground["card"], 3.0)
    named = {**ground, "fill": fill, "on-fill": text_on(fill), "ink": ink, "wrong": readable(_WRONG, ground["soft"])}
    return f":root{{color-scheme:{scheme};{';'.join(f'--{name}:{value}' for name, value in named.items())}}}"


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, ground: str, wanted: float = READABLE) -> str:
    """`colour` as far darkened or lightened as it takes to be read on `ground`."""
    end = 0 if _luminance(ground) > _MIDDLE else 255
    mixes = (_mixed(colour, end, step / _STEPS) for step in range(_STEPS + 1))
    return next(mixed for mixed in mixes if contrast(mixed, ground) >= wanted)


def text_on(colour: str) -> str:
    """White or black, whichever reads better on `colour`; white where both do."""
    return "#ffffff" if contrast(colour, "#ffffff") >= READABLE else "#000000"


def _mixed(colour: str, end: int, share: float) -> str:
    return "#" + "".join(f"{round(value + (end - value) * share):02x}" for value in _channels(colour))


def _luminance(colour: str) -> float:
    parts = [value / 255 for value in _channels(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)  # noqa: PLR2004 - the definition's
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
