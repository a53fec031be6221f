"""Everything at once, at every place: what is told is right, and all that should be told is told at last."""

import pytest

from tests.alerts.plans import CALM, CRASHING, FAILING, HASTY, HOURLY, TROUBLED
from tests.alerts.simulation import run


@pytest.mark.parametrize("seed", range(20))
def test_on_a_calm_day_every_detractor_is_told_everywhere(seed: int) -> None:
    run(seed, CALM)


@pytest.mark.parametrize("seed", range(25))
def test_receivers_may_be_anyhow_and_managers_do_anything(seed: int) -> None:
    run(seed, TROUBLED)


@pytest.mark.parametrize("seed", range(25))
def test_workers_may_end_anywhere(seed: int) -> None:
    run(seed, CRASHING)


@pytest.mark.parametrize("seed", range(25))
def test_stores_and_queues_may_fail_before_and_after_they_did_what_they_were_asked(seed: int) -> None:
    run(seed, FAILING)


@pytest.mark.parametrize("seed", range(20))
def test_everybody_may_think_again_all_the_time(seed: int) -> None:
    run(seed, HASTY)


@pytest.mark.parametrize("seed", range(20))
def test_digests_may_go_out_while_alerts_join_them(seed: int) -> None:
    run(seed, HOURLY)
