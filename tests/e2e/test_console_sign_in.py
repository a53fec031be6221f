"""Signing in to the deployed console: gateway, user pool, authorizer and functions together."""

import json
from pathlib import Path

import jwt
import pytest

from infra.local.stack import Stack
from shared.access import SCOPES_OF, Role
from shared.api.route import Route
from shared.api.routes import ROUTES
from tests.e2e.forging import forged
from tests.e2e.staff import PASSWORD, Session, admin_of, in_bold, invited, letter_to, member
from tests.e2e.test_protected_routes import IDS

pytestmark = pytest.mark.stack
PROTECTED = [route for route in ROUTES if route.scope]


def test_the_admin_of_the_deployment_signs_in_and_is_told_who_they_are(stack: Stack) -> None:
    admin = admin_of(stack)
    assert (admin.user["email"], admin.user["role"]) == (stack.console_user["email"], "admin")
    assert admin.call("GET", "/v1/me").json() == admin.user
    assert admin.cookie.startswith("__Secure-recomenda=")
    assert stack.console_url == f"{stack.api_url}/console"


def test_an_invitation_leads_to_a_session_and_its_letter_to_the_console(stack: Stack) -> None:
    email, temporary = invited(stack, Role.CS, locale="es")
    letter = letter_to(email, stack)
    assert letter.count(temporary) == letter.count(email) == 3
    assert f'<a href="{stack.console_url}">' in letter
    session = Session(stack)
    challenge = session.sign_in(email.upper(), temporary)
    assert (challenge.status, challenge.json()["challenge"], session.cookie) == (200, "new_password", "")
    accepting = {"email": email, "challenge_token": challenge.json()["challenge_token"]}
    assert session.post("/new-password", accepting | {"password": "short"}).status == 422
    assert session.post("/new-password", accepting | {"password": PASSWORD, "challenge_token": "x" * 44}).status == 401
    assert session.post("/new-password", accepting | {"password": PASSWORD}).status == 200
    assert (session.user["role"], session.user["locale"]) == ("cs", "es")
    assert session.call("GET", f"/v1/surveys/{stack.survey_id}/nps").status == 200
    assert session.post("/new-password", accepting | {"password": PASSWORD}).status == 401
    assert Session(stack).sign_in(email, temporary).status == 401


def test_a_wrong_password_an_unknown_address_and_a_disabled_user_are_told_alike(stack: Stack) -> None:
    session = member(stack, Role.CS)
    email = session.user["email"]
    answers = [Session(stack).sign_in(*given) for given in ((email, "wrong-horse-battery"), ("nobody@loja.example", PASSWORD))]
    disabled = admin_of(stack).call("PATCH", f"/v1/users/{session.user['user_id']}", {"enabled": False})
    assert disabled.json()["status"] == "disabled"
    answers.append(Session(stack).sign_in(email, PASSWORD))
    assert {(answer.status, answer.body, answer.headers["content-type"]) for answer in answers} == {
        (401, answers[0].body, "application/problem+json")
    }
    assert session.refresh().status == 401


def test_a_session_is_refreshed_until_it_is_signed_out(stack: Stack) -> None:
    session = member(stack, Role.VIEWER)
    before, kept = session.access_token, session.cookie
    assert session.refresh().status == 200
    assert session.access_token != before
    assert session.call("GET", "/v1/me").status == 200
    assert session.sign_out().status == 204
    assert session.cookie == ""
    assert session.refresh().status == 401
    session.cookie = kept  # somebody copied it
    assert session.refresh().status == 401


def test_a_role_given_meanwhile_comes_with_the_next_access_token(stack: Stack) -> None:
    session = member(stack, Role.VIEWER)
    assert session.call("GET", "/v1/surveys").status == 403
    assert admin_of(stack).call("PATCH", f"/v1/users/{session.user['user_id']}", {"role": "manager"}).status == 200
    assert session.call("GET", "/v1/surveys").status == 403
    assert session.refresh().json()["user"]["role"] == "manager"
    assert session.call("GET", "/v1/surveys").status == 200


def test_a_forgotten_password_is_renewed_by_letter_which_ends_every_session(stack: Stack) -> None:
    session = member(stack, Role.CS)
    email = session.user["email"]
    assert {Session(stack).post("/forgotten", {"email": each}).status for each in (email, "nobody@loja.example")} == {202}
    code = in_bold(letter_to(email, stack))
    renewed = {"email": email, "password": "another-horse-battery"}
    assert Session(stack).post("/reset", renewed | {"code": "999999"}).status == 422
    assert Session(stack).post("/reset", renewed | {"code": code, "password": "short"}).status == 422
    assert Session(stack).post("/reset", renewed | {"code": code}).status == 204
    assert session.refresh().status == 401
    assert Session(stack).sign_in(email, PASSWORD).status == 401
    assert Session(stack).sign_in(email, "another-horse-battery").status == 200


def test_the_admin_cannot_lock_everybody_out(stack: Stack) -> None:
    admin = admin_of(stack)
    mine = f"/v1/users/{admin.user['user_id']}"
    for method, body in (("PATCH", {"role": "cs"}), ("PATCH", {"enabled": False}), ("DELETE", None)):
        assert admin.call(method, mine, body).json()["type"] == "urn:recomenda:problem:own-user"
        answer = stack.request(method, mine, body, key=stack.api_key)  # type: ignore[arg-type]
        assert answer.json()["type"] == "urn:recomenda:problem:last-admin"
    assert admin.call("GET", "/v1/users").status == 200


@pytest.fixture(scope="module")
def staff(stack: Stack) -> dict[Role, Session]:
    """Somebody of each role."""
    return {role: member(stack, role) for role in Role}


@pytest.mark.parametrize("route", PROTECTED, ids=lambda route: route.key)
def test_each_role_may_do_what_the_table_says_and_nothing_else(staff: dict[Role, Session], route: Route) -> None:
    path = route.path.format_map(IDS | {"survey_id": "nobody"})
    for role, session in staff.items():
        answer = session.call(route.method, path, {})
        may = route.scope in SCOPES_OF[role]
        assert (answer.status not in {401, 403, 500}) is may, (role, answer.status, answer.body)
        if not may:
            assert answer.json()["type"] == "urn:recomenda:problem:scope-missing"


def test_a_token_that_is_not_ours_opens_nothing(stack: Stack) -> None:
    admin = admin_of(stack)
    assert admin.call("GET", "/v1/users").status == 200
    for kind, token in forged(admin.access_token, stack).items():
        assert stack.request("GET", "/v1/users", key=token).status in {401, 403}, kind


def test_an_expired_token_opens_nothing_though_the_pool_signed_it(stack: Stack, signing_key: str) -> None:
    real = admin_of(stack).access_token
    claims = jwt.decode(real, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 900
    kid = jwt.get_unverified_header(real)["kid"]
    again, expired = (
        jwt.encode(claims | times, signing_key, algorithm="RS256", headers={"kid": kid}) for times in ({}, {"exp": claims["iat"] - 60})
    )
    assert stack.request("GET", "/v1/users", key=again).status == 200
    assert stack.request("GET", "/v1/users", key=expired).status == 403


@pytest.fixture
def signing_key(stack: Stack, stack_home: Path) -> str:
    """What the pool signs access tokens with, which the emulator keeps in its state."""
    return (stack_home / "state" / "cognito-pool-keys" / f"{stack.outputs['UserPool']}-access.pem").read_text()


def test_of_what_passes_here_logs_have_ids_only(stack: Stack) -> None:
    session = member(stack, Role.CS)
    email = session.user["email"]
    Session(stack).sign_in(email, "wrong-horse-battery")
    session.refresh()
    kept, token = session.cookie, session.access_token
    session.sign_out()
    functions = ("SessionFunction", "UsersFunction", "AuthorizeFunction")
    text = "\n".join(json.dumps(line) for function in functions for line in stack.log_lines(function))
    assert session.user["user_id"] in text
    for secret in (email, "Bia", PASSWORD, "wrong-horse", kept.partition("=")[2], token, "loja.example", "recomenda.example"):
        assert secret not in text, secret
