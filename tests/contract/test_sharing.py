"""What alerting counts on from People: of those in memory, which its tests use, and of DynamoDB's alike."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_bytes

import boto3
import pytest
from moto import mock_aws

from shared.alerts.ports import People as Port
from shared.alerts.ports import PersonFacts
from shared.answer import Answer
from shared.intake.ports import Claims, Comment, Occasion, PeopleStore
from shared.store.people import People
from shared.store.person_keys import PersonKeys
from shared.store.sharing import PeopleSharing
from shared.store.tables import PersonItem, PersonKeyItem, bind, forget_connection
from tests.fakes.channels import channel_of, id_of
from tests.fakes.master_keys import OneMasterKey
from tests.fakes.memory import Memory
from tests.fakes.samples import NOON, answer_of, survey_of
from tests.fakes.sharing import SharingPeople

UNTIL = NOON + timedelta(days=60)
MINUTE = timedelta(minutes=1)
ANA = Claims(customer_id="cliente-1", email="ana@exemplo.com.br", name="Ana Prado")
OTHERS = "2" * 64
ANSWER_ID = "019cd843-1180-7000-8000-000000000001"
SALA = channel_of("sala", country="US")


@dataclass(frozen=True)
class Record:
    """What is written of a sharing."""

    fields: frozenset[str]
    times: int
    first_at: datetime
    last_at: datetime
    country: str
    keep_until: datetime | None


@dataclass
class Place:
    """The same people as intake writes them and as alerts read them, and ways to look into them that the program has not."""

    intake: PeopleStore
    alerts: Port
    erase: Callable[[str], None]
    record: Callable[[str, str], Record | None]


@pytest.fixture(params=["memory", "dynamodb"])
def people(request: pytest.FixtureRequest) -> Iterator[Place]:
    if request.param == "memory":
        yield in_memory()
        return
    forget_connection()
    with mock_aws():
        yield on_dynamodb()
    forget_connection()


def in_memory() -> Place:
    people = SharingPeople(Memory())

    def record(person_id: str, channel_id: str) -> Record | None:
        kept = people.shared.get((person_id, channel_id))
        times = [at for at, _ in kept.times] if kept else []
        return Record(frozenset(kept.fields), len(times), times[0], times[-1], kept.country, kept.keep_until) if kept else None

    return Place(people, people, people.erase, record)


def on_dynamodb() -> Place:
    for model, name in ((PersonItem, "people"), (PersonKeyItem, "keys")):
        boto3.client("dynamodb").create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        bind(model, name)
    keys = PersonKeys(OneMasterKey(), token_bytes)

    def erase(person_id: str) -> None:
        PersonItem(person_id, "profile").update(actions=[PersonItem.erased.set(1)])

    def record(person_id: str, channel_id: str) -> Record | None:
        item = next(iter(PersonItem.query(person_id, PersonItem.sk == f"shared#{channel_id}")), None)
        if item is None:
            return None
        first, last = (datetime.fromtimestamp(at / 1000, NOON.tzinfo) for at in (item.first_at, item.last_at))
        until = item.attribute_values.get("expires_at")
        keep_until = datetime.fromtimestamp(until, NOON.tzinfo) if until else None
        assert item.receiver == {"name": "sala", "kind": "webhook", "host": "sala.example", "country": item.receiver["country"]}
        return Record(frozenset(item.fields), int(item.times), first, last, item.receiver["country"], keep_until)

    return Place(People(lambda: b"pepper", keys, bytes), PeopleSharing(keys), erase, record)


def answer_by(person_id: str) -> Answer:
    return answer_of(survey_of(), 1, 3, person_id=person_id, edit_key_hash="1" * 64)


def comment_on(answer: Answer) -> Comment:
    return Comment(
        person_id=answer.person_id,
        survey_id="loja",
        answer_id=answer.key.answer_id,
        edit_key_hash=answer.edit_key_hash,
        text="Demorou demais 🚚",
        written_at=NOON,
        expires_at=UNTIL,
    )


def share(people: Place, person_id: str, fields: Sequence[str], at: datetime = NOON, until: datetime | None = UNTIL) -> bool:
    return people.alerts.record_sharing(person_id, SALA, fields, at, until)


def test_of_a_known_person_profile_and_comment_are_read_and_how_long_they_are_kept(people: Place) -> None:
    person_id = people.intake.identify(ANA, Occasion("loja", ANSWER_ID, UNTIL + MINUTE), NOON)
    answer = answer_by(person_id)
    people.intake.add_comment(comment_on(answer))
    assert people.alerts.facts(answer) == PersonFacts(
        comment="Demorou demais 🚚", name="Ana Prado", email="ana@exemplo.com.br", customer_id="cliente-1", keep_until=UNTIL + MINUTE
    )


def test_of_an_unknown_person_there_is_their_comment(people: Place) -> None:
    answer = answer_by("person-1")
    people.intake.add_comment(comment_on(answer))
    assert people.alerts.facts(answer) == PersonFacts(comment="Demorou demais 🚚", keep_until=UNTIL)


def test_another_answers_comment_is_not_read(people: Place) -> None:
    answer = answer_by("person-1")
    people.intake.add_comment(replace(comment_on(answer), answer_id="019cd843-1180-7000-8000-000000000002"))
    assert people.alerts.facts(answer) == PersonFacts()


def test_a_comment_that_another_key_left_at_the_answer_is_not_read(people: Place) -> None:
    answer = answer_by(people.intake.identify(ANA, Occasion("loja", ANSWER_ID, UNTIL + MINUTE), NOON))
    people.intake.add_comment(replace(comment_on(answer), edit_key_hash=OTHERS))
    facts = people.alerts.facts(answer)
    assert (facts.comment, facts.name, facts.keep_until) == (None, "Ana Prado", UNTIL + MINUTE)
    nobodys = answer_by("person-1")
    people.intake.add_comment(replace(comment_on(nobodys), edit_key_hash=OTHERS))
    assert people.alerts.facts(nobodys) == PersonFacts()


def test_the_answers_own_comment_is_read_once_it_took_the_place_of_anothers(people: Place) -> None:
    answer = answer_by("person-1")
    people.intake.add_comment(replace(comment_on(answer), edit_key_hash=OTHERS, text="intruso"))
    people.intake.replace_comment(comment_on(answer))
    assert people.alerts.facts(answer).comment == "Demorou demais 🚚"


def test_a_removed_comment_is_gone(people: Place) -> None:
    answer = answer_by("person-1")
    people.intake.add_comment(comment_on(answer))
    people.intake.remove_comment(answer.person_id, answer.key.answer_id, answer.edit_key_hash)
    assert people.alerts.facts(answer).comment is None


def test_of_an_erased_person_nothing_is_read_though_it_lay_there_still(people: Place) -> None:
    person_id = people.intake.identify(ANA, Occasion("loja", ANSWER_ID, UNTIL), NOON)
    answer = answer_by(person_id)
    people.intake.add_comment(comment_on(answer))
    people.erase(person_id)
    assert people.alerts.facts(answer) == PersonFacts()


def test_a_sharing_says_what_left_how_often_first_and_last_and_where_to(people: Place) -> None:
    assert share(people, "person-1", ["comment"])
    assert share(people, "person-1", ["comment", "email"], NOON + MINUTE)
    assert people.record("person-1", id_of("sala")) == Record(frozenset({"comment", "email"}), 2, NOON, NOON + MINUTE, "US", UNTIL)
    assert people.record("person-1", id_of("outra")) is None


def test_a_sharing_is_kept_as_long_as_what_it_tells_of(people: Place) -> None:
    share(people, "person-1", ["comment"])
    share(people, "person-1", ["comment"], NOON + MINUTE, UNTIL + timedelta(days=30))
    record = people.record("person-1", id_of("sala"))
    assert record is not None
    assert record.keep_until == UNTIL + timedelta(days=30)


def test_once_a_person_is_erased_no_sharing_is_written(people: Place) -> None:
    people.erase("person-1")
    assert not share(people, "person-1", ["comment"])
    assert people.record("person-1", id_of("sala")) is None
