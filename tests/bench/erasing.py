"""What erasing a person costs: calls and units, among few answers of others and among many.

Measured is what DynamoDB is asked by the steps, from the mark to the receipt, on the emulator. Suppression,
telling and the receipt's signature are stood in for in memory: a handful of calls more, the same whatever the tables hold.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import batched
from random import Random
from secrets import token_bytes
from typing import Any, Final

from botocore.exceptions import ClientError

from shared import answer_id as ids
from shared.alerts.content import AlertKind
from shared.alerts.message import Message, message_id_of
from shared.answer import Answer, AnswerKey
from shared.identity import lookup_of
from shared.intake.ports import Claims, Comment, Occasion
from shared.privacy.erasing import Taken, take_step
from shared.privacy.erasure import Asker, Erasure, Step
from shared.privacy.steps import Erasing
from shared.store.answers import Answers
from shared.store.deliveries import Deliveries
from shared.store.erasing import AnswersToErase, OutboxToErase
from shared.store.erasing_people import PeopleToErase
from shared.store.ledger import Ledger
from shared.store.people import People
from shared.store.person_keys import PersonKeys
from shared.store.registry import TouchedLedger
from shared.store.sharing import PeopleSharing
from shared.store.tables import DeliveryItem, bind, connection
from shared.store.unsealing import OwnKeys
from shared.survey import Survey
from tests.bench.figures import Figure
from tests.bench.meter import Units, metered
from tests.bench.place import Place
from tests.fakes.channels import channel_of, id_of
from tests.fakes.erasures import MemoryHolds, MemoryReceipts, MemorySuppression, MemoryTelling
from tests.fakes.master_keys import OneMasterKey
from tests.fakes.memory import Memory
from tests.fakes.registry import MemorySurveys

FEW: Final = 1_000
MANY: Final = 100_000
ANSWERS: Final = 50
"""Of the person who is erased; every other one has a comment, every fifth is a detractor's that all channels were told of."""
CHANNELS: Final = tuple(id_of(name) for name in ("um", "dois", "tres", "quatro", "cinco"))
_PEPPER: Final = b"pepper"
_KEPT: Final = timedelta(days=60)
_MORE_TABLES: Final = {"deliveries": DeliveryItem}


class NeverDoneError(Exception):
    """The erasure did not come to its end."""


@dataclass
class _NoSchedules:
    """There are none: deleting one is a call."""

    calls: int = 0

    def delete_schedule(self, **_: object) -> None:
        self.calls += 1
        raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "DeleteSchedule")


@dataclass
class _Bench:
    """A survey with a clock of its own."""

    survey: Survey
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def work(self) -> Erasing:
        memory = Memory()
        return Erasing(
            people=PeopleToErase(lambda: _PEPPER, OwnKeys(_keys())),
            keys=_keys(),
            answers=AnswersToErase(),
            outbox=OutboxToErase(_NoSchedules(), "bench"),
            surveys=MemorySurveys(self.survey),
            touched=TouchedLedger(),
            channel_ids=lambda: CHANNELS,
            holds=MemoryHolds(memory),
            suppression=MemorySuppression(memory),
            telling=MemoryTelling(memory, lambda: self.now),
            receipts=MemoryReceipts(memory),
            ledger=Ledger(lambda: self.now),
            now=lambda: self.now,
            new_receipt_id=lambda: "receipt-bench",
        )


def erasing(place: Place, *, few: int = FEW, many: int = MANY) -> list[Figure]:
    """Erase a person among `few` answers of others, then another among `many`."""
    for name, model in _MORE_TABLES.items():
        place.dynamodb.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        )
        bind(model, name)
    bench = _Bench(place.survey("erasing"))
    fill(place, bench, 0, few)
    among_few = erase_one(bench, "one")
    fill(place, bench, few, many)
    among_many = erase_one(bench, "two")
    name = f"erasing a person with {ANSWERS} answers among {many:,}, beside {few:,}"
    return [
        Figure.beside(f"{name}: write units", among_many.write, among_few.write, "WCU", at_most=1.0),
        Figure.beside(f"{name}: read units", among_many.read, among_few.read, "RCU", at_most=1.0),
        Figure.beside(f"{name}: calls", _calls(among_many), _calls(among_few), "calls", at_most=1.0),
    ]


def _calls(units: Units) -> int:
    return sum(units.calls.values())


def fill(place: Place, bench: _Bench, first: int, last: int) -> None:
    """Store answers of others, each with a comment, past everything but the shape of the items."""
    answers = ({"PutRequest": {"Item": _answer_item(bench, number)}} for number in range(first, last))
    comments = ({"PutRequest": {"Item": _comment_item(bench, number)}} for number in range(first, last))
    _put(place, place.environment["ANSWERS_TABLE"], answers)
    _put(place, place.environment["PEOPLE_TABLE"], comments)


def _put(place: Place, table: str, requests: Iterable[Any]) -> None:
    for batch in batched(requests, 25, strict=False):
        left: Any = {table: list(batch)}
        while left:
            left = place.dynamodb.batch_write_item(RequestItems=left).get("UnprocessedItems")


def _key(bench: _Bench, number: int) -> AnswerKey:
    """Of an answer of the last 20 days."""
    instant = bench.now - timedelta(minutes=number % 28_000)
    return AnswerKey.of(bench.survey, ids.parse(ids.mint(instant, Random(number).getrandbits(74))))


def _answer_item(bench: _Bench, number: int) -> dict[str, Any]:
    key = _key(bench, number)
    return {
        "pk": {"S": key.partition},
        "sk": {"S": key.answer_id},
        "score": {"N": str(number % 11)},
        "person_id": {"S": f"other-{number:016d}"},
        "edit_key_hash": {"S": "0" * 64},
        "changed_at": {"N": str(int(bench.now.timestamp() * 1000))},
        "dimensions": {"M": {"touchpoint": {"S": "checkout"}, "segment.plan": {"S": "pro"}}},
        "rev": {"N": "1"},
        "expires_at": {"N": str(int((bench.now + _KEPT).timestamp()))},
    }


def _comment_item(bench: _Bench, number: int) -> dict[str, Any]:
    key = _key(bench, number)
    return {
        "pk": {"S": f"other-{number:016d}"},
        "sk": {"S": f"comment#{key.answer_id}"},
        "survey_id": {"S": bench.survey.survey_id},
        "text": {"S": "Chegou antes do prazo, muito obrigado."},
    }


def erase_one(bench: _Bench, name: str) -> Units:
    """Have a person with answers, comments, alerts and receivers, and erase them; what that took."""
    person_id = _person(bench, name)
    work, erasure_id = bench.work(), f"er-{name}"
    with metered(connection().client) as units:
        work.ledger.open(Erasure(erasure_id=erasure_id, person_id=person_id, asker=Asker.SUBJECT, asked_at=bench.now))
        for pause in (timedelta(0), timedelta(minutes=3), timedelta(hours=26), timedelta(minutes=20)):
            bench.now += pause
            while take_step(erasure_id, work) is Taken.AGAIN:
                pass
    done = work.ledger.find(erasure_id)
    if done is None or done.step is not Step.DONE or done.counts["answers.anonymised"] != ANSWERS:
        raise NeverDoneError(done)
    return units


def _person(bench: _Bench, name: str) -> str:
    people, answers, deliveries = People(lambda: _PEPPER, _keys(), Random(name).randbytes), Answers(), Deliveries()
    sharing = PeopleSharing(_keys())
    claims = Claims(customer_id=name, email=f"{name}@exemplo.com.br", name="Ana")
    person_id = ""
    for number in range(ANSWERS):
        instant = bench.now - timedelta(hours=number)
        key = AnswerKey.of(bench.survey, ids.parse(ids.mint(instant, Random(f"{name}{number}").getrandbits(74))))
        person_id = people.identify(claims, Occasion(key.survey_id, key.answer_id, bench.now + _KEPT), bench.now)
        if number % 2:
            people.add_comment(_comment(bench, person_id, key))
        answers.add(Answer(key=key, score=number % 11, person_id=person_id, edit_key_hash="0" * 64, changed_at=instant))
        if number % 5 == 0:
            for channel_id in CHANNELS:
                message_id = message_id_of(channel_id, AlertKind.DETRACTOR, key.answer_id)
                deliveries.open(
                    Message(message_id=message_id, channel_id=channel_id, kind=AlertKind.DETRACTOR, created_at=instant, answer=key)
                )
    for channel in ("um", "dois"):
        sharing.record_sharing(person_id, channel_of(channel), ["comment"], bench.now, bench.now + _KEPT)
    if lookup_of("customer_id", name, _PEPPER) not in PeopleToErase(lambda: _PEPPER, OwnKeys(_keys())).lookups_of(person_id):
        raise NeverDoneError(person_id)
    return person_id


def _keys() -> PersonKeys:
    return PersonKeys(OneMasterKey(), token_bytes)


def _comment(bench: _Bench, person_id: str, key: AnswerKey) -> Comment:
    return Comment(
        person_id=person_id,
        survey_id=key.survey_id,
        answer_id=key.answer_id,
        edit_key_hash="0" * 64,
        text="Demorou demais e ninguém respondeu.",
        written_at=bench.now,
        expires_at=bench.now + _KEPT,
    )
