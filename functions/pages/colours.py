"""The page's colours: the survey's own, corrected until it can be read on light and on dark ground.

Text needs WCAG 2.2's contrast of 4.5 (SC 1.4.3), what is filled 3 (SC 1.4.11). Colours are `#rrggbb`.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

from shared.contrast import contrast, luminance

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


def readable(colour: str, ground: str, wanted: float = READABLE) -> str:
    """`colour` as far darkened or lightened as it takes to be read on `ground`."""
    end = 0 if luminance(ground) > _MIDDLE else 255
    mixes = (_mixed(colour, end, step / _STEPS) for step in range(_STEPS + 1))
    return next(mixed for mixed in mixes if contrast(mixed, ground) >= wanted)


def text_on(colour: str) -> str:
    """White or black, whichever reads better on `colour`; white where both do."""
    return "#ffffff" if contrast(colour, "#ffffff") >= READABLE else "#000000"


def _mixed(colour: str, end: int, share: float) -> str:
    return "#" + "".join(f"{round(value + (end - value) * share):02x}" for value in _channels(colour))


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
