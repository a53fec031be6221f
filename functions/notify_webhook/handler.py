"""From the rules' queue to the outbox: which channels hear of an answer, now or after a wait."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from secrets import token_bytes
from typing import Any

from aws_lambda_powertools import Logger

from shared.alerts.batch import each
from shared.alerts.incoming import Check, Classified, UnreadableError, read
from shared.alerts.notify import Notifying, check, notify
from shared.store.answers import Answers
from shared.store.channels import ChannelStore
from shared.store.deliveries import Deliveries
from shared.store.outbox import Checks, Outbox, Schedules
from shared.store.person_keys import MasterKeys, PersonKeys
from shared.store.registry import SurveyStore
from shared.store.sealing import Sealing
from shared.store.session import client
from shared.store.settings import from_environment
from shared.store.sharing import PeopleSharing
from shared.store.tables import AnswerItem, DeliveryItem, PersonItem, PersonKeyItem, RegistryItem, bind

logger = Logger()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    answers_table: str
    people_table: str
    keys_table: str
    registry_table: str
    deliveries_table: str
    notify_queue_url: str
    deliver_queue_url: str
    deliver_queue_arn: str
    delivery_schedules: str
    delivery_schedule_role: str
    sealing_key: str


@cache
def compose() -> tuple[Notifying, SurveyStore]:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(AnswerItem, settings.answers_table)
    bind(PersonItem, settings.people_table)
    bind(PersonKeyItem, settings.keys_table)
    bind(RegistryItem, settings.registry_table)
    bind(DeliveryItem, settings.deliveries_table)
    schedules = Schedules(group=settings.delivery_schedules, queue_arn=settings.deliver_queue_arn, role_arn=settings.delivery_schedule_role)
    sqs, sealing = client("sqs"), Sealing(settings.sealing_key)
    work = Notifying(
        answers=Answers(),
        people=PeopleSharing(PersonKeys(MasterKeys(sealing), token_bytes)),
        channels=ChannelStore(sealing),
        deliveries=Deliveries(),
        outbox=Outbox(sqs, settings.deliver_queue_url, client("scheduler"), schedules),
        checks=Checks(sqs, settings.notify_queue_url),
        now=lambda: datetime.now(UTC),
    )
    return work, SurveyStore()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """One batch of events and waits."""
    return each(event["Records"], _take, logger)


def _take(body: str) -> None:
    work, surveys = compose()
    match read(body, surveys):
        case Classified(key):
            done = notify(key, work)
        case Check(key, channel_id):
            done = check(key, channel_id, work)
        case _:
            raise UnreadableError
    logger.info("notified", survey_id=key.survey_id, answer_id=key.answer_id, opened=done.opened, waiting=done.waiting)
