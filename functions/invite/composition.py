"""What inviting works with."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from secrets import token_bytes
from typing import Final

from aws_lambda_powertools import Logger

from shared.intake.inviting import Desk, Invitee, Result
from shared.privacy.suppression import Suppression
from shared.store.contacts import EverybodysContacts
from shared.store.invitations import Inviting, hash_of
from shared.store.people import People
from shared.store.person_keys import MasterKeys, PersonKeys
from shared.store.registry import SecretStore, SurveyStore
from shared.store.sealing import Sealing
from shared.store.settings import from_environment
from shared.store.suppressions import SuppressionEntries, SuppressionKeyStore
from shared.store.tables import LedgerItem, PersonItem, PersonKeyItem, RegistryItem, bind

logger = Logger()
_AT_ONCE: Final = 8
"""Below the ten connections that a client keeps open."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works; people reach the page under `public_url`."""

    people_table: str
    keys_table: str
    registry_table: str
    ledger_table: str
    sealing_key: str
    public_url: str


@dataclass(frozen=True, slots=True)
class Inviters:
    """Stores, clock and what makes links."""

    surveys: SurveyStore
    desk: Desk
    public_url: str
    now: Callable[[], datetime]


@cache
def compose() -> Inviters:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(PersonItem, settings.people_table)
    bind(PersonKeyItem, settings.keys_table)
    bind(RegistryItem, settings.registry_table)
    bind(LedgerItem, settings.ledger_table)
    sealing = Sealing(settings.sealing_key)
    secrets, keys = SecretStore(sealing), PersonKeys(MasterKeys(sealing), token_bytes)
    people = People(secrets.identity_pepper, keys, token_bytes)
    desk = Desk(
        inviting=Inviting(people),
        contacts=EverybodysContacts(people, secrets.identity_pepper),
        suppressed=Suppression(SuppressionKeyStore(sealing, token_bytes), SuppressionEntries(), secrets.identity_pepper),
        pepper=secrets.identity_pepper,
        random_bytes=token_bytes,
        hash_of=hash_of,
        at_once=_at_once,
    )
    return Inviters(SurveyStore(), desk, settings.public_url, lambda: datetime.now(UTC))


def _at_once(do: Callable[[Invitee], Result], several: Sequence[Invitee]) -> list[Result]:
    """The first by itself, which makes the clients that the others share; they wait for the network most of the time."""
    first, rest = [do(each) for each in several[:1]], several[1:]
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return [*first, *threads.map(do, rest)]
