"""Ids of requests, erasures and legal holds: random, so that they tell nothing and nobody guesses one."""

from base64 import b32encode
from typing import Final

ID_BYTES: Final = 16
REQUEST: Final = "req_"
ERASURE: Final = "era_"
HOLD: Final = "hold_"
_CHARACTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz234567")
_LENGTH: Final = len(b32encode(bytes(ID_BYTES)).rstrip(b"="))


def id_from(prefix: str, randomness: bytes) -> str:
    """The id that 16 bytes make: `req_` and 26 characters a-z2-7."""
    return prefix + b32encode(randomness[:ID_BYTES]).decode().lower().rstrip("=")


def is_id(prefix: str, text: str) -> bool:
    """Whether it is written as ids of that kind are. Only what is reaches a store."""
    return len(text) == len(prefix) + _LENGTH and text.startswith(prefix) and set(text[len(prefix) :]) <= _CHARACTERS
