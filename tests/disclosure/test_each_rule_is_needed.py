"""Each rule of withholding switched off in a copy of the tests' own: the search must find what follows, and nothing with it on."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from shared.api import nps_report
from shared.withholding import shield, suppression
from shared.withholding.blocks import span_of
from tests.disclosure import without
from tests.disclosure.asking import figures_of
from tests.disclosure.attack import Attack, Leak
from tests.disclosure.surveys import MONDAY, NAMES, PAIRS, Given, Small, many, small

LATER = MONDAY + timedelta(days=365)


def week(number: int, *kinds: tuple[int, str], late: bool = False) -> list[Given]:
    """Answers of a week: so many of each kind, its values as letters (`-` for none)."""
    return [
        answer
        for answers, values in kinds
        for answer in many(answers, number, *(value.replace("-", "").replace("o", "other") for value in values), asked=int(late))
    ]


def after(weeks: int) -> date:
    return MONDAY + timedelta(weeks=weeks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """A rule, switched off, and a survey that misses it."""

    rule: str
    patch: without.Patching
    small: Small
    pools: bool = False


TRIANGLE = [(1, "aaa"), (1, "bbb"), *((6, values) for values in ("aab", "aba", "baa", "abb", "bab", "bba"))]

RULES = [
    Without(
        rule="groups are shown by whole weeks",
        patch=without.patched(shield.Shield, withheld=without.any_period),
        small=small([*week(0, (6, "a"), (20, "b")), *many(2, 0, "a", day=1), *many(6, 0, "b", day=1)]),
    ),
    Without(
        rule="groups are shown by blocks",
        patch=without.patched(shield.Shield, withheld=without.any_weeks),
        small=small([*week(0, (6, "a"), (20, "b")), *week(1, (2, "a"), (20, "b"))]),
    ),
    Without(
        rule="a span that cannot be cut without leaving few is one block",
        patch=without.patched(shield, cut=without.growing),
        small=small(
            [*week(0, (6, "a"), (20, "b"), (7, "o")), *week(2, (3, "a"), (20, "b"))],
            asked_on=(after(4), LATER),
        ),
    ),
    Without(
        rule="nothing of a span is shown before it is over",
        patch=without.patched(shield, is_over=without.begun, is_settled=without.begun),
        small=small(
            [*week(0, (6, "a"), (20, "b"), (7, "o")), *week(2, (3, "a"), (20, "b"), late=True)],
            asked_on=(after(1), LATER),
        ),
    ),
    Without(
        rule="what is hidden of a dimension is of none or five",
        patch=without.patched(shield, shown_values=without.values_of_five),
        small=small(week(0, (20, "a"), (20, "b"), (3, "c"))),
    ),
    Without(
        rule="answers without a value are a value",
        patch=without.patched(shield, shown_values=without.without_nobodys),
        small=small(week(0, (20, "a"), (20, "b"), (3, "-"))),
    ),
    Without(
        rule="a pool shows what each of its surveys does",
        patch=without.patched(nps_report, figures=without.pool_of_five),
        small=small(week(0, (20, "a"), (20, "b"), (3, "c"))),
        pools=True,
    ),
    Without(
        rule="what is left of a pair's row or column is of none or five",
        patch=without.patched(shield, shown_cells=without.cells_of_five),
        small=small(week(0, (20, "aa"), (20, "bb"), (20, "ab"), (3, "ba")), PAIRS[:1]),
    ),
    Without(
        rule="whole rows and columns of a pair are hidden",
        patch=without.patched(shield, shown_cells=without.cells_one_by_one),
        small=small(week(0, (5, "aa"), (1, "ab"), (5, "bb"), *((20, each) for each in ("ac", "ba", "bc", "ca", "cb", "cc"))), PAIRS[:1]),
    ),
    Without(
        rule="what lies in no shown row and column of a pair is of none or five",
        patch=without.patched(suppression, _telling=without.outside_may_be_few),
        small=small(
            week(0, *[(5, "aa"), (9, "ab"), (9, "ac")], *[(1, "ba"), (3, "bb"), (20, "bc")], *[(20, "ca"), (1, "cb"), (1, "cc")]), PAIRS[:1]
        ),
    ),
    Without(
        rule="a pair has the blocks of its dimensions",
        patch=without.patched(shield.Shield, _pair_blocks=without.by_the_span),
        small=small(
            [*week(0, (10, "aa"), (10, "ba"), (1, "ab"), (9, "bb")), *week(1, (5, "ac"), (5, "bc"), (10, "ao"), (10, "bo"))], PAIRS[:1]
        ),
    ),
    Without(
        rule="a pair waits until no late answer can cut its dimensions otherwise",
        patch=without.patched(shield, is_settled=without.at_once),
        small=small(
            [
                *week(0, (10, "aa"), (10, "ba"), (1, "ab"), (9, "bb"), (4, "ca"), (7, "oa"), (4, "b-")),
                *week(1, (5, "ac"), (5, "bc"), (10, "ao"), (10, "bo")),
                *week(0, (6, "ca"), (6, "b-"), late=True),
            ],
            PAIRS[:1],
            asked_on=(after(4), LATER),
        ),
    ),
    Without(
        rule="no circle of pairs is shown",
        patch=without.patched(shield, independent_pairs=without.every_pair),
        small=small(week(0, *TRIANGLE), PAIRS),
    ),
]


def found(case: Without) -> Leak | None:
    return next(Attack(case.small, figures_of(case.small, pools=case.pools)).leaks(), None)


@pytest.mark.parametrize("case", RULES, ids=lambda case: case.rule)
def test_the_search_misses_a_rule_that_is_off(case: Without) -> None:
    assert found(case) is None
    with case.patch():
        assert found(case) is not None


def test_these_surveys_begin_with_a_span() -> None:
    assert span_of(MONDAY).first == MONDAY
    assert len(NAMES) == 3
