import hmac
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256, sha384
from typing import Any, Final

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.intake.ports import Claims
from shared.intake.token import LONGEST_TOKEN, InvalidTokenError, claims_of

SECRET: Final = b"a-signing-secret-of-32-bytes-or-more"
OTHER: Final = b"the-signing-secret-of-another-survey"
HEADER: Final = b'{"alg":"HS256","typ":"JWT"}'


def in_seconds(seconds: float) -> int:
    return int((datetime.now(UTC) + timedelta(seconds=seconds)).timestamp())


def claims(**changes: object) -> dict[str, Any]:
    return {"sub": "cliente-1", "exp": in_seconds(600)} | changes


def encoded(part: bytes) -> str:
    return urlsafe_b64encode(part).decode().rstrip("=")


def signed(payload: bytes, secret: bytes = SECRET, header: bytes = HEADER) -> str:
    """A token by hand, for what no library would make."""
    text = f"{encoded(header)}.{encoded(payload)}"
    return f"{text}.{encoded(hmac.digest(secret, text.encode(), sha256))}"


def token(**changes: object) -> str:
    return signed(json.dumps(claims(**changes)).encode())


def test_a_token_by_hand_is_one_that_a_library_makes() -> None:
    payload = claims()
    assert signed(json.dumps(payload, separators=(",", ":")).encode()) == jwt.encode(payload, SECRET, "HS256")


def test_a_signed_token_says_who_the_person_is() -> None:
    given_ = token(email="ana@exemplo.com.br", name="Ana Prado", segments={"plan": "pro"}, iss="crm")
    assert claims_of(given_, [SECRET]) == Claims(
        customer_id="cliente-1", email="ana@exemplo.com.br", name="Ana Prado", segments={"plan": "pro"}
    )


def test_only_sub_and_exp_are_needed() -> None:
    assert claims_of(token(), [SECRET]) == Claims(customer_id="cliente-1")


def test_a_secret_that_was_replaced_is_good_while_it_is_among_the_valid_ones() -> None:
    assert claims_of(token(), [OTHER, SECRET]).customer_id == "cliente-1"


def test_a_minute_of_wrong_clock_is_forgiven() -> None:
    assert claims_of(token(exp=in_seconds(-30)), [SECRET]).customer_id == "cliente-1"


@pytest.mark.parametrize("secrets", [[], [OTHER]])
def test_another_surveys_token_is_refused(secrets: list[bytes]) -> None:
    with pytest.raises(InvalidTokenError):
        claims_of(token(), secrets)


@pytest.mark.parametrize(
    "header",
    [
        b'{"alg":"none","typ":"JWT"}',
        b'{"alg":"None","typ":"JWT"}',
        b'{"alg":"HS384","typ":"JWT"}',
        b'{"alg":"RS256","typ":"JWT"}',
        b'{"typ":"JWT"}',
        b'{"alg":["HS256"]}',
        b'{"alg":null}',
        b'{"alg":"HS256","crit":["exp"]}',
        b'{"alg":"HS256","b64":false,"crit":["b64"]}',
        b"[]",
        b"null",
        b"\xff",
        b"",
        b"[" * 5000,
    ],
)
def test_a_token_of_another_algorithm_or_form_is_refused(header: bytes) -> None:
    with pytest.raises(InvalidTokenError):
        claims_of(signed(json.dumps(claims()).encode(), SECRET, header), [SECRET])


def test_an_unsigned_token_is_refused() -> None:
    body = f"{encoded(b'{"alg":"none"}')}.{encoded(json.dumps(claims()).encode())}"
    for text in (f"{body}.", body, f"{body}.{encoded(b'none')}"):
        with pytest.raises(InvalidTokenError):
            claims_of(text, [SECRET])


def test_a_token_signed_by_another_hash_with_the_right_secret_is_refused() -> None:
    text = f"{encoded(b'{"alg":"HS384"}')}.{encoded(json.dumps(claims()).encode())}"
    with pytest.raises(InvalidTokenError):
        claims_of(f"{text}.{encoded(hmac.digest(SECRET, text.encode(), sha384))}", [SECRET])


def test_a_token_whose_payload_was_changed_is_refused() -> None:
    header, _, signature = token().split(".")
    with pytest.raises(InvalidTokenError):
        claims_of(".".join([header, encoded(json.dumps(claims(sub="somebody else")).encode()), signature]), [SECRET])


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": in_seconds(-120)},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": True},
        {"exp": []},
        {"exp": float("inf")},
        {"exp": float("nan")},
        {"exp": 1e400},
        {"nbf": in_seconds(600)},
        {"iat": in_seconds(600)},
        {"aud": "another service"},
        {"sub": None},
        {"sub": ""},
        {"sub": 17},
        {"sub": "x" * 201},
        {"sub": "lone \ud83d surrogate"},
        {"email": "no e-mail"},
        {"email": "two@at@signs"},
        {"email": "ana@exemplo.com.br\n"},
        {"email": "ana@exemplo.com.br\nBcc: all@exemplo.com.br"},
        {"email": "lone\ud83d@surrogate"},
        {"email": "x" * 250 + "@y.br"},
        {"email": 1},
        {"name": "x" * 201},
        {"name": {"first": "Ana"}},
        {"name": "lone \udc00 surrogate"},
        {"name": "nul \0"},
        {"segments": ["plan"]},
        {"segments": {"plan": 1}},
        {"segments": {"plan": None}},
        {"segments": None},
    ],
)
def test_a_token_whose_claims_are_not_as_agreed_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidTokenError):
        claims_of(token(**changes), [SECRET])


@pytest.mark.parametrize("missing", ["sub", "exp"])
def test_a_token_without_subject_or_expiry_is_refused(missing: str) -> None:
    payload = claims()
    del payload[missing]
    with pytest.raises(InvalidTokenError):
        claims_of(signed(json.dumps(payload).encode()), [SECRET])


@pytest.mark.parametrize("payload", [b"", b"null", b"[]", b"17", b"\xff\xfe", b"[" * 4000, b'{"sub":"a","exp":' + b"9" * 4000 + b"}"])
def test_a_signed_token_that_carries_no_claims_is_refused(payload: bytes) -> None:
    with pytest.raises(InvalidTokenError):
        claims_of(signed(payload), [SECRET])


def test_a_token_longer_than_any_should_be_is_refused() -> None:
    with pytest.raises(InvalidTokenError):
        claims_of(token(extra="x" * LONGEST_TOKEN), [SECRET])


@given(st.one_of(st.text(max_size=300), st.lists(st.binary(max_size=60).map(encoded), min_size=2, max_size=4).map(".".join)))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidTokenError):
        claims_of(text, [SECRET])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(("sub", "exp", "nbf", "iat", "aud", "email", "name", "segments"), json_values)),
    st.booleans(),
)
def test_whatever_is_signed_it_is_claims_or_refused(payload: dict[str, Any], otherwise_right: bool) -> None:  # noqa: FBT001 - generated
    whole = claims() | payload if otherwise_right else payload
    try:
        read = claims_of(signed(json.dumps(whole).encode()), [SECRET])
    except InvalidTokenError:
        return
    assert read.customer_id == whole["sub"]
