import sys
from base64 import b64decode, b64encode
from dataclasses import replace
from subprocess import run
from typing import Final

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from shared.privacy.sealing import MASTER_BYTES, NONCE_BYTES, SALT_BYTES, BrokenSealError, DataKey, data_key_of

MASTER, SALT, NONCE = bytes(range(MASTER_BYTES)), b"s" * SALT_BYTES, b"n" * NONCE_BYTES
KEY: Final = data_key_of("person-1", SALT, MASTER)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS, st.binary(min_size=NONCE_BYTES, max_size=NONCE_BYTES))
def test_what_was_sealed_is_read_back(text: str, nonce: bytes) -> None:
    assert KEY.unseal(KEY.seal(text, "profile", "name", nonce), "profile", "name") == text


@given(st.binary(min_size=SALT_BYTES, max_size=SALT_BYTES), st.binary(min_size=MASTER_BYTES, max_size=MASTER_BYTES), TEXTS)
def test_the_key_is_what_another_implementation_of_hkdf_makes(salt: bytes, master: bytes, person_id: str) -> None:
    expected = HKDF(SHA256(), 32, salt, b"recomenda person" + person_id.encode()).derive(master)
    assert data_key_of(person_id, salt, master).key == expected


def test_what_is_sealed_shows_neither_its_text_nor_that_two_texts_are_alike() -> None:
    one, other = (KEY.seal("ana@exemplo.com.br", "profile", "email", nonce) for nonce in (NONCE, b"m" * NONCE_BYTES))
    assert one != other
    assert not [sealed for sealed in (one, other) if b"ana" in b64decode(sealed) or b"exemplo" in b64decode(sealed)]


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(data_key_of("person-1", b"t" * SALT_BYTES, MASTER), id="another salt, as after an erasure"),
        pytest.param(data_key_of("person-1", SALT, b"m" * MASTER_BYTES), id="another master"),
        pytest.param(data_key_of("person-2", SALT, MASTER), id="another person's"),
        pytest.param(replace(KEY, person_id="person-2"), id="the same key under another person's id"),
    ],
)
def test_another_key_does_not_open_it(key: DataKey) -> None:
    with pytest.raises(BrokenSealError):
        key.unseal(KEY.seal("Ana", "profile", "name", NONCE), "profile", "name")


@pytest.mark.parametrize(("sort_key", "name"), [("profile", "email"), ("comment#1", "name"), ("profile|name", ""), ("", "profile|name")])
def test_what_was_moved_to_another_place_does_not_open(sort_key: str, name: str) -> None:
    with pytest.raises(BrokenSealError):
        KEY.unseal(KEY.seal("Ana", "profile", "name", NONCE), sort_key, name)


def test_no_bit_of_it_can_be_changed() -> None:
    raw = b64decode(KEY.seal("Ana", "profile", "name", NONCE))
    for bit in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BrokenSealError):
            KEY.unseal(b64encode(changed).decode(), "profile", "name")


@pytest.mark.parametrize("sealed", ["", "Ana", "não é base64", b64encode(bytes(8)).decode(), b64encode(bytes(27)).decode()])
def test_what_was_never_sealed_does_not_open(sealed: str) -> None:
    with pytest.raises(BrokenSealError):
        KEY.unseal(sealed, "profile", "name")


def test_a_key_is_not_shown_where_it_is_printed() -> None:
    assert repr(KEY) == "DataKey(person_id='person-1')"


def test_cryptography_is_loaded_only_when_something_is_sealed() -> None:
    """A mere score does not wait for it: `collect` is imported, and it is not."""
    program = "import functions.collect.handler, sys; sys.exit('cryptography' in sys.modules)"
    assert run([sys.executable, "-c", program], check=False).returncode == 0
