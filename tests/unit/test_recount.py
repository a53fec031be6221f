"""Recount, repair and seal: marks against rows, never scores, and never against a day that moved."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from shared import dimension as dim
from shared.answer import Change, Contribution, Mark, Standing
from shared.counting.recount import DayCheck, compare, reopen, repair, seal, seal_due, unsealed_days
from shared.rollup import Bins, RowDay, SurveyDay
from tests.fakes.house import House
from tests.fakes.memory import Unreadable
from tests.fakes.samples import NOON, settings_of, survey_of

TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)
ALL = RowDay("loja", "all", TODAY.isoformat())
CHECKOUT = RowDay("loja", "touchpoint=checkout", TODAY.isoformat())


def checked(house: House, day: date = TODAY) -> DayCheck:
    [check] = compare(house.survey, [day], house.answers, house.rollups, house.now)
    return check


def repaired(house: House, check: DayCheck) -> bool:
    return repair(house.survey, check, house.answers, house.rollups, house.now)


def sealed(house: House, day: date = TODAY) -> bool:
    return seal(house.survey, day, house.answers, house.rollups, house.now)


def open_days(house: House) -> list[date]:
    return unsealed_days(house.survey, house.rollups, house.now)


def bins(**counts: int) -> Bins:
    return Counter({int(name[1:]): count for name, count in counts.items()})


def counts_one_before(house: House, call: str) -> Callable[[str], None]:
    """A turn in which, once, just before `call`, another worker stores an answer and settles it."""
    left = iter([3])

    def turn(name: str) -> None:
        if name == call:
            for score in left:
                house.counted(score)

    return turn


def test_a_day_agrees_when_its_rows_are_the_sum_of_its_marks() -> None:
    house = House()
    house.counted(9, 9, 3, 7)
    check = checked(house)
    assert (check.agrees, check.answers, check.pending, check.rows, check.drifted) == (True, 4, 0, {}, ())


def test_what_is_pending_and_not_yet_counted_is_no_difference() -> None:
    house = House()
    house.counted(9)
    house.given(3)
    assert (checked(house).agrees, checked(house).pending) == (True, 1)


def test_a_row_that_is_wrong_shows_what_would_have_to_be_added() -> None:
    house = House()
    house.counted(9)
    house.memory.spoil(ALL, bins(s9=2, s0=-1))
    check = checked(house)
    assert check.quiet
    assert not check.agrees
    assert check.rows == {ALL: bins(s9=-2, s0=1)}


def test_a_row_that_is_gone_and_a_row_of_nothing_show_too() -> None:
    house = House()
    house.counted(9)
    house.memory.spoil(CHECKOUT, bins(s9=-1))
    support = RowDay("loja", "touchpoint=support", TODAY.isoformat())
    house.memory.spoil(support, bins(s4=1))
    assert checked(house).rows == {CHECKOUT: bins(s9=1), support: bins(s4=-1)}


def test_a_repair_makes_the_rows_the_sum_of_marks_and_is_audited() -> None:
    house = House(survey_of(row_shards=3))
    house.counted(9, 2)
    house.memory.spoil(ALL, bins(s9=2), shard=2)
    house.memory.spoil(CHECKOUT, bins(s2=-1), shard=1)
    check = checked(house)
    assert repaired(house, check)
    assert checked(house).agrees
    assert house.row() == {9: 1, 2: 1}
    assert house.memory.audit == [(TODAY, check.rows)]


def test_a_day_that_moved_during_the_scan_tells_nothing() -> None:
    house = House(page=1)
    house.counted(*[9] * 6)
    house.memory.faults.turn = counts_one_before(house, "query")
    check = checked(house)
    assert not check.quiet
    assert not check.agrees
    assert not repaired(house, check)


def test_a_day_whose_changes_cancel_out_has_moved_all_the_same() -> None:
    house = House(page=1)
    one, other = house.counted(9, 2)
    swaps = iter([(one, 2), (other, 9)])

    def swap_after_the_first_page(name: str) -> None:
        if name == "query" and house.bus.deliveries:
            for key, score in swaps:
                house.change(key, Change(score=score))
            house.settle(one, other)

    house.memory.faults.turn = swap_after_the_first_page
    check = checked(house)
    assert not check.quiet
    assert house.row() == {9: 1, 2: 1}


def test_a_difference_that_the_second_look_does_not_see_is_not_repaired() -> None:
    house = House()
    [key] = house.counted(9)
    house.memory.faults.overlooked = lambda there: there == key
    check = checked(house)
    assert check.rows
    house.memory.faults.overlooked = lambda _key: False
    assert not repaired(house, check)
    assert house.row() == {9: 1}


def test_a_day_of_which_the_second_look_sees_nothing_at_all_is_not_repaired() -> None:
    house = House()
    [key] = house.given(9)
    answer = house.answer(key)
    mark = Mark(1, Contribution(9, TODAY.isoformat(), ("all",)))
    house.memory.plant(key, replace(answer, mark=mark, pending=False))
    check = checked(house)
    house.memory.remove(key)
    assert check.rows
    assert not repaired(house, check)
    assert not house.memory.rows


def test_a_repair_stands_back_where_the_day_moves_before_it_writes() -> None:
    house = House()
    house.counted(9)
    house.memory.spoil(ALL, bins(s9=1))
    check = checked(house)
    house.memory.faults.turn = counts_one_before(house, "repair")
    assert not repaired(house, check)
    assert house.row() == {9: 2, 3: 1}


def test_a_survey_that_gained_a_pair_since_it_was_read_makes_no_difference() -> None:
    """The rows of answers counted meanwhile are read, though the survey in hand does not know them."""
    before = survey_of(settings=settings_of(pairs=()))
    house = House()
    house.counted(9)
    [check] = compare(before, [TODAY], house.answers, house.rollups, house.now)
    assert check.rows == {}


def test_a_survey_that_gained_a_row_shard_since_it_was_read_is_not_judged() -> None:
    house = House(survey_of(row_shards=2))
    house.counted(9)
    before = survey_of(row_shards=1)
    house.memory.spoil(ALL, bins(s9=1), shard=1)
    [check] = compare(before, [TODAY], house.answers, house.rollups, house.now)
    assert not check.quiet
    assert not repair(before, check, house.answers, house.rollups, house.now)
    assert not seal(before, TODAY, house.answers, house.rollups, house.now)


def test_an_answer_that_cannot_be_read_may_carry_a_mark_so_its_day_is_not_repaired() -> None:
    house = House()
    _, key = house.counted(9, 3)
    house.memory.plant(key, Unreadable(house.answer(key)))
    check = checked(house)
    assert check.unreadable == 1
    assert not check.agrees
    assert not repaired(house, check)
    assert not sealed(house)
    assert house.row() == {9: 1, 3: 1}


def test_a_mark_belongs_to_the_day_it_says_even_if_the_time_zone_database_moves_the_answer() -> None:
    """Brazil has changed its clocks at short notice; an answer near midnight may then lie on another day than it was counted on."""
    house = House()
    [key] = house.counted(9, instant=datetime(2026, 3, 11, 2, 30, tzinfo=UTC))
    moved = msgspec.structs.replace(house.survey, settings=settings_of(time_zone="Atlantic/Azores"))
    checks = compare(moved, [TODAY, TODAY + DAY], house.answers, house.rollups, house.now)
    assert [(check.day, check.rows, check.drifted) for check in checks] == [(TODAY, {}, (key,))]


def test_an_answer_settled_before_the_survey_gained_a_pair_is_handed_back_to_be_settled() -> None:
    house = House(survey_of(settings=settings_of(pairs=())))
    [key, _] = house.counted(9, 3)
    house.survey = survey_of()
    check = checked(house)
    assert check.agrees
    assert len(check.drifted) == 2
    assert reopen(check, house.answers, house.ledger, house.now) == 2
    house.settle(*house.memory.pending())
    assert house.row("touchpoint=checkout&segment.plan=pro") == {9: 1, 3: 1}
    assert checked(house).drifted == ()
    assert house.answer(key).rev == 2


def test_what_is_handed_back_is_found_by_the_sweep_if_its_record_is_lost() -> None:
    house = House(survey_of(settings=settings_of(pairs=())))
    house.counted(9)
    house.wait(5 * DAY)
    house.sweep()
    house.survey = survey_of()
    reopen(checked(house), house.answers, house.ledger, house.now)
    house.wait(timedelta(minutes=15))
    house.sweep()
    assert house.row("touchpoint=checkout&segment.plan=pro") == {9: 1}


def test_an_answer_of_before_identity_was_noted_agrees_and_counts_by_it_once_it_is() -> None:
    house = House()
    [before] = house.counted(9)
    assert (checked(house).rows, checked(house).drifted) == ({}, ())
    house.change(before, Change(dimensions={**house.answer(before).dimensions, dim.IDENTITY: dim.IDENTIFIED}))
    house.settle(before)
    assert checked(house).agrees
    assert (house.row("identity=identified"), house.row("identity=anonymous"), house.row()) == ({9: 1}, {}, {9: 1})


def test_what_no_longer_stands_is_not_handed_back() -> None:
    house = House(survey_of(settings=settings_of(pairs=())))
    gone, drifted = house.counted(9, 3)
    house.change(gone, Change(standing=Standing.WITHDRAWN))
    house.settle(gone)
    house.survey = survey_of()
    assert checked(house).drifted == (drifted,)


def test_days_without_answers_and_rows_are_left_out() -> None:
    house = House()
    house.counted(9)
    assert [check.day for check in compare(house.survey, [TODAY - DAY, TODAY, TODAY + DAY], house.answers, house.rollups, house.now)] == [
        TODAY
    ]
    assert compare(house.survey, [], house.answers, house.rollups, house.now) == []


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
def test_a_local_day_is_compared_whole_wherever_its_answers_lie(zone: str) -> None:
    house = House(survey_of(settings=settings_of(time_zone=zone)))
    midnight = datetime(2026, 3, 10, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    for hour in range(24):
        house.counted(9, instant=midnight + timedelta(hours=hour))
    assert house.row() == {9: 24}
    assert (checked(house).answers, checked(house).agrees) == (24, True)


def test_the_days_to_recount_reach_from_the_first_an_answer_can_lie_on_to_tomorrow() -> None:
    house = House()
    days = open_days(house)
    assert (days[0], days[-1]) == (TODAY - 30 * DAY, TODAY + DAY)


def test_a_sealed_day_is_not_recounted() -> None:
    house = House()
    house.counted(9)
    assert sealed(house)
    assert TODAY not in open_days(house)


def test_a_day_with_something_pending_is_not_sealed() -> None:
    house = House()
    house.counted(9)
    house.given(3)
    assert not sealed(house)


def test_a_day_that_is_wrong_is_repaired_and_then_sealed() -> None:
    house = House()
    house.counted(9)
    house.memory.spoil(ALL, bins(s9=5))
    assert sealed(house)
    assert house.row() == {9: 1}


def test_an_empty_day_is_sealed_unless_an_answer_is_counted_meanwhile() -> None:
    house = House()
    assert sealed(house, TODAY - DAY)
    house.memory.faults.turn = counts_one_before(house, "seal")
    assert not sealed(house)


def test_a_day_that_moves_before_the_seal_is_left_for_the_next_night() -> None:
    house = House()
    house.counted(9)
    house.memory.faults.turn = counts_one_before(house, "seal")
    assert not sealed(house)
    assert sealed(house)


@pytest.mark.parametrize("retention", [60, 90, 365, 3650])
def test_a_day_is_due_a_week_before_the_first_answer_of_any_retention_can_expire(retention: int) -> None:
    """Retention may be raised, and settled answers keep the expiry they got under the shorter one."""
    house = House(survey_of(settings=settings_of(retention_days=retention)))
    house.wait(53 * DAY)
    assert TODAY not in seal_due(house.survey, open_days(house), house.now)
    house.wait(DAY)
    assert TODAY in seal_due(house.survey, open_days(house), house.now)
    assert TODAY in open_days(house)


def test_a_day_whose_answers_may_have_expired_is_not_recounted_even_if_nobody_sealed_it() -> None:
    house = House()
    keys = house.counted(9, 3)
    house.wait(61 * DAY)
    house.memory.remove(keys[0])
    assert TODAY not in open_days(house)
    assert compare(house.survey, [TODAY], house.answers, house.rollups, house.now) == []


def test_raising_the_retention_does_not_have_expired_answers_taken_out_of_the_rows() -> None:
    house = House()
    keys = house.counted(9, 3, instant=NOON)
    house.survey = msgspec.structs.replace(house.survey, settings=settings_of(retention_days=365))
    house.wait(61 * DAY)
    assert house.answer(keys[0]).has_expired(house.now)
    house.memory.remove(keys[0])
    for check in compare(house.survey, open_days(house), house.answers, house.rollups, house.now):
        repaired(house, check)
    assert house.row() == {9: 1, 3: 1}


def test_poison_that_keeps_a_day_from_being_sealed_costs_no_count() -> None:
    house = House()
    keys = house.counted(9, 3)
    [poison] = house.given(8)
    house.memory.faults.unwritable = {poison}
    house.wait(55 * DAY)
    assert not sealed(house)
    house.wait(10 * DAY)
    for key in keys:
        house.memory.remove(key)
    for check in compare(house.survey, open_days(house), house.answers, house.rollups, house.now):
        repaired(house, check)
    assert house.row() == {9: 1, 3: 1}


def test_the_night_never_ends_a_day_whose_revisions_it_did_not_see() -> None:
    house = House(survey_of(row_shards=2))
    house.counted(9)
    assert house.rollups.revisions(house.survey, TODAY, TODAY) == {SurveyDay("loja", TODAY.isoformat()): (0, 1)}
    assert not house.rollups.seal(house.survey, TODAY, (0, 0), house.now)
    assert house.rollups.seal(house.survey, TODAY, (0, 1), house.now)
