"""Which of a person's answers is superseded, from what the survey says and the answers alone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.answer import NOBODY, Answer, Standing
from shared.identity import anonymous_person_id
from shared.superseding import EVER, has_person, reach_of, supersedes
from shared.survey import Survey, SurveySettings
from shared.wave import Wave
from tests.fakes.samples import NOON, answer_of, settings_of, survey_of

DAY = timedelta(days=1)
WAVES = (
    Wave(wave_id="1" * 16, name="Março", first_day=date(2026, 3, 1), last_day=date(2026, 3, 10)),
    Wave(wave_id="2" * 16, name="Depois", first_day=date(2026, 3, 11)),
)


def counting_once(per: str) -> Survey:
    return survey_of(settings=settings_of(count_once_per=per), waves=WAVES)


def theirs(number: int, instant: datetime = NOON, **changes: Any) -> Answer:  # noqa: ANN401 - any field
    return answer_of(survey_of(), number, instant=instant, **{"person_id": "p"} | changes)


@pytest.mark.parametrize("per", ["none", "wave", "touchpoint", "days:1", "days:9", "days:30", "days:99", "days:365", "days:730"])
def test_a_survey_says_in_which_span_a_person_counts_once(per: str) -> None:
    assert msgspec.convert({"name": "a", "company": "b", "count_once_per": per}, SurveySettings).count_once_per == per


@pytest.mark.parametrize(
    "per", ["", "days", "days:", "days:0", "days:01", "days:731", "days:1000", "days:-1", "days:1.5", "DAYS:1", "wave\n", "days:1\n"]
)
def test_no_other_span_is_taken(per: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"name": "a", "company": "b", "count_once_per": per}, SurveySettings)


def test_within_so_many_days_the_later_answer_supersedes_to_the_millisecond() -> None:
    survey, first = counting_once("days:30"), theirs(1)
    for after, is_within in ((timedelta(0), True), (30 * DAY, True), (30 * DAY + timedelta(milliseconds=1), False)):
        later = theirs(2, NOON + after)
        assert supersedes(later, first, survey) is is_within
        assert not supersedes(first, later, survey)


def test_of_two_answers_of_one_instant_the_id_tells_which_is_later() -> None:
    survey = counting_once("days:1")
    assert supersedes(theirs(2), theirs(1), survey)
    assert not supersedes(theirs(1), theirs(2), survey)
    assert not supersedes(theirs(1), theirs(1), survey)


def test_waves_are_told_apart_by_the_surveys_local_day() -> None:
    survey = counting_once("wave")
    late_on_the_tenth, early_on_the_eleventh = datetime(2026, 3, 11, 2, 59, tzinfo=UTC), datetime(2026, 3, 11, 3, 0, tzinfo=UTC)
    assert supersedes(theirs(2, late_on_the_tenth), theirs(1, datetime(2026, 3, 1, 3, 0, tzinfo=UTC)), survey)
    assert not supersedes(theirs(2, early_on_the_eleventh), theirs(1, late_on_the_tenth), survey)
    assert supersedes(theirs(2, NOON + 400 * DAY), theirs(1, early_on_the_eleventh), survey)


def test_outside_of_waves_every_answer_counts() -> None:
    survey, before = counting_once("wave"), datetime(2026, 3, 1, 2, 59, tzinfo=UTC)
    assert not supersedes(theirs(2, before), theirs(1, before - DAY), survey)
    assert reach_of(theirs(1, before), survey) is None


def test_at_a_touchpoint_the_last_answer_counts_however_much_later() -> None:
    survey = counting_once("touchpoint")
    first, later = theirs(1, dimensions={"touchpoint": "checkout"}), theirs(2, NOON + 900 * DAY, dimensions={"touchpoint": "checkout"})
    assert supersedes(later, first, survey)
    assert not supersedes(theirs(3, NOON + DAY, dimensions={"touchpoint": "support"}), first, survey)


@pytest.mark.parametrize("dimensions", [{}, {"touchpoint": "other"}])
def test_touchpoints_that_nobody_declared_may_be_different_ones(dimensions: dict[str, str]) -> None:
    survey = counting_once("touchpoint")
    assert not supersedes(theirs(2, dimensions=dimensions), theirs(1, dimensions=dimensions), survey)
    assert reach_of(theirs(1, dimensions=dimensions), survey) is None


@pytest.mark.parametrize("standing", sorted(set(Standing) - {Standing.VALID, Standing.SUPERSEDED}))
def test_what_is_set_aside_or_withdrawn_supersedes_nothing(standing: Standing) -> None:
    survey = counting_once("days:30")
    assert not supersedes(theirs(2, standing=standing), theirs(1), survey)
    assert supersedes(theirs(2, standing=Standing.SUPERSEDED), theirs(1), survey)


def test_anonymous_and_anonymised_answers_stand_alone() -> None:
    survey = counting_once("days:30")
    anonymous = theirs(1, person_id="")
    anonymous = theirs(1, person_id=anonymous_person_id(anonymous.key.answer_id, survey.person_salt))
    for answer in (anonymous, theirs(1, person_id=NOBODY)):
        assert not has_person(answer, survey)
        assert reach_of(answer, survey) is None
    assert not supersedes(theirs(2, person_id=NOBODY), theirs(1, person_id=NOBODY), survey)
    assert not supersedes(theirs(2, person_id="q"), theirs(1), survey)


@given(
    per=st.sampled_from(["wave", "touchpoint", "days:1", "days:30"]),
    hours=st.tuples(st.integers(-3000, 3000), st.integers(-3000, 3000)),
    touchpoints=st.tuples(st.sampled_from(["checkout", "support", "other"]), st.sampled_from(["checkout", "support"])),
)
def test_both_lie_in_each_others_reach(per: str, hours: tuple[int, int], touchpoints: tuple[str, str]) -> None:
    survey = counting_once(per)
    pair = [theirs(n, NOON + timedelta(hours=hours[n]), dimensions={"touchpoint": touchpoints[n]}) for n in (0, 1)]
    earlier, later = sorted(pair, key=lambda each: each.key.answer_id)
    if supersedes(later, earlier, survey):
        for one, other in ((earlier, later), (later, earlier)):
            reach = reach_of(one, survey)
            assert reach is not None
            assert reach.first_id <= other.key.answer_id <= reach.last_id


def test_none_reaches_nothing() -> None:
    assert reach_of(theirs(1), counting_once("none")) is None
    assert reach_of(theirs(1), counting_once("touchpoint")) == EVER
