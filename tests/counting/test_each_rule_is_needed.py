"""Each rule of counting switched off in a copy of the tests' own: the simulation must find out within a few seeds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.counting import importing, recount
from shared.counting import settle as settling
from shared.importing import naming
from tests.counting import importers, respondents, reviewers, without
from tests.counting.plans import DAMAGE, DELETIONS, EVERYDAY, FIGHT, FLOODS, GROWTH, IMPORTS, IMPORTS_ONCE, OUTAGES, SEASONS, Series
from tests.counting.switching_off import Without, parts_of, run_all
from tests.counting.world import Parts

RULES = [
    Without(rule="the commit pins the revision", plan=FIGHT.plan, parts=parts_of(answers=without.AnyRevision), says="."),
    Without(rule="the commit pins the mark", plan=FIGHT.plan, parts=parts_of(answers=without.AnyMark), says="sum of marks"),
    Without(
        rule="the commit asks whether the answer is there",
        plan=DELETIONS.plan,
        parts=parts_of(answers=without.EvenIfGone),
        says="made",
        seeds=60,
    ),
    Without(
        rule="withdrawn answers stay until their id is refused",
        plan=SEASONS.plan,
        patches=[without.patched(settling, expiry_of=without.no_tombstone)],
        says="made again after its removal",
    ),
    Without(
        rule="what is pending cannot expire",
        plan=replace(SEASONS.plan, leap=timedelta(days=40)),
        parts=parts_of(answers=without.KeepsExpiry),
        weights={"retire": 20, "expire": 20, "deliver": 8},
        says="gone before",
    ),
    Without(
        rule="what is withdrawn is let in by nobody",
        plan=FLOODS.plan,
        parts=parts_of(answers=without.NothingIsFinal),
        weights={"retire": 12},
        says="withdrawn, and then|superseded, and then|against a person",
    ),
    Without(
        rule="what a person has looked at is not set aside again",
        plan=FLOODS.plan,
        parts=parts_of(answers=without.AnySuspicion),
        says="against a person",
    ),
    Without(
        rule="what is set aside counts as nothing",
        plan=FLOODS.plan,
        patches=[without.patched(settling, target_of=without.target_whatever_its_standing)],
        says="should be",
    ),
    Without(rule="announce, then count", plan=FIGHT.plan, parts=parts_of(settle=without.settle_then_announce), says="never announced"),
    Without(
        rule="what the bus refuses stays pending",
        plan=FIGHT.plan,
        parts=parts_of(settle=without.settle_without_listening),
        says="never announced",
    ),
    Without(
        rule="repeated keys are dropped",
        plan=FIGHT.plan,
        parts=parts_of(settle=without.settle_each_time_it_comes),
        says="no retry could pass",
    ),
    Without(
        rule="what a revision counts as is decided once",
        plan=OUTAGES.plan,
        patches=[without.patched(settling, _mark_for=without.mark_decided_anew)],
        says="sum of marks",
        seeds=60,
    ),
    Without(
        rule="a group with poison in it is halved",
        plan=DAMAGE.plan,
        patches=[without.patched(settling, _halve=without.not_halved)],
        says="pending for ever",
    ),
    Without(
        rule="a transaction has at most 100 actions",
        plan=replace(EVERYDAY.plan, answers=500, bursts=2, largest_batch=300),
        weights={"deliver": 1},
        patches=[without.patched(settling, MOST_ACTIONS=1000)],
        says="no retry could pass",
    ),
    Without(rule="a bucket is for ever", plan=FIGHT.plan, weights={"rebucket": 2}, says="stored twice"),
    Without(rule="there is a sweep", plan=OUTAGES.plan, parts=parts_of(sweep=None), says="pending for ever"),
    Without(
        rule="the sweep announces what it could not settle",
        plan=replace(OUTAGES.plan, outages=0.9, strays=0.0),
        parts=parts_of(sweep=without.sweep_without_announcing),
        weights={"sweep": 8, "again": 60, "deliver": 60, "edit": 0, "retire": 0, "post again": 0},
        says="pending for ever",
    ),
    Without(
        rule="writes to answers of another time are announced",
        plan=OUTAGES.plan,
        patches=[without.patched(where, needs_announcing=lambda *_: False) for where in (respondents, reviewers)],
        says="pending for ever",
    ),
    Without(
        rule="recount adds up marks, not scores",
        plan=GROWTH.plan,
        patches=[without.patched(recount, _count=without.count_of_scores)],
        says="sum of marks",
    ),
    Without(
        rule="a day that moved is not repaired",
        plan=replace(GROWTH.plan, page=5, bursts=3, stirs=500, leap=timedelta(hours=1), crash_rate=0.002),
        parts=parts_of(rollups=without.AnyDayRevision),
        patches=[
            without.patched(recount, _check=without.check_of_moving_days, repair=without.repair_at_first_sight),
        ],
        weights={"deliver": 60, "edit": 40, "recount": 4, "grow": 0},
        says="sum of marks",
    ),
    Without(
        rule="a difference is looked at twice",
        plan=replace(GROWTH.plan, overlooked=0.002),
        patches=[without.patched(recount, repair=without.repair_at_first_sight)],
        says="sum of marks",
    ),
    Without(
        rule="a repair pins the day's revision",
        plan=DAMAGE.plan,
        parts=parts_of(rollups=without.AnyDayRevision),
        says="sum of marks",
        seeds=60,
    ),
    Without(
        rule="recount reads the rows of the marks it found",
        plan=replace(GROWTH.plan, page=2, leap=timedelta(hours=1)),
        weights={"deliver": 40, "recount": 20, "grow": 20},
        patches=[without.patched(recount, _rows_to_read=without.rows_of_the_survey_alone)],
        says="sum of marks",
        seeds=60,
    ),
    Without(
        rule="a day whose answers may have expired is not compared",
        plan=SEASONS.plan,
        patches=[without.patched(recount, _first_whole_day=without.every_day)],
        says="sum of marks",
    ),
    Without(
        rule="a day with an answer that cannot be read is not repaired",
        plan=DAMAGE.plan,
        patches=[without.patched(recount.DayCheck, tells=property(without.quiet_is_enough))],
        says="sum of marks",
    ),
    Without(
        rule="an answer of a file leaves a marker for ever",
        plan=IMPORTS.plan,
        parts=parts_of(imported=without.ForgetsMarkers),
        says="counted twice|made again after its removal",
    ),
    Without(
        rule="an import asks in its transaction whether the day is sealed",
        plan=IMPORTS.plan,
        parts=parts_of(imported=without.NeverSealed),
        says="kept in a sealed day",
    ),
    Without(
        rule="what is counted and not kept is of a day that no recount judges",
        plan=IMPORTS.plan,
        patches=[without.patched(naming, is_over=lambda *_: True)],
        says="sum of marks",
    ),
    Without(
        rule="an imported answer says what it has been counted as",
        plan=IMPORTS.plan,
        parts=parts_of(imported=without.Unmarked),
        says="sum of marks",
    ),
    Without(
        rule="an imported answer is not settled once more",
        plan=IMPORTS.plan,
        parts=Parts(),
        patches=[without.patched(naming, settled=without.stored_pending)],
        says="to be counted once more",
    ),
    Without(
        rule="nobody is told what becomes of an imported answer",
        plan=IMPORTS.plan,
        patches=[without.patched(naming, settled=without.like_any_answer)],
        says="never announced",
    ),
    Without(
        rule="an imported answer takes its place among its person's others",
        plan=IMPORTS_ONCE.plan,
        patches=[without.patched(importing, reach_of=lambda *_: None)],
        says="counts beside a later one",
    ),
    Without(
        rule="an import announces where it leaves answers to be settled",
        plan=replace(IMPORTS_ONCE.plan, crash_rate=0.0),
        patches=[without.patched(importers, PastCounting=without.counting_past_unannounced)],
        weights={"edit": 0, "retire": 0, "exclude": 0, "include": 0, "identify": 0, "erase": 0, "post": 1, "deliver": 2},
        says="pending for ever",
    ),
    Without(
        rule="an import's transaction has at most 100 actions",
        plan=IMPORTS.plan,
        patches=[without.patched(importing, MOST_ACTIONS=1000)],
        says="no retry could pass",
    ),
]


@pytest.mark.parametrize("case", RULES, ids=lambda case: case.rule)
def test_without_it_the_simulation_finds_a_fault(case: Without) -> None:
    case.finds_a_fault()


@pytest.mark.parametrize("series", [DAMAGE, DELETIONS, GROWTH], ids=lambda series: series.name)
def test_with_every_rule_even_a_query_that_leaves_something_out_does_no_harm(series: Series) -> None:
    run_all(5, replace(series.plan, overlooked=0.002))
