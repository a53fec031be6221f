"""The user pool's public keys: fetched seldom, and never taken for what they are not."""

import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from shared.store.pool_keys import AGAIN_AFTER_SECONDS, KeysUnreachableError, PoolKeys, fetch

PUBLIC = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()))


def document(*kids: str) -> bytes:
    return json.dumps({"keys": [PUBLIC | {"kid": kid} for kid in kids]}).encode()


class Shown:
    """What the pool shows, fetch by fetch."""

    def __init__(self, *documents: bytes | Exception) -> None:
        self.documents = iter(documents)
        self.seconds = 0.0
        self.keys = PoolKeys("http://pool.example/jwks", lambda: self.seconds, self.fetch)

    def fetch(self, _url: str) -> bytes:
        found = next(self.documents)
        if isinstance(found, Exception):
            raise found
        return found


def test_keys_are_fetched_once() -> None:
    shown = Shown(document("a", "b"))
    assert [shown.keys.find(kid) is not None for kid in ("a", "b", "a")] == [True, True, True]


def test_an_unknown_id_is_looked_up_again_once_a_minute_at_most() -> None:
    shown = Shown(document("a"), document("b"))
    assert shown.keys.find("a") is not None
    shown.seconds = AGAIN_AFTER_SECONDS - 1
    assert [shown.keys.find("b") for _ in range(100)] == [None] * 100
    shown.seconds = AGAIN_AFTER_SECONDS
    assert shown.keys.find("b") is not None
    assert shown.keys.find("a") is None


@pytest.mark.parametrize("wrong", [b"", b"x", b"[]", b"{}", b'{"keys": 7}', b'{"keys": [{"kty": "RSA", "kid": "a"}]}', b'{"keys": [7]}'])
def test_a_document_that_is_no_key_set_leaves_nobody_in_and_is_asked_for_again(wrong: bytes) -> None:
    shown = Shown(wrong, document("a"))
    with pytest.raises(KeysUnreachableError):
        shown.keys.find("a")
    assert shown.keys.find("a") is not None


def test_keys_of_other_kinds_are_left_alone() -> None:
    shown = Shown(json.dumps({"keys": [{"kty": "oct", "kid": "a", "k": "AAAA"}, PUBLIC | {"kid": "b"}]}).encode())
    assert shown.keys.find("a") is None
    assert shown.keys.find("b") is not None


def test_an_outage_is_told_from_a_key_that_is_not_there() -> None:
    shown = Shown(KeysUnreachableError(), document("a"))
    with pytest.raises(KeysUnreachableError):
        shown.keys.find("a")
    assert shown.keys.find("a") is not None
    with pytest.raises(KeysUnreachableError):
        fetch("http://127.0.0.1:1/nothing-listens-here")
