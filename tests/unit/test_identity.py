import unicodedata
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import identity
from shared.identity import IdentityKind

PEPPER = b"p" * 32
kinds: st.SearchStrategy[IdentityKind] = st.sampled_from(["customer_id", "email"])
identifiers = st.text(max_size=60)


def test_an_anonymous_answers_person_is_found_again_from_its_id_and_only_with_the_surveys_salt() -> None:
    first = identity.anonymous_person_id("019cd8a5-6c80-7abc-9def-0123456789ab", "salt")
    assert first == identity.anonymous_person_id("019cd8a5-6c80-7abc-9def-0123456789ab", "salt")
    assert first != identity.anonymous_person_id("019cd8a5-6c80-7abc-9def-0123456789ab", "another salt")
    assert first != identity.anonymous_person_id("019cd8a5-6c80-7abc-9def-0123456789ac", "salt")


@given(st.text(), st.binary(min_size=16))
def test_person_ids_have_128_bits_and_safe_characters(text: str, randomness: bytes) -> None:
    for person_id in (identity.anonymous_person_id(text, "salt"), identity.person_id_from(randomness)):
        assert len(person_id) == 22
        assert person_id.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("one", ["ana@exemplo.com.br", " ANA@Exemplo.com.br\n", "\uff41\uff4e\uff41@exemplo.com.br"])
def test_spellings_of_one_e_mail_have_one_lookup(one: str) -> None:
    assert identity.lookup_of("email", one, PEPPER) == identity.lookup_of("email", "ana@exemplo.com.br", PEPPER)


def test_an_accent_composed_or_not_is_the_same_e_mail() -> None:
    composed, decomposed = unicodedata.normalize("NFC", "JOSÉ@exemplo.com.br"), unicodedata.normalize("NFD", "josé@exemplo.com.br")
    assert identity.lookup_of("email", composed, PEPPER) == identity.lookup_of("email", decomposed, PEPPER)


def test_a_customer_id_keeps_its_case() -> None:
    assert identity.lookup_of("customer_id", " A-1 ", PEPPER) == identity.lookup_of("customer_id", "A-1", PEPPER)
    assert identity.lookup_of("customer_id", "A-1", PEPPER) != identity.lookup_of("customer_id", "a-1", PEPPER)


@given(kinds, identifiers)
def test_normalising_twice_is_normalising_once(kind: IdentityKind, value: str) -> None:
    once = identity.normalised(kind, value)
    assert identity.normalised(kind, once) == once


@given(kinds, identifiers)
def test_a_lookup_differs_by_kind_and_pepper_and_shows_nothing_of_the_value(kind: IdentityKind, value: str) -> None:
    lookup = identity.lookup_of(kind, value, PEPPER)
    other: IdentityKind = "email" if kind == "customer_id" else "customer_id"
    assert len({lookup, identity.lookup_of(other, value, PEPPER), identity.lookup_of(kind, value, b"q" * 32)}) == 3
    assert len(lookup) == 64
    assert set(lookup) <= set("0123456789abcdef")
    assert lookup != sha256(value.encode()).hexdigest()


def test_the_hash_of_an_edit_key_is_the_sha_256_of_its_text() -> None:
    assert identity.edit_key_hash_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
