"""Users of the console over HTTP, and the first admin."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import boto3
import msgspec
import pytest
from boto3.dynamodb.conditions import Key

from functions.users.handler import UnknownTaskError, handle
from shared.access import SCOPES_OF, Role
from shared.store.user_audit import alone
from tests.fakes.user_pool import MADE_AT, MemoryPool
from tests.integration.gateway import Reply, invoke

ANA = {"email": "Ana@Loja.example", "name": "Ana Prado", "role": "cs", "locale": "es"}
BY_KEY = {"key_id": "a" * 16, "scopes": "users scores:read"}
NOBODY = "00000000-0000-4000-8000-00000000ffff"
LIST, INVITE, CHANGE, DELETE = "GET /v1/users", "POST /v1/users", "PATCH /v1/users/{user_id}", "DELETE /v1/users/{user_id}"
AGAIN, ME = "POST /v1/users/{user_id}/invitation", "GET /v1/me"


def call(route_key: str, body: object = None, *, user_id: str = NOBODY, context: dict[str, str] | None = None) -> Reply:
    raw = b"" if body is None else msgspec.json.encode(body)
    return invoke(route_key, context or BY_KEY, body=raw, path={"user_id": user_id})


def as_user(user_id: str, role: Role) -> dict[str, str]:
    """What the authorizer finds for a user's access token."""
    return {"key_id": f"user_{user_id}", "scopes": " ".join(SCOPES_OF[role])}


@pytest.fixture
def ana(pool: MemoryPool) -> str:
    """Invited over the API."""
    assert pool.users == {}
    return str(call(INVITE, ANA).body["user_id"])


def admin(pool: MemoryPool) -> str:
    """Somebody who may manage users, and has signed in."""
    made = handle({"task": "first_admin", "email": "chefe@loja.example"}, None)
    pool.users[made["user_id"]] = replace(pool.users[made["user_id"]], has_signed_in=True)
    return str(made["user_id"])


def trail() -> list[dict[str, Any]]:
    table = boto3.resource("dynamodb").Table("ledger_table")
    return [dict(item) for item in table.query(KeyConditionExpression=Key("pk").eq("audit##users"))["Items"]]


def test_who_is_invited_is_listed_and_gets_a_letter(pool: MemoryPool, ana: str) -> None:
    listed = call(LIST).body["users"]
    assert listed == [
        {
            "user_id": ana,
            "email": "ana@loja.example",
            "name": "Ana Prado",
            "role": "cs",
            "locale": "es",
            "status": "invited",
            "created_at": MADE_AT.isoformat().replace("+00:00", "Z"),
        }
    ]
    assert [to for to, _ in pool.letters] == ["ana@loja.example"]
    again = call(INVITE, ANA | {"email": "ana@loja.example"})
    assert (again.status, again.problem) == (409, "user-exists")


@pytest.mark.usefixtures("pool")
@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "no address"},
        {"email": "a@b.example" + "c" * 120},
        {"email": "a\n@loja.example"},
        {"role": "root"},
        {"role": "Admin"},
        {"role": None},
        {"name": ""},
        {"locale": "fr"},
        {"password": "x"},
        {"groups": ["admin"]},
    ],
    ids=str,
)
def test_an_invitation_that_is_not_right_is_refused(wrong: dict[str, Any]) -> None:
    assert call(INVITE, ANA | wrong).status == 422
    assert call(LIST).body["users"] == []


def test_a_user_is_changed_disabled_enabled_and_deleted(pool: MemoryPool, ana: str) -> None:
    assert call(CHANGE, {"role": "manager", "name": "Ana P", "locale": "en"}, user_id=ana).body["role"] == "manager"
    assert call(CHANGE, {"enabled": False}, user_id=ana).body["status"] == "disabled"
    assert call(AGAIN, user_id=ana).problem == "not-invited"
    assert call(CHANGE, {"enabled": True}, user_id=ana).body["status"] == "invited"
    assert call(AGAIN, user_id=ana).status == 204
    assert len(pool.letters) == 2
    assert call(DELETE, user_id=ana).status == 204
    assert call(LIST).body["users"] == []
    for route_key in (CHANGE, DELETE, AGAIN):
        assert call(route_key, {}, user_id=ana).problem == "no-such-user"


def test_what_was_done_is_in_the_audit_trail_by_ids(pool: MemoryPool, ana: str) -> None:
    boss = admin(pool)
    call(CHANGE, {"role": "dpo"}, user_id=ana, context=as_user(boss, Role.ADMIN))
    call(DELETE, user_id=ana, context=as_user(boss, Role.ADMIN))
    told = [(entry["asker"], entry["decision"], entry.get("role"), entry["sk"].split("#")[1]) for entry in trail()]
    assert told == [
        ("a" * 16, "invited", "cs", ana),
        ("deployment", "invited", "admin", boss),
        (f"user_{boss}", "given_role", "dpo", ana),
        (f"user_{boss}", "deleted", None, ana),
    ]
    assert not any(text in repr(trail()) for text in ("loja.example", "Ana"))
    assert all(entry["expires_at"] > 0 for entry in trail())


def test_the_last_admin_and_oneself_stay(pool: MemoryPool) -> None:
    boss = admin(pool)
    for route_key, body in ((CHANGE, {"role": "cs"}), (CHANGE, {"enabled": False}), (DELETE, None)):
        assert call(route_key, body, user_id=boss).problem == "last-admin"
        assert call(route_key, body, user_id=boss, context=as_user(boss, Role.ADMIN)).problem == "own-user"
    assert pool.users[boss].may_manage


def test_two_who_take_rights_from_admins_take_turns(pool: MemoryPool) -> None:
    boss = admin(pool)
    with alone(_now, "somebody else"):
        assert call(DELETE, user_id=boss).problem == "too-busy"
    assert call(DELETE, user_id=boss).problem == "last-admin"  # and gives the turn back, refused or not
    with alone(_now, "somebody else"):
        pass


def _now() -> datetime:
    return datetime.now(UTC)


def test_a_turn_that_was_never_given_back_ends_by_itself(pool: MemoryPool) -> None:
    boss = admin(pool)
    broken_off = alone(lambda: MADE_AT, "broken off")
    broken_off.__enter__()
    assert call(DELETE, user_id=boss).problem == "last-admin"


def test_me_is_the_user_as_they_are_now(pool: MemoryPool, ana: str) -> None:
    reply = call(ME, context=as_user(ana, Role.CS))
    assert reply.body == {
        "user_id": ana,
        "email": "ana@loja.example",
        "name": "Ana Prado",
        "role": "cs",
        "locale": "es",
        "scopes": ["scores:read", "answers:read", "cases"],
    }
    assert call(ME).problem == "not-a-user"
    pool.delete(ana)
    assert call(ME, context=as_user(ana, Role.CS)).problem == "not-a-user"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_admins_manage_users(ana: str, role: Role) -> None:
    for route_key in (LIST, INVITE, CHANGE, DELETE, AGAIN):
        assert call(route_key, {}, user_id=ana, context=as_user(ana, role)).problem == "scope-missing"


def test_the_first_admin_is_made_once(pool: MemoryPool) -> None:
    boss = admin(pool)
    assert handle({"task": "first_admin", "email": "outra@loja.example"}, None) == {"created": False}
    assert [user.user_id for user in pool.list()] == [boss]


@pytest.mark.usefixtures("pool")
@pytest.mark.parametrize(
    "given", [{}, {"email": "x"}, {"email": 7}, {"email": "a@b.example", "role": "cs"}, {"email": "a@b.example", "locale": "fr"}]
)
def test_a_deployment_that_names_nobody_makes_nobody(given: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        handle({"task": "first_admin"} | given, None)
    with pytest.raises(UnknownTaskError):
        handle({"task": "first_user"} | given, None)


def test_logs_name_nobody(pool: MemoryPool, ana: str, logged: Callable[[], str]) -> None:
    boss = admin(pool)
    call(CHANGE, {"name": "Ana Maria", "role": "manager"}, user_id=ana)
    call(AGAIN, user_id=ana)
    call(DELETE, user_id=ana)
    text = logged()
    assert ana in text
    assert boss in text
    for secret in ("loja.example", "Ana", *(password for _, password in pool.letters)):
        assert secret not in text
