"""Access tokens of the user pool: whose they are, and everything that is none."""

import base64
import json
import time
from collections.abc import Mapping
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.access import Role
from shared.signin.access_token import Holder, InvalidAccessTokenError, Issuer, holder_of

ISSUER = Issuer("https://cognito-idp.sa-east-1.amazonaws.com/sa-east-1_Pool", "client")
USER_ID = "19cefdd0-9ab5-4ab7-b4fe-351dd1cdfa8d"
OURS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHERS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
NOW = int(time.time())
CLAIMS: dict[str, Any] = {
    "sub": USER_ID,
    "iss": ISSUER.url,
    "client_id": ISSUER.client_id,
    "token_use": "access",
    "iat": NOW - 60,
    "exp": NOW + 6 * 3600,  # tests are collected long before they run
    "cognito:groups": ["cs", "somebody-elses"],
    "scope": "aws.cognito.signin.user.admin",
}


def signed(claims: Mapping[str, Any] = CLAIMS, key: Any = OURS, algorithm: str = "RS256", kid: object = "ours") -> str:  # noqa: ANN401 - any key
    return jwt.encode(dict(claims), key, algorithm=algorithm, headers={"kid": kid} if kid is not None else {})


def by_hand(header: Mapping[str, Any], claims: Mapping[str, Any], signature: str = "") -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims))
    return ".".join([*parts, signature])


def read(token: str) -> Holder:
    return holder_of(token, ISSUER, {"ours": OURS.public_key()}.get)


def test_a_token_tells_whose_it_is_and_their_roles() -> None:
    assert read(signed()) == Holder(USER_ID, (Role.CS,))
    assert read(signed({name: value for name, value in CLAIMS.items() if name != "cognito:groups"})) == Holder(USER_ID, ())


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://cognito-idp.sa-east-1.amazonaws.com/sa-east-1_Other"},
        {"client_id": "other"},
        {"token_use": "id", "aud": "client"},
        {"token_use": "refresh"},
        {"exp": NOW - 60},
        {"exp": NOW - 11},
        {"nbf": NOW + 6 * 3600},
        {"iat": NOW + 6 * 3600},
        {"sub": "admin"},
        {"sub": USER_ID + "\n"},
        {"sub": 7},
        {"cognito:groups": "admin"},
        {"cognito:groups": [["admin"]]},
    ],
    ids=", ".join,
)
def test_a_claim_that_is_not_ours_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidAccessTokenError):
        read(signed(CLAIMS | wrong))


@pytest.mark.parametrize("name", ["sub", "iss", "client_id", "token_use", "exp", "iat"])
def test_a_claim_that_is_missing_is_refused(name: str) -> None:
    with pytest.raises(InvalidAccessTokenError):
        read(signed({key: value for key, value in CLAIMS.items() if key != name}))


def test_a_token_signed_by_anything_but_the_pools_key_is_refused() -> None:
    public = OURS.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    forged = [
        signed(key=OTHERS),
        signed(kid="others"),
        signed(kid=None),
        jwt.encode(dict(CLAIMS), OURS, algorithm="RS512", headers={"kid": "ours"}),
        jwt.encode(dict(CLAIMS), OURS, algorithm="PS256", headers={"kid": "ours"}),
        by_hand({"alg": "none", "kid": "ours"}, CLAIMS),
        by_hand({"alg": "None", "kid": "ours"}, CLAIMS),
        by_hand({"alg": "RS256", "kid": "ours"}, CLAIMS),
        by_hand({"alg": "RS256", "kid": ["ours"]}, CLAIMS, "AA"),
        signed().rsplit(".", 1)[0] + ".",
        signed()[:-3] + "AAA",
    ]
    header = {"alg": "HS256", "typ": "JWT", "kid": "ours"}
    signing_input = by_hand(header, CLAIMS).rsplit(".", 1)[0].encode()
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    forged.append(f"{signing_input.decode()}.{base64.urlsafe_b64encode(mac.sign(signing_input, public)).decode().rstrip('=')}")
    for token in forged:
        with pytest.raises(InvalidAccessTokenError):
            read(token)


@pytest.mark.parametrize("text", ["", "..", "a.b.c", "é.é.é", "eyJ.eyJ.x", "." * 200, "a." + "b" * 10_000 + ".c"])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(InvalidAccessTokenError):
        read(text)
