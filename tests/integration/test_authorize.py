"""Who gets through: the authorizer, and each function's own look at the scope."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.authorize import handler as authorize
from shared.access import EVERY_SCOPE, ApiKey, Scope, hash_secret, mint
from shared.api.routes import BY_KEY, ROUTES
from shared.store.keys import KeyStore
from tests.integration.gateway import FUNCTIONS, Gateway, invoke

PROTECTED = sorted(route.key for route in ROUTES if route.scope)


@pytest.fixture
def key(gateway: Gateway) -> str:
    return gateway.first_key()


def asked(authorization: str | None, header: str = "authorization") -> dict[str, Any]:
    headers = {header: authorization} if authorization is not None else {}
    return authorize.handle({"version": "2.0", "type": "REQUEST", "headers": headers, "identitySource": [authorization]}, None)


def test_every_protected_route_is_answered_by_a_function_that_this_file_can_call() -> None:
    assert {BY_KEY[route].function for route in PROTECTED} == set(FUNCTIONS) - {"pages", "session", "summary"}  # which have none


@pytest.mark.parametrize("route", PROTECTED)
@pytest.mark.usefixtures("pool")
def test_a_route_is_closed_without_a_key_with_a_wrong_one_a_revoked_one_and_one_of_another_scope(
    gateway: Gateway, key: str, route: str
) -> None:
    scope = BY_KEY[route].scope
    assert scope is not None
    assert gateway.call(route).status == 401
    assert gateway.call(route, key="").status == 403
    assert gateway.call(route, key=key[:-1] + ("A" if key[-1] != "A" else "B")).status == 403
    others = gateway.key_with(*(EVERY_SCOPE - {scope}), maker=key)
    refused = gateway.call(route, key=others, body={})
    assert (refused.status, refused.problem) == (403, "scope-missing")
    assert scope in refused.body["detail"]
    mine = gateway.key_with(scope, maker=key)
    assert gateway.call(route, key=mine, body={}).status not in {401, 403}
    KeyStore().revoke(mine.split("_")[1], datetime.now(UTC))
    assert gateway.call(route, key=mine, body={}).status == 403


@pytest.mark.parametrize("route", PROTECTED)
@pytest.mark.parametrize("context", [None, {}, {"scopes": ""}, {"key_id": "aaaaaaaaaaaaaaaa"}, {"key_id": "x", "scopes": "superuser"}])
@pytest.mark.usefixtures("aws")
def test_a_function_refuses_a_request_whose_authorizer_granted_nothing_for_it(route: str, context: dict[str, str] | None) -> None:
    assert invoke(route, context, body=b"{}").problem == "scope-missing"


@pytest.mark.parametrize("route", PROTECTED)
@pytest.mark.usefixtures("aws")
def test_a_scope_that_only_begins_like_the_right_one_is_not_it(route: str) -> None:
    scope = BY_KEY[route].scope
    assert invoke(route, {"key_id": "x", "scopes": f"{scope}x x{scope} {scope},{scope}"}, body=b"{}").problem == "scope-missing"


@pytest.mark.usefixtures("aws")
def test_a_scope_that_a_client_claims_in_its_request_counts_for_nothing() -> None:
    claimed = {"scopes": "surveys", "x-scopes": "surveys", "authorization": "Bearer surveys"}
    assert invoke("GET /v1/surveys", None, headers=claimed, query={"scopes": "surveys"}).problem == "scope-missing"


def test_the_authorizer_tells_whose_key_it_is_and_what_it_may_do(key: str) -> None:
    allowed = asked(f"Bearer {key}")
    assert allowed["isAuthorized"]
    assert allowed["context"]["key_id"] == key.split("_")[1]
    assert set(allowed["context"]["scopes"].split(" ")) == set(Scope)
    assert all(isinstance(value, str) for value in allowed["context"].values())


@pytest.mark.parametrize("written", ["Bearer {}", "bearer {}", "BEARER {}", "Bearer  {}", "Bearer {} "])
def test_the_scheme_is_read_as_http_writes_it(key: str, written: str) -> None:
    assert asked(written.format(key), header="Authorization")["isAuthorized"]


@pytest.mark.usefixtures("aws")
def test_whatever_is_not_a_key_is_refused(key: str) -> None:
    key_id, secret = key.split("_", 2)[1:]
    for wrong in (
        None,
        "",
        "Bearer",
        "Bearer ",
        key,
        f"Basic {key}",
        f"Bearer {key},Bearer {key}",
        f"Bearer {key}\n",
        f"Bearer {key}x",
        f"Bearer {key[:-1]}",
        f"Bearer {key.upper()}",
        f"Bearer rk_{key_id}",
        f"Bearer rk_{key_id}_",
        f"Bearer rk_{key_id}_{hash_secret(secret)}",
        f"Bearer rk__{secret}",
        f"Bearer rk_#first_{secret}",
        f"Bearer xx_{key_id}_{secret}",
        f"Bearer {mint(bytes(10), bytes(32))}",
        "Bearer " + "a" * 100_000,
        "Bearer rk_" + "á" * 16 + "_" + secret,
        "Bearer rk_" + "\0" * 16 + "_" + secret,
    ):
        expected = wrong == f"Bearer {key}\n"  # HTTP trims white space around a header's value, and so do we
        assert asked(wrong)["isAuthorized"] is expected, wrong


@pytest.mark.usefixtures("aws")
def test_a_refused_key_gets_no_context() -> None:
    assert asked("Bearer nobody") == {"isAuthorized": False}


def test_use_is_recorded_at_most_once_an_hour(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        at = datetime.now(UTC).replace(microsecond=0)

        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]  # noqa: ANN401, ARG003 - as datetime has it
            return cls.at

    monkeypatch.setattr(authorize, "datetime", Clock)
    key_id, began = key.split("_")[1], Clock.at
    recorded = []
    for minutes in (0, 1, 59, 60, 61, 119, 120):
        Clock.at = began + timedelta(minutes=minutes)
        assert asked(f"Bearer {key}")["isAuthorized"]
        stored = KeyStore().find(key_id)
        assert stored is not None
        assert stored.last_used_at is not None
        recorded.append((stored.last_used_at - began) // timedelta(minutes=1))
    assert recorded == [0, 0, 0, 60, 60, 60, 120]


@pytest.mark.usefixtures("aws")
def test_recording_a_use_does_not_bring_back_a_key_that_is_gone() -> None:
    text = mint(bytes(10), bytes(32))
    gone = ApiKey(key_id=text.key_id, name="x", scopes=EVERY_SCOPE, secret_hash=hash_secret(text.secret), created_at=datetime.now(UTC))
    keys = authorize.compose()
    keys.record_use(gone, datetime.now(UTC))
    assert keys.find(gone.key_id) is None
