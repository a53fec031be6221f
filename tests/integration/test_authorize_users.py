"""Access tokens at the gateway's authorizer, with a pool that shows its keys over HTTP on this machine."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from functions.authorize import signed_in
from functions.authorize.handler import handle
from shared.access import SCOPES_OF, Role
from shared.store.pool_keys import KeysUnreachableError

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
USER_ID = "19cefdd0-9ab5-4ab7-b4fe-351dd1cdfa8d"
JWKS = json.dumps({"keys": [json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "ours"}]}).encode()


class _Pool(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200 if self.path == "/sa-east-1_Pool/.well-known/jwks.json" else 404)
        self.end_headers()
        self.wfile.write(JWKS)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def pool_on_http(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:  # noqa: ARG001 - the functions' environment
    """What was asked of the pool, path by path."""
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Pool", (_Pool,), {"asked": asked}))
    thread = Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    signed_in.compose.cache_clear()
    yield asked
    server.shutdown()
    thread.join()
    server.server_close()
    signed_in.compose.cache_clear()


def token(key: Any = KEY, **claims: object) -> str:  # noqa: ANN401 - any key
    now = int(time.time())
    usual = {
        "sub": USER_ID,
        "iss": "https://cognito-idp.sa-east-1.amazonaws.com/sa-east-1_Pool",
        "client_id": "client",
        "token_use": "access",
        "iat": now,
        "exp": now + 900,
        "cognito:groups": ["manager"],
    }
    return jwt.encode(usual | claims, key, algorithm="RS256", headers={"kid": "ours"})


def asked_with(bearer: str) -> dict[str, Any]:
    return handle({"version": "2.0", "type": "REQUEST", "headers": {"authorization": f"Bearer {bearer}"}}, None)


@pytest.mark.usefixtures("pool_on_http")
@pytest.mark.parametrize("role", Role)
def test_a_role_is_its_scopes(role: Role) -> None:
    allowed = asked_with(token(**{"cognito:groups": [role.value]}))
    assert allowed["isAuthorized"] is True
    assert allowed["context"]["key_id"] == f"user_{USER_ID}"
    assert set(allowed["context"]["scopes"].split(" ")) == SCOPES_OF[role]


@pytest.mark.usefixtures("pool_on_http")
def test_who_has_no_role_may_do_nothing() -> None:
    assert asked_with(token(**{"cognito:groups": ["somebody-elses"]}))["context"]["scopes"] == ""


def test_the_pools_keys_are_fetched_once_a_container(pool_on_http: list[str]) -> None:
    for _ in range(3):
        assert asked_with(token())["isAuthorized"] is True
        assert asked_with(token(OTHER))["isAuthorized"] is False
    assert pool_on_http == ["/sa-east-1_Pool/.well-known/jwks.json"]


@pytest.mark.usefixtures("pool_on_http")
def test_what_is_forged_expired_or_of_another_pool_is_refused_and_logged_without_it(logged: Callable[[], str]) -> None:
    forged = [
        token(OTHER),
        token(exp=int(time.time()) - 60),
        token(iss="https://cognito-idp.sa-east-1.amazonaws.com/sa-east-1_Other"),
        token(token_use="id"),
        token(client_id="other"),
        token(sub="../admin"),
        "a.b.c",
    ]
    for wrong in forged:
        assert asked_with(wrong) == {"isAuthorized": False}
    text = logged()
    assert "access token refused" in text
    assert not any(wrong in text for wrong in forged)
    assert USER_ID not in text  # of a token that was not verified nobody knows whose it is


@pytest.mark.usefixtures("aws")
def test_an_outage_of_the_pool_is_an_error_and_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    signed_in.compose.cache_clear()
    with pytest.raises(KeysUnreachableError):
        asked_with(token())
    signed_in.compose.cache_clear()


def test_an_api_key_waits_for_no_cryptography() -> None:
    code = "import sys, functions.authorize.handler; print('jwt' in sys.modules, 'cryptography' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False"]
