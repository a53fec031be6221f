"""The score beside another period's, of several surveys together, beside its goal, and of a wave."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from functions.report.composition import compose
from shared.display_counts import Displayed
from shared.periods import local_day
from shared.store.displays import Displays
from shared.store.registry import SurveyStore
from shared.survey import Segment, Survey
from shared.wave import Wave
from tests.fakes.samples import settings_of, survey_of
from tests.integration.gateway import Reply, invoke
from tests.integration.scores import ANALYST, READER, count, count_classes

NPS = "GET /v1/surveys/{survey_id}/nps"
WEEK = {"from": "2026-03-09", "to": "2026-03-15"}
FIRST_WAVE, SECOND_WAVE = "1" * 16, "2" * 16


def made(survey_id: str, **changes: Any) -> Survey:  # noqa: ANN401 - any setting
    segments = (Segment(key="plan", values=("free", "pro")),)
    waves = (
        Wave(wave_id=FIRST_WAVE, name="Janeiro", first_day=date(2026, 1, 5), last_day=date(2026, 1, 18)),
        Wave(wave_id=SECOND_WAVE, name="Março", first_day=date(2026, 3, 2), last_day=date(2026, 3, 15)),
    )
    survey = survey_of(survey_id, settings_of(segments=segments, **changes), row_shards=2, waves=waves)
    assert SurveyStore().create(survey)
    return survey


@pytest.fixture
def survey(aws: None) -> Survey:  # noqa: ARG001 - where it is stored
    compose()
    return made("demo")


def nps(query: Mapping[str, str], context: Mapping[str, str] = ANALYST, survey_id: str = "demo") -> Reply:
    return invoke(NPS, context, query=query, path={"survey_id": survey_id})


def compared(query: Mapping[str, str], context: Mapping[str, str] = ANALYST) -> Any:  # noqa: ANN401 - as JSON has it
    return nps(query, context).body["comparison"]


# ── Comparisons ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_score_beside_the_days_just_before(survey: Survey) -> None:
    count_classes(survey, "2026-03-02", (6, 17, 13))
    count_classes(survey, "2026-03-01", (500, 0, 0))
    count_classes(survey, "2026-03-09", (15, 13, 8))
    assert compared(WEEK | {"compare": "previous"}) == {
        "from": "2026-03-02",
        "to": "2026-03-08",
        "answers": 36,
        "nps": -19,
        "interval": {"low": -40.0, "high": 4.1, "confidence": 0.95, "method": "adjusted_wald"},
        "difference": 38.9,
        "z": 2.1478,
        "p": 0.031728,
        "verdict": "rose",
    }
    assert nps(WEEK).body["comparison"] is None


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        (WEEK | {"compare": "year"}, "2025-03-10", "2025-03-16"),
        ({"from": "2026-03-01", "to": "2026-03-31", "compare": "year"}, "2025-03-01", "2025-03-31"),
        ({"from": "2024-02-29", "to": "2024-02-29", "compare": "year"}, "2023-02-28", "2023-02-28"),
        ({"from": "2026-03-01", "to": "2026-03-31", "compare": "previous"}, "2026-01-29", "2026-02-28"),
        (WEEK | {"compare": "2026-01-01..2026-01-31"}, "2026-01-01", "2026-01-31"),
        (WEEK | {"compare": "2026-03-16..2026-03-16"}, "2026-03-16", "2026-03-16"),
    ],
)
@pytest.mark.usefixtures("survey")
def test_what_it_is_compared_with(query: dict[str, str], first: str, last: str) -> None:
    found = compared(query)
    assert (found["from"], found["to"], found["answers"], found["nps"], found["difference"]) == (first, last, 0, None, None)
    assert found["verdict"] == "too_few"


def test_nine_answers_on_a_side_are_too_few_for_a_verdict(survey: Survey) -> None:
    count_classes(survey, "2026-03-02", (0, 0, 9))
    count_classes(survey, "2026-03-09", (900, 0, 0))
    found = compared(WEEK | {"compare": "previous"})
    assert (found["difference"], found["z"], found["p"], found["verdict"]) == (200.0, None, None, "too_few")


def test_a_group_is_compared_with_itself(survey: Survey) -> None:
    for day in ("2026-03-02", "2026-03-09"):
        count_classes(survey, day, (100, 0, 100))
    count_classes(survey, "2026-03-02", (40, 0, 10), row="segment.plan=pro")
    count_classes(survey, "2026-03-09", (10, 0, 40), row="segment.plan=pro")
    found = compared(WEEK | {"compare": "previous", "segment": "plan:pro"})
    assert (found["nps"], found["difference"], found["verdict"]) == (60, -120.0, "fell")


def test_a_withheld_side_tells_nothing_of_the_difference(survey: Survey) -> None:
    for day in ("2026-02-09", "2026-03-09"):
        count_classes(survey, day, (100, 0, 100))
    count_classes(survey, "2026-02-09", (2, 0, 1), row="segment.plan=pro")
    count_classes(survey, "2026-03-09", (10, 0, 40), row="segment.plan=pro")
    nothing = dict.fromkeys(["answers", "nps", "interval", "difference", "z", "p", "verdict"])
    withheld = {"reason": "partial_blocks", "nearest": {"from": "2026-01-19", "to": "2026-02-15"}}
    found = compared(WEEK | {"compare": "2026-02-09..2026-02-15", "segment": "plan:pro"}, READER)
    assert found == {"from": "2026-02-09", "to": "2026-02-15", "withheld": withheld} | nothing

    backwards = nps({"from": "2026-02-09", "to": "2026-02-15", "compare": "2026-03-09..2026-03-15", "segment": "plan:pro"}, READER).body
    assert backwards["nps"] is None
    assert backwards["comparison"]["nps"] == -60
    assert {backwards["comparison"][name] for name in ("difference", "z", "p", "verdict")} == {None}


# ── Pools ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_answers_of_surveys_are_added_and_scores_never_averaged(survey: Survey) -> None:
    other = made("outra")
    count_classes(survey, "2026-03-09", (90, 5, 5))
    count_classes(other, "2026-03-09", (1, 2, 7))
    body = nps(WEEK | {"surveys": "outra"}).body
    assert (body["survey_id"], body["surveys"], body["answers"], body["nps"]) == ("demo", ["demo", "outra"], 110, 72)
    assert nps(WEEK | {"surveys": "demo,outra,outra,demo"}).body["answers"] == 110
    assert nps(WEEK | {"surveys": "demo"}).body["surveys"] is None


def test_each_survey_of_a_pool_counts_by_its_own_days_and_its_own_pair(survey: Survey) -> None:
    other = made("outra", pairs=(("segment.plan", "touchpoint"),), time_zone="Asia/Tokyo")
    count_classes(survey, "2026-03-09", (3, 0, 0), row="touchpoint=checkout&segment.plan=pro")
    count_classes(other, "2026-03-09", (4, 0, 0), row="segment.plan=pro&touchpoint=checkout")
    assert nps(WEEK | {"surveys": "outra", "touchpoint": "checkout", "segment": "plan:pro"}).body["answers"] == 7


def test_a_pool_is_asked_for_what_each_of_its_surveys_declares(survey: Survey) -> None:
    made("outra", touchpoints=())
    count(survey, "touchpoint=checkout", {9: 7})
    refused = nps(WEEK | {"surveys": "outra", "touchpoint": "checkout"})
    assert (refused.status, refused.body["errors"][0]["parameter"]) == (422, "touchpoint")


def test_a_pool_shows_a_group_only_where_each_of_its_surveys_does(survey: Survey) -> None:
    other = made("outra")
    for each, pro in ((survey, 50), (other, 4)):
        count_classes(each, "2026-03-09", (100, 0, 0))
        count_classes(each, "2026-03-09", (pro, 0, 0), row="segment.plan=pro")
    query = WEEK | {"surveys": "outra", "segment": "plan:pro"}
    assert nps(query, READER).body["withheld"]["reason"] == "partial_blocks"
    assert nps(query | {"from": "2026-02-16"}, READER).body["withheld"] == {"reason": "too_few_answers"}
    assert nps(query, ANALYST).body["answers"] == 54


def test_the_response_rate_of_a_pool_is_of_all_who_were_shown_the_question(survey: Survey) -> None:
    made("outra")
    day = date(2026, 3, 9)
    Displays().add("demo", day, "widget", {Displayed.SHOWN: 40, Displayed.ANSWERED: 10})
    Displays().add("outra", day, "widget", {Displayed.SHOWN: 60, Displayed.ANSWERED: 40})
    assert survey.survey_id == "demo"
    rate = nps(WEEK | {"surveys": "outra"}, READER).body["response_rate"]
    assert (rate["shown"], rate["answered"], rate["rate"]) == (100, 50, 0.5)


# ── Goals and identity ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("goal", "answers", "expected"), [(29, 51, True), (30, 51, False), (-100, 9, None)])
@pytest.mark.usefixtures("aws")
def test_a_goal_is_met_where_the_interval_s_lower_bound_reaches_it(goal: int, answers: int, expected: bool | None) -> None:  # noqa: FBT001 - the outcome
    compose()
    survey = made("com-meta", goal=goal)
    count_classes(survey, "2026-03-09", (32, 13, 6) if answers == 51 else (9, 0, 0))
    assert nps(WEEK, survey_id="com-meta").body["goal"] == {"nps": goal, "met": expected}


def test_a_pool_has_a_goal_where_its_surveys_agree_on_it(survey: Survey) -> None:
    made("a", goal=40), made("b", goal=40)
    assert survey.settings.goal is None
    assert nps(WEEK | {"surveys": "b"}, survey_id="a").body["goal"] == {"nps": 40, "met": None}
    assert nps(WEEK | {"surveys": "b,demo"}, survey_id="a").body["goal"] is None


def test_the_share_of_anonymous_answers_is_told_where_it_is_known_and_no_small_group_s(survey: Survey) -> None:
    assert nps(WEEK).body["identified"] is None
    count_classes(survey, "2026-03-09", (10, 0, 0))
    count_classes(survey, "2026-03-09", (6, 0, 0), row="identity=identified")
    count_classes(survey, "2026-03-10", (0, 2, 0), row="identity=anonymous")
    assert nps(WEEK).body["identified"] == {"answers": 6, "anonymous": 2, "share_anonymous": 0.25}
    assert nps(WEEK, READER).body["identified"] is None
    assert nps(WEEK | {"identity": "identified"}).body["identified"] is None
    assert nps(WEEK | {"identity": "identified"}).body["answers"] == 6


# ── Waves ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_wave_is_its_days_and_its_previous_is_the_wave_before(survey: Survey) -> None:
    count_classes(survey, "2026-01-18", (0, 0, 30))
    count_classes(survey, "2026-03-02", (30, 0, 0))
    count_classes(survey, "2026-03-16", (0, 0, 500))
    body = nps({"wave": SECOND_WAVE, "compare": "previous"}).body
    assert (body["from"], body["to"], body["nps"]) == ("2026-03-02", "2026-03-15", 100)
    assert (body["comparison"]["from"], body["comparison"]["to"], body["comparison"]["verdict"]) == ("2026-01-05", "2026-01-18", "rose")


@pytest.mark.usefixtures("aws")
def test_an_open_wave_lasts_until_today() -> None:
    compose()
    today = local_day(datetime.now(UTC), "America/Sao_Paulo")
    waves = (Wave(wave_id=FIRST_WAVE, name="Aberta", first_day=today - timedelta(days=3)),)
    assert SurveyStore().create(survey_of("aberta", waves=waves))
    body = nps({"wave": FIRST_WAVE}, survey_id="aberta").body
    assert (body["from"], body["to"]) == (str(today - timedelta(days=3)), str(today))


# ── Hostile queries ──────────────────────────────────────────────────────────────────────────────────────────────────

LONG = {"from": "2016-01-01", "to": "2026-01-01"}
BAD: dict[str, tuple[dict[str, str], str | None]] = {
    "compare with nothing": (WEEK | {"compare": ""}, "compare"),
    "compare with a word": (WEEK | {"compare": "secret-value"}, "compare"),
    "another case": (WEEK | {"compare": "PREVIOUS"}, "compare"),
    "compare twice": (WEEK | {"compare": "previous,year"}, "compare"),
    "only dots": (WEEK | {"compare": ".."}, "compare"),
    "no last day": (WEEK | {"compare": "2026-01-01.."}, "compare"),
    "no first day": (WEEK | {"compare": "..2026-01-01"}, "compare"),
    "three days": (WEEK | {"compare": "2026-01-01..2026-01-02..2026-01-03"}, "compare"),
    "three dots": (WEEK | {"compare": "2026-01-01...2026-01-02"}, "compare"),
    "not a day": (WEEK | {"compare": "2026-02-30..2026-03-01"}, "compare"),
    "reversed": (WEEK | {"compare": "2026-01-31..2026-01-01"}, "compare"),
    "eleven years": (WEEK | {"compare": "2010-01-01..2021-01-01"}, "compare"),
    "another script": (WEEK | {"compare": "\uff12\uff10\uff12\uff16-01-01..2026-01-02"}, "compare"),
    "itself": (WEEK | {"compare": "2026-03-09..2026-03-15"}, "compare"),
    "one day of itself": (WEEK | {"compare": "2026-03-15..2026-03-20"}, "compare"),
    "all around it": (WEEK | {"compare": "2026-01-01..2026-12-31"}, "compare"),
    "a year of more than a year": ({"from": "2024-01-01", "to": "2026-01-01", "compare": "year"}, "compare"),
    "before the calendar": ({"from": "0001-01-01", "to": "0001-01-07", "compare": "previous"}, "compare"),
    "a year before the calendar": ({"from": "0001-03-01", "to": "0001-03-09", "compare": "year"}, "compare"),
    "an unknown survey": (WEEK | {"surveys": "demo,secret-value"}, "surveys"),
    "no survey": (WEEK | {"surveys": ""}, "surveys"),
    "a survey and nothing": (WEEK | {"surveys": "demo,"}, "surveys"),
    "no survey's id": (WEEK | {"surveys": "demo#all"}, "surveys"),
    "a NUL": (WEEK | {"surveys": "demo\0"}, "surveys"),
    "fifty surveys": (WEEK | {"surveys": ",".join(f"s{number}" for number in range(50))}, "surveys"),
    "ten others": (WEEK | {"surveys": ",".join(f"s{number}" for number in range(10))}, "surveys"),
    "an unknown wave": ({"wave": "f" * 16}, "wave"),
    "no wave": ({"wave": ""}, "wave"),
    "two waves": ({"wave": f"{FIRST_WAVE},{SECOND_WAVE}"}, "wave"),
    "a wave and days": (WEEK | {"wave": FIRST_WAVE}, "wave"),
    "a wave and a day": ({"to": "2026-03-15", "wave": FIRST_WAVE}, "wave"),
    "before the first wave": ({"wave": FIRST_WAVE, "compare": "previous"}, None),
    "a trend's parameter": (WEEK | {"interval": "day"}, None),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.usefixtures("survey")
def test_a_query_that_is_not_right_is_refused_with_what_is_expected(case: str) -> None:
    query, parameter = BAD[case]
    refused = nps(query)
    assert (refused.status, refused.problem) == (422, "invalid")
    assert "secret-value" not in refused.text
    if parameter:
        assert refused.body["errors"][0]["parameter"] == parameter


@pytest.mark.usefixtures("survey")
def test_ten_years_are_compared_with_the_ten_before() -> None:
    body = nps(LONG | {"compare": "previous"}).body
    assert (body["comparison"]["from"], body["comparison"]["to"]) == ("2005-12-30", "2015-12-31")


def test_rows_that_change_between_the_two_periods_reads_are_read_again(survey: Survey) -> None:
    count(survey, "all", {10: 3, 0: -1}, day=date(2026, 3, 2))
    assert (nps(WEEK | {"compare": "previous"}).status, nps(WEEK | {"compare": "previous"}).problem) == (503, "too-busy")
    assert nps(WEEK).status == 200
