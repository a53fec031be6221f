"""API keys over HTTP: made, passed on, revoked."""

from typing import Any

import pytest

from functions.manage import composition
from functions.manage.handler import handle
from shared.access import EVERY_SCOPE, Scope
from tests.integration.gateway import Gateway


@pytest.fixture
def key(gateway: Gateway) -> str:
    return gateway.first_key()


def test_the_first_key_has_every_scope_and_is_made_once(gateway: Gateway) -> None:
    key = gateway.first_key()
    assert handle({"task": "first_key", "name": "Again"}, None) == {"created": False}
    [listed] = gateway.call("GET /v1/keys", key=key).body["keys"]
    assert set(listed["scopes"]) == EVERY_SCOPE
    assert listed["name"] == "Deploy"


def test_two_deployments_at_once_make_one_first_key(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = composition.compose().keys
    listing = keys.list
    others: list[Any] = []

    def list_then_lose_the_race() -> tuple[Any, ...]:
        found = listing()
        if not others:
            others.append(None)
            others.append(handle({"task": "first_key", "name": "Other"}, None))
        return found

    with monkeypatch.context() as racing:
        racing.setattr(keys, "list", list_then_lose_the_race)
        assert handle({"task": "first_key", "name": "Mine"}, None) == {"created": False}
    assert others[1]["created"]
    [listed] = gateway.call("GET /v1/keys", key=others[1]["api_key"]).body["keys"]
    assert listed["name"] == "Other"


def test_who_lost_the_last_key_that_manages_keys_gets_another(gateway: Gateway, key: str) -> None:
    reader = gateway.key_with("scores:read", maker=key)
    [mine] = [listed for listed in gateway.call("GET /v1/keys", key=key).body["keys"] if listed["name"] == "Deploy"]
    assert gateway.call("DELETE /v1/keys/{key_id}", key=key, key_id=mine["key_id"]).status == 204
    again = gateway.first_key()
    assert gateway.call("GET /v1/keys", key=again).status == 200
    assert gateway.call("GET /v1/keys", key=reader).problem == "scope-missing"


@pytest.mark.parametrize("event", [{}, {"task": "other"}, {"task": "first_key"}, {"task": "first_key", "name": ""}, {"task": None}])
@pytest.mark.usefixtures("aws")
def test_a_direct_invocation_that_is_not_understood_fails(event: dict[str, Any]) -> None:
    with pytest.raises(Exception, match=r".*") as raised:
        handle(event, None)
    assert type(raised.value).__name__ in {"UnknownTaskError", "ValidationError"}
    assert composition.compose().keys.list() == ()


@pytest.mark.usefixtures("aws")
def test_a_request_of_the_gateway_is_never_taken_for_a_task() -> None:
    response = handle({"routeKey": "$default", "task": "first_key", "name": "Mine"}, None)
    assert response["statusCode"] == 404
    assert composition.compose().keys.list() == ()


def test_a_key_works_from_when_it_is_made_until_it_is_revoked(gateway: Gateway, key: str) -> None:
    made = gateway.call("POST /v1/keys", key=key, body={"name": "Console", "scopes": ["surveys"]})
    assert (made.status, made.headers["cache-control"]) == (201, "no-store")
    console = made.body["api_key"]
    assert console == f"rk_{made.body['key_id']}_{console.split('_', 2)[2]}"
    assert gateway.call("GET /v1/surveys", key=console).status == 200
    assert gateway.call("DELETE /v1/keys/{key_id}", key=key, key_id=made.body["key_id"]).status == 204
    assert gateway.call("GET /v1/surveys", key=console).status == 403


def test_a_revoked_key_stays_listed_with_the_time_of_its_first_revocation(gateway: Gateway, key: str) -> None:
    made = gateway.call("POST /v1/keys", key=key, body={"name": "Console", "scopes": ["surveys"]}).body
    assert gateway.call("DELETE /v1/keys/{key_id}", key=key, key_id=made["key_id"]).status == 204
    first = gateway.call("GET /v1/keys", key=key).body["keys"]
    assert gateway.call("DELETE /v1/keys/{key_id}", key=key, key_id=made["key_id"]).status == 204
    assert gateway.call("GET /v1/keys", key=key).body["keys"] == first
    [console] = [listed for listed in first if listed["name"] == "Console"]
    assert console["revoked_at"] is not None


@pytest.mark.parametrize("key_id", ["", "nobody", "a" * 16, "#first", "demo", "A" * 16, "a" * 15 + "\n", "../keys"])
def test_no_key_is_revoked_by_an_id_that_is_none(gateway: Gateway, key: str, key_id: str) -> None:
    refused = gateway.call("DELETE /v1/keys/{key_id}", key=key, key_id=key_id)
    assert (refused.status, refused.problem) == (404, "no-such-key")
    [mine] = gateway.call("GET /v1/keys", key=key).body["keys"]
    assert mine["revoked_at"] is None


def test_a_key_cannot_pass_on_a_scope_that_it_lacks(gateway: Gateway, key: str) -> None:
    maker = gateway.key_with("keys", "surveys", maker=key)
    for scope in Scope:
        made = gateway.call("POST /v1/keys", key=maker, body={"name": "Mais", "scopes": ["keys", scope]})
        assert (made.status == 201) == (scope in {Scope.KEYS, Scope.SURVEYS}), scope
        assert made.status == 201 or made.problem == "scope-missing"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/name"),
        ({"name": "x"}, "/scopes"),
        ({"name": "x", "scopes": []}, "/scopes"),
        ({"name": "x", "scopes": ["root"]}, "/scopes/0"),
        ({"name": "x", "scopes": "keys"}, "/scopes"),
        ({"name": "x", "scopes": [1]}, "/scopes/0"),
        ({"name": 1, "scopes": ["keys"]}, "/name"),
        ({"name": "x", "scopes": ["keys"], "key_id": "mine"}, ""),
        ({"name": "x", "scopes": ["keys"] * 11}, "/scopes"),
    ],
)
def test_a_key_that_is_not_right_is_refused(gateway: Gateway, key: str, body: dict[str, Any], pointer: str) -> None:
    refused = gateway.call("POST /v1/keys", key=key, body=body)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, pointer)
