"""What managing channels works with."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from secrets import token_bytes
from typing import Final

from aws_lambda_powertools import Logger

from shared.alerts.caller import ReceiverCaller
from shared.alerts.guard import Allowance, Guard
from shared.alerts.ports import Deliveries, Outbox
from shared.alerts.post import Poster, system_addresses
from shared.alerts.registration import Registering
from shared.store.channels import ChannelStore
from shared.store.deliveries import Deliveries as DeliveryStore
from shared.store.outbox import Outbox as QueueOutbox
from shared.store.outbox import Schedules
from shared.store.sealing import Sealing
from shared.store.session import client
from shared.store.settings import from_environment
from shared.store.subscriptions import TopicSubscriptions
from shared.store.tables import DeliveryItem, RegistryItem, bind

CALL_SECONDS: Final = 10.0
"""Shorter than the deliverer waits: somebody waits for the answer, and the gateway gives up after 30 seconds."""
logger = Logger()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    registry_table: str
    deliveries_table: str
    deliver_queue_url: str
    deliver_queue_arn: str
    delivery_schedules: str
    delivery_schedule_role: str
    detractor_topic: str
    sealing_key: str
    calls_allowed: str


@dataclass(frozen=True, slots=True)
class Working:
    """What registering works with, and what shows and sends messages again."""

    registering: Registering
    deliveries: Deliveries
    outbox: Outbox


@cache
def compose() -> Working:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(RegistryItem, settings.registry_table)
    bind(DeliveryItem, settings.deliveries_table)
    allowance = Allowance(settings.calls_allowed)
    register, deliveries = ChannelStore(Sealing(settings.sealing_key)), DeliveryStore()
    guard = Guard(system_addresses, allowance=allowance)
    schedules = Schedules(group=settings.delivery_schedules, queue_arn=settings.deliver_queue_arn, role_arn=settings.delivery_schedule_role)
    outbox = QueueOutbox(client("sqs"), settings.deliver_queue_url, client("scheduler"), schedules)
    registering = Registering(
        register=register,
        deliveries=deliveries,
        subscriptions=TopicSubscriptions(settings.detractor_topic),
        guard=guard,
        caller=ReceiverCaller(Poster(guard, seconds=CALL_SECONDS), register, _now),
        now=_now,
        random_bytes=token_bytes,
        local=allowance is Allowance.LOOPBACK,
    )
    return Working(registering, deliveries, outbox)


def _now() -> datetime:
    """To the millisecond, as times are kept: what is answered is what will be read."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
