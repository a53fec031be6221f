"""Protected routes of the deployed template: gateway, authorizer and function together."""

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest

from infra.local.stack import Response, Stack
from shared.access import EVERY_SCOPE, Scope, mint
from shared.api.route import Route
from shared.api.routes import ROUTES

PROTECTED = [route for route in ROUTES if route.scope]
DRAFT = {"name": "Compra", "company": "Loja", "segments": [{"key": "plan", "values": ["free", "pro"]}]}
IDS = {
    "export_id": "exp_" + "a" * 26,
    "answer_id": "019cd843-1180-7000-8000-000000000001",
    "key_id": "a" * 16,
    "channel_id": "ch_" + "a" * 16,
    "message_id": "msg_" + "a" * 26,
    "annotation_id": "ann_" + "a" * 16,
    "import_id": "imp_" + "a" * 26,
    "wave_id": "a" * 16,
    "erasure_id": "era_" + "a" * 26,
    "hold_id": "hold_" + "a" * 26,
    "user_id": "00000000-0000-4000-8000-000000000001",
}
pytestmark = pytest.mark.stack


def call(
    stack: Stack, route: Route, *, key: str | None = None, headers: dict[str, str] | None = None, survey_id: str = "nobody"
) -> Response:
    path = route.path.format_map(IDS | {"survey_id": survey_id})
    return stack.request(route.method, path, {}, key=key, headers=headers)  # type: ignore[arg-type]


def make_key(stack: Stack, *scopes: str) -> dict[str, str]:
    made = stack.request("POST", "/v1/keys", {"name": "Test", "scopes": list(scopes)}, key=stack.api_key)
    assert made.status == 201
    return dict(made.json())


@pytest.fixture(scope="session")
def key_of(stack: Stack) -> Callable[[frozenset[str]], str]:
    """A key with some scopes, made once: what a route costs here are its own requests."""
    return cache(lambda scopes: make_key(stack, *sorted(scopes))["api_key"])


@pytest.mark.parametrize("route", PROTECTED, ids=lambda route: route.key)
def test_a_route_is_closed_to_whoever_may_not_use_it(stack: Stack, route: Route, key_of: Callable[[frozenset[str]], str]) -> None:
    assert route.scope is not None
    assert call(stack, route).status == 401
    assert call(stack, route, headers={"authorization": "Basic eDp5"}).status == 403
    assert call(stack, route, key=str(mint(secrets.token_bytes(10), secrets.token_bytes(32)))).status == 403
    refused = call(stack, route, key=key_of(EVERY_SCOPE - {route.scope}))
    assert (refused.status, refused.json()["type"]) == (403, "urn:recomenda:problem:scope-missing")
    assert call(stack, route, key=key_of(frozenset({route.scope}))).status not in {401, 403, 500}


def test_a_key_that_is_revoked_opens_nothing_any_more(stack: Stack) -> None:
    key = make_key(stack, Scope.SURVEYS)
    assert stack.request("GET", "/v1/surveys", key=key["api_key"]).status == 200
    assert stack.request("DELETE", f"/v1/keys/{key['key_id']}", key=stack.api_key).status == 204
    assert stack.request("GET", "/v1/surveys", key=key["api_key"]).status == 403


def test_a_survey_is_made_changed_opened_and_reported_over_http(stack: Stack) -> None:
    survey_id = f"s{secrets.token_hex(6)}"
    key = make_key(stack, Scope.SURVEYS, Scope.SCORES_READ)["api_key"]
    made = stack.request("POST", "/v1/surveys", {"survey_id": survey_id, **DRAFT}, key=key)
    assert (made.status, made.headers["location"]) == (201, f"/v1/surveys/{survey_id}")
    ready = {"legal_basis": {"kind": "contract"}, "retention_days": 90, "encarregado": {"name": "Ana", "email": "a@loja.example"}}
    assert stack.request("POST", f"/v1/surveys/{survey_id}/open", key=key).status == 422
    assert stack.request("PATCH", f"/v1/surveys/{survey_id}", ready, key=key).status == 200
    assert stack.request("POST", f"/v1/surveys/{survey_id}/open", key=key).json()["status"] == "open"
    report = stack.request("GET", f"/v1/surveys/{survey_id}/nps?segment=plan:pro&segment=plan:free", key=key)
    assert report.status == 422
    assert stack.request("GET", f"/v1/surveys/{survey_id}/nps?from=2026-03-09&to=2026-03-15", key=key).json()["nps"] is None
    withheld = stack.request("GET", f"/v1/surveys/{survey_id}/nps?segment=plan:pro&from=2026-03-09&to=2026-03-15", key=key)
    assert withheld.json()["withheld"] == {"reason": "too_few_answers"}
    groups = stack.request("GET", f"/v1/surveys/{survey_id}/segments?by=plan&compare=previous&from=2026-03-09&to=2026-03-15", key=key)
    assert [group["value"] for group in groups.json()["groups"]] == ["free", "pro", "other", None]
    assert stack.request("POST", f"/v1/surveys/{survey_id}/close", key=key).json()["status"] == "closed"


def test_ids_that_are_encoded_in_a_path_find_nothing(stack: Stack) -> None:
    for path in ("demo%0A", "demo%23all", "..%2Fdemo", "%00", "demo%20", "DEMO"):
        assert stack.request("GET", f"/v1/surveys/{path}", key=stack.api_key).status == 404, path
        assert stack.request("GET", f"/v1/surveys/{path}/nps", key=stack.api_key).status == 404, path


def test_a_signing_secret_is_sealed_by_kms_and_shown_once(stack: Stack) -> None:
    survey_id = f"s{secrets.token_hex(6)}"
    stack.request("POST", "/v1/surveys", {"survey_id": survey_id, **DRAFT}, key=stack.api_key)
    made = [stack.request("POST", f"/v1/surveys/{survey_id}/signing-secret", key=stack.api_key) for _ in range(2)]
    assert [response.status for response in made] == [201, 201]
    shown = {response.json()["signing_secret"] for response in made}
    assert len(shown) == 2
    stored = stack.aws.dynamodb.get_item(TableName=stack.outputs["RegistryTable"], Key={"pk": {"S": "secret"}, "sk": {"S": survey_id}})
    assert not any(secret in repr(stored["Item"]) for secret in shown)


def test_of_several_deployments_at_once_none_makes_a_second_first_key(stack: Stack) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: stack.invoke("ManageFunction", {"task": "first_key", "name": "Again"}), range(4)))
    assert made == [{"created": False}] * 4
