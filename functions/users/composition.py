"""What managing users works with."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from secrets import token_bytes, token_hex

from aws_lambda_powertools import Logger

from shared.signin.changing import Changing
from shared.store import user_audit
from shared.store.pool_office import CognitoOffice
from shared.store.session import client
from shared.store.settings import from_environment
from shared.store.summaries import Summaries
from shared.store.tables import LedgerItem, RegistryItem, bind

logger = Logger()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    user_pool: str
    registry_table: str
    ledger_table: str


@cache
def summaries() -> Summaries:
    """Who wants the weekly summary."""
    bind(RegistryItem, from_environment(Settings).registry_table)
    return Summaries()


@cache
def compose() -> Changing:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(RegistryItem, settings.registry_table)
    bind(LedgerItem, settings.ledger_table)
    office = CognitoOffice(client("cognito-idp"), settings.user_pool, token_bytes)
    return Changing(office, user_audit.write_down, _alone, _now)


def _alone() -> AbstractContextManager[None]:
    return user_audit.alone(_now, token_hex(16))


def _now() -> datetime:
    return datetime.now(UTC)
