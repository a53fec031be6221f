"""Signatures of webhooks after Standard Webhooks 1.0.0 (standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`."""

import binascii
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - how a secret begins, none itself
_FEWEST_BYTES: Final = 24
_MOST_BYTES: Final = 64
_NEW_SECRET_BYTES: Final = 32  # as long as the digest: more gives an HMAC nothing
# A full stop would let one id and timestamp be read as another.
_MESSAGE_ID: Final = re.compile(r"[!-\-/-~]{1,128}")


class SignatureError(Exception):
    """A message that cannot be signed. The text never holds a secret."""


class InvalidSecretError(SignatureError):
    """The secret is not `whsec_` and the Base64 of 24 to 64 bytes."""


class InvalidMessageIdError(SignatureError):
    """The message's id is empty, too long, or has a full stop, a space or characters beyond ASCII."""


def new_secret(random_bytes: Callable[[int], bytes]) -> str:
    """A new endpoint's secret, as its owner sees it. `random_bytes` is of a cryptographic source."""
    return SECRET_PREFIX + b64encode(random_bytes(_NEW_SECRET_BYTES)).decode()


def sign(message_id: str, timestamp: int, body: bytes, secrets: Sequence[str]) -> str:
    """The value of `webhook-signature`: one signature a secret, the newest first, so that a rotation breaks no receiver.

    `timestamp` is of this attempt, in seconds since 1970. Raises `InvalidSecretError` (also without any secret) and
    `InvalidMessageIdError`.
    """
    if not secrets:
        raise InvalidSecretError
    if not _MESSAGE_ID.fullmatch(message_id):
        raise InvalidMessageIdError
    content = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return " ".join(f"v1,{b64encode(hmac.digest(_key(secret), content, sha256)).decode()}" for secret in secrets)


def signed_headers(message_id: str, timestamp: int, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The three headers of a signed call; see `sign`."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(message_id, timestamp, body, secrets),
    }


def _key(secret: str) -> bytes:
    if not secret.startswith(SECRET_PREFIX):
        raise InvalidSecretError
    try:
        key = b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidSecretError from None
    if not _FEWEST_BYTES <= len(key) <= _MOST_BYTES:
        raise InvalidSecretError
    return key
