"""What is read of many answers at once is what is read of each, on DynamoDB in this process and in the emulator."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from secrets import token_bytes
from typing import Any, Final

import pytest

from shared.alerts.ports import PersonFacts
from shared.answer import NOBODY, Answer
from shared.intake.ports import Claims, Comment, Occasion
from shared.store import batches
from shared.store.batches import UnreadItemsError, raw_items
from shared.store.facts import PeopleFacts
from shared.store.people import People
from shared.store.person_keys import PersonKeys
from shared.store.sharing import PeopleSharing
from shared.store.tables import PersonItem, PersonKeyItem, bind, connection
from tests.contract.ledger_tables import made
from tests.contract.test_sharing import ANA, OTHERS, UNTIL
from tests.fakes.master_keys import OneMasterKey
from tests.fakes.samples import NOON, answer_of, survey_of

SURVEY: Final = survey_of()
BIA: Final = Claims(customer_id="cliente-2", email=None, name="Bia")
_numbers: Final = count()


class Place:
    """People of two tables, read one by one and many at once."""

    def __init__(self) -> None:
        number = next(_numbers)
        bind(PersonItem, made(f"facts-people-{number}"))
        bind(PersonKeyItem, made(f"facts-keys-{number}"))
        self.keys = PersonKeys(OneMasterKey(), token_bytes)
        self.people = People(lambda: b"pepper", self.keys, token_bytes)
        self.one, self.many = PeopleSharing(self.keys), PeopleFacts(self.keys)

    def answer(self, number: int, claims: Claims | None = None, comment: str | None = None, by: str | None = None) -> Answer:
        """An answer, with a comment by its own key or another's."""
        answer = answer_of(SURVEY, number, commented=comment is not None)
        if claims is not None:
            person_id = self.people.identify(claims, Occasion("loja", answer.key.answer_id, UNTIL), NOON)
            answer = replace(answer, person_id=person_id)
        if comment is not None:
            self.people.replace_comment(
                Comment(
                    person_id=answer.person_id,
                    survey_id="loja",
                    answer_id=answer.key.answer_id,
                    edit_key_hash=by or answer.edit_key_hash,
                    text=comment,
                    written_at=NOON,
                    expires_at=UNTIL,
                )
            )
        return answer

    def agree(self, answers: Sequence[Answer]) -> list[PersonFacts]:
        """What is read of many, which is what is read of each."""
        found = self.many.facts_of(answers)
        assert [found[answer.key] for answer in answers] == [self.one.facts(answer) for answer in answers]
        return [found[answer.key] for answer in answers]


@pytest.fixture
def place(aws_kind: str) -> Place:
    assert aws_kind
    return Place()


def test_what_is_read_at_once_is_what_is_read_one_by_one(place: Place) -> None:
    identified = [place.answer(1, ANA, "Demorou"), place.answer(2, ANA), place.answer(3, BIA, "Ótimo")]
    anonymous = [place.answer(4, comment="Eu"), place.answer(5), place.answer(6, comment="intruso", by=OTHERS)]
    nobodys = replace(place.answer(7), person_id=NOBODY)
    found = place.agree([*identified, *anonymous, nobodys])
    assert [facts.comment for facts in found] == ["Demorou", None, "Ótimo", "Eu", None, None, None]
    assert [facts.name for facts in found] == ["Ana Prado", "Ana Prado", "Bia", None, None, None, None]


def test_nothing_is_read_of_who_was_erased_or_whose_key_is_gone(place: Place) -> None:
    erased, keyless = place.answer(1, ANA, "Demorou"), place.answer(2, BIA, "Ótimo")
    PersonItem(erased.person_id, "profile").update(actions=[PersonItem.erased.set(1)])
    place.keys.destroy(keyless.person_id)
    assert place.agree([erased, keyless]) == [PersonFacts(), PersonFacts()]


def test_what_another_key_sealed_is_nothing_and_takes_no_other_answer_along(place: Place) -> None:
    broken, whole = place.answer(1, comment="Um"), place.answer(2, comment="Dois")
    sealed = PersonItem.get(whole.person_id, f"comment#{whole.key.answer_id}").text
    PersonItem(broken.person_id, f"comment#{broken.key.answer_id}").update(actions=[PersonItem.text.set(sealed)])
    found = place.many.facts_of([broken, whole])
    assert [found[broken.key].comment, found[whole.key].comment] == [None, "Dois"]


def test_more_than_a_call_takes_are_read(place: Place) -> None:
    answers = [place.answer(number, comment=f"c{number}") for number in range(130)]
    assert [facts.comment for facts in place.many.facts_of(answers).values()] == [f"c{number}" for number in range(130)]
    assert place.many.facts_of([]) == {}


def test_what_a_call_leaves_out_is_asked_for_again_and_at_last_told(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [place.answer(number, comment="x") for number in range(5)]
    keys = [(answer.person_id, f"comment#{answer.key.answer_id}") for answer in answers]
    read, takes = connection().batch_get_item, [2]

    def partly(table: str, wanted: Any, **how: Any) -> dict[str, Any]:  # noqa: ANN401 - as PynamoDB has it
        found = dict(read(table, wanted[: takes[0]], **how)) if takes[0] else {"Responses": {}}
        left = [{name: {"S": value} for name, value in key.items()} for key in wanted[takes[0] :]]
        return found | {"UnprocessedKeys": {table: {"Keys": left}} if left else {}}

    monkeypatch.setattr(connection(), "batch_get_item", partly)
    monkeypatch.setattr(batches, "pause_with_jitter", lambda _attempt: None)
    assert {raw["pk"]["S"] for raw in raw_items(PersonItem, keys)} == {answer.person_id for answer in answers}
    takes[0] = 0
    with pytest.raises(UnreadItemsError):
        list(raw_items(PersonItem, keys))
