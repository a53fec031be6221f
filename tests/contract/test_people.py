"""What taking answers in counts on from People: of the one in memory, which its tests use, and of DynamoDB's alike."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from secrets import token_bytes
from typing import Any, Final, NamedTuple
from uuid import uuid4

import boto3
import pytest

from shared.counting.ports import PersonAnswers
from shared.identity import lookup_of
from shared.intake.ports import Claims, Comment, CommentTakenError, Occasion, PeopleStore, PersonErasedError
from shared.store.people import People
from shared.store.person_answers import PersonAnswers as StoredPersonAnswers
from shared.store.person_keys import PersonKeys
from shared.store.tables import PersonItem, PersonKeyItem, bind
from tests.fakes.master_keys import OneMasterKey
from tests.fakes.memory import Memory
from tests.fakes.people import MemoryPeople, MemoryPersonAnswers
from tests.fakes.samples import NOON
from tests.template import resources

PEPPER: Final = b"pepper"
UNTIL: Final = NOON + timedelta(days=60)
ANA: Final = Claims(customer_id="cliente-1", email="ana@exemplo.com.br", name="Ana Prado")
WRITTEN: Final = Comment(
    person_id="person-1",
    survey_id="loja",
    answer_id="019cd843-1180-7000-8000-000000000001",
    edit_key_hash="1" * 64,
    text="Chegou rápido 🚚",
    written_at=NOON,
    expires_at=UNTIL,
)


class Known(NamedTuple):
    """What is kept of a person: what is known, by which lookups they are found, and until when."""

    known: dict[str, str]
    lookups: set[str]
    expires_at: datetime | None


@dataclass
class Place:
    """A store, and ways to look into it that the program has not."""

    store: PeopleStore
    known: Callable[[str], Known]
    texts: Callable[[], dict[tuple[str, str], str]]
    answers: Callable[[], dict[tuple[str, str], Occasion]]
    erase: Callable[[str], None]
    persons: PersonAnswers


def in_memory() -> Place:
    memory = Memory(page=2)
    people = MemoryPeople(memory, PEPPER)

    def known(person_id: str) -> Known:
        person = people.persons[person_id]
        return Known(person.known, person.lookups, person.expires_at)

    return Place(people, known, people.texts, lambda: people.answers, people.erase, MemoryPersonAnswers(memory, people.noted))


def on_dynamodb() -> Place:
    make_tables()
    numbers, keys = count(), PersonKeys(OneMasterKey(), token_bytes)

    def unsealed(person_id: str, sort_key: str, item: dict[str, Any], *names: str) -> dict[str, str]:
        key = keys.find(person_id)
        assert key is not None
        return {name: key.unseal(item[name], sort_key, name) for name in names if name in item}

    def known(person_id: str) -> Known:
        item = PersonItem.get(person_id, "profile", consistent_read=True)
        given: dict[str, Any] = item.attribute_values
        expiries = {each.expires_at for each in PersonItem.scan(PersonItem.person_id == person_id)} | {item.expires_at}
        [expires_at] = expiries  # lookups live as long as who they lead to
        assert {each.pk.removeprefix("lookup#") for each in PersonItem.scan(PersonItem.person_id == person_id)} == set(item.lookups or ())
        key_item = PersonKeyItem.get(person_id, "key", consistent_read=True)
        assert key_item.expires_at == expires_at
        kept = unsealed(person_id, "profile", given, "customer_id", "email", "name")
        return Known(kept, set(item.lookups or ()), datetime.fromtimestamp(expires_at, NOON.tzinfo))

    def texts() -> dict[tuple[str, str], str]:
        items = PersonItem.scan(PersonItem.sk.startswith("comment#"))
        found = {item: item.attribute_values for item in items}
        return {
            (item.pk, item.sk.removeprefix("comment#")): unsealed(item.pk, item.sk, given, "text")["text"]
            for item, given in found.items()
            if "text" in given
        }

    def answers() -> dict[tuple[str, str], Occasion]:
        items = PersonItem.scan(PersonItem.sk.startswith("answer#"))
        named = {(item.pk, item.sk.removeprefix("answer#")): item for item in items}
        return {key: Occasion(item.survey_id, key[1], datetime.fromtimestamp(item.expires_at, NOON.tzinfo)) for key, item in named.items()}

    def erase(person_id: str) -> None:
        PersonItem(person_id, "profile").update(actions=[PersonItem.erased.set(1)])

    store = People(lambda: PEPPER, keys, lambda size: next(numbers).to_bytes(size))
    return Place(store, known, texts, answers, erase, StoredPersonAnswers())


def make_tables() -> None:
    dynamodb = boto3.client("dynamodb")
    for model, logical_id in ((PersonItem, "PeopleTable"), (PersonKeyItem, "KeysTable")):
        declared, name = resources("AWS::DynamoDB::Table")[logical_id], f"{logical_id}-{uuid4().hex}"
        dynamodb.create_table(TableName=name, **{part: declared[part] for part in ("KeySchema", "AttributeDefinitions", "BillingMode")})
        bind(model, name)


@pytest.fixture
def people(kind: str) -> Place:
    """An empty store."""
    return in_memory() if kind == "memory" else on_dynamodb()


def identify(people: Place, claims: Claims = ANA, until: datetime = UNTIL, answer_id: str = WRITTEN.answer_id) -> str:
    return people.store.identify(claims, Occasion("loja", answer_id, until), NOON)


def lookups(claims: Claims) -> set[str]:
    found = {lookup_of("customer_id", claims.customer_id or "", PEPPER)}
    return found | ({lookup_of("email", claims.email, PEPPER)} if claims.email else set())


def test_a_customer_is_the_same_person_every_time(people: Place) -> None:
    person_id = identify(people)
    assert len(person_id) == 22
    assert person_id == identify(people, Claims(customer_id=" cliente-1 ")) == identify(people, replace(ANA, email=None, name=None))
    assert person_id != identify(people, replace(ANA, customer_id="cliente-2"))


def test_a_persons_profile_holds_what_the_claims_say_and_is_found_by_their_identifiers(people: Place) -> None:
    assert people.known(identify(people)) == Known(
        {"customer_id": "cliente-1", "email": "ana@exemplo.com.br", "name": "Ana Prado"}, lookups(ANA), UNTIL
    )


def test_later_claims_bring_the_profile_up_to_date_and_take_nothing_from_it(people: Place) -> None:
    married = replace(ANA, email="ana.lima@exemplo.com.br", name=None)
    person_id = identify(people)
    assert identify(people, married) == person_id
    assert identify(people, Claims(customer_id="cliente-1")) == person_id
    known = people.known(person_id)
    assert known.known == {"customer_id": "cliente-1", "email": "ana.lima@exemplo.com.br", "name": "Ana Prado"}
    assert known.lookups == lookups(ANA) | lookups(married)  # the earlier address too, so that an erasure finds it


def test_customers_who_share_an_e_mail_stay_two_persons(people: Place) -> None:
    one, other = identify(people), identify(people, replace(ANA, customer_id="cliente-2"))
    assert people.known(one).lookups & people.known(other).lookups == {lookup_of("email", "ana@exemplo.com.br", PEPPER)}


@pytest.mark.parametrize("later", [timedelta(days=-30), timedelta(0), timedelta(days=300)])
def test_a_person_is_kept_as_long_as_their_longest_kept_answer(people: Place, later: timedelta) -> None:
    person_id = identify(people)
    identify(people, until=UNTIL + later)
    assert people.known(person_id).expires_at == max(UNTIL, UNTIL + later)


def test_a_person_has_every_answer_that_they_were_identified_for(people: Place) -> None:
    person_id = identify(people, answer_id="answer-1")
    identify(people, answer_id="answer-1")
    identify(people, until=UNTIL - timedelta(days=30), answer_id="answer-2")
    assert people.answers() == {
        (person_id, "answer-1"): Occasion("loja", "answer-1", UNTIL),
        (person_id, "answer-2"): Occasion("loja", "answer-2", UNTIL - timedelta(days=30)),
    }


def test_whoever_counts_finds_which_answers_of_a_survey_are_a_persons_and_in_which_order(people: Place) -> None:
    ids_ = [f"019cd843-1180-7000-8000-{number:012x}" for number in range(7)]
    [person_id] = {identify(people, answer_id=answer_id) for answer_id in reversed(ids_)}
    identify(people, replace(ANA, customer_id="cliente-2"), answer_id="019cd843-1180-7000-8000-00000000000a")
    people.store.identify(ANA, Occasion("outra", "019cd843-1180-7000-8000-00000000000b", UNTIL), NOON)
    people.store.add_comment(replace(WRITTEN, person_id=person_id, answer_id="019cd843-1180-7000-8000-00000000000c"))
    found = people.persons.answers
    assert list(found(person_id, "loja", "0", "g")) == ids_
    assert list(found(person_id, "loja", "0", "g", newest_first=True)) == ids_[::-1]
    assert list(found(person_id, "loja", ids_[2], ids_[4])) == ids_[2:5]
    assert list(found(person_id, "loja", f"{ids_[2]}!", ids_[4], newest_first=True)) == [ids_[4], ids_[3]]
    assert not list(found(person_id, "nenhuma", "0", "g"))
    assert not list(found("ninguém", "loja", "0", "g"))


def test_nothing_is_written_of_a_person_who_was_erased(people: Place) -> None:
    person_id = identify(people, Claims(customer_id="cliente-1"))
    before = people.known(person_id)
    people.erase(person_id)
    with pytest.raises(PersonErasedError):
        identify(people, until=UNTIL + timedelta(days=300))
    assert people.known(person_id) == before
    assert len(people.answers()) == 1
    for write in (people.store.add_comment, people.store.replace_comment):
        with pytest.raises(PersonErasedError):
            write(replace(WRITTEN, person_id=person_id))
    assert not people.texts()


def test_a_comment_is_kept_once(people: Place) -> None:
    assert people.store.add_comment(WRITTEN)
    assert not people.store.add_comment(replace(WRITTEN, text="Outra coisa"))
    assert people.texts() == {("person-1", WRITTEN.answer_id): WRITTEN.text}


def test_a_comment_of_another_key_stays_as_it_is(people: Place) -> None:
    people.store.add_comment(WRITTEN)
    other = replace(WRITTEN, edit_key_hash="2" * 64, text="De outra pessoa")
    with pytest.raises(CommentTakenError):
        people.store.add_comment(other)
    people.store.remove_comment(other.person_id, other.answer_id, other.edit_key_hash)
    assert people.texts() == {("person-1", WRITTEN.answer_id): WRITTEN.text}


def test_a_comment_is_replaced_whether_there_was_one_or_not(people: Place) -> None:
    people.store.replace_comment(WRITTEN)
    people.store.replace_comment(replace(WRITTEN, text="Pensando bem…"))
    assert people.texts() == {("person-1", WRITTEN.answer_id): "Pensando bem…"}
    assert not people.store.add_comment(WRITTEN)


def test_a_removed_comment_is_not_brought_back_by_a_late_repeat_and_may_be_written_anew(people: Place) -> None:
    people.store.add_comment(WRITTEN)
    people.store.remove_comment(WRITTEN.person_id, WRITTEN.answer_id, WRITTEN.edit_key_hash)
    assert not people.texts()
    assert not people.store.add_comment(WRITTEN)
    assert not people.texts()
    people.store.replace_comment(replace(WRITTEN, text="Enfim"))
    assert people.texts() == {("person-1", WRITTEN.answer_id): "Enfim"}


def test_removing_a_comment_that_is_not_there_does_nothing(people: Place) -> None:
    people.store.remove_comment(WRITTEN.person_id, WRITTEN.answer_id, WRITTEN.edit_key_hash)
    assert not people.texts()
    assert people.store.add_comment(WRITTEN)


def test_a_person_has_a_comment_for_each_answer(people: Place) -> None:
    answers: list[Any] = [WRITTEN.answer_id, "019cd843-1180-7000-8000-000000000002"]
    assert all(people.store.add_comment(replace(WRITTEN, answer_id=answer_id)) for answer_id in answers)
    assert set(people.texts()) == {("person-1", answer_id) for answer_id in answers}
