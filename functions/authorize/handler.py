"""The gateway's authorizer: whose API key is it, and what may it do? Scopes are checked again by each function, which knows its route.

Results are never cached (the gateway would share them across routes), so a revoked key ends at once.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from shared.access import parse
from shared.api.http import Request
from shared.store.keys import KeyStore
from shared.store.settings import from_environment
from shared.store.tables import RegistryItem, bind

logger = Logger()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    registry_table: str


@cache
def compose() -> KeyStore:
    """The keys, reached once a container."""
    bind(RegistryItem, from_environment(Settings).registry_table)
    return KeyStore()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """One request of the gateway (REQUEST authorizer, payload 2.0, simple response)."""
    text = parse(Request.from_event(event).bearer or "")
    key = compose().find(text.key_id) if text else None
    if text is None or key is None or not key.admits(text.secret):
        logger.info("key refused", key_id=key.key_id if key else None)
        return {"isAuthorized": False}
    compose().record_use(key, datetime.now(UTC))
    return {"isAuthorized": True, "context": {"key_id": key.key_id, "scopes": " ".join(sorted(key.scopes))}}
