"""Signing in to the console over HTTP: who may ask, what is told, what the cookie is."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from functions.session import composition, cookie
from functions.session.guarding import SLOW_SECONDS
from functions.session.handler import handle
from shared.access import SCOPES_OF, Role
from shared.signin.ports import PoolBusyError
from shared.signin.user import NewUser
from tests.fakes.user_pool import MemoryPool
from tests.integration.gateway import Reply, assert_documented, invoke

AS_JSON = {"content-type": "application/json"}
PASSWORD = "correct-horse-battery"
EMAIL = "ana@loja.example"
SIGN_IN, FIRST, REFRESH, SIGN_OUT = "POST /v1/session", "POST /v1/session/new-password", "POST /v1/session/refresh", "DELETE /v1/session"
FORGOTTEN, RESET = "POST /v1/session/forgotten", "POST /v1/session/reset"
BODIES: dict[str, Any] = {
    SIGN_IN: {"email": EMAIL, "password": PASSWORD},
    FIRST: {"email": EMAIL, "challenge_token": "x" * 40, "password": PASSWORD},
    REFRESH: None,
    SIGN_OUT: None,
    FORGOTTEN: {"email": EMAIL},
    RESET: {"email": EMAIL, "code": "000000", "password": PASSWORD},
}


@pytest.fixture
def ana(pool: MemoryPool) -> str:
    """A user who has signed in before."""
    made = pool.invite(NewUser(email=EMAIL, name="Ana", role=Role.MANAGER, locale="es"))
    pool.users[made.user_id] = replace(made, has_signed_in=True)
    pool.passwords[made.user_id] = PASSWORD
    return made.user_id


def send(route_key: str, body: object = None, *, headers: dict[str, str] | None = None, cookies: list[str] | None = None) -> dict[str, Any]:
    """The raw response, cookies and all, held to the document."""
    event = {
        "routeKey": route_key,
        "headers": AS_JSON if headers is None else headers,
        "cookies": cookies,
        "body": None if body is None else json.dumps(body),
    }
    response = handle(event, None)
    assert_documented(route_key, Reply(response["statusCode"], response["headers"], response["body"]))
    return response


def status(response: dict[str, Any]) -> int:
    return int(response["statusCode"])


def signed_in() -> str:
    """The cookie of a new session, as the browser sends it."""
    [kept] = send(SIGN_IN, BODIES[SIGN_IN])["cookies"]
    return str(kept).partition(";")[0]


def body_of(response: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    return Reply(200, {}, response["body"]).body


def test_a_session_tells_who_it_is_and_what_they_may_do_and_keeps_its_token_from_the_page(ana: str) -> None:
    response = send(SIGN_IN, BODIES[SIGN_IN])
    said = body_of(response)
    assert said["user"] | {"scopes": set(said["user"]["scopes"])} == {
        "user_id": ana,
        "email": EMAIL,
        "name": "Ana",
        "role": "manager",
        "locale": "es",
        "scopes": set(SCOPES_OF[Role.MANAGER]),
    }
    assert said["expires_in"] == 900
    [kept] = response["cookies"]
    value, *attributes = kept.split("; ")
    assert value.startswith("__Secure-recomenda=refresh-")
    assert set(attributes) == {"Path=/v1/session", f"Max-Age={cookie.LIVES_SECONDS}", "HttpOnly", "Secure", "SameSite=Strict"}
    assert value.partition("=")[2] not in response["body"]
    assert response["headers"]["cache-control"] == "no-store"


def test_behind_a_path_prefix_the_cookie_is_for_the_routes_as_the_browser_sees_them() -> None:
    assert "; Path=/_aws/execute-api/recomenda/$default/v1/session;" in cookie.keeping(
        "x", "http://127.0.0.1:4566/_aws/execute-api/recomenda/$default"
    )
    assert "; Path=/v1/session;" in cookie.keeping("x", "https://nps.example")


@pytest.mark.usefixtures("ana")
def test_a_session_is_refreshed_from_the_cookie_and_ends_with_signing_out() -> None:
    kept = signed_in()
    for cookies in ([kept], ["a=b", f" {kept}"]):
        refreshed = send(REFRESH, cookies=cookies)
        assert (status(refreshed), refreshed.get("cookies")) == (200, None)
    by_header = send(REFRESH, headers=AS_JSON | {"cookie": f"a=b; {kept}"})  # the local gateway leaves cookies in their header
    assert body_of(by_header)["user"]["email"] == EMAIL
    out = send(SIGN_OUT, cookies=[kept])
    [gone] = out["cookies"]
    assert (status(out), gone.split("; ")[0], "Max-Age=0" in gone) == (204, "__Secure-recomenda=", True)
    ended = send(REFRESH, cookies=[kept])
    assert (status(ended), ended["cookies"]) == (401, [gone])


@pytest.mark.usefixtures("ana")
def test_without_a_session_there_is_nothing_to_refresh_and_nothing_to_end() -> None:
    for cookies in (None, [], ["__Secure-recomenda="], ["x__Secure-recomenda=refresh-1"], ["__Secure-recomenda"]):
        assert status(send(REFRESH, cookies=cookies)) == 401
        assert status(send(SIGN_OUT, cookies=cookies)) == 204


def test_who_is_disabled_has_no_session_any_more(pool: MemoryPool, ana: str) -> None:
    kept = signed_in()
    pool.disable(ana)
    assert status(send(REFRESH, cookies=[kept])) == 401


def test_unknown_wrong_disabled_and_ended_are_answered_by_the_same_bytes(pool: MemoryPool, ana: str) -> None:
    wrong = [send(SIGN_IN, {"email": EMAIL, "password": "x"}), send(SIGN_IN, {"email": "nobody@loja.example", "password": PASSWORD})]
    wrong.append(send(FIRST, BODIES[FIRST]))
    pool.disable(ana)
    wrong.append(send(SIGN_IN, BODIES[SIGN_IN]))
    assert len({str(sorted(response["headers"].items())) + response["body"] for response in wrong}) == 1
    assert {status(response) for response in wrong} == {401}
    assert not any("cookies" in response for response in wrong)


def test_a_refusal_takes_its_time_and_a_code_always_does(pool: MemoryPool, ana: str, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    seconds = iter(range(1000))
    entrance = replace(composition.compose(), clock=lambda: next(seconds) / 4, wait=waited.append)
    monkeypatch.setattr("functions.session.handler.compose", lambda: entrance)
    assert pool.users[ana].has_signed_in
    send(SIGN_IN, BODIES[SIGN_IN])
    assert waited == []
    send(SIGN_IN, {"email": EMAIL, "password": "x"})
    send(FORGOTTEN, {"email": EMAIL})
    send(FORGOTTEN, {"email": "nobody@loja.example"})
    send(RESET, BODIES[RESET])
    assert waited == [SLOW_SECONDS - 0.25] * 4


def test_an_invitation_is_accepted_with_a_password_of_ones_own(pool: MemoryPool) -> None:
    pool.invite(NewUser(email=EMAIL, name="Ana", role=Role.CS, locale="pt-BR"))
    _, temporary = pool.letters[-1]
    challenged = send(SIGN_IN, {"email": EMAIL, "password": temporary})
    said = body_of(challenged)
    assert ("cookies" in challenged, said["challenge"], set(said)) == (False, "new_password", {"challenge", "challenge_token"})
    accepting = {"email": EMAIL, "challenge_token": said["challenge_token"]}
    assert status(send(FIRST, accepting | {"password": "ana@loja.example"})) == 422
    accepted = send(FIRST, accepting | {"password": PASSWORD})
    assert (status(accepted), body_of(accepted)["user"]["role"], len(accepted["cookies"])) == (200, "cs", 1)
    assert status(send(FIRST, accepting | {"password": PASSWORD})) == 401


def test_a_forgotten_password_is_renewed_with_the_code_and_every_session_ends(pool: MemoryPool, ana: str) -> None:
    kept = signed_in()
    asked = send(FORGOTTEN, {"email": EMAIL})
    unknown = send(FORGOTTEN, {"email": "nobody@loja.example"})
    assert (status(asked), asked) == (202, unknown)
    code = pool.codes[ana]
    wrong = send(RESET, {"email": EMAIL, "code": "9" * 6, "password": PASSWORD})
    nobody = send(RESET, {"email": "nobody@loja.example", "code": code, "password": PASSWORD})
    assert (status(wrong), wrong) == (422, nobody)
    assert status(send(RESET, {"email": EMAIL, "code": code, "password": "senhasenhasenha"})) == 422
    assert status(send(RESET, {"email": EMAIL, "code": code, "password": "another-horse-battery"})) == 204
    assert status(send(REFRESH, cookies=[kept])) == 401
    assert status(send(SIGN_IN, {"email": EMAIL, "password": "another-horse-battery"})) == 200


def test_who_has_no_role_is_told_so_after_the_right_password_only(pool: MemoryPool, ana: str) -> None:
    pool.users[ana] = replace(pool.users[ana], role=None)
    assert status(send(SIGN_IN, BODIES[SIGN_IN])) == 403
    assert status(send(SIGN_IN, BODIES[SIGN_IN] | {"password": "x"})) == 401


OTHERS: list[dict[str, str]] = [
    AS_JSON | {"sec-fetch-site": "cross-site"},
    AS_JSON | {"sec-fetch-site": "same-site"},
    AS_JSON | {"sec-fetch-site": "none"},
    AS_JSON | {"sec-fetch-site": "cross-site", "origin": "https://nps.example"},
    AS_JSON | {"origin": "https://evil.example"},
    AS_JSON | {"origin": "https://nps.example.evil.example"},
    AS_JSON | {"origin": "http://nps.example"},
    AS_JSON | {"origin": "null"},
]
OWN: list[dict[str, str]] = [
    AS_JSON,
    AS_JSON | {"sec-fetch-site": "same-origin"},
    AS_JSON | {"origin": "https://nps.example"},
    AS_JSON | {"sec-fetch-site": "same-origin", "origin": "https://d111111abcdef8.cloudfront.net"},
    {"content-type": "Application/JSON; charset=utf-8"},
]


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("route_key", BODIES)
def test_only_the_consoles_own_pages_may_ask(route_key: str) -> None:
    kept = signed_in()
    for headers in OTHERS:
        refused = send(route_key, BODIES[route_key], headers=headers, cookies=[kept])
        assert (status(refused), Reply(403, refused["headers"], refused["body"]).problem) == (403, "cross-site"), headers
    for headers in OWN:
        assert status(send(route_key, BODIES[route_key], headers=headers, cookies=[kept])) != 403, headers


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("route_key", [key for key in BODIES if key != SIGN_OUT])
@pytest.mark.parametrize("media", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json"])
def test_what_a_form_can_send_is_refused(route_key: str, media: str) -> None:
    assert status(send(route_key, BODIES[route_key], headers={"content-type": media}, cookies=[signed_in()])) == 403


def test_what_is_too_large_or_unknown_is_refused_before_the_pool_is_asked(pool: MemoryPool) -> None:
    assert status(send(SIGN_IN, {"email": "a" * 9000, "password": "x"})) == 413
    for wrong in (
        {},
        {"email": EMAIL},
        {"email": EMAIL, "password": ""},
        BODIES[SIGN_IN] | {"remember": True},
        {"email": 7, "password": "x"},
    ):
        assert status(send(SIGN_IN, wrong)) == 422
    assert pool.sessions == {}


def test_a_busy_pool_asks_to_wait(pool: MemoryPool, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise PoolBusyError

    for name in ("sign_in", "choose_password", "refresh", "sign_out", "reset"):
        monkeypatch.setattr(pool, name, busy)
    for route_key in (SIGN_IN, FIRST, REFRESH, SIGN_OUT, RESET):
        assert status(send(route_key, BODIES[route_key], cookies=["__Secure-recomenda=x"])) == 503


def test_logs_tell_what_happened_by_ids_only(pool: MemoryPool, ana: str, logged: Callable[[], str]) -> None:
    kept = signed_in()
    send(SIGN_IN, {"email": EMAIL, "password": "wrong-horse-battery"})
    send(REFRESH, cookies=[kept])
    send(FORGOTTEN, {"email": EMAIL})
    code = pool.codes[ana]
    send(RESET, {"email": EMAIL, "code": code, "password": "another-horse-battery"})
    send(SIGN_OUT, cookies=[kept])
    text = logged()
    assert ana in text
    for message in ("signed in", "sign-in refused", "code asked for", "password renewed", "signed out"):
        assert message in text
    for secret in (EMAIL, "Ana", PASSWORD, "wrong-horse", "another-horse", code, kept.partition("=")[2], "access-"):
        assert secret not in text, secret


@pytest.mark.usefixtures("pool")
def test_a_route_of_the_session_takes_no_api_key_for_a_session() -> None:
    assert invoke(REFRESH, {"key_id": "x", "scopes": "users"}, headers=AS_JSON).problem == "signed-out"
