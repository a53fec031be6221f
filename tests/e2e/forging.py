"""Tokens that look like an admin's access token, each made by somebody else or for something else."""

import base64
import json
import secrets
from typing import Any

import jwt
import urllib3
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra.local.stack import Stack

FLOWS = ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
STRONG = "Correct-horse-1"


def forged(real: str, stack: Stack) -> dict[str, str]:
    """By what is wrong with each."""
    header, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in real.split(".")[:2])
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    unsigned = f"{_part(header | {'alg': 'HS256'})}.{_part(claims)}"
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(unsigned.encode(), _public_key(header["kid"], stack))
    return {
        "none": f"{_part(header | {'alg': 'none'})}.{_part(claims)}.",
        "HS256 with the public key": f"{unsigned}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}",
        "a key of one's own": jwt.encode(claims, other, algorithm="RS256", headers={"kid": header["kid"]}),
        "changed": f"{_part(header)}.{_part(claims | {'exp': claims['exp'] + 900})}.{real.split('.')[2]}",
        "another pool": _of_another_pool(stack),
        **_of_other_uses(stack),
    }


def _public_key(kid: str, stack: Stack) -> bytes:
    shown = urllib3.request("GET", f"{stack.emulator_url}/{stack.outputs['UserPool']}/.well-known/jwks.json").json()["keys"]
    key = jwt.PyJWK(next(each for each in shown if each["kid"] == kid), "RS256").key
    return bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _of_another_pool(stack: Stack) -> str:
    """An admin's, of a pool that anybody may have made."""
    cognito, email = stack.aws.client("cognito-idp"), f"x-{secrets.token_hex(4)}@loja.example"
    pool = cognito.create_user_pool(PoolName="strange", UsernameAttributes=["email"])["UserPool"]["Id"]
    client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="x", ExplicitAuthFlows=FLOWS)["UserPoolClient"]["ClientId"]
    cognito.create_group(UserPoolId=pool, GroupName="admin")
    cognito.admin_create_user(UserPoolId=pool, Username=email, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password=STRONG, Permanent=True)
    cognito.admin_add_user_to_group(UserPoolId=pool, Username=email, GroupName="admin")
    token = _signed_in(cognito, pool, client, {"USERNAME": email, "PASSWORD": STRONG})["AccessToken"]
    cognito.delete_user_pool(UserPoolId=pool)
    return token


def _of_other_uses(stack: Stack) -> dict[str, str]:
    """Real tokens of the real admin, for another client or for something else than the API."""
    cognito, pool = stack.aws.client("cognito-idp"), stack.outputs["UserPool"]
    admin = {"USERNAME": stack.console_user["email"], "PASSWORD": stack.console_user["password"]}
    client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="other", ExplicitAuthFlows=FLOWS)["UserPoolClient"]["ClientId"]
    others = _signed_in(cognito, pool, client, admin)
    cognito.delete_user_pool_client(UserPoolId=pool, ClientId=client)
    ours = _signed_in(cognito, pool, stack.outputs["UserPoolClient"], admin)
    return {"another client": others["AccessToken"], "an id token": ours["IdToken"], "a refresh token": ours["RefreshToken"]}


def _signed_in(cognito: Any, pool: str, client: str, given: dict[str, str]) -> dict[str, str]:  # noqa: ANN401 - boto3's client
    answer = cognito.admin_initiate_auth(UserPoolId=pool, ClientId=client, AuthFlow="ADMIN_USER_PASSWORD_AUTH", AuthParameters=given)
    return dict(answer["AuthenticationResult"])
