"""What counting relies on from `RollupStore`: of the one in memory, which its tests use, and of DynamoDB's alike."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from shared.answer import Contribution, Mark
from shared.counting.ports import Settlement
from shared.rollup import Bins, RowDay, SurveyDay
from shared.survey import Survey
from tests.contract.places import Place
from tests.fakes.samples import NOON, answer_of, survey_of

SURVEY = survey_of(row_shards=3)
ONE_SHARD = survey_of(row_shards=1)
FIRST, SECOND, THIRD = date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11)
LAST = date(2026, 3, 12)
DAY = timedelta(days=1)


def row(name: str = "all", day: date = SECOND, survey: Survey = SURVEY) -> RowDay:
    return RowDay(survey.survey_id, name, day.isoformat())


class Counting:
    """Adds to rows in the one way there is: a commit that marks an answer."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.number = 0

    def add(self, rows: Mapping[RowDay, Mapping[int, int]], shard: int = 0, survey: Survey = SURVEY) -> None:
        self.number += 1
        answer = answer_of(survey, self.number)
        assert self.place.answers.add(answer)
        settlement = Settlement(answer, Mark(1, Contribution(9, "2026-03-10", ("all",))), NOON + 60 * DAY)
        counters: dict[RowDay, Bins] = {name: Counter(bins) for name, bins in rows.items()}
        assert self.place.answers.commit([settlement], counters, {survey.survey_id: shard}) == frozenset()


@pytest.fixture
def counting(place: Place) -> Counting:
    return Counting(place)


def revisions(place: Place, survey: Survey = SURVEY, day: date = SECOND) -> tuple[int, ...]:
    return place.rollups.revisions(survey, day, day).get(SurveyDay(survey.survey_id, day.isoformat()), ())


def total(place: Place, name: str = "all", survey: Survey = SURVEY) -> Mapping[int, int]:
    sums = place.rollups.sums(survey, [name], SECOND, SECOND, strong=True)
    return sums.get(row(name, survey=survey), {})


@pytest.mark.parametrize("strong", [True, False])
def test_a_row_is_the_sum_of_its_shards(place: Place, counting: Counting, strong: bool) -> None:  # noqa: FBT001 - a case
    counting.add({row(): {9: 2, 0: 1}}, 0)
    counting.add({row(): {9: 3}}, 2)
    assert place.rollups.sums(SURVEY, ["all"], SECOND, SECOND, strong=strong) == {row(): {9: 5, 0: 1}}


def test_a_shard_below_zero_counts_against_the_others(place: Place, counting: Counting) -> None:
    counting.add({row(): {9: 1}}, 0)
    counting.add({row(): {9: -1, 3: 1}}, 1)
    assert place.rollups.sums(SURVEY, ["all"], SECOND, SECOND, strong=True) == {row(): {3: 1}}
    assert place.bins(row(), 1) == {9: -1, 3: 1}


def test_a_row_whose_counts_are_all_zero_is_left_out(place: Place, counting: Counting) -> None:
    counting.add({row(): {9: 1}}, 0)
    counting.add({row(): {9: -1}}, 2)
    assert place.rollups.sums(SURVEY, ["all"], SECOND, SECOND, strong=True) == {}


def test_a_total_below_zero_is_shown_as_it_is(place: Place, counting: Counting) -> None:
    counting.add({row(): {9: -2}}, 1)
    assert place.rollups.sums(SURVEY, ["all"], SECOND, SECOND, strong=True) == {row(): {9: -2}}


def test_every_score_has_its_bin(place: Place, counting: Counting) -> None:
    counting.add({row(): {score: score + 1 for score in range(11)}})
    assert place.rollups.sums(SURVEY, ["all"], SECOND, SECOND, strong=True) == {row(): {score: score + 1 for score in range(11)}}


def test_days_are_read_from_first_to_last_both_included(place: Place, counting: Counting) -> None:
    for day in (FIRST, SECOND, THIRD, LAST):
        counting.add({row(day=day): {9: 1}})
    assert set(place.rollups.sums(SURVEY, ["all"], SECOND, THIRD)) == {row(), row(day=THIRD)}
    assert place.rollups.sums(SURVEY, ["all"], LAST + DAY, LAST + 9 * DAY) == {}


def test_only_the_rows_asked_for_are_read(place: Place, counting: Counting) -> None:
    counting.add({row(): {9: 1}, row("channel=email"): {9: 1}, row("channel=chat"): {9: 1}})
    found = place.rollups.sums(SURVEY, ["channel=email", "channel=fantasma"], FIRST, LAST)
    assert found == {row("channel=email"): {9: 1}}
    assert place.rollups.sums(SURVEY, [], FIRST, LAST) == {}


def test_surveys_do_not_mix(place: Place, counting: Counting) -> None:
    other = survey_of("loja-2", row_shards=3)
    counting.add({row(): {9: 1}})
    counting.add({row(survey=other): {3: 1}}, survey=other)
    assert place.rollups.sums(other, ["all"], FIRST, LAST) == {row(survey=other): {3: 1}}


def test_revisions_are_told_shard_by_shard(place: Place, counting: Counting) -> None:
    assert revisions(place) == ()
    counting.add({row(): {9: 1}}, 1)
    counting.add({row(): {9: 1}}, 1)
    counting.add({row(day=THIRD): {9: 1}}, 0)
    assert place.rollups.revisions(SURVEY, FIRST, LAST) == {
        SurveyDay("loja", "2026-03-10"): (0, 2, 0),
        SurveyDay("loja", "2026-03-11"): (1, 0, 0),
    }
    assert revisions(place, ONE_SHARD) in {(), (0,)}


def test_the_first_and_the_last_day_are_known(place: Place, counting: Counting) -> None:
    assert place.rollups.days(SURVEY) is None
    counting.add({row(day=SECOND): {9: 1}}, 2)
    assert place.rollups.days(SURVEY) == (SECOND, SECOND)
    counting.add({row(day=LAST): {9: 1}}, 0)
    counting.add({row(day=FIRST): {9: 1}}, 1)
    assert place.rollups.days(SURVEY) == (FIRST, LAST)


def test_a_repair_adds_what_is_missing_moves_the_revision_and_is_audited(place: Place, counting: Counting) -> None:
    counting.add({row(): {9: 3}, row("channel=email"): {9: 3}}, 1)
    rows: dict[RowDay, Bins] = {row(): Counter({9: -1}), row("channel=email"): Counter({9: -2, 0: 1})}
    before = revisions(place)
    assert place.rollups.repair(SURVEY, SECOND, before, rows, NOON)
    assert total(place) == {9: 2}
    assert total(place, "channel=email") == {9: 1, 0: 1}
    assert revisions(place) != before
    assert place.audit(SURVEY, SECOND) == [{"all": {"9": -1}, "channel=email": {"9": -2, "0": 1}}]


def test_a_repair_of_other_rows_moves_the_days_revision_as_well(place: Place, counting: Counting) -> None:
    counting.add({row(): {9: 1}})
    rows: dict[RowDay, Bins] = {row("channel=email"): Counter({9: 1})}
    assert place.rollups.repair(SURVEY, SECOND, revisions(place), rows, NOON)
    assert revisions(place) == (2, 0, 0)
    assert total(place) == {9: 1}


@pytest.mark.parametrize("shard", [0, 1, 2])
def test_a_repair_of_a_day_that_moved_writes_nothing(place: Place, counting: Counting, shard: int) -> None:
    counting.add({row(): {9: 1}}, 0)
    before = revisions(place)
    counting.add({row(): {9: 1}}, shard)
    assert not place.rollups.repair(SURVEY, SECOND, before, {row(): Counter({9: 5})}, NOON)
    assert total(place) == {9: 2}
    assert place.audit(SURVEY, SECOND) == []


def test_two_repairs_of_the_same_difference_are_one(place: Place, counting: Counting) -> None:
    counting.add({row(): {9: 1}})
    before, rows = revisions(place), {row(): Counter({9: 1})}
    assert place.rollups.repair(SURVEY, SECOND, before, rows, NOON)
    assert not place.rollups.repair(SURVEY, SECOND, before, rows, NOON)
    assert total(place) == {9: 2}


def test_a_day_that_nothing_was_counted_on_can_be_repaired(place: Place) -> None:
    assert place.rollups.repair(SURVEY, SECOND, (), {row(): Counter({9: 1}), row("channel=email"): Counter({9: 1})}, NOON)
    assert total(place) == {9: 1}


def test_a_repair_of_hundreds_of_rows_is_done_whole(place: Place, counting: Counting) -> None:
    counting.add({row(): {9: 1}})
    rows: dict[RowDay, Bins] = {row(f"segment.k{number}=v"): Counter({9: number + 1}) for number in range(230)}
    assert place.rollups.repair(SURVEY, SECOND, revisions(place), {row(): Counter({9: 7}), **rows}, NOON)
    names = [name.row for name in rows]
    assert place.rollups.sums(SURVEY, names, SECOND, SECOND, strong=True) == rows
    assert total(place) == {9: 8}
    audited: Counter[str] = Counter(name for entry in place.audit(SURVEY, SECOND) for name in entry)
    assert audited == dict.fromkeys([*names, "all"], 1)


def test_a_day_is_sealed_once_it_is_as_it_was_seen(place: Place, counting: Counting) -> None:
    counting.add({row(): {9: 1}}, 1)
    assert place.rollups.sealed(SURVEY, FIRST, LAST) == frozenset()
    assert place.rollups.seal(SURVEY, SECOND, revisions(place), NOON)
    assert place.rollups.sealed(SURVEY, FIRST, LAST) == {SECOND}
    assert place.rollups.sealed(SURVEY, THIRD, LAST) == frozenset()
    assert (total(place), revisions(place)) == ({9: 1}, (0, 1, 0))


@pytest.mark.parametrize("shard", [0, 1, 2])
def test_a_day_that_moved_is_not_sealed(place: Place, counting: Counting, shard: int) -> None:
    counting.add({row(): {9: 1}}, 0)
    before = revisions(place)
    counting.add({row(): {9: 1}}, shard)
    assert not place.rollups.seal(SURVEY, SECOND, before, NOON)
    assert place.rollups.sealed(SURVEY, FIRST, LAST) == frozenset()


def test_an_empty_day_is_sealed_as_long_as_it_is_empty(place: Place, counting: Counting) -> None:
    assert place.rollups.seal(SURVEY, SECOND, (), NOON)
    assert place.rollups.sealed(SURVEY, FIRST, LAST) == {SECOND}
    assert place.rollups.sums(SURVEY, ["all"], FIRST, LAST) == {}
    counting.add({row(day=THIRD): {9: 1}}, 2)
    assert not place.rollups.seal(SURVEY, THIRD, (), NOON)


def test_what_is_counted_on_a_sealed_day_still_counts(place: Place, counting: Counting) -> None:
    """A withdrawal may reach an answer whose day is sealed."""
    counting.add({row(): {9: 1}})
    assert place.rollups.seal(SURVEY, SECOND, revisions(place), NOON)
    counting.add({row(): {9: -1}})
    assert total(place) == {}
    assert place.rollups.sealed(SURVEY, FIRST, LAST) == {SECOND}
