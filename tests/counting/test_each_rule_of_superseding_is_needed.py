"""Each rule of superseding switched off in a copy of the tests' own: the simulation must find out within a few seeds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared import superseding
from shared.answer import Standing
from shared.counting import once
from tests.counting import without_superseding
from tests.counting.plans import ONCE, WAVES
from tests.counting.switching_off import Without, parts_of, run_all
from tests.counting.without import patched
from tests.fakes.people import MemoryPeople

_NOT_NEEDED = ("erase", "edit", "post again", "exclude", "include", "flood", "replay", "retire", "recount", "identify")
RULES = [
    Without(
        rule="superseding asks whether the later answer counts",
        plan=ONCE.plan,
        parts=parts_of(answers=without_superseding.WhateverTheLaterIs),
        says="superseded by nothing",
        seeds=30,
    ),
    Without(
        rule="superseding asks whether the later answer is the person's",
        plan=ONCE.plan,
        parts=parts_of(answers=without_superseding.WhoseverTheLaterIs),
        weights={"erase": 8},
        says="superseded by nothing",
        seeds=30,
    ),
    Without(
        rule="superseding asks whether the earlier answer is the person's",
        plan=ONCE.plan,
        parts=parts_of(answers=without_superseding.WhoseverTheEarlierIs),
        weights={"erase": 8},
        says="superseded by nothing",
        seeds=30,
    ),
    Without(
        rule="superseding asks whether the earlier answer counts",
        plan=ONCE.plan,
        parts=parts_of(answers=without_superseding.WhateverTheEarlierIs),
        says="and yet superseded|and then",
        seeds=30,
    ),
    Without(
        rule="the later answer decides about earlier ones",
        plan=ONCE.plan,
        patches=[patched(once, _pairs=without_superseding.the_earlier_alone_decides)],
        says="counts beside",
    ),
    Without(
        rule="the earlier answer decides about later ones",
        plan=ONCE.plan,
        patches=[patched(once, _pairs=without_superseding.the_later_alone_decides)],
        says="counts beside",
        seeds=30,
    ),
    Without(
        rule="superseded answers supersede",
        plan=ONCE.plan,
        patches=[patched(where, SUPERSEDES={Standing.VALID}) for where in (once, superseding)],
        says="counts beside",
        seeds=60,
    ),
    Without(
        rule="an answer that is superseded before it is settled decides first",
        plan=replace(ONCE.plan, strays=0.6, customers=1.0, once_per=("days:5", "days:5")),
        weights={"deliver": 14, "replay": 10, "erase": 0, "exclude": 0, "include": 0, "flood": 0, "retire": 0},
        patches=[patched(once, has_to_decide=without_superseding.superseded_ones_decide_nothing)],
        says="counts beside",
        seeds=60,
    ),
    Without(
        rule="what was lost is decided again",
        plan=WAVES.plan,
        patches=[patched(once, _settle_pairs=without_superseding.decided_at_the_first_try, TRIES=1)],
        says="counts beside",
        seeds=30,
    ),
    Without(
        rule="an answer is noted as its person's before it is stored",
        plan=ONCE.plan,
        patches=[patched(MemoryPeople, noted=without_superseding.noted_too_late)],
        says="counts beside",
        seeds=30,
    ),
    Without(
        rule="superseding an answer of another time is announced",
        plan=replace(ONCE.plan, crash_rate=0.06, leap=timedelta(days=6), customers=1.0, once_per=("touchpoint", "touchpoint")),
        weights={"sweep": 8, "again": 1, "deliver": 5} | dict.fromkeys(_NOT_NEEDED, 0),
        patches=[patched(once, needs_announcing=lambda *_: False)],
        says="pending for ever",
        seeds=60,
    ),
]


@pytest.mark.parametrize("case", RULES, ids=lambda case: case.rule)
def test_without_it_the_simulation_finds_a_fault(case: Without) -> None:
    case.finds_a_fault()


def test_with_every_rule_pages_of_two_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "PAGE", 2)
    for plan in (ONCE.plan, WAVES.plan):
        run_all(5, replace(plan, customers=1.0))
