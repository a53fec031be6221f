"""What looking up and erasing work with."""

from base64 import b32encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from secrets import token_bytes

from shared.privacy.answering import Answering
from shared.privacy.notice import companies_of
from shared.privacy.steps import IN_FLIGHT, LOOK_AGAIN, STRAGGLERS, Erasing
from shared.privacy.suppression import Suppression
from shared.privacy.telling import Telling
from shared.store.channels import ChannelStore
from shared.store.deliveries import Deliveries
from shared.store.erase_queue import EraseQueue
from shared.store.erasing import AnswersToErase, OutboxToErase
from shared.store.erasing_people import PeopleToErase
from shared.store.holds import HoldStore
from shared.store.ledger import Ledger
from shared.store.mail import SesMail
from shared.store.outbox import Outbox, Schedules
from shared.store.person_keys import MasterKeys, PersonKeys, Rotation
from shared.store.privacy_requests import PrivacyRequests
from shared.store.receipts import ReceiptKeys, Receipts
from shared.store.registry import SecretStore, SurveyStore, TouchedLedger
from shared.store.sealing import Sealing
from shared.store.session import client
from shared.store.settings import from_environment
from shared.store.suppressions import SuppressionEntries, SuppressionKeyStore
from shared.store.tables import AnswerItem, DeliveryItem, LedgerItem, PersonItem, PersonKeyItem, RegistryItem, bind
from shared.store.unsealing import OwnKeys

_RECEIPT_ID_BYTES = 20
_MOMENT = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    answers_table: str
    people_table: str
    keys_table: str
    registry_table: str
    deliveries_table: str
    ledger_table: str
    erase_queue_url: str
    deliver_queue_url: str
    deliver_queue_arn: str
    delivery_schedules: str
    delivery_schedule_role: str
    second_look_minutes: str
    sealing_key: str
    mail_from: str = ""
    """Without one, SES takes no letter; erasing goes on all the same."""


@dataclass(frozen=True, slots=True)
class Working:
    """What the function works with."""

    erasing: Erasing
    answering: Answering
    queue: EraseQueue
    rotation: Rotation


@cache
def compose() -> Working:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    _bind(settings)
    sealing = Sealing(settings.sealing_key)
    secrets, surveys, deliveries = SecretStore(sealing), SurveyStore(), Deliveries()
    masters = MasterKeys(sealing)
    keys = PersonKeys(masters, token_bytes)
    people = PeopleToErase(lambda: secrets.lookup_key(token_bytes), OwnKeys(keys))
    channels = ChannelStore(Sealing(""))  # it unseals nothing
    sqs, scheduler = client("sqs"), client("scheduler")
    schedules = Schedules(group=settings.delivery_schedules, queue_arn=settings.deliver_queue_arn, role_arn=settings.delivery_schedule_role)
    second_look = timedelta(minutes=int(settings.second_look_minutes))

    def channel_ids() -> Collection[str]:
        return [channel.channel_id for channel in channels.list()]

    erasing = Erasing(
        people=people,
        keys=keys,
        answers=AnswersToErase(),
        outbox=OutboxToErase(scheduler, settings.delivery_schedules),
        surveys=surveys,
        touched=TouchedLedger(),
        channel_ids=channel_ids,
        holds=HoldStore(_now),
        suppression=Suppression(SuppressionKeyStore(sealing, token_bytes), SuppressionEntries(), secrets.identity_pepper),
        telling=Telling(channels, deliveries, Outbox(sqs, settings.deliver_queue_url, scheduler, schedules), _now),
        receipts=Receipts(ReceiptKeys(sealing, token_bytes, _now)),
        ledger=Ledger(_now),
        now=_now,
        new_receipt_id=lambda: "rec_" + b32encode(token_bytes(_RECEIPT_ID_BYTES)).decode().lower(),
        second_look=second_look,
        in_flight=min(IN_FLIGHT, second_look),
        stragglers=min(STRAGGLERS, second_look),
        look_again=min(LOOK_AGAIN, max(second_look, _MOMENT)),
    )
    answering = Answering(
        requests=PrivacyRequests(sealing),
        people=people,
        mail=SesMail(client("sesv2"), settings.mail_from),
        key=lambda: secrets.lookup_key(token_bytes),
        companies=lambda: companies_of(surveys.list(), _now()),
        now=_now,
    )
    return Working(erasing, answering, EraseQueue(sqs, settings.erase_queue_url), Rotation(masters, token_bytes))


def _bind(settings: Settings) -> None:
    bind(AnswerItem, settings.answers_table)
    bind(PersonItem, settings.people_table)
    bind(PersonKeyItem, settings.keys_table)
    bind(RegistryItem, settings.registry_table)
    bind(DeliveryItem, settings.deliveries_table)
    bind(LedgerItem, settings.ledger_table)


def _now() -> datetime:
    """To the millisecond, as times are kept."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
