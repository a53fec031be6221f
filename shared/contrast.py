"""Whether text can be read on a colour: contrast by WCAG 2.2."""

from typing import Final

WHITE: Final = "#ffffff"
BLACK: Final = "#000000"


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(colour: str) -> str:
    """White or black, whichever is easier to read on that colour: 4.58 at least, where AA asks for 4.5."""
    return max((WHITE, BLACK), key=lambda text: contrast(text, colour))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 - sRGB's own numbers
