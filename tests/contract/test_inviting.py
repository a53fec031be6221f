"""What answering counts on from consent and personal links: of those in memory, which its tests use, and of DynamoDB's alike."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from secrets import token_bytes
from typing import Final

import pytest

from shared.identity import lookup_of
from shared.intake.ports import Claims, Comment, Consent, Consents, Invitation, Invitations, Occasion, PeopleStore, PersonErasedError
from shared.store.consents import Consents as DynamoConsents
from shared.store.invitations import LEFT_ALONE_AFTER, Inviting, hash_of
from shared.store.invitations import Invitations as DynamoInvitations
from shared.store.people import People
from shared.store.person_keys import PersonKeys
from shared.store.tables import PersonItem
from tests.contract.test_people import PEPPER, make_tables
from tests.fakes.inviting import MemoryConsents, MemoryInvitations
from tests.fakes.master_keys import OneMasterKey
from tests.fakes.memory import Memory
from tests.fakes.people import MemoryPeople
from tests.fakes.samples import NOON

UNTIL: Final = NOON + timedelta(days=60)
FIRST, SECOND = (f"019cd843-1180-7000-8000-00000000000{number}" for number in (1, 2))
LINK: Final = "L" * 22
ANA: Final = Claims(email="ana@exemplo.com.br", name="Ana Prado")


@dataclass
class Place:
    """Stores in one place."""

    people: PeopleStore
    consents: Consents
    invitations: Invitations
    invite: Callable[[Claims, str], str]
    erase: Callable[[str], None]
    answers: Callable[[], set[tuple[str, str]]]


def invitation(text: str) -> Callable[[str], Invitation]:
    return lambda person_id: Invitation(
        hash=hash_of(text), person_id=person_id, survey_id="loja", segments={"plan": "pro"}, touchpoint="checkout", expires_at=UNTIL
    )


def in_memory() -> Place:
    people = MemoryPeople(Memory(), PEPPER)
    invitations = MemoryInvitations(people.memory, people)

    def invite(claims: Claims, text: str) -> str:
        return invitations.invite(claims, invitation(text), NOON)

    return Place(people, MemoryConsents(people.memory, people), invitations, invite, people.erase, lambda: set(people.answers))


def on_dynamodb() -> Place:
    make_tables()
    numbers, keys = count(), PersonKeys(OneMasterKey(), token_bytes)
    people = People(lambda: PEPPER, keys, lambda size: next(numbers).to_bytes(size))

    def invite(claims: Claims, text: str) -> str:
        return Inviting(people).invite(claims, invitation(text), NOON)

    def erase(person_id: str) -> None:
        PersonItem(person_id, "profile").update(actions=[PersonItem.erased.set(1)])

    def answers() -> set[tuple[str, str]]:
        return {(item.pk, item.sk.removeprefix("answer#")) for item in PersonItem.scan(PersonItem.sk.startswith("answer#"))}

    return Place(people, DynamoConsents(), DynamoInvitations(keys), invite, erase, answers)


@pytest.fixture
def place(kind: str) -> Place:
    """Empty stores."""
    return in_memory() if kind == "memory" else on_dynamodb()


def consent_of(person_id: str = "person-1", **changes: object) -> Consent:
    given = Consent(person_id=person_id, survey_id="loja", answer_id=FIRST, version="1", locale="pt-BR", given_at=NOON, expires_at=UNTIL)
    return replace(given, **changes)  # type: ignore[arg-type]  # any field


def comment_of(person_id: str, text: str) -> Comment:
    return Comment(
        person_id=person_id, survey_id="loja", answer_id=FIRST, edit_key_hash="1" * 64, text=text, written_at=NOON, expires_at=UNTIL
    )


def occasion(answer_id: str = FIRST, days: int = 400) -> Occasion:
    return Occasion("loja", answer_id, NOON + timedelta(days=days))


def no(_answer_id: str) -> bool:
    return False


def yes(_answer_id: str) -> bool:
    return True


def found(place: Place, text: str = LINK) -> Invitation:
    there = place.invitations.find(text, "loja", NOON)
    assert there is not None
    return there


def test_consent_is_kept_dropped_and_kept_again(place: Place) -> None:
    assert not place.consents.has("person-1", FIRST)
    place.consents.keep(consent_of())
    place.consents.keep(consent_of(given_at=NOON + timedelta(days=1)))
    assert place.consents.has("person-1", FIRST)
    assert not place.consents.has("person-1", SECOND)
    place.consents.drop("person-1", FIRST)
    place.consents.drop("person-1", SECOND)
    assert not place.consents.has("person-1", FIRST)
    place.consents.keep(consent_of(version="2"))
    assert place.consents.has("person-1", FIRST)


def test_no_consent_of_an_erased_person_is_kept(place: Place) -> None:
    person_id = place.invite(ANA, LINK)
    place.erase(person_id)
    with pytest.raises(PersonErasedError):
        place.consents.keep(consent_of(person_id))
    assert not place.consents.has(person_id, FIRST)


def test_an_invitation_opens_for_its_survey_until_it_expires(place: Place) -> None:
    person_id = place.invite(ANA, LINK)
    assert found(place) == invitation(LINK)(person_id)
    assert place.invitations.find("M" * 22, "loja", NOON) is None
    assert place.invitations.find(LINK, "outra", NOON) is None
    assert place.invitations.find(LINK, "loja", UNTIL) is None


def test_one_person_an_e_mail_and_one_a_customer_id(place: Place) -> None:
    by_email = place.invite(ANA, LINK)
    assert place.invite(replace(ANA, email="Ana@Exemplo.com.br ", name=None), "M" * 22) == by_email
    assert place.invite(replace(ANA, email="bia@exemplo.com.br"), "N" * 22) != by_email
    customer = place.invite(replace(ANA, customer_id="cliente-1"), "O" * 22)
    assert customer == place.people.identify(Claims(customer_id="cliente-1"), occasion(), NOON)
    assert found(place).person_id == by_email


def test_an_invitation_is_one_answers(place: Place) -> None:
    place.invite(ANA, LINK)
    there = found(place)
    assert place.invitations.claim(there, FIRST, NOON, is_there=no)
    assert place.invitations.claim(there, FIRST, NOON, is_there=no)
    assert not place.invitations.claim(there, SECOND, NOON, is_there=no)  # it may be on its way
    later = NOON + LEFT_ALONE_AFTER
    assert not place.invitations.claim(there, SECOND, later, is_there=yes)
    assert place.invitations.claim(there, SECOND, later, is_there=no)
    assert not place.invitations.claim(there, FIRST, later, is_there=no)


def test_whoever_answers_is_noted_and_kept_with_all_that_leads_to_them(place: Place) -> None:
    person_id = place.invite(replace(ANA, customer_id="cliente-1"), LINK)
    place.invitations.accept(found(place), occasion(), NOON)
    place.invitations.accept(found(place), occasion(), NOON)
    assert place.answers() == {(person_id, FIRST)}
    if isinstance(place.people, People):
        until = int(occasion().keep_until.timestamp())
        [profile] = PersonItem.query(person_id, PersonItem.sk == "profile")
        assert profile.expires_at == until
        lookups = [item for item in PersonItem.scan(PersonItem.person_id == person_id) if item.pk.startswith("lookup#")]
        assert {item.pk for item in lookups} == {
            f"lookup#{lookup_of('customer_id', 'cliente-1', PEPPER)}",
            f"lookup#{lookup_of('email', 'ana@exemplo.com.br', PEPPER)}",
        }
        assert {item.expires_at for item in lookups} == {until}
    assert place.people.identify(Claims(customer_id="cliente-1"), occasion(SECOND), NOON) == person_id


def test_of_an_erased_person_nothing_is_accepted_nor_invited(place: Place) -> None:
    person_id = place.invite(ANA, LINK)
    there = found(place)
    place.erase(person_id)
    with pytest.raises(PersonErasedError):
        place.invitations.accept(there, occasion(), NOON)
    with pytest.raises(PersonErasedError):
        place.invite(ANA, "M" * 22)
    assert place.invitations.find("M" * 22, "loja", NOON) is None
    assert not place.answers()


def test_a_comment_goes_to_another_person_as_it_is(place: Place) -> None:
    person_id = place.invite(ANA, LINK)
    place.people.copy_comment(comment_of("person-1", ""), person_id)
    assert place.people.add_comment(comment_of("person-1", "Demorou 🚚"))
    place.people.copy_comment(replace(comment_of("person-1", ""), edit_key_hash="2" * 64), person_id)
    assert place.people.add_comment(replace(comment_of(person_id, "x"), answer_id=SECOND))
    place.people.copy_comment(comment_of("person-1", ""), person_id)
    place.people.copy_comment(comment_of("person-1", ""), person_id)
    assert not place.people.add_comment(comment_of(person_id, "Outra coisa"))
