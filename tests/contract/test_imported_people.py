"""People, for answers of the past: in memory, and a hundred items a transaction on DynamoDB."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from secrets import token_bytes

import pytest

from shared.answer import Answer
from shared.identity import anonymous_person_id
from shared.importing.ports import Persons, Said, Unkept
from shared.intake.ports import Claims
from shared.store.imported_people import ImportedPeople
from shared.store.people import People
from shared.store.person_keys import PersonKeys
from tests.contract.test_people import PEPPER, Place, in_memory, on_dynamodb
from tests.fakes.imported_people import MemoryImportedPeople
from tests.fakes.master_keys import OneMasterKey
from tests.fakes.people import MemoryPeople
from tests.fakes.samples import NOON, answer_of, survey_of

SURVEY = survey_of()
UNTIL = NOON + timedelta(days=60)
ANA = Claims(customer_id="c1", email="ana@exemplo.com.br", name="Ana Prado")


@dataclass
class Desk:
    place: Place
    persons: Persons

    def keep(self, *said: Said) -> list[str | Unkept]:
        return list(self.persons.keep(said, NOON))


@pytest.fixture
def desk(kind: str) -> Desk:
    if kind == "memory":
        place = in_memory()
        assert isinstance(place.store, MemoryPeople)
        return Desk(place, MemoryImportedPeople(place.store))
    place = on_dynamodb()
    assert isinstance(place.store, People)
    return Desk(place, ImportedPeople(place.store, PersonKeys(OneMasterKey(), token_bytes), lambda: PEPPER, token_bytes))


def answer(number: int, days_ago: int = 0) -> Answer:
    given = answer_of(SURVEY, number, instant=NOON - timedelta(days=days_ago))
    return replace(given, person_id=anonymous_person_id(given.key.answer_id, SURVEY.person_salt))


def said(number: int, claims: Claims | None = None, comment: str | None = None, days_ago: int = 0) -> Said:
    return Said(answer(number, days_ago), UNTIL, claims, comment)


def test_who_answered_and_what_they_wrote_is_kept_under_them(desk: Desk) -> None:
    ana, nobody = desk.keep(said(1, ANA, "Ótimo"), said(2, comment="Ruim"))
    assert isinstance(ana, str)
    assert nobody == answer(2).person_id
    assert desk.place.known(ana).known == {"customer_id": "c1", "email": "ana@exemplo.com.br", "name": "Ana Prado"}
    assert desk.place.texts() == {(ana, answer(1).key.answer_id): "Ótimo", (nobody, answer(2).key.answer_id): "Ruim"}
    assert list(desk.place.answers()) == [(ana, answer(1).key.answer_id)]


def test_the_same_again_adds_nothing(desk: Desk) -> None:
    lines = (said(1, ANA, "Ótimo"), said(2, comment="Ruim"), said(3, Claims(email="bia@exemplo.com.br")))
    first = desk.keep(*lines)
    texts, answers = desk.place.texts(), desk.place.answers()
    assert desk.keep(*lines) == first
    assert (desk.place.texts(), desk.place.answers()) == (texts, answers)


def test_one_person_may_come_many_times_and_in_many_ways(desk: Desk) -> None:
    lines = [said(number, ANA, f"Nº {number}") for number in range(60)]
    [ana] = set(desk.keep(*lines))
    assert isinstance(ana, str)
    by_mail, other = desk.keep(
        said(100, Claims(email="ana@exemplo.com.br")), said(101, Claims(customer_id="c2", email="ana@exemplo.com.br"))
    )
    assert len({ana, by_mail, other}) == 3
    assert len(desk.place.texts()) == 60


def test_many_persons_at_once(desk: Desk) -> None:
    lines = [said(number, Claims(customer_id=f"c{number}", email=f"c{number}@x.example"), "Oi") for number in range(70)]
    kept = desk.keep(*lines)
    assert len(set(kept)) == 70
    assert len(desk.place.texts()) == len(desk.place.answers()) == 70


def test_what_is_known_stays_and_what_was_not_is_gained(desk: Desk) -> None:
    [ana] = desk.keep(said(1, Claims(customer_id="c1", email="novo@exemplo.com.br")))
    [again] = desk.keep(said(2, replace(ANA, email="antigo@exemplo.com.br"), days_ago=30))
    assert again == ana
    assert isinstance(ana, str)
    assert desk.place.known(ana).known == {"customer_id": "c1", "email": "novo@exemplo.com.br", "name": "Ana Prado"}


def test_lookups_live_as_long_as_whom_they_lead_to(desk: Desk) -> None:
    [ana] = desk.keep(said(1, ANA))
    longer = UNTIL + timedelta(days=90)
    desk.keep(replace(said(2, ANA), keep_until=longer))
    assert isinstance(ana, str)
    assert desk.place.known(ana).expires_at == longer  # which looks at all of them


def test_of_two_names_in_one_file_the_later_is_kept(desk: Desk) -> None:
    lines = (said(1, replace(ANA, name="Ana Lima"), days_ago=1), said(2, replace(ANA, name="Ana Prado"), days_ago=9))
    [ana] = set(desk.keep(*lines))
    assert isinstance(ana, str)
    assert desk.place.known(ana).known["name"] == "Ana Lima"


def test_nothing_is_written_of_who_was_erased_and_the_others_are_kept(desk: Desk) -> None:
    [ana] = desk.keep(said(1, ANA))
    assert isinstance(ana, str)
    desk.place.erase(ana)
    first, second = desk.keep(said(2, ANA, "Voltei"), said(3, comment="Outro"))
    assert first is Unkept.ERASED
    assert desk.place.texts() == {(second, answer(3).key.answer_id): "Outro"}


def test_a_comment_can_be_taken_back(desk: Desk) -> None:
    [ana] = desk.keep(said(1, ANA, "Ótimo"))
    assert isinstance(ana, str)
    desk.persons.take_back(replace(answer(1), person_id=ana))
    assert not desk.place.texts()


def test_people_who_change_meanwhile_are_done_one_by_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    if not isinstance(desk.persons, ImportedPeople):
        return
    owners = desk.persons._bundles  # noqa: SLF001 - between reading and writing

    def read_then_changed(lines: Sequence[Said]) -> object:
        found = owners(lines)
        monkeypatch.undo()
        desk.keep(said(9, ANA))
        return found

    monkeypatch.setattr(desk.persons, "_bundles", read_then_changed)
    [ana, bia] = desk.keep(said(1, ANA, "Ótimo"), said(2, Claims(email="bia@exemplo.com.br"), "Oi"))
    assert isinstance(ana, str)
    assert desk.keep(said(9, ANA)) == [ana]
    assert set(desk.place.texts().values()) == {"Ótimo", "Oi"}
    assert bia != ana
