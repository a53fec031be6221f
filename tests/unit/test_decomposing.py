"""A change of the score in two parts: another mix of groups, other scores within them."""

from collections.abc import Mapping
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.decomposing import MixAndScore, mix_and_score
from shared.scoring import Histogram, NegativeCountError, nps, nps_exact, pool

histograms = st.builds(Histogram.from_tuple, st.tuples(*[st.integers(0, 50)] * 11))
groups = st.dictionaries(st.sampled_from("abcdefg"), histograms, max_size=7)


def of_classes(promoters: int, passives: int, detractors: int) -> Histogram:
    return Histogram(s10=promoters, s8=passives, s3=detractors)


def split(before: Mapping[str, Histogram], now: Mapping[str, Histogram]) -> MixAndScore:
    found = mix_and_score(before, now)
    assert found is not None
    return found


HIP, KNEE = of_classes(80, 11, 9), of_classes(64, 21, 15)
"""Scores of 71 and 49, as one hospital's operations of hips and knees (Hamilton, 2014)."""


def times(histogram: Histogram, factor: int) -> Histogram:
    return pool([histogram] * factor)


def test_another_mix_alone_changes_the_score_of_all_and_nobody_s() -> None:
    found = split({"hip": times(HIP, 3), "knee": KNEE}, {"hip": HIP, "knee": times(KNEE, 3)})

    assert (nps(HIP), nps(KNEE)) == (71, 49)
    assert found == MixAndScore(mix=Fraction(-11), score=Fraction(0))


def test_other_scores_alone_are_all_score() -> None:
    found = split({"hip": HIP, "knee": KNEE}, {"hip": KNEE, "knee": KNEE})

    assert found == MixAndScore(mix=Fraction(0), score=Fraction(-11))


def test_both_groups_rise_while_the_score_of_all_falls() -> None:
    """Simpson's paradox, worked by hand: shares 80 and 20 % become 40 and 60 %, scores 60 and 0 become 65 and 10."""
    before = {"pro": of_classes(56, 16, 8), "free": of_classes(5, 10, 5)}
    now = {"pro": of_classes(28, 10, 2), "free": of_classes(21, 24, 15)}
    found = split(before, now)

    assert [nps(side[group]) for side in (before, now) for group in ("pro", "free")] == [60, 0, 65, 10]
    assert found.score == 5 * Fraction(80 + 40, 200) + 10 * Fraction(20 + 60, 200)
    assert found.mix == Fraction(-40, 100) * Fraction(125, 2) + Fraction(40, 100) * 5
    assert found == MixAndScore(mix=Fraction(-23), score=Fraction(7))


@pytest.mark.parametrize("absent", ["before", "now"])
def test_a_group_that_one_period_lacks_is_all_mix(absent: str) -> None:
    one, both = {"a": HIP}, {"a": HIP, "b": KNEE}
    found = split(one, both) if absent == "before" else split(both, one)

    assert found.score == 0
    assert found.mix == found.difference == (-11 if absent == "before" else 11)


def test_an_empty_group_is_as_an_absent_one() -> None:
    assert split({"a": HIP, "b": Histogram()}, {"a": KNEE, "c": Histogram()}) == split({"a": HIP}, {"a": KNEE})


@pytest.mark.parametrize(("before", "now"), [({}, {"a": HIP}), ({"a": HIP}, {}), ({"a": Histogram()}, {"a": HIP}), ({}, {})])
def test_a_period_without_answers_has_nothing_to_split(before: dict[str, Histogram], now: dict[str, Histogram]) -> None:
    assert mix_and_score(before, now) is None


def test_a_negative_count_is_not_split() -> None:
    with pytest.raises(NegativeCountError):
        mix_and_score({"a": Histogram(s9=5, s3=-1)}, {"a": HIP})


@given(before=groups, now=groups)
def test_the_parts_add_up_to_the_difference_exactly(before: dict[str, Histogram], now: dict[str, Histogram]) -> None:
    found = mix_and_score(before, now)
    scores = nps_exact(pool(before.values())), nps_exact(pool(now.values()))

    if found is None or scores[0] is None or scores[1] is None:
        assert found is None
        assert None in scores
    else:
        assert found.mix + found.score == found.difference == scores[1] - scores[0]


@given(before=groups, now=groups)
def test_what_is_shown_adds_up_too_and_is_off_by_a_tenth_at_most(before: dict[str, Histogram], now: dict[str, Histogram]) -> None:
    found = mix_and_score(before, now)

    if found is not None:
        difference, mix, score = (round(10 * part) for part in found.shown)
        assert mix + score == difference
        assert abs(difference - 10 * found.difference) <= Fraction(1, 2)
        assert abs(mix - 10 * found.mix) <= Fraction(1, 2)
        assert abs(score - 10 * found.score) <= 1


@given(before=groups, now=groups)
def test_backwards_each_part_has_the_other_sign(before: dict[str, Histogram], now: dict[str, Histogram]) -> None:
    there, back = mix_and_score(before, now), mix_and_score(now, before)

    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert (back.mix, back.score) == (-there.mix, -there.score)


@given(before=groups, now=groups)
def test_groups_that_share_a_score_have_no_mix(before: dict[str, Histogram], now: dict[str, Histogram]) -> None:
    before, now = (
        {name: of_classes(3 * group.answers, group.answers, group.answers) for name, group in side.items()} for side in (before, now)
    )
    found = mix_and_score(before, now)

    assert found is None or found == MixAndScore(mix=Fraction(0), score=Fraction(0))


def test_it_is_the_mean_of_the_two_orders_in_which_one_may_change_first() -> None:
    """What Kitagawa's formula is: scores first at the old mix, or mix first at the old scores, half of each."""
    random = Random(4)
    for _ in range(100):
        before, now = ({name: of_classes(*(random.randint(1, 9) for _ in range(3))) for name in "abc"} for _ in range(2))
        (old, old_scores), (new, new_scores) = (
            (
                {name: Fraction(group.answers, pool(side.values()).answers) for name, group in side.items()},
                {name: nps_exact(group) or Fraction(0) for name, group in side.items()},
            )
            for side in (before, now)
        )

        def of_all(shares: Mapping[str, Fraction], scores: Mapping[str, Fraction]) -> Fraction:
            return sum((shares[name] * scores[name] for name in shares), Fraction(0))

        mix_first, mix_last = of_all(new, old_scores) - of_all(old, old_scores), of_all(new, new_scores) - of_all(old, new_scores)
        assert split(before, now).mix == (mix_first + mix_last) / 2
