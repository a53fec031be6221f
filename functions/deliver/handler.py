"""From the outbox to receivers: one call for each message that is due, and when the next is made."""

import random
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from secrets import token_bytes
from typing import Any, Final

from aws_lambda_powertools import Logger

from shared.alerts.batch import each
from shared.alerts.caller import ReceiverCaller
from shared.alerts.deliver import Delivering, deliver
from shared.alerts.guard import Allowance, Guard
from shared.alerts.incoming import UnreadableError, read
from shared.alerts.message import Due
from shared.alerts.post import Poster, system_addresses
from shared.alerts.saying import Saying
from shared.alerts.turns import Turns, put_back
from shared.faults import describe
from shared.store.answers import Answers
from shared.store.channels import ChannelStore
from shared.store.deliveries import Deliveries
from shared.store.ledger import Ledger
from shared.store.notices import Notices
from shared.store.outbox import Outbox, Schedules
from shared.store.person_keys import MasterKeys, PersonKeys
from shared.store.registry import SurveyStore
from shared.store.sealing import Sealing
from shared.store.session import client
from shared.store.settings import from_environment
from shared.store.sharing import PeopleSharing
from shared.store.tables import AnswerItem, DeliveryItem, LedgerItem, PersonItem, PersonKeyItem, RegistryItem, bind

logger = Logger()
_AT_ONCE: Final = 10
"""A batch."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works. `calls_allowed` is `nothing` (besides https to the public internet) but on a developer's own machine."""

    answers_table: str
    people_table: str
    keys_table: str
    registry_table: str
    deliveries_table: str
    ledger_table: str
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
    bind(PersonKeyItem, settings.keys_table)
    bind(RegistryItem, settings.registry_table)
    bind(DeliveryItem, settings.deliveries_table)
    bind(LedgerItem, settings.ledger_table)

    def now() -> datetime:
        return datetime.now(UTC)

    answers, surveys, deliveries = Answers(), SurveyStore(), Deliveries()
    sealing = Sealing(settings.sealing_key)
    channels, people = ChannelStore(sealing), PeopleSharing(PersonKeys(MasterKeys(sealing), token_bytes))
    schedules = Schedules(group=settings.delivery_schedules, queue_arn=settings.deliver_queue_arn, role_arn=settings.delivery_schedule_role)
    poster = Poster(Guard(system_addresses, allowance=Allowance(settings.calls_allowed)))
    work = Delivering(
        channels=channels,
        deliveries=deliveries,
        outbox=Outbox(client("sqs"), settings.deliver_queue_url, client("scheduler"), schedules),
        caller=ReceiverCaller(poster, channels, now),
        notices=Notices(client("sns"), settings.channel_notices_topic, deliveries, now),
        saying=Saying(answers, people, surveys, deliveries, settings.answer_link, Ledger(now)),
        now=now,
        chance=random.random,
    )
    return work, surveys


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """A batch of messages that are due, each on its own: one endpoint that hangs holds up none of the others."""
    work, surveys = compose()
    waiting = _put_back([record["body"] for record in event["Records"]], work.turns, surveys)
    return each(event["Records"], lambda body: _take(body, waiting), logger, at_once=_AT_ONCE)


def _put_back(bodies: Sequence[str], turns: Turns, surveys: SurveyStore) -> Collection[str]:
    """Of the messages whose endpoints have no room, the ids; where the queue does not take them back, each is looked at by itself."""
    try:
        waiting = {due.message_id for due in put_back(list(_dues(bodies, surveys)), turns)}
    except Exception as error:  # noqa: BLE001 - one endpoint's alerts that cannot be put back keep no other's from being sent
        logger.warning("nothing put back", extra=describe(error))
        return ()
    if waiting:
        logger.info("put back", messages=len(waiting))
    return waiting


def _dues(bodies: Sequence[str], surveys: SurveyStore) -> Iterator[Due]:
    """Of the messages that can be read; the others fail when they are taken."""
    for body in bodies:
        with suppress(UnreadableError):
            due = read(body, surveys)
            if isinstance(due, Due):
                yield due


def _take(body: str, waiting: Collection[str]) -> None:
    work, surveys = compose()
    due = read(body, surveys)
    if not isinstance(due, Due):
        raise UnreadableError
    if due.message_id in waiting:
        return
    status = deliver(due.message_id, work)
    logger.info("delivered" if status else "nothing to deliver", message_id=due.message_id, status=status)
