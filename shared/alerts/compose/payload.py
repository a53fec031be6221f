"""A message in the shape a receiver takes, and how much of it fits."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

type Json = str | int | bool | Sequence[Json] | Mapping[str, Json] | None

JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Payload:
    """The body of one POST."""

    body: bytes
    content_type: str = JSON
    shown: int = 0
    """How many of a digest's alerts there was room for: the first ones."""


def json_payload(content: Json, shown: int) -> Payload:
    """JSON in UTF-8 (RFC 8259)."""
    return Payload(msgspec.json.encode(content), shown=shown)


def json_size(content: Json) -> int:
    """Bytes it takes inside a JSON body, with the comma after it."""
    return len(msgspec.json.encode(content)) + 1


def that_fit[T](parts: Iterable[T], room: int, size: Callable[[T], int], most: int) -> list[T]:
    """The first parts that have room together, at most `most` of them."""
    taken: list[T] = []
    for part in parts:
        room -= size(part)
        if room < 0 or len(taken) == most:
            break
        taken.append(part)
    return taken
