"""Respondent tokens: JWTs (RFC 7519, HS256) that a company signs with its survey's secret. Only signed data identifies."""

from collections.abc import Sequence
from typing import Annotated, Final

import msgspec

from shared.intake.ports import Claims

_LEEWAY_SECONDS: Final = 60
LONGEST_TOKEN: Final = 8_000
# No control character, and no half of a surrogate pair (a text cut inside an emoji), which no store could keep.
# `\Z`, for `$` would let a newline follow.
TEXT: Final = r"\A[^\x00-\x1f\x7f\ud800-\udfff]*\Z"
EMAIL: Final = r"\A[^@\s\x00-\x1f\x7f\ud800-\udfff]+@[^@\s\x00-\x1f\x7f\ud800-\udfff]+\Z"


class InvalidTokenError(Exception):
    """The token is not one of this survey's, or no longer valid."""


class _Payload(msgspec.Struct, frozen=True):
    """What a token carries; claims that are not ours are left alone."""

    sub: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=TEXT)]
    exp: float
    email: Annotated[str, msgspec.Meta(max_length=254, pattern=EMAIL)] | None = None
    name: Annotated[str, msgspec.Meta(max_length=200, pattern=TEXT)] | None = None
    segments: dict[str, str] = {}


def claims_of(token: str, secrets: Sequence[bytes]) -> Claims:
    """Verify a token against the survey's valid secrets and read it; `exp` and `sub` are required. Raises `InvalidTokenError`."""
    for secret in secrets:
        payload = _verified(token, secret)
        if payload is not None:
            return Claims(customer_id=payload.sub, email=payload.email, name=payload.name, segments=payload.segments)
    raise InvalidTokenError


def _verified(token: str, secret: bytes) -> _Payload | None:
    import jwt  # noqa: PLC0415 - 50 ms of import that an anonymous answer need not wait for

    if len(token) > LONGEST_TOKEN:
        return None
    try:
        decoded = jwt.decode(token, secret, algorithms=["HS256"], leeway=_LEEWAY_SECONDS, options={"require": ["exp", "sub"]})
        return msgspec.convert(decoded, _Payload)
    except (jwt.PyJWTError, msgspec.ValidationError):
        return None
