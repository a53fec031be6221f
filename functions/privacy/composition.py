"""What the doors work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from secrets import token_bytes

from aws_lambda_powertools import Logger

from shared.privacy import copies
from shared.privacy.access import Access
from shared.privacy.asking import Asking
from shared.privacy.door_ports import Access as AccessPort
from shared.privacy.door_ports import Copies, PublishedReceipts
from shared.privacy.opening import Opening
from shared.privacy.ports import Ledger as LedgerPort
from shared.privacy.ports import PeopleToErase as PeoplePort
from shared.store.answers import Answers
from shared.store.erase_queue import EraseQueue
from shared.store.erasing_people import PeopleToErase
from shared.store.holds import HoldStore
from shared.store.ledger import Ledger
from shared.store.person_keys import MasterKeys, PersonKeys
from shared.store.privacy_requests import PrivacyRequests
from shared.store.receipts import ReceiptKeys, Receipts
from shared.store.registry import SecretStore, SurveyStore
from shared.store.sealing import Sealing
from shared.store.session import client
from shared.store.settings import from_environment
from shared.store.tables import AnswerItem, LedgerItem, PersonItem, PersonKeyItem, RegistryItem, bind
from shared.store.unsealing import OwnKeys

logger = Logger()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    answers_table: str
    people_table: str
    keys_table: str
    registry_table: str
    ledger_table: str
    sealing_key: str
    erase_queue_url: str


@dataclass(frozen=True, slots=True)
class Borrowed:
    """What the eraser's stores lend to the doors."""

    people: PeoplePort
    ledger: LedgerPort
    access: AccessPort
    copies: Copies
    receipts: PublishedReceipts


@dataclass(frozen=True, slots=True)
class Doors:
    """What the doors work with."""

    asking: Asking
    surveys: SurveyStore
    answers: Answers
    secrets: SecretStore
    access: AccessPort
    copies: Copies
    receipts: PublishedReceipts

    @property
    def opening(self) -> Opening:
        """What opens erasures."""
        return self.asking.opening

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock."""
        return self.asking.now


@cache
def compose() -> Doors:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(AnswerItem, settings.answers_table)
    bind(PersonItem, settings.people_table)
    bind(PersonKeyItem, settings.keys_table)
    bind(RegistryItem, settings.registry_table)
    bind(LedgerItem, settings.ledger_table)
    sealing = Sealing(settings.sealing_key)
    secrets = SecretStore(sealing)
    borrowed = borrow(secrets, sealing)
    opening = Opening(
        people=borrowed.people,
        ledger=borrowed.ledger,
        holds=HoldStore(_now),
        queue=EraseQueue(client("sqs"), settings.erase_queue_url),
        now=_now,
    )
    asking = Asking(
        requests=PrivacyRequests(sealing), opening=opening, key=lambda: secrets.lookup_key(token_bytes), random_bytes=token_bytes
    )
    return Doors(asking, SurveyStore(), Answers(), secrets, borrowed.access, borrowed.copies, borrowed.receipts)


def borrow(secrets: SecretStore, sealing: Sealing) -> Borrowed:
    """The eraser's stores."""
    people = PeopleToErase(lambda: secrets.lookup_key(token_bytes), OwnKeys(PersonKeys(MasterKeys(sealing), token_bytes)))
    return Borrowed(
        people=people,
        ledger=Ledger(_now),
        access=Access(people, Answers(), SurveyStore(), _now),
        copies=copies,
        receipts=Receipts(ReceiptKeys(sealing, token_bytes, _now)),
    )


def _now() -> datetime:
    """To the millisecond, as times are kept: what is answered is what will be read."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
