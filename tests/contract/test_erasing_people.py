"""What erasing counts on from People: of those in memory, which its tests use, and of DynamoDB's alike."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from shared.identity import lookup_of
from shared.intake.ports import Claims, Comment, PersonErasedError
from shared.privacy.ports import HeldComment, Profile
from tests.contract.erasing_places import PEPPER, UNTIL, ErasingPlace, erasing_in_memory, erasing_on_aws
from tests.fakes.channels import channel_of, id_of
from tests.fakes.samples import NOON

ANA: Final = Claims(customer_id="cliente-1", email="ana@exemplo.com.br", name="Ana Prado")
RUI: Final = Claims(customer_id="cliente-2", email="ana@exemplo.com.br", name="Rui Prado")
FIRST, SECOND, THIRD = (f"019cd843-1180-7000-8000-00000000000{number}" for number in (1, 2, 3))


@pytest.fixture
def place(kind: str) -> ErasingPlace:
    """Empty stores."""
    return erasing_in_memory() if kind == "memory" else erasing_on_aws()


def comment_by(person_id: str, answer_id: str, text: str = "Demorou demais 🚚") -> Comment:
    return Comment(
        person_id=person_id,
        survey_id="loja",
        answer_id=answer_id,
        edit_key_hash="1" * 64,
        text=text,
        written_at=NOON,
        expires_at=UNTIL,
    )


def ana(place: ErasingPlace) -> str:
    """A person with three answers, two comments, and a receiver who got one."""
    [person_id] = {place.point(ANA, "loja", answer_id) for answer_id in (SECOND, FIRST, THIRD)}
    for answer_id in (FIRST, THIRD):
        place.intake.add_comment(comment_by(person_id, answer_id))
    assert place.sharing.record_sharing(person_id, channel_of("sala", country="US"), ["comment"], NOON, UNTIL)
    return person_id


def delete_all(place: ErasingPlace, person_id: str, most: int = 2) -> int:
    calls = 1
    while place.people.delete_some(person_id, most):
        calls += 1
    return calls


def test_persons_are_found_by_what_identifies_them(place: ErasingPlace) -> None:
    one, other = ana(place), place.point(RUI, "loja", SECOND)
    assert place.people.persons_of("customer_id", " cliente-1") == [one]
    assert set(place.people.persons_of("email", "Ana@Exemplo.com.br")) == {one, other}
    assert not place.people.persons_of("email", "nobody@exemplo.com.br")
    assert sorted(place.people.lookups_of(one)) == sorted(
        [lookup_of("customer_id", "cliente-1", PEPPER), lookup_of("email", "ana@exemplo.com.br", PEPPER)]
    )
    assert not place.people.lookups_of("nobody")


def test_a_mark_is_set_once_and_is_nothing_that_is_known(place: ErasingPlace) -> None:
    assert place.people.mark_erased("nobody", NOON)
    assert not place.people.mark_erased("nobody", NOON + timedelta(days=1))
    assert not place.people.is_known("nobody")
    assert place.mark("nobody") == {"erased": 1}
    assert place.people.is_known(ana(place))


def test_somebody_who_only_wrote_a_comment_is_known(place: ErasingPlace) -> None:
    place.intake.add_comment(comment_by("person-1", FIRST))
    assert place.people.is_known("person-1")
    assert place.people.holdings("person-1") == {"people.comment": 1}


def test_answers_are_found_by_pointers_and_comments_each_once_in_the_order_of_their_ids(place: ErasingPlace) -> None:
    person_id = ana(place)
    assert [answer_id for _, answer_id in place.people.answers_of(person_id)] == [FIRST, SECOND, THIRD]
    assert list(place.people.answers_of(person_id, FIRST)) == [("loja", SECOND), ("loja", THIRD)]
    assert not list(place.people.answers_of(person_id, THIRD))


def test_receivers_are_those_of_the_sharing_records(place: ErasingPlace) -> None:
    person_id = ana(place)
    place.sharing.record_sharing(person_id, channel_of("sala", country="US"), ["email"], NOON + timedelta(hours=1), UNTIL)
    [recipient] = place.people.recipients_of(person_id)
    assert (recipient.channel_id, recipient.kind, recipient.host, recipient.country) == (id_of("sala"), "webhook", recipient.host, "US")
    assert (recipient.fields, recipient.times) == (frozenset({"comment", "email"}), 2)
    assert (recipient.first_at, recipient.last_at) == (NOON, NOON + timedelta(hours=1))


def test_everything_goes_but_the_mark_and_is_counted_before(place: ErasingPlace) -> None:
    person_id = ana(place)
    place.people.mark_erased(person_id, NOON)
    assert place.people.holdings(person_id) == {
        "people.answer": 3,
        "people.asked": 1,
        "people.comment": 2,
        "people.shared": 1,
        "people.lookup": 2,
        "people.profile": 1,
    }
    assert delete_all(place, person_id) > 3
    assert not place.people.holdings(person_id)
    assert not place.people.is_known(person_id)
    assert place.mark(person_id) == {"erased": 1}
    assert not place.people.persons_of("email", "ana@exemplo.com.br")
    assert delete_all(place, person_id) == 1


def test_others_keep_what_is_theirs(place: ErasingPlace) -> None:
    one, other = ana(place), place.point(RUI, "loja", SECOND)
    place.people.mark_erased(one, NOON)
    delete_all(place, one)
    assert place.people.persons_of("email", "ana@exemplo.com.br") == [other]
    assert place.people.holdings(other) == {"people.answer": 1, "people.asked": 1, "people.lookup": 2, "people.profile": 1}


def test_after_the_mark_nothing_is_written_and_after_the_deletion_somebody_starts_anew(place: ErasingPlace) -> None:
    person_id = ana(place)
    place.people.mark_erased(person_id, NOON)
    with pytest.raises(PersonErasedError):
        place.intake.add_comment(comment_by(person_id, SECOND))
    assert not place.sharing.record_sharing(person_id, channel_of("outra"), ["comment"], NOON, UNTIL)
    delete_all(place, person_id)
    again = place.point(ANA, "loja", FIRST)
    assert again != person_id
    delete_all(place, person_id)
    assert place.people.persons_of("customer_id", "cliente-1") == [again]


def test_what_is_held_can_be_read_until_it_is_deleted(place: ErasingPlace) -> None:
    person_id = ana(place)
    place.intake.remove_comment(person_id, THIRD, "1" * 64)
    profile = place.people.profile(person_id)
    assert profile is not None
    assert replace(profile, changed_at=None) == Profile(
        customer_id="cliente-1", email="ana@exemplo.com.br", name="Ana Prado", keep_until=UNTIL
    )
    assert list(place.people.comments(person_id)) == [
        HeldComment(survey_id="loja", answer_id=FIRST, text="Demorou demais 🚚", written_at=NOON, keep_until=UNTIL)
    ]
    place.people.mark_erased(person_id, NOON)
    delete_all(place, person_id)
    assert place.people.profile(person_id) is None
    assert not list(place.people.comments(person_id))
