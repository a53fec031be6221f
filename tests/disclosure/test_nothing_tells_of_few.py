"""With all rules on, nothing that is published tells of one to four people."""

import os

import pytest

from tests.disclosure.asking import figures_of
from tests.disclosure.attack import Attack
from tests.disclosure.surveys import drawn

SEEDS = int(os.environ.get("DISCLOSURE_SEEDS", "20"))
"""A longer search: DISCLOSURE_SEEDS=2000."""
_PARTS = 4


@pytest.mark.parametrize("part", range(_PARTS))
def test_no_set_of_one_to_four_answers_follows_from_what_is_published(part: int) -> None:
    shown = 0
    for seed in range(part, SEEDS, _PARTS):
        small = drawn(seed)
        if small.answers:
            figures = figures_of(small)
            shown += sum(bool(figure.who) for figure in figures)
            assert next(Attack(small, figures).leaks(), None) is None, seed
    assert shown, "nothing was shown, so nothing was tried"
