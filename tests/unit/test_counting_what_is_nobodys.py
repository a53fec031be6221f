"""Answers that were anonymised count on: settling, sweeping, recounting and sealing know no difference."""

from datetime import timedelta

from shared.answer import Answer, Change
from shared.counting.recount import compare, reopen, seal
from shared.counting.settle import settle
from shared.periods import local_day
from tests.fakes.erasable import ErasableAnswers
from tests.fakes.house import House
from tests.fakes.samples import NOON, settings_of, survey_of

TODAY = local_day(NOON, "America/Sao_Paulo")


def anonymised(house: House, *, withdraw: bool = False) -> list[Answer]:
    """Three counted answers and one that is pending, all parted from their persons."""
    keys = [*house.counted(9, 3, 7), *house.given(10)]
    erasable = ErasableAnswers(house.memory)
    for key in keys:
        erasable.anonymise(key, house.answer(key).person_id, house.now, withdraw=withdraw)
    return [house.answer(key) for key in keys]


def test_anonymising_moves_no_counter_and_what_is_pending_is_still_counted_once() -> None:
    house = House()
    answers = anonymised(house)
    assert house.row() == {9: 1, 3: 1, 7: 1}
    for _ in range(2):
        house.settle(*(answer.key for answer in answers))
        assert house.row() == {9: 1, 3: 1, 7: 1, 10: 1}
    assert all(house.answer(answer.key).anonymised_at for answer in answers)


def test_forgetting_takes_out_just_those_though_their_records_never_come() -> None:
    house = House()
    [other] = house.counted(5)
    anonymised(house, withdraw=True)
    house.wait(timedelta(minutes=20))
    assert not house.sweep().settled.unsettled
    assert +house.row() == {5: 1}
    assert house.answer(other).anonymised_at is None


def test_a_day_with_anonymised_answers_agrees_and_is_sealed() -> None:
    for withdraw in (False, True):
        house = House()
        house.settle(*(answer.key for answer in anonymised(house, withdraw=withdraw)))
        [check] = compare(house.survey, [TODAY], house.answers, house.rollups, house.now)
        assert check.agrees
        assert not check.drifted
        assert seal(house.survey, TODAY, house.answers, house.rollups, house.now)


def test_an_anonymised_answer_that_drifted_is_settled_anew() -> None:
    house = House(survey_of(settings=settings_of(pairs=())))
    answers = anonymised(house)
    house.settle(*(answer.key for answer in answers))
    house.survey = survey_of()
    [check] = compare(house.survey, [TODAY], house.answers, house.rollups, house.now)
    assert len(check.drifted) == 4
    assert reopen(check, house.answers, house.ledger, house.now) == 4
    settle([answer.key for answer in answers], house.counting())
    [check] = compare(house.survey, [TODAY], house.answers, house.rollups, house.now)
    assert check.agrees
    assert not check.drifted


def test_an_edit_that_was_on_its_way_changes_nothing() -> None:
    house = House()
    answers = anonymised(house)
    for answer in answers:
        assert not house.answers.change(answer.key, Change(score=0), house.now)
        assert house.answer(answer.key) == answer
