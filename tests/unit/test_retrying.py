"""When a delivery is tried again, and when an endpoint is left in peace."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.alerts.retrying import (
    DELAYS,
    DISABLE_AFTER,
    FAILURES_TO_OPEN,
    FIRST_REST,
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


def test_a_trial_keeps_others_away_for_longer_than_a_call_takes() -> None:
    trial = failing(FAILURES_TO_OPEN).during_trial(NOON + LONGEST_REST)
    assert trial.open_until == NOON + LONGEST_REST + FIRST_REST
    assert timedelta(seconds=15) < FIRST_REST


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
