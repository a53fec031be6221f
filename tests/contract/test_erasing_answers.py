"""What erasing counts on from Answers, and what counting may still count on: of those in memory and of DynamoDB's alike."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from shared.answer import NOBODY, REOPENED, Answer, AnswerKey, Change, Mark, Standing, day_of, target_of
from shared.counting.ports import Settlement
from shared.privacy.erasure import Parted
from tests.contract.erasing_places import ErasingPlace, erasing_in_memory, erasing_on_aws
from tests.fakes.samples import NOON, answer_of, survey_of

SURVEY: Final = survey_of()
LATER: Final = NOON + timedelta(hours=30)


@pytest.fixture
def place(kind: str) -> ErasingPlace:
    """Empty stores."""
    return erasing_in_memory() if kind == "memory" else erasing_on_aws()


def given(place: ErasingPlace, number: int = 1) -> AnswerKey:
    answer = answer_of(SURVEY, number, 3, person_id="ana")
    assert place.counted.add(answer)
    return answer.key


def read(place: ErasingPlace, key: AnswerKey) -> Answer:
    answer = place.find(key)
    assert answer is not None
    return answer


def settle(place: ErasingPlace, key: AnswerKey, *, announced: bool = True) -> None:
    """Mark it as what it should be counted as; what was not announced stays pending."""
    answer = read(place, key)
    mark = Mark(answer.rev, target_of(answer, SURVEY))
    settlement = Settlement(answer, mark, LATER + timedelta(days=60) if announced else None)
    assert not place.counted.commit([settlement], {}, {SURVEY.survey_id: 0})


def part(place: ErasingPlace, key: AnswerKey, *, withdraw: bool = False, person_id: str = "ana") -> Parted:
    return place.answers.anonymise(key, person_id, LATER, withdraw=withdraw)


def test_those_that_name_a_person_are_told_from_others(place: ErasingPlace) -> None:
    keys = [given(place, 1), given(place, 2)]
    missing = answer_of(SURVEY, 3).key
    assert place.answers.naming([*keys, missing], "ana") == set(keys)
    part(place, keys[0])
    assert place.answers.naming(keys, "ana") == {keys[1]}
    assert not place.answers.naming(keys, "rui")


def test_a_settled_answer_loses_its_person_and_the_time_of_its_day_and_nothing_else(place: ErasingPlace) -> None:
    key = given(place)
    settle(place, key)
    before = read(place, key)
    assert part(place, key) is Parted.ANONYMISED
    assert read(place, key) == replace(
        before, person_id=NOBODY, edit_key_hash=NOBODY, changed_at=day_of(before.changed_at), anonymised_at=day_of(LATER)
    )
    assert part(place, key) is Parted.ANONYMISED


def test_a_pending_answer_keeps_its_time_until_it_is_settled_for_its_event_tells_it(place: ErasingPlace) -> None:
    key = given(place)
    assert part(place, key) is Parted.ANONYMISED
    assert read(place, key).changed_at == NOON
    settle(place, key)
    assert read(place, key).anonymised_at == day_of(LATER)
    assert part(place, key) is Parted.ANONYMISED
    assert read(place, key).changed_at == day_of(NOON)


@pytest.mark.parametrize("settled", [True, False])
def test_one_that_is_forgotten_is_withdrawn_by_rule_1(place: ErasingPlace, settled: bool) -> None:  # noqa: FBT001 - of the test's own
    key = given(place)
    if settled:
        settle(place, key)
    before = read(place, key)
    assert part(place, key, withdraw=True) is Parted.FORGOTTEN
    after = read(place, key)
    assert (after.rev, after.pending, after.expires_at, after.changed_at) == (before.rev + 1, True, None, LATER)
    assert (after.standing, after.forgotten, after.person_id, after.mark) == (Standing.WITHDRAWN, True, NOBODY, before.mark)
    assert part(place, key, withdraw=True) is Parted.FORGOTTEN
    assert read(place, key) == after


def test_one_that_no_longer_counts_is_not_withdrawn_again(place: ErasingPlace) -> None:
    key = given(place)
    place.counted.change(key, Change(standing=Standing.SUPERSEDED), NOON)
    assert part(place, key, withdraw=True) is Parted.ANONYMISED
    after = read(place, key)
    assert (after.rev, after.standing, after.forgotten, after.person_id) == (2, Standing.SUPERSEDED, False, NOBODY)


def test_one_that_has_expired_is_anonymised_and_counts_on(place: ErasingPlace) -> None:
    key = given(place)
    answer = read(place, key)
    settlement = Settlement(answer, Mark(1, target_of(answer, SURVEY)), NOON + timedelta(minutes=1))
    assert not place.counted.commit([settlement], {}, {SURVEY.survey_id: 0})
    assert part(place, key, withdraw=True) is Parted.ANONYMISED
    assert read(place, key).standing is Standing.VALID


def test_what_is_not_there_and_what_is_anothers_is_left_alone(place: ErasingPlace) -> None:
    key = given(place)
    assert part(place, answer_of(SURVEY, 9).key) is Parted.NOT_THERE
    assert part(place, key, person_id="rui") is Parted.ANOTHERS
    assert read(place, key).person_id == "ana"


@pytest.mark.parametrize("edit", [Change(score=9), Change(finished=True), Change(commented=True), Change(dimensions={})])
def test_nobody_can_edit_it_any_more(place: ErasingPlace, edit: Change) -> None:
    key = given(place)
    part(place, key)
    before = read(place, key)
    assert not before.may_be_edited(NOON)
    assert not place.counted.change(key, edit, LATER)
    assert read(place, key) == before


def test_counting_may_have_it_settled_again_or_withdrawn(place: ErasingPlace) -> None:
    key = given(place)
    settle(place, key)
    part(place, key)
    assert place.counted.change(key, REOPENED, LATER)
    settle(place, key)
    after = read(place, key)
    assert (after.rev, after.pending, after.person_id, after.anonymised_at) == (2, False, NOBODY, day_of(LATER))
    assert place.counted.change(key, Change(standing=Standing.WITHDRAWN), LATER)


def test_what_was_read_before_it_was_anonymised_can_be_marked_after(place: ErasingPlace) -> None:
    key = given(place)
    seen = read(place, key)
    part(place, key)
    assert not place.counted.commit([Settlement(seen, Mark(1, target_of(seen, SURVEY)), LATER)], {}, {SURVEY.survey_id: 0})
    after = read(place, key)
    assert (after.person_id, after.pending, after.mark) == (NOBODY, False, Mark(1, target_of(seen, SURVEY)))
