"""The user pool's public keys, fetched once a container and again only for an id that is not among them, at most once a minute."""

import json
from collections.abc import Callable
from typing import Any, Final

import jwt
import urllib3

AGAIN_AFTER_SECONDS: Final = 60.0
_SECONDS: Final = urllib3.Timeout(connect=1.0, read=2.0)
_ONCE_MORE: Final = urllib3.Retry(1, redirect=False)
_OK: Final = 200


class KeysUnreachableError(Exception):
    """The pool's keys cannot be read now, so nobody can tell whether a token is good."""


def fetch(url: str) -> bytes:
    """What is at `url`. Raises `KeysUnreachableError`."""
    try:
        answer = urllib3.request("GET", url, timeout=_SECONDS, retries=_ONCE_MORE)
    except urllib3.exceptions.HTTPError:
        raise KeysUnreachableError from None
    if answer.status != _OK:
        raise KeysUnreachableError
    return answer.data


class PoolKeys:
    """The keys of one pool."""

    def __init__(self, url: str, clock: Callable[[], float], fetching: Callable[[str], bytes] = fetch) -> None:
        """Take note of the address; `clock` counts seconds and never goes back."""
        self._url = url
        self._clock = clock
        self._fetch = fetching
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at: float | None = None

    def find(self, kid: str) -> jwt.PyJWK | None:
        """The key of an id, if the pool has it. Raises `KeysUnreachableError`."""
        if kid not in self._keys and self._may_look_again():
            self._keys = _read(self._fetch(self._url))
            self._fetched_at = self._clock()
        return self._keys.get(kid)

    def _may_look_again(self) -> bool:
        return self._fetched_at is None or self._clock() - self._fetched_at >= AGAIN_AFTER_SECONDS


def _read(document: bytes) -> dict[str, jwt.PyJWK]:
    """The signing keys of a JWK set (RFC 7517). Raises `KeysUnreachableError` for anything else."""
    try:
        listed: list[dict[str, Any]] = json.loads(document)["keys"]
        return {each["kid"]: jwt.PyJWK(each, "RS256") for each in listed if each.get("kty") == "RSA"}
    except (ValueError, KeyError, TypeError, AttributeError, jwt.PyJWTError):
        raise KeysUnreachableError from None
