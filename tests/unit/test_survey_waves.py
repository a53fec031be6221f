"""Waves of a survey."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.survey import MOST_WAVES, Survey
from shared.survey_rules import SurveyRuleError
from shared.survey_waves import NoSuchWaveError, begun, wave_closed, wave_renamed
from shared.wave import Wave, wave_on
from tests.fakes.samples import survey_of

TODAY = date(2026, 3, 10)
DAYS = st.dates(TODAY - timedelta(days=40), TODAY + timedelta(days=40))


def wave(number: int, first: date, last: date | None = None, name: str = "Onda") -> Wave:
    return Wave(wave_id=f"{number:016x}", name=name, first_day=first, last_day=last)


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


def with_waves(*waves: Wave) -> Survey:
    survey = survey_of()
    for each in waves:
        survey = begun(survey, each, TODAY)
    return survey


def pointer_of(refused: pytest.ExceptionInfo[SurveyRuleError]) -> str:
    return refused.value.pointer


def test_a_day_lies_in_the_wave_from_its_first_to_its_last_day() -> None:
    closed, open_ = wave(1, after(-9), after(-3)), wave(2, after(2))
    waves = with_waves(open_, closed).waves
    found = {days: wave_on(waves, after(days)) for days in (-10, -9, -3, -2, 1, 2, 500)}
    assert found == {-10: None, -9: closed, -3: closed, -2: None, 1: None, 2: open_, 500: open_}


def test_waves_are_kept_by_their_days_and_each_step_is_a_revision() -> None:
    survey = with_waves(wave(1, after(5)), wave(2, after(-5), after(-1)))
    assert [each.first_day for each in survey.waves] == [after(-5), after(5)]
    assert survey.revision == 3


@pytest.mark.parametrize(
    ("first", "last"),
    [(-9, -3), (-20, -9), (-3, -2), (-12, 40), (-6, -6)],
    ids=["the same", "its first day", "its last", "around", "within"],
)
def test_waves_never_have_a_day_in_common(first: int, last: int) -> None:
    survey = with_waves(wave(1, after(-9), after(-3)))
    with pytest.raises(SurveyRuleError) as refused:
        begun(survey, wave(2, after(first), after(last)), TODAY)
    assert pointer_of(refused) == "/first_day"


def test_an_open_wave_has_every_day_from_its_first_on() -> None:
    with pytest.raises(SurveyRuleError):
        begun(with_waves(wave(1, TODAY)), wave(2, after(400), after(401)), TODAY)
    with pytest.raises(SurveyRuleError):
        begun(with_waves(wave(1, after(3), after(4))), wave(2, TODAY), TODAY)


def test_one_wave_at_most_is_open() -> None:
    with pytest.raises(SurveyRuleError, match="close that one first"):
        begun(with_waves(wave(1, TODAY)), wave(2, after(-5)), TODAY)


def test_a_survey_has_at_most_200_waves() -> None:
    survey = with_waves(*(wave(number, after(number), after(number)) for number in range(MOST_WAVES)))
    with pytest.raises(SurveyRuleError, match="200"):
        begun(survey, wave(MOST_WAVES, after(MOST_WAVES)), TODAY)


@pytest.mark.parametrize(
    ("first", "last", "pointer"),
    [
        (date(2026, 3, 10), date(2026, 3, 9), "/last_day"),
        (date(1999, 12, 31), date(2000, 2, 1), "/first_day"),
        (date(2026, 3, 10), date.max, "/first_day"),
        (date.max, None, "/first_day"),
        (date(2016, 3, 1), date(2026, 3, 10), "/last_day"),
    ],
)
def test_a_wave_is_a_span_of_days_near_enough(first: date, last: date | None, pointer: str) -> None:
    with pytest.raises(SurveyRuleError) as refused:
        begun(survey_of(), wave(1, first, last), TODAY)
    assert pointer_of(refused) == pointer


def test_a_wave_is_closed_with_today_unless_another_day_is_given() -> None:
    survey = with_waves(wave(1, after(-5)))
    assert wave_closed(survey, wave(1, TODAY).wave_id, None, TODAY).waves[0].last_day == TODAY
    assert wave_closed(survey, wave(1, TODAY).wave_id, after(-1), TODAY).waves[0].last_day == after(-1)


def test_a_wave_that_has_not_begun_is_closed_with_its_first_day() -> None:
    survey = with_waves(wave(1, after(5)))
    assert wave_closed(survey, wave(1, TODAY).wave_id, None, TODAY).waves[0].last_day == after(5)


def test_closing_again_moves_the_last_day_only_where_one_is_given() -> None:
    survey = with_waves(wave(1, after(-9), after(-3)), wave(2, TODAY))
    assert wave_closed(survey, wave(1, TODAY).wave_id, None, TODAY) is survey
    assert wave_closed(survey, wave(1, TODAY).wave_id, after(-3), TODAY) is survey
    assert wave_closed(survey, wave(1, TODAY).wave_id, after(-1), TODAY).waves[0].last_day == after(-1)
    for wrong in (TODAY, after(-10)):
        with pytest.raises(SurveyRuleError) as refused:
            wave_closed(survey, wave(1, TODAY).wave_id, wrong, TODAY)
        assert pointer_of(refused) == "/last_day"


def test_a_wave_gets_another_name() -> None:
    survey = with_waves(wave(1, after(-9), after(-3)))
    renamed = wave_renamed(survey, wave(1, TODAY).wave_id, "Março")
    assert (renamed.waves[0].name, renamed.revision) == ("Março", survey.revision + 1)
    assert wave_renamed(renamed, wave(1, TODAY).wave_id, "Março") is renamed


def test_no_other_wave_is_found() -> None:
    survey = with_waves(wave(1, TODAY))
    with pytest.raises(NoSuchWaveError):
        wave_closed(survey, "0" * 16, None, TODAY)
    with pytest.raises(NoSuchWaveError):
        wave_renamed(survey, "0" * 16, "Onda")


@given(steps=st.lists(st.tuples(st.sampled_from(["begin", "close"]), st.integers(0, 8), DAYS, st.none() | DAYS), max_size=25))
def test_whatever_is_asked_no_day_lies_in_two_waves_and_one_at_most_is_open(steps: list[tuple[str, int, date, date | None]]) -> None:
    survey = survey_of()
    for number, (step, which, first, last) in enumerate(steps):
        try:
            if step == "begin":
                survey = begun(survey, wave(number, first, last), TODAY)
            elif survey.waves:
                survey = wave_closed(survey, survey.waves[which % len(survey.waves)].wave_id, last, TODAY)
        except SurveyRuleError:
            continue
    assert sum(each.last_day is None for each in survey.waves) <= 1
    for days in range(-45, 120):
        assert sum(each.has(after(days)) for each in survey.waves) <= 1
