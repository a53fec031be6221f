"""Each route that the template protects, asked by each role and by keys of one scope: who may, and who may not."""

from importlib import import_module
from typing import Final

import pytest

from functions.channels import composition as channels
from shared.access import SCOPES_OF, Scope
from shared.api.routes import BY_KEY
from tests.integration.gateway import FUNCTIONS, Reply, invoke
from tests.template import resources

VIEWER: Final = {"scores:read"}
CS: Final = VIEWER | {"answers:read", "cases"}
MANAGER: Final = CS | {"surveys", "channels", "answers:exclude", "import"}
DPO: Final = VIEWER | {"privacy"}
ROLES: Final = {"viewer": VIEWER, "cs": CS, "manager": MANAGER, "dpo": DPO, "admin": MANAGER | DPO | {"keys", "users"}}
"""The table of roles, written out once more: a change of the code's has to be meant."""
COMPOSED: Final = frozenset(FUNCTIONS)
CALLERS: Final = ROLES | {f"a key of {scope} alone": {str(scope)} for scope in Scope} | {"a key of nothing": set()}

PUBLIC: Final = {
    *("GET /v1/surveys/{survey_id}/form", "POST /v1/surveys/{survey_id}/answers", "PATCH /v1/surveys/{survey_id}/answers/{answer_id}"),
}
"""A few that must stay open; what else is open is told by `shared.api.routes` and held against the template elsewhere."""


def routes(*, protected: bool) -> list[str]:
    """The template's route keys, with an authorizer or without."""
    return sorted(str(each["RouteKey"]) for each in resources("AWS::ApiGatewayV2::Route").values() if ("AuthorizerId" in each) is protected)


def called(route_key: str, scopes: set[str]) -> Reply:
    """What somebody with these scopes is answered."""
    return invoke(route_key, {"key_id": "tester", "scopes": " ".join(sorted(scopes))})


@pytest.fixture(autouse=True)
def _functions(pool: object, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - the users behind the functions
    """Every function that the template protects, those too that other tests here don't compose: who may not is told before anything is."""
    channels.compose()
    for function in {route.function for route in BY_KEY.values() if route.scope} - COMPOSED:
        monkeypatch.setitem(FUNCTIONS, function, import_module(f"functions.{function}.handler").handle)


@pytest.mark.parametrize("route_key", routes(protected=True))
def test_a_route_answers_whoever_has_its_scope_and_nobody_else(route_key: str) -> None:
    scope = BY_KEY[route_key].scope
    for caller, scopes in CALLERS.items():
        reply = called(route_key, scopes)
        refused = reply.status == 403 and reply.problem == "scope-missing"
        assert refused is (str(scope) not in scopes if scope else False), f"{caller} at {route_key}: {reply.status}"
        assert reply.status < 500 or BY_KEY[route_key].function not in COMPOSED, f"{caller} at {route_key}: {reply.text}"


def test_the_template_protects_what_has_a_scope_and_nothing_that_must_be_open() -> None:
    assert {key for key, route in BY_KEY.items() if route.scope} <= set(routes(protected=True))
    assert set(routes(protected=False)) >= PUBLIC


def test_the_template_has_no_route_that_the_table_of_routes_lacks() -> None:
    assert set(routes(protected=True)) | set(routes(protected=False)) == set(BY_KEY)


def test_every_role_reads_scores_and_only_those_who_may_read_answers_see_small_groups() -> None:
    assert all("scores:read" in scopes for scopes in ROLES.values())
    assert {role for role, scopes in ROLES.items() if "answers:read" in scopes} == {"cs", "manager", "admin"}
    assert {str(role): set(map(str, scopes)) for role, scopes in SCOPES_OF.items()} == ROLES
