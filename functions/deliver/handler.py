"""From the outbox to a receiver: one call for a message that is due, and when the next is made."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from shared.alerts.batch import each
from shared.alerts.caller import ReceiverCaller
from shared.alerts.deliver import Delivering, deliver
from shared.alerts.guard import Allowance, Guard
from shared.alerts.incoming import Due, UnreadableError, read
from shared.alerts.post import Poster, system_addresses
from shared.alerts.saying import Saying
from shared.store.answers import Answers
from shared.store.channels import ChannelStore
from shared.store.deliveries import Deliveries
from shared.store.notices import Notices
from shared.store.outbox import Outbox, Schedules
from shared.store.registry import SurveyStore
from shared.store.sealing import Sealing
from shared.store.session import client
from shared.store.settings import from_environment
from shared.store.sharing import PeopleSharing
from shared.store.tables import AnswerItem, DeliveryItem, PersonItem, RegistryItem, bind

logger = Logger()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works. `calls_allowed` is `nothing` (besides https to the public internet) but on a developer's own machine."""

    answers_table: str
    people_table: str
    registry_table: str
    deliveries_table: str
    deliver_queue_url: str
    deliver_queue_arn: str
    delivery_schedules: str
    delivery_schedule_role: str
    channel_notices_topic: str
    sealing_key: str
    answer_link: str
    calls_allowed: str


@cache
def compose() -> tuple[Delivering, SurveyStore]:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(AnswerItem, settings.answers_table)
    bind(PersonItem, settings.people_table)
    bind(RegistryItem, settings.registry_table)
    bind(DeliveryItem, settings.deliveries_table)

    def now() -> datetime:
        return datetime.now(UTC)

    answers, surveys, deliveries = Answers(), SurveyStore(), Deliveries()
    channels = ChannelStore(Sealing(settings.sealing_key))
    schedules = Schedules(group=settings.delivery_schedules, queue_arn=settings.deliver_queue_arn, role_arn=settings.delivery_schedule_role)
    poster = Poster(Guard(system_addresses, allowance=Allowance(settings.calls_allowed)))
    work = Delivering(
        channels=channels,
        deliveries=deliveries,
        outbox=Outbox(client("sqs"), settings.deliver_queue_url, client("scheduler"), schedules),
        caller=ReceiverCaller(poster, channels, now),
        notices=Notices(client("sns"), settings.channel_notices_topic, deliveries, now),
        saying=Saying(answers, PeopleSharing(), surveys, deliveries, settings.answer_link),
        now=now,
        chance=random.random,
    )
    return work, surveys


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """One message that is due."""
    return each(event["Records"], _take, logger)


def _take(body: str) -> None:
    work, surveys = compose()
    due = read(body, surveys)
    if not isinstance(due, Due):
        raise UnreadableError
    status = deliver(due.message_id, work)
    logger.info("delivered" if status else "nothing to deliver", message_id=due.message_id, status=status)
