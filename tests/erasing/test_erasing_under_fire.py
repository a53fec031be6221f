"""Everything at once, at every place: nothing of the erased is left, everything of the others is, and the receipts are exact."""

import pytest

from tests.erasing.plans import CALM, FIGHT, TROUBLED
from tests.erasing.simulation import run


@pytest.mark.parametrize("seed", range(20))
def test_people_are_erased_while_answers_keep_coming(seed: int) -> None:
    run(seed, CALM)


@pytest.mark.parametrize("seed", range(30))
def test_workers_may_end_anywhere_and_stores_may_fail(seed: int) -> None:
    run(seed, TROUBLED)


@pytest.mark.parametrize("seed", range(20))
def test_many_workers_may_be_at_the_same_erasure(seed: int) -> None:
    run(seed, FIGHT)
