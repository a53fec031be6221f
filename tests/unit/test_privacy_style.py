"""The colours of the privacy page can be read, by day and by night (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from typing import Final

import pytest

from functions.privacy.rendering import FOLDER

TEXTS: Final = [
    *(("ink", "page"), ("ink", "card"), ("soft", "page"), ("soft", "card"), ("accent", "page"), ("accent", "card")),
    *(("on-accent", "accent"), ("wrong", "card"), ("wrong", "wrong-page"), ("ink", "wrong-page"), ("good", "card")),
]
EDGES: Final = [("edge", "card"), ("edge", "page"), ("focus", "card"), ("focus", "page"), ("wrong", "card")]
DAY, NIGHT = (
    dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", block))
    for block in re.findall(r":root \{(.*?)\}", (FOLDER / "style.css").read_text(), re.DOTALL)
)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colours", [DAY, NIGHT], ids=["day", "night"])
@pytest.mark.parametrize(("pair", "least"), [*((pair, 4.5) for pair in TEXTS), *((pair, 3.0) for pair in EDGES)])
def test_it_stands_out(colours: dict[str, str], pair: tuple[str, str], least: float) -> None:
    one, other = pair
    assert contrast(colours[one], colours[other]) >= least
