"""When a delivery is tried again, and when an endpoint is left in peace."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.alerts.retrying import (
    CALLS_AT_ONCE,
    DELAYS,
    DISABLE_AFTER,
    FAILURES_TO_OPEN,
    FIRST_REST,
    LONGEST_CALL,
    LONGEST_REST,
    LONGEST_RETRY_AFTER,
    STREAK_ENDS_AFTER,
    WELL,
    Breaker,
    next_attempt_at,
)
from tests.fakes.samples import NOON

SECOND = timedelta(seconds=1)
chances = st.floats(min_value=0, max_value=1, exclude_max=True)


def test_the_schedule_is_the_specifications_example() -> None:
    """Standard Webhooks 1.0.0: "Reliability", 10 attempts in 75 hours, 35 minutes and 5 seconds."""
    seconds = [round(delay.total_seconds()) for delay in DELAYS]
    assert seconds == [0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    assert sum(DELAYS, timedelta(0)) == timedelta(hours=75, minutes=35, seconds=5)


@given(made=st.integers(min_value=1, max_value=len(DELAYS) - 1), chance=chances)
def test_jitter_adds_up_to_a_tenth_and_takes_nothing_away(made: int, chance: float) -> None:
    due = next_attempt_at(made, NOON, chance)
    assert due is not None
    assert DELAYS[made] <= due - NOON <= DELAYS[made] * 1.1


@given(made=st.integers(min_value=len(DELAYS), max_value=100), chance=chances)
def test_after_the_last_attempt_there_is_none(made: int, chance: float) -> None:
    assert next_attempt_at(made, NOON, chance, timedelta(seconds=5)) is None


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        (timedelta(0), timedelta(minutes=5)),
        (timedelta(minutes=4), timedelta(minutes=5)),
        (timedelta(hours=1), timedelta(hours=1)),
        (timedelta(days=90), LONGEST_RETRY_AFTER),
        (timedelta(days=-1), timedelta(minutes=5)),
    ],
)
def test_retry_after_is_heeded_where_it_asks_for_longer_and_for_a_day_at_most(asked: timedelta, waited: timedelta) -> None:
    assert next_attempt_at(2, NOON, 0, asked) == NOON + waited


def failing(times: int, every: timedelta = SECOND, breaker: Breaker = WELL) -> Breaker:
    for number in range(times):
        breaker = breaker.after_failure(NOON + every * number)
    return breaker


def test_a_breaker_opens_at_the_fifth_failure_in_a_row() -> None:
    assert failing(FAILURES_TO_OPEN - 1).open_until is None
    assert failing(FAILURES_TO_OPEN).open_until == NOON + SECOND * (FAILURES_TO_OPEN - 1) + FIRST_REST


def test_every_further_failure_doubles_the_rest_up_to_half_an_hour() -> None:
    rests = []
    breaker, now = failing(FAILURES_TO_OPEN), NOON
    for _ in range(12):
        assert breaker.open_until is not None
        now = breaker.open_until
        breaker = breaker.after_failure(now)
        assert breaker.open_until is not None
        rests.append(breaker.open_until - now)
    assert rests[:6] == [FIRST_REST * 2**power for power in range(1, 6)] + [LONGEST_REST]
    assert set(rests[6:]) == {LONGEST_REST}


def test_an_endpoint_that_asks_for_peace_gets_it_at_once_and_for_half_an_hour_at_most() -> None:
    assert WELL.after_failure(NOON, timedelta(seconds=90)).open_until == NOON + timedelta(seconds=90)
    assert WELL.after_failure(NOON, timedelta(days=1)).open_until == NOON + LONGEST_REST
    assert WELL.after_failure(NOON, timedelta(0)).open_until is None


def test_an_endpoint_has_room_for_two_calls_and_a_resting_one_for_none_then_for_one() -> None:
    busy = WELL.with_call(NOON)
    assert (WELL.room(NOON), busy.room(NOON), busy.with_call(NOON).room(NOON)) == (2, 1, 0)
    resting = failing(FAILURES_TO_OPEN)
    assert resting.open_until is not None
    assert resting.room(resting.open_until - SECOND) == 0
    assert resting.room(resting.open_until) == 1
    assert resting.with_call(resting.open_until).room(resting.open_until) == 0


def test_a_call_that_is_not_said_to_have_ended_counts_until_it_can_last_no_longer() -> None:
    busy = WELL.with_call(NOON).with_call(NOON)
    assert busy.room(NOON + LONGEST_CALL - SECOND) == 0
    assert busy.room(NOON + LONGEST_CALL) == 1
    assert busy.room(NOON + LONGEST_CALL + SECOND) == 2
    assert timedelta(seconds=15) < LONGEST_CALL
    assert busy.with_call(NOON + LONGEST_CALL + SECOND).under_way == (NOON + 2 * LONGEST_CALL + SECOND,)


@given(st.lists(st.integers(min_value=0, max_value=2_000_000), max_size=8))
def test_each_call_under_way_is_known_by_its_end_and_ends_alone(microseconds: list[int]) -> None:
    breaker, ends = WELL, []
    for after in microseconds:
        breaker = breaker.with_call(NOON + timedelta(microseconds=after))
        ends.append(breaker.under_way[-1])
    assert len(set(ends)) == len(ends)
    for number, end in enumerate(ends):
        breaker = breaker.without_call(end)
        assert breaker.under_way == tuple(ends[number + 1 :])


def test_what_comes_of_a_call_leaves_the_others_under_way() -> None:
    busy = failing(3).with_call(NOON)
    assert busy.after_failure(NOON).under_way == busy.under_way
    assert busy.after_success() == Breaker(under_way=busy.under_way)


@given(times=st.integers(min_value=0, max_value=1000), chance=chances)
def test_a_busy_endpoint_is_looked_at_again_soon_and_less_often_each_time(times: int, chance: float) -> None:
    wait = WELL.come_again(NOON, chance, times) - NOON
    assert min(2**times, 16) * SECOND <= wait <= min(2**times, 16) * 2 * SECOND
    assert WELL.come_again(NOON, chance, times, before=2 * CALLS_AT_ONCE) - NOON == 3 * wait


@given(failures=st.integers(min_value=FAILURES_TO_OPEN, max_value=12), chance=chances)
def test_a_resting_endpoint_is_looked_at_again_after_the_rest_spread_over_as_long(failures: int, chance: float) -> None:
    breaker = failing(failures)
    assert breaker.open_until is not None
    assert breaker.failed_at is not None
    rest = breaker.open_until - breaker.failed_at
    assert timedelta(0) <= breaker.come_again(NOON, chance, 3) - breaker.open_until <= rest


def test_an_endpoint_is_given_up_once_it_failed_for_days_without_a_success() -> None:
    every = timedelta(hours=12)
    assert not failing(6, every).gives_up(NOON + every * 5)
    assert failing(7, every).gives_up(NOON + DISABLE_AFTER)
    assert not WELL.gives_up(NOON)


def test_one_alerts_schedule_is_enough_to_give_an_endpoint_up_at_its_last_attempt_and_not_before() -> None:
    now, breaker = NOON, WELL
    given_up = []
    for delay in DELAYS:
        now += delay
        breaker = breaker.after_failure(now)
        given_up.append(breaker.gives_up(now))
    assert given_up == [False] * 9 + [True]


@given(chances)
def test_no_jitter_breaks_the_streak_of_one_alerts_attempts(chance: float) -> None:
    attempts = [NOON]
    while (due := next_attempt_at(len(attempts), attempts[-1], chance, LONGEST_RETRY_AFTER)) is not None:
        attempts.append(due)
    assert all(after - before <= STREAK_ENDS_AFTER for before, after in pairwise(attempts))


def test_a_failure_long_after_the_last_one_says_nothing_of_the_time_between() -> None:
    """Nobody called in those ten days: the endpoint may have been well, and one bad minute must not disable it."""
    now = NOON + timedelta(days=10)
    breaker = failing(9).after_failure(now)
    assert breaker == Breaker(failures=1, failing_since=now, failed_at=now)
    assert not breaker.gives_up(now)
