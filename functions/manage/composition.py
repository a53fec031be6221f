"""What managing works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from secrets import token_bytes

from aws_lambda_powertools import Logger

from shared.quarantine import Decided
from shared.store.annotations import Annotations
from shared.store.answers import Answers
from shared.store.decisions import decide
from shared.store.keys import KeyStore
from shared.store.person_keys import MasterKeys
from shared.store.registry import SecretStore, SurveyStore, TouchedLedger
from shared.store.sealing import Sealing
from shared.store.settings import from_environment
from shared.store.tables import AnswerItem, LedgerItem, RegistryItem, bind

logger = Logger()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    registry_table: str
    answers_table: str
    ledger_table: str
    sealing_key: str


@dataclass(frozen=True, slots=True)
class Managing:
    """Stores, clock and a cryptographic source of randomness."""

    surveys: SurveyStore
    keys: KeyStore
    secrets: SecretStore
    masters: MasterKeys
    answers: Answers
    annotations: Annotations
    touched: TouchedLedger
    decide: Callable[[Decided], bool]
    now: Callable[[], datetime]
    random_bytes: Callable[[int], bytes]


@cache
def compose() -> Managing:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(RegistryItem, settings.registry_table)
    bind(AnswerItem, settings.answers_table)
    bind(LedgerItem, settings.ledger_table)
    sealing = Sealing(settings.sealing_key)
    return Managing(
        surveys=SurveyStore(),
        keys=KeyStore(),
        secrets=SecretStore(sealing),
        masters=MasterKeys(sealing),
        answers=Answers(),
        annotations=Annotations(),
        touched=TouchedLedger(),
        decide=decide,
        now=_now,
        random_bytes=token_bytes,
    )


def _now() -> datetime:
    """To the millisecond, as times are kept: what is answered is what will be read."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
