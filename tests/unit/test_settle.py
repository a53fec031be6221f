"""Settling: each pending answer is announced, then counted, exactly as it stands."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.answer import REOPENED, AnswerKey, Change, Mark, Standing, expiry_of, target_of
from shared.counting.ports import Reading
from shared.counting.settle import MOST_ACTIONS, ROUNDS, settle
from shared.rollup import family_of
from shared.scoring import NpsClass
from shared.survey import Segment
from tests.fakes.answers import MemoryAnswers
from tests.fakes.house import House
from tests.fakes.memory import Unreadable
from tests.fakes.samples import NOON, answer_of, key_of, settings_of, survey_of


def test_a_new_answer_is_counted_in_each_of_its_rows_and_announced_once() -> None:
    house = House()
    [key] = house.given(9)
    outcome = house.settle(key)
    assert (outcome.counted, outcome.announced, outcome.rows, outcome.unsettled) == (1, 1, 4, set())
    assert outcome.surveys == {"loja"}
    for row in ("all", "touchpoint=checkout", "segment.plan=pro", "touchpoint=checkout&segment.plan=pro"):
        assert house.row(row) == {9: 1}
    assert set(house.bus.events) == {f"{key.answer_id}#1"}


def test_a_settled_answer_is_marked_and_may_expire() -> None:
    house = House()
    [key] = house.given(9)
    house.settle(key)
    answer = house.answer(key)
    assert not answer.pending
    assert answer.mark == Mark(1, target_of(answer, house.survey))
    assert answer.expires_at == expiry_of(answer, house.survey, NOON).replace(microsecond=0)


@pytest.mark.parametrize("times", [2, 5])
def test_settling_again_changes_and_says_nothing(times: int) -> None:
    house = House()
    [key] = house.given(9)
    for _ in range(times):
        house.settle(key, key)
    assert house.row() == {9: 1}
    assert house.bus.deliveries == 1


def test_a_changed_score_moves_from_one_bin_to_the_other() -> None:
    house = House()
    [key] = house.counted(9)
    house.change(key, Change(score=2))
    house.settle(key)
    assert house.row() == {2: 1}
    assert house.row("segment.plan=pro") == {2: 1}
    said = house.bus.events[f"{key.answer_id}#2"].data
    assert (said.nps_class, said.previous_class, said.score) == (NpsClass.DETRACTOR, NpsClass.PROMOTER, 2)


def test_a_changed_dimension_moves_the_answer_from_row_to_row() -> None:
    house = House()
    [key] = house.counted(9)
    house.change(key, Change(dimensions={"touchpoint": "support"}))
    house.settle(key)
    assert house.row() == {9: 1}
    assert house.row("touchpoint=support") == {9: 1}
    for left in ("touchpoint=checkout", "segment.plan=pro", "touchpoint=checkout&segment.plan=pro"):
        assert house.row(left) == {}


@pytest.mark.parametrize("standing", sorted(set(Standing) - {Standing.VALID}))
def test_an_answer_that_no_longer_stands_is_taken_out_of_every_row_and_announced_without_a_class(standing: Standing) -> None:
    house = House()
    [key, _] = house.counted(9, 3)
    house.change(key, Change(standing=standing))
    house.settle(key)
    assert house.row() == {3: 1}
    assert house.answer(key).mark == Mark(2, None, NpsClass.PROMOTER)
    said = house.bus.events[f"{key.answer_id}#2"].data
    assert (said.nps_class, said.score, said.previous_class) == (None, None, NpsClass.PROMOTER)


def test_an_answer_set_aside_as_it_came_counts_from_when_it_is_let_in() -> None:
    house = House()
    [key, _] = house.counted(3, 9, standing=Standing.QUARANTINED)
    assert house.row() == {}
    house.change(key, Change(score=2))
    house.settle(key)
    assert house.row() == {}
    house.change(key, Change(standing=Standing.VALID))
    house.settle(key)
    assert house.row() == {2: 1}


def test_an_answer_withdrawn_before_it_was_counted_never_counts() -> None:
    house = House()
    [key] = house.given(9)
    house.change(key, Change(standing=Standing.WITHDRAWN))
    house.settle(key)
    assert house.row() == {}
    assert not house.answer(key).pending


def test_finishing_an_answer_is_announced_and_counts_nothing_anew() -> None:
    house = House()
    [key] = house.counted(9)
    before = dict(house.memory.rows)
    house.change(key, Change(finished=True))
    outcome = house.settle(key)
    assert (outcome.counted, outcome.rows) == (1, 0)
    assert house.memory.rows == before
    assert house.bus.events[f"{key.answer_id}#2"].data.finished


def test_an_answer_already_gone_is_nobodys_business() -> None:
    house = House()
    outcome = house.settle(key_of(house.survey, 77))
    assert (outcome.counted, outcome.announced, outcome.unsettled) == (0, 0, set())
    assert not house.memory.items


def test_what_cannot_be_read_stays_unsettled_and_holds_up_nothing() -> None:
    house = House()
    keys = house.given(9, 3)
    poison = key_of(house.survey, 99)
    house.memory.plant(poison, Unreadable())
    outcome = house.settle(*keys, poison)
    assert (outcome.counted, outcome.unsettled) == (2, {poison})


def test_an_answer_of_no_survey_stays_unsettled() -> None:
    house = House()
    stray = answer_of(survey_of("fantasma"), 1)
    house.answers.add(stray)
    assert house.settle(stray.key).unsettled == {stray.key}


def test_an_answer_that_no_transaction_takes_is_found_by_halving_and_the_others_are_counted() -> None:
    house = House()
    keys = house.given(*[9] * 16)
    house.memory.faults.unwritable = {keys[5]}
    outcome = house.settle(*keys)
    assert (outcome.counted, outcome.unsettled) == (15, {keys[5]})
    assert house.row() == {9: 15}


def test_what_the_bus_does_not_take_is_counted_yet_stays_pending() -> None:
    house = House()
    [key] = house.given(9)
    house.bus.accepts = lambda: False
    outcome = house.settle(key)
    assert (outcome.counted, outcome.announced, outcome.unsettled) == (1, 0, {key})
    assert house.row() == {9: 1}
    assert house.answer(key).pending
    assert house.answer(key).expires_at is None
    house.bus.accepts = lambda: True
    assert house.settle(key).unsettled == set()
    assert house.row() == {9: 1}
    assert not house.answer(key).pending


def test_the_same_event_is_told_the_same_way_before_and_after_it_was_counted() -> None:
    house = House()
    [key] = house.counted(9)
    house.change(key, Change(score=1))
    house.bus.accepts = lambda: False
    house.settle(key)
    house.bus.accepts = lambda: True
    house.settle(key)
    assert house.bus.events[f"{key.answer_id}#2"].data.previous_class is NpsClass.PROMOTER


def test_the_event_comes_before_the_count() -> None:
    house = House()
    [key] = house.given(9)
    said_when_counted: list[int] = []
    house.memory.watchers.append(lambda _write: said_when_counted.append(len(house.bus.events)))
    house.settle(key)
    assert said_when_counted == [1]


def test_an_edit_between_reading_and_counting_is_what_counts() -> None:
    house = House()
    [key, other] = house.given(9, 9)
    edits = iter([Change(score=2)])

    def edit_once(name: str) -> None:
        if name == "announce":
            for change in edits:
                house.answers.change(key, change, house.now)

    house.memory.faults.turn = edit_once
    outcome = house.settle(key, other)
    assert outcome.unsettled == set()
    assert house.row() == {9: 1, 2: 1}


def test_an_answer_that_keeps_changing_is_left_to_the_next_delivery() -> None:
    house = House()
    [key, other] = house.given(9, 8)

    def edit(name: str) -> None:
        if name == "announce":
            house.answers.change(key, REOPENED, house.now)

    house.memory.faults.turn = edit
    outcome = house.settle(key, other)
    assert (outcome.counted, outcome.unsettled) == (1, {key})
    assert len(house.pauses) <= ROUNDS


def test_a_busy_store_is_waited_for() -> None:
    house = House()
    [key] = house.given(9)
    refusals = iter([True, True, False])
    house.memory.faults.busy = lambda: next(refusals, False)
    assert house.settle(key).counted == 1
    assert house.pauses == [0, 1]


def test_a_store_that_stays_busy_leaves_the_answers_pending() -> None:
    house = House()
    keys = house.given(9, 3)
    house.memory.faults.busy = lambda: True
    outcome = house.settle(*keys)
    assert (outcome.counted, outcome.unsettled) == (0, set(keys))


def test_a_transaction_repeated_by_the_client_library_counts_once() -> None:
    house = House()
    [key] = house.given(9)
    house.memory.faults.repeated = lambda: True
    house.settle(key)
    assert house.row() == {9: 1}


def test_answers_and_rows_share_the_hundred_actions_of_a_transaction() -> None:
    house = House()
    sizes: list[tuple[int, int]] = []
    house.memory.watchers.append(lambda write: sizes.append((len(write.answers), len(write.rows))))
    keys = house.given(*[number % 11 for number in range(230)])
    sizes.clear()
    outcome = house.settle(*keys)
    assert outcome.counted == 230
    assert all(answers + rows <= MOST_ACTIONS for answers, rows in sizes)
    assert sizes == [(96, 4), (96, 4), (38, 4)]
    assert not house.memory.refused


def test_a_batch_of_eighty_is_one_transaction_however_many_values_its_answers_have() -> None:
    values = tuple(f"v{number}" for number in range(50))
    segments = tuple(Segment(key=f"k{number}", values=values) for number in range(6))
    house = House(survey_of(settings=settings_of(segments=segments)))
    keys = [
        key
        for number in range(80)
        for key in house.given(9, dimensions={f"segment.k{which}": values[(number * (which + 1)) % 50] for which in range(6)})
    ]
    sizes: list[tuple[int, int]] = []
    house.memory.watchers.append(lambda write: sizes.append((len(write.answers), len({family_of(row) for row in write.rows}))))
    assert house.settle(*keys).counted == 80
    assert sizes == [(80, 7)]
    assert not house.memory.refused


def test_the_answer_with_the_most_rows_still_fits_in_a_transaction_when_all_of_them_change() -> None:
    keys = tuple(f"k{number}" for number in range(20))
    segments = tuple(Segment(key=key, values=("a", "b")) for key in keys)
    pairs = tuple((f"segment.{one}", f"segment.{other}") for one, other in zip(keys[:10], keys[10:], strict=True))
    house = House(survey_of(settings=settings_of(segments=segments, pairs=pairs, variants=("v", "w"))))
    dimensions = {name: (*values, "other")[0] for name, values in house.survey.settings.declared().items()}
    others = {name: (*values, "other")[1] for name, values in house.survey.settings.declared().items()}
    [key] = house.counted(9, dimensions=dimensions)
    house.change(key, Change(dimensions=others))
    outcome = house.settle(key)
    assert (outcome.rows, outcome.unsettled) == (1 + 2 * (25 + 10), set())
    assert not house.memory.refused


def test_a_day_whose_changes_cancel_out_is_still_seen_to_have_moved() -> None:
    house = House()
    one, other = house.counted(9, 2)
    house.change(one, Change(score=2))
    house.change(other, Change(score=9))
    day = (NOON - timedelta(hours=3)).date()
    before = house.rollups.revisions(house.survey, day, day)
    house.settle(one, other)
    assert house.rollups.revisions(house.survey, day, day) != before
    assert house.row() == {9: 1, 2: 1}


class StaleAnswers(MemoryAnswers):
    """Reads what another worker had read some time ago."""

    def __init__(self, house: House, keys: list[AnswerKey]) -> None:
        super().__init__(house.memory)
        self.reading = house.answers.read(keys)

    def read(self, _keys: Collection[AnswerKey]) -> Reading:
        reading, self.reading = self.reading, Reading({}, frozenset())
        return reading


def test_what_an_answer_has_been_counted_as_is_not_decided_anew_while_its_event_waits() -> None:
    """Or two workers that read it before either of them wrote could both add the row of a pair declared meanwhile."""
    house = House(survey_of(settings=settings_of(pairs=())))
    keys = house.given(9)
    house.bus.accepts = lambda: False
    house.settle(*keys)
    house.survey = survey_of()
    stale = StaleAnswers(house, keys)
    house.settle(*keys)
    settle(keys, replace(house.counting(), answers=stale))
    assert house.row("touchpoint=checkout&segment.plan=pro") == {}
    assert house.row() == {9: 1}


def test_the_row_shard_is_drawn_anew_for_every_transaction() -> None:
    house = House(survey_of(row_shards=4))
    shards = iter([2, 0, 3])
    for key in house.given(9, 8, 2):
        settle([key], replace(house.counting(), shard=lambda _shards: next(shards)))
    assert {row.shard for row in house.memory.rows} == {0, 2, 3}
    assert house.row() == {9: 1, 8: 1, 2: 1}


def test_one_shard_may_be_below_zero_while_the_sum_is_right() -> None:
    house = House(survey_of(row_shards=2))
    [key] = house.counted(9)
    house.change(key, Change(score=3))
    settle([key], replace(house.counting(), shard=lambda _shards: 0))
    assert house.row() == {3: 1}
    assert {row.bins[9] for days in house.memory.rows.values() for row in days.values()} == {1, -1}
