"""The demo's year: the same each time, and with a story that can be seen in its figures."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Final

import pytest

from infra.demo.answers import PastAnswer, year_of
from infra.demo.story import CARRIER_DAYS_AGO, HOTFIX_DAYS_AGO, RELEASE_DAYS_AGO, told_from
from infra.demo.surveys import ACCOUNTS, APP, SHOP, SURVEYS, DemoSurvey
from shared.comparing import Verdict, compare, judge_together
from shared.scoring import Histogram

TODAY: Final = date(2026, 11, 30)


@cache
def year(survey_id: str) -> tuple[PastAnswer, ...]:
    [survey] = [each for each in SURVEYS if each.survey_id == survey_id]
    return tuple(year_of(survey, TODAY))


def counted(answers: Iterable[PastAnswer]) -> Histogram:
    counts = Counter(answer.score for answer in answers)
    return Histogram(*(counts[score] for score in range(11)))


def days_ago(answer: PastAnswer) -> int:
    return (TODAY - answer.answered_at.date()).days


def test_it_is_the_same_each_time() -> None:
    assert tuple(year_of(APP, TODAY)) == year("app")


def test_a_survey_of_another_id_has_the_same_year() -> None:
    other = replace(APP, settings={**APP.settings, "survey_id": "another"})
    assert [replace(answer, id="", person=None) for answer in year_of(other, TODAY)] == [
        replace(answer, id="", person=None) for answer in year("app")
    ]


@pytest.mark.parametrize("survey", SURVEYS, ids=lambda survey: survey.survey_id)
def test_a_year_is_complete_and_every_answer_has_an_id_of_its_own(survey: DemoSurvey) -> None:
    answers = year(survey.survey_id)
    assert len({answer.id for answer in answers}) == len(answers)
    assert {days_ago(answer) // 7 for answer in answers} == set(range(survey.days // 7 + 1))
    declared = {segment["key"]: set(segment["values"]) for segment in survey.settings["segments"]}
    assert all(value in declared[key] for answer in answers for key, value in answer.segments.items())


@pytest.mark.parametrize(("plan", "expected"), [("pro", Verdict.FELL), ("free", Verdict.NO_CLEAR_CHANGE)])
def test_the_release_hurt_one_plan(plan: str, expected: Verdict) -> None:
    of_plan = [answer for answer in year("app") if answer.segments["plan"] == plan]
    before = counted(answer for answer in of_plan if RELEASE_DAYS_AGO < days_ago(answer) <= RELEASE_DAYS_AGO + 49)
    after = counted(answer for answer in of_plan if HOTFIX_DAYS_AGO < days_ago(answer) <= RELEASE_DAYS_AGO)
    assert compare(before, after).verdict is expected


@pytest.mark.parametrize("weekday", range(7))
def test_the_release_stands_out_among_all_weeks_on_whatever_day_one_looks(weekday: int) -> None:
    today = TODAY + timedelta(days=weekday)
    answers = tuple(year_of(APP, today))
    release = told_from(today) - timedelta(days=RELEASE_DAYS_AGO)
    mondays = [told_from(today) - timedelta(weeks=weeks) for weeks in range(52, 0, -1)]
    of_week = {monday: counted(each for each in answers if told_from(each.answered_at.date()) == monday) for monday in mondays}
    judged = judge_together([compare(of_week[before], of_week[now]) for before, now in pairwise(mondays)])
    assert [monday for monday, each in zip(mondays[1:], judged, strict=True) if each.verdict is Verdict.FELL] == [release]


def test_the_hotfix_mended_it() -> None:
    pro = [answer for answer in year("app") if answer.segments["plan"] == "pro"]
    broken = counted(answer for answer in pro if HOTFIX_DAYS_AGO < days_ago(answer) <= RELEASE_DAYS_AGO)
    assert compare(broken, counted(answer for answer in pro if days_ago(answer) <= HOTFIX_DAYS_AGO - 49)).verdict is Verdict.ROSE


def test_christmas_is_hard_on_deliveries_and_a_second_carrier_helps_far_away() -> None:
    delivered = [answer for answer in year("demo") if answer.plain["touchpoint"] == "delivery"]
    christmas = counted(
        answer for answer in delivered if (answer.answered_at.month, answer.answered_at.day) in {(12, d) for d in range(8, 25)}
    )
    assert compare(counted(answer for answer in delivered if answer.answered_at.month in {1, 2, 3}), christmas).verdict is Verdict.FELL
    far = [answer for answer in delivered if answer.segments["region"] in {"norte", "nordeste"}]
    before, after = ([a for a in far if (days_ago(a) > CARRIER_DAYS_AGO) is is_before] for is_before in (True, False))
    difference = compare(counted(before), counted(after)).difference
    assert difference is not None
    assert difference > 0


def test_accounts_are_known_and_asked_again() -> None:
    answers = year(ACCOUNTS.survey_id)
    assert all(answer.person for answer in answers)
    assert len({answer.person.customer_id for answer in answers if answer.person}) < len(answers)


def test_comments_are_of_those_who_are_asked_and_nobody_real() -> None:
    for survey in (SHOP, APP, ACCOUNTS):
        said = [answer for answer in year(survey.survey_id) if answer.comment]
        assert len(said) > len(year(survey.survey_id)) * 0.3
        assert all(answer.person.email.endswith(".example") for answer in year(survey.survey_id) if answer.person)
