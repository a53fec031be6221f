"""Counting under fire: over 100,000 answers through the real code, whatever is delivered, crashes, is refused or comes late."""

from collections import Counter
from itertools import batched

import pytest

from tests.counting.plans import ALL, EVERYDAY, FIGHT, Series
from tests.counting.simulation import run

_BLOCK = 10
BLOCKS = [(series, seeds) for series in ALL for seeds in batched(range(series.seeds), _BLOCK, strict=False)]


@pytest.mark.parametrize(("series", "seeds"), BLOCKS, ids=[f"{series.name}-{seeds[0]}" for series, seeds in BLOCKS])
def test_counters_are_right_at_every_instant_and_in_the_end(series: Series, seeds: tuple[int, ...]) -> None:
    happened: Counter[str] = Counter()
    for seed in seeds:
        happened += run(seed, series.plan)
    assert happened["answers"] >= series.answers * len(seeds)
    assert happened["crashes"]
    missing = [event for event in series.must_happen if not happened[event]]
    assert not missing, "these runs prove nothing about what never happened in them"


def test_the_runs_take_over_a_hundred_thousand_answers() -> None:
    assert sum(series.answers * series.seeds for series in ALL) > 100_000


@pytest.mark.parametrize("series", [EVERYDAY, FIGHT], ids=lambda series: series.name)
def test_a_run_can_be_repeated(series: Series) -> None:
    assert run(7, series.plan) == run(7, series.plan)
    assert run(7, series.plan) != run(8, series.plan)
