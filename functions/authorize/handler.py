"""The gateway's authorizer: whose credential is it, and what may it do? Scopes are checked again by each function, which knows its route.

Results are never cached (the gateway would share them across routes), so a revoked key ends at once. An access token of a user lives for
15 minutes, with the role of when it was made.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from aws_lambda_powertools import Logger

from shared.access import USER_PREFIX, Scope, parse, scopes_of
from shared.api.http import Request
from shared.store.keys import KeyStore
from shared.store.settings import from_environment
from shared.store.tables import RegistryItem, bind

logger = Logger()
_DOTS_OF_A_JWT: Final = 2


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    registry_table: str
    user_pool: str
    user_pool_client: str


@cache
def settings() -> Settings:
    """Read once a container."""
    return from_environment(Settings)


@cache
def compose() -> KeyStore:
    """The keys, reached once a container."""
    bind(RegistryItem, settings().registry_table)
    return KeyStore()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """One request of the gateway (REQUEST authorizer, payload 2.0, simple response)."""
    bearer = Request.from_event(event).bearer or ""
    return _user(bearer) if bearer.count(".") == _DOTS_OF_A_JWT else _key(bearer)


def _user(token: str) -> dict[str, Any]:
    from functions.authorize.signed_in import holder  # noqa: PLC0415 - a JWT and its cryptography are no business of an API key's
    from shared.signin.access_token import InvalidAccessTokenError  # noqa: PLC0415 - likewise

    try:
        found = holder(token, settings().user_pool, settings().user_pool_client)
    except InvalidAccessTokenError:
        logger.info("access token refused")
        return {"isAuthorized": False}
    return _let_in(f"{USER_PREFIX}{found.user_id}", scopes_of(found.roles))


def _key(bearer: str) -> dict[str, Any]:
    text = parse(bearer)
    key = compose().find(text.key_id) if text else None
    if text is None or key is None or not key.admits(text.secret):
        logger.info("key refused", key_id=key.key_id if key else None)
        return {"isAuthorized": False}
    compose().record_use(key, datetime.now(UTC))
    return _let_in(key.key_id, key.scopes)


def _let_in(key_id: str, scopes: frozenset[Scope]) -> dict[str, Any]:
    return {"isAuthorized": True, "context": {"key_id": key_id, "scopes": " ".join(sorted(scopes))}}
