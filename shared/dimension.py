"""Dimensions an answer is counted by, and the names of the rows they make in Rollups."""

from collections.abc import Mapping
from typing import Final

ALL: Final = "all"
OTHER: Final = "other"
"""What a value that was never declared counts as."""
SEGMENT: Final = "segment."
TOUCHPOINT: Final = "touchpoint"
CHANNEL: Final = "channel"
VARIANT: Final = "variant"
LOCALE: Final = "locale"
IDENTITY: Final = "identity"
"""Whether an answer came with proof of whose it is. It is ours to say, never a page's, and an erasure does not move it."""
IDENTIFIED: Final = "identified"
ANONYMOUS: Final = "anonymous"
PLAIN: Final = (TOUCHPOINT, CHANNEL, VARIANT, LOCALE, IDENTITY)


def row_of(dimension: str, value: str) -> str:
    """The row that counts answers with `value` in `dimension`: `touchpoint=checkout`, `segment.plan=pro`."""
    return f"{dimension}={value}"


def pair_row_of(first: str, second: str) -> str:
    """The row that counts answers in both rows of a declared pair, in the pair's order."""
    return f"{first}&{second}"


def family_of(row: str) -> tuple[str, str]:
    """The family of a row, whose rows of a day lie in one item, and the row's place in it.

    A dimension's values are a family (`touchpoint=checkout`: `touchpoint` and `checkout`), a pair's are one for each value of its first
    (`touchpoint=checkout&channel=page`: `touchpoint=checkout&channel` and `page`), and `all` is one by itself, with no place.
    """
    family, _, place = row.rpartition("=")
    return (family, place) if family else (row, "")


def resolve(given: Mapping[str, str], declared: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Replace what was not declared by `other`: what a person or a page typed never reaches the streamed table.

    `given` and the result map a dimension's name to one value; `declared` maps it to all it may take.
    """
    return {name: value if value in declared.get(name, ()) else OTHER for name, value in given.items()}
