"""Each rule of erasing switched off in a copy of the tests' own: the simulation must find out within some seeds.

What takes a worker standing still at one place is in `test_every_interruption`.
"""

from collections.abc import Callable
from typing import Final

import pytest

from tests.erasing import without
from tests.erasing.auditor import Broken
from tests.erasing.plans import CALM, FIGHT, HELD, RETURNING, TROUBLED
from tests.erasing.simulation import Plan, run

_RUNS: Final = 200
_RARE: Final = (18, 24, 27, 86)
"""Seeds that found out about what few find, so they go first; should they no longer, all others are tried."""


def _many_runs(plan: Plan) -> None:
    for seed in (*_RARE, *range(_RUNS)):
        run(seed, plan)


@pytest.mark.parametrize(
    ("switch", "plan", "says"),
    [
        (without.steps_are_written_down_by_anybody, FIGHT, "."),
        (without.nobody_looks_for_the_mark, FIGHT, "."),
        (without.deletions_are_counted_as_they_happen, FIGHT, "counted"),
        (without.the_key_is_counted_when_it_is_destroyed, FIGHT, "counted"),
        (without.every_lookup_goes, RETURNING, "."),
        (without.nobody_looks_twice, FIGHT, "anonymised or not|names somebody|a message|to the day"),
        (without.nobody_waits_for_the_second_look, FIGHT, "."),
        (without.times_are_coarsened_at_once, FIGHT, "told in two ways"),
        (without.withdrawals_are_not_announced_to_the_sweep, CALM, "for ever"),
        (without.anonymised_answers_may_be_edited, FIGHT, "edited"),
        (without.receipts_are_numbered_when_they_are_signed, TROUBLED, "receipts of one|says something else"),
        (without.messages_are_noted_after_they_are_gone, FIGHT, "counted"),
        (without.pointers_prove_whose_an_answer_is, RETURNING, "counted"),
        (without.holds_are_looked_for_while_marking, HELD, "somebody else was marked"),
        (without.whose_an_answer_was_is_not_noted_first, FIGHT, "counted"),
        (without.lookups_go_first, CALM, "."),
    ],
)
def test_without_a_rule_something_breaks(switch: Callable[[without.Patch], None], plan: Plan, says: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        switch(patch)
        with pytest.raises(Broken, match=says):
            _many_runs(plan)
