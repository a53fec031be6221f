"""Ids that tell nothing."""

from base64 import b32encode

from functions.privacy.composition import compose

_BYTES = 16


def new_id(prefix: str) -> str:
    """128 random bits, as `hold_…`."""
    return f"{prefix}_{b32encode(compose().asking.random_bytes(_BYTES)).decode().lower().rstrip('=')}"
