"""The stores of erasing in one place, filled as the program fills them, with ways to look into them that it has not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from secrets import token_bytes
from typing import Any, Final
from uuid import uuid4

import boto3
from pynamodb.models import Model

from shared.alerts.ports import Deliveries as DeliveriesPort
from shared.alerts.ports import People as SharingPort
from shared.answer import Answer, AnswerKey
from shared.counting.ports import AnswerStore
from shared.intake.ports import Claims, Occasion, PeopleStore
from shared.privacy.ports import AnswersToErase, Ledger, OutboxToErase, PeopleToErase
from shared.store.answers import Answers
from shared.store.deliveries import Deliveries
from shared.store.erasing import AnswersToErase as DynamoAnswers
from shared.store.erasing import OutboxToErase as DynamoOutbox
from shared.store.erasing_people import PeopleToErase as DynamoPeople
from shared.store.ledger import Ledger as DynamoLedger
from shared.store.outbox import schedule_name
from shared.store.people import People
from shared.store.person_keys import PersonKeys
from shared.store.sharing import PeopleSharing
from shared.store.tables import AnswerItem, DeliveryItem, LedgerItem, PersonItem, PersonKeyItem, RollupItem, bind
from shared.store.unsealing import OwnKeys
from tests.fakes.answers import MemoryAnswers
from tests.fakes.deliveries import MemoryDeliveries
from tests.fakes.erasable import ErasableAnswers, ErasableOutbox, ErasablePeople, MemoryPeopleToErase
from tests.fakes.erasures import MemoryErasures
from tests.fakes.master_keys import OneMasterKey
from tests.fakes.memory import Memory
from tests.fakes.samples import NOON

PEPPER: Final = b"pepper"
UNTIL: Final = NOON + timedelta(days=60)
GROUP: Final = "deliveries"
_TABLES: Final[Mapping[str, type[Model]]] = {
    "people": PersonItem,
    "keys": PersonKeyItem,
    "answers": AnswerItem,
    "deliveries": DeliveryItem,
    "ledger": LedgerItem,
    "rollups": RollupItem,
}
_numbers = count()


@dataclass(frozen=True, kw_only=True)
class ErasingPlace:
    """Where stores are."""

    people: PeopleToErase
    intake: PeopleStore
    sharing: SharingPort
    point: Callable[[Claims, str, str], str]
    """Have a person with these claims announce an answer (its survey's id and its own); the person's id."""
    answers: AnswersToErase
    counted: AnswerStore
    outbox: OutboxToErase
    deliveries: DeliveriesPort
    ledger: Ledger
    schedule: Callable[[str, datetime], None] = lambda _message_id, _at: None
    schedules: Callable[[], Sequence[str]] = tuple
    mark: Callable[[str], dict[str, Any]] = field(default=lambda _person_id: {})
    """All that the item of the mark holds."""
    find: Callable[[AnswerKey], Answer | None]


def erasing_in_memory() -> ErasingPlace:
    """Memory."""
    memory = Memory()
    people, deliveries, answers = ErasablePeople(memory), MemoryDeliveries(memory), MemoryAnswers(memory)
    return ErasingPlace(
        people=MemoryPeopleToErase(people),
        intake=people,
        sharing=people,
        point=lambda claims, survey_id, answer_id: people.announce(claims, UNTIL, (survey_id, answer_id)),
        answers=ErasableAnswers(memory),
        counted=answers,
        outbox=ErasableOutbox(memory, deliveries),
        deliveries=deliveries,
        ledger=MemoryErasures(memory),
        mark=lambda person_id: {"erased": 1} if people.persons[person_id].erased and not people.items_of(person_id) else {},
        find=lambda key: answers.read([key]).answers.get(key),
    )


def erasing_on_aws() -> ErasingPlace:
    """New tables, and a group of schedules."""
    dynamodb, scheduler = boto3.client("dynamodb"), boto3.client("scheduler")
    run = uuid4().hex[:12]
    for name, model in _TABLES.items():
        dynamodb.create_table(
            TableName=f"{name}-{run}",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        bind(model, f"{name}-{run}")
    group = f"{GROUP}-{run}"
    scheduler.create_schedule_group(Name=group)
    keys = PersonKeys(OneMasterKey(), token_bytes)
    people, answers = People(lambda: PEPPER, keys, lambda size: next(_numbers).to_bytes(size)), Answers()

    def point(claims: Claims, survey_id: str, answer_id: str) -> str:
        return people.identify(claims, Occasion(survey_id, answer_id, UNTIL), NOON)

    def schedule(message_id: str, at: datetime) -> None:
        scheduler.create_schedule(
            Name=schedule_name(message_id, at),
            GroupName=group,
            ScheduleExpression=f"at({at.astimezone(UTC):%Y-%m-%dT%H:%M:%S})",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": "arn:aws:sqs:us-east-1:000000000000:deliver", "RoleArn": "arn:aws:iam::000000000000:role/scheduler"},
        )

    def mark(person_id: str) -> dict[str, Any]:
        key = {"pk": {"S": person_id}, "sk": {"S": "profile"}}
        item = dynamodb.get_item(TableName=f"people-{run}", Key=key, ConsistentRead=True)["Item"]
        return {name: int(value["N"]) for name, value in item.items() if name not in {"pk", "sk", "expires_at"}}

    return ErasingPlace(
        people=DynamoPeople(lambda: PEPPER, OwnKeys(keys)),
        intake=people,
        sharing=PeopleSharing(keys),
        point=point,
        answers=DynamoAnswers(),
        counted=answers,
        outbox=DynamoOutbox(scheduler, group),
        deliveries=Deliveries(),
        ledger=DynamoLedger(lambda: NOON),
        schedule=schedule,
        schedules=lambda: [each["Name"] for each in scheduler.list_schedules(GroupName=group)["Schedules"]],
        mark=mark,
        find=answers.find,
    )
