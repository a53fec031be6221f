"""The score over time, over HTTP and from rollups."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pynamodb.connection import TableConnection

from functions.report.composition import compose
from shared.annotation import Annotation, AnnotationKind
from shared.periods import local_day
from shared.store.annotations import Annotations
from shared.store.registry import SurveyStore
from shared.survey import Segment, Survey
from shared.wave import Wave
from tests.fakes.samples import settings_of, survey_of
from tests.integration.gateway import Reply, invoke
from tests.integration.scores import ANALYST, READER, count, count_classes

TREND = "GET /v1/surveys/{survey_id}/trend"
MARCH = {"from": "2026-03-02", "to": "2026-03-29"}
WAVES = (
    Wave(wave_id="1" * 16, name="Janeiro", first_day=date(2026, 1, 5), last_day=date(2026, 1, 18)),
    Wave(wave_id="2" * 16, name="Março", first_day=date(2026, 3, 2), last_day=date(2026, 3, 15)),
)


def made(survey_id: str, **changes: Any) -> Survey:  # noqa: ANN401 - any setting
    segments = (Segment(key="plan", values=("free", "pro")),)
    survey = survey_of(survey_id, settings_of(segments=segments, **changes), row_shards=2, waves=WAVES)
    assert SurveyStore().create(survey)
    return survey


@pytest.fixture
def survey(aws: None) -> Survey:  # noqa: ARG001 - where it is stored
    compose()
    return made("demo")


def trend(query: Mapping[str, str] | None = None, context: Mapping[str, str] = ANALYST, survey_id: str = "demo") -> Reply:
    return invoke(TREND, context, query=query, path={"survey_id": survey_id})


def points(query: Mapping[str, str], context: Mapping[str, str] = ANALYST) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = trend(query, context).body["points"]
    return found


def days_of(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(point["from"], point["to"]) for point in found]


# ── Series ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_series_of_weeks_with_a_fall_that_stands(survey: Survey) -> None:
    count_classes(survey, "2026-03-02", (60, 30, 10))
    count_classes(survey, "2026-03-15", (30, 30, 40))
    count_classes(survey, "2026-03-29", (3, 0, 1))
    body = trend(MARCH | {"interval": "week"}).body
    assert {name: body[name] for name in body if name != "points"} == {
        "survey_id": "demo",
        "surveys": None,
        "from": "2026-03-02",
        "to": "2026-03-29",
        "interval": "week",
        "window": None,
        "time_zone": "America/Sao_Paulo",
        "annotations": [],
    }
    first, second, third, fourth = body["points"]
    assert first == {
        "from": "2026-03-02",
        "to": "2026-03-08",
        "complete": True,
        "answers": 100,
        "promoters": 60,
        "passives": 30,
        "detractors": 10,
        "nps": 50,
        "interval": {"low": 35.5, "high": 61.6, "confidence": 0.95, "method": "adjusted_wald"},
        "band": {"key": "very_good", "label": "Muito bom"},
        "change": None,
        "wave": None,
    }
    assert second["change"] == {"difference": -60.0, "z": -5.5291, "p": 0.0, "verdict": "fell", "marked": True}
    assert (third["answers"], third["nps"], third["interval"], third["change"]) == (0, None, None, None)
    assert third["band"]["key"] == "too_few"
    assert fourth["change"] == {"difference": 60.0, "z": None, "p": None, "verdict": "too_few", "marked": False}


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ({"from": "2026-03-01", "to": "2026-03-02"}, [("2026-03-01", "2026-03-01"), ("2026-03-02", "2026-03-02")]),
        ({"from": "2026-02-27", "to": "2026-03-02", "interval": "month"}, [("2026-02-27", "2026-02-28"), ("2026-03-01", "2026-03-02")]),
        ({"from": "2026-03-30", "to": "2026-04-02", "interval": "quarter"}, [("2026-03-30", "2026-03-31"), ("2026-04-01", "2026-04-02")]),
        ({"from": "2026-03-08", "to": "2026-03-09", "interval": "week"}, [("2026-03-08", "2026-03-08"), ("2026-03-09", "2026-03-09")]),
        ({"from": "2026-03-08", "to": "2026-03-09", "window": "28d"}, [("2026-02-09", "2026-03-08"), ("2026-02-10", "2026-03-09")]),
        ({"wave": "2" * 16, "interval": "week"}, [("2026-03-02", "2026-03-08"), ("2026-03-09", "2026-03-15")]),
    ],
)
@pytest.mark.usefixtures("survey")
def test_the_days_of_the_points(query: dict[str, str], days: list[tuple[str, str]]) -> None:
    assert days_of(points(query)) == days


def test_a_rolling_window_takes_its_days_together_and_is_compared_with_the_window_before(survey: Survey) -> None:
    count_classes(survey, "2026-02-28", (30, 30, 40))
    count_classes(survey, "2026-03-01", (50, 0, 0))
    count_classes(survey, "2026-03-07", (50, 0, 0))
    count_classes(survey, "2026-03-08", (1, 0, 0))
    seventh, eighth = points({"from": "2026-03-07", "to": "2026-03-08", "window": "7d"})
    assert [(point["answers"], point["nps"]) for point in (seventh, eighth)] == [(100, 100), (51, 100)]
    assert seventh["change"]["difference"] == 110.0
    assert eighth["change"]["difference"] == pytest.approx(100 - 100 * 40 / 150, abs=0.05)


def test_each_wave_is_a_point(survey: Survey) -> None:
    count_classes(survey, "2026-01-05", (0, 0, 30))
    count_classes(survey, "2026-02-01", (500, 0, 0))
    count_classes(survey, "2026-03-15", (30, 0, 0))
    body = trend({"interval": "wave"}).body
    assert body["from"] == "2026-01-05"
    assert [(point["wave"]["name"], point["nps"], point["complete"]) for point in body["points"]] == [
        ("Janeiro", -100, True),
        ("Março", 100, True),
    ]
    assert body["points"][1]["change"]["marked"] is True
    assert [point["complete"] for point in points({"from": "2026-01-10", "to": "2026-03-15", "interval": "wave"})] == [False, True]
    assert points({"from": "2026-02-01", "to": "2026-02-20", "interval": "wave"}) == []


@pytest.mark.parametrize(
    ("query", "count", "first"),
    [
        ({}, 30, -29),
        ({"interval": "day"}, 30, -29),
        ({"interval": "week"}, 27, -181),
        ({"window": "7d"}, 30, -29),
    ],
)
@pytest.mark.usefixtures("survey")
def test_how_far_a_series_goes_back_unless_said(query: dict[str, str], count: int, first: int) -> None:
    today = local_day(datetime.now(UTC), "America/Sao_Paulo")
    body = trend(query).body
    assert (body["from"], body["to"]) == (str(today + timedelta(days=first)), str(today))
    assert count - 1 <= len(body["points"]) <= count
    assert body["points"][-1]["complete"] is False


@pytest.mark.parametrize(
    ("time_zone", "days"),
    [
        ("America/New_York", ("2026-03-07", "2026-03-09")),  # a day of 23 hours
        ("America/New_York", ("2026-10-31", "2026-11-02")),  # one of 25
        ("America/Sao_Paulo", ("2018-11-03", "2018-11-05")),  # one that began at one o'clock
        ("Pacific/Apia", ("2011-12-29", "2011-12-31")),  # and one that never was
    ],
)
@pytest.mark.usefixtures("survey")
def test_days_whose_clocks_change_are_points_as_any(time_zone: str, days: tuple[str, str]) -> None:
    there = made("there", time_zone=time_zone)
    for number in range(3):
        day = date.fromisoformat(days[0]) + timedelta(days=number)
        count_classes(there, str(day), (number + 1, 0, 0))
    found = trend({"from": days[0], "to": days[1]}, survey_id="there").body
    assert [point["answers"] for point in found["points"]] == [1, 2, 3]
    assert all(point["complete"] for point in found["points"])
    assert found["time_zone"] == time_zone


def test_a_pool_s_points_add_answers_and_are_over_where_all_its_surveys_days_are(survey: Survey) -> None:
    far, further = "Etc/GMT+12", "Etc/GMT-14"  # 26 hours apart, so never on the same day
    early, late = made("early", time_zone=further), made("late", time_zone=far)
    count_classes(survey, "2026-03-02", (1, 0, 0))
    count_classes(early, "2026-03-02", (2, 0, 0))
    assert [point["answers"] for point in points(MARCH | {"surveys": "early", "interval": "month"})] == [3]
    today = local_day(datetime.now(UTC), further)
    query = {"from": str(today - timedelta(days=1)), "to": str(today - timedelta(days=1))}
    assert [late.survey_id, trend(query, survey_id="early").body["points"][0]["complete"]] == ["late", True]
    assert trend(query | {"surveys": "late"}, survey_id="early").body["points"][0]["complete"] is False


def test_a_group_s_points_are_withheld_one_by_one(survey: Survey) -> None:
    for day, pro in (("2026-03-02", 50), ("2026-03-09", 60), ("2026-03-16", 4)):
        count_classes(survey, day, (100, 0, 0))
        count_classes(survey, day, (pro, 0, 0), row="segment.plan=pro")
    first, second, third, _ = points(MARCH | {"interval": "week", "segment": "plan:pro"}, READER)
    assert [first["answers"], second["answers"]] == [50, 60]
    assert third["withheld"]["reason"] == "partial_blocks"
    assert {third[name] for name in ("answers", "promoters", "passives", "detractors", "nps", "interval", "band", "change")} == {None}
    assert second["change"]["verdict"] == "no_clear_change"
    days = points(MARCH | {"segment": "plan:pro"}, READER)
    assert {point["withheld"]["reason"] for point in days} == {"partial_weeks"}
    assert points(MARCH | {"segment": "plan:pro"})[14]["answers"] == 4


def test_annotations_of_its_days_stand_beside_the_series(survey: Survey) -> None:
    for number, (first, last) in enumerate([("2026-02-01", "2026-03-02"), ("2026-03-10", "2026-03-10"), ("2026-03-30", "2026-03-31")]):
        annotation = Annotation(
            annotation_id=f"ann_{number}",
            first=date.fromisoformat(first),
            last=date.fromisoformat(last),
            kind=AnnotationKind.RELEASE,
            text=str(number),
            created_at=datetime.now(UTC),
        )
        Annotations().create("demo", annotation)
    assert survey.survey_id == "demo"
    assert [each["text"] for each in trend(MARCH).body["annotations"]] == ["0", "1"]


# ── Cost ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_cost_is_that_of_families_and_shards_whatever_the_number_of_answers(survey: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    query = TableConnection.query

    def counted(table: TableConnection, partition: str, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as PynamoDB has it
        asked.append(partition)
        return query(table, partition, *arguments, **options)

    monkeypatch.setattr(TableConnection, "query", counted)
    costs = []
    for answers in (1, 1_000_000):
        count(survey, "all", {10: answers + 5})
        count(survey, "segment.plan=pro", {10: answers})
        asked.clear()
        assert points(MARCH | {"interval": "month", "segment": "plan:pro"})[0]["answers"] == answers
        costs.append(sorted(asked))
    families = [f"demo#{family}#{shard}" for family in ("all", "segment.plan") for shard in range(2)]
    assert costs[0] == costs[1] == sorted(["annotation#demo", "demo#segment.plan#weeks", *families])


def test_rows_that_stay_negative_are_not_shown(survey: Survey) -> None:
    count(survey, "all", {10: 3, 0: -1})
    assert (trend(MARCH).status, trend(MARCH).problem) == (503, "too-busy")
    assert trend({"from": "2026-03-10", "to": "2026-03-29"}).status == 200


# ── Hostile queries ──────────────────────────────────────────────────────────────────────────────────────────────────

BAD: dict[str, tuple[dict[str, str], str | None]] = {
    "an unknown interval": (MARCH | {"interval": "secret-value"}, "interval"),
    "no interval": (MARCH | {"interval": ""}, "interval"),
    "another case": (MARCH | {"interval": "Week"}, "interval"),
    "two intervals": (MARCH | {"interval": "day,week"}, "interval"),
    "a year": (MARCH | {"interval": "year"}, "interval"),
    "an unknown window": (MARCH | {"window": "8d"}, "window"),
    "no window": (MARCH | {"window": ""}, "window"),
    "a window of nothing": (MARCH | {"window": "0d"}, "window"),
    "a number": (MARCH | {"window": "28"}, "window"),
    "two windows": (MARCH | {"window": "7d,28d"}, "window"),
    "an interval and a window": (MARCH | {"interval": "day", "window": "7d"}, "window"),
    "1,001 days": ({"from": "2023-01-01", "to": "2025-09-27"}, None),
    "1,001 windows": ({"from": "2023-01-01", "to": "2025-09-27", "window": "7d"}, None),
    "ten years of days": ({"from": "2016-01-01", "to": "2026-01-01"}, None),
    "eleven years": ({"from": "2015-01-01", "to": "2026-01-01", "interval": "quarter"}, "from"),
    "reversed": ({"from": "2026-03-10", "to": "2026-03-09"}, "from"),
    "no day": ({"from": "secret-value"}, "from"),
    "a day that is none": ({"to": "2026-02-30"}, "to"),
    "two days": ({"from": "2026-03-09,2026-03-10"}, "from"),
    "a window before the calendar": ({"from": "0001-01-08", "to": "0001-01-20", "window": "7d"}, "from"),
    "a month before the calendar": ({"to": "0001-01-08"}, "from"),
    "an unknown survey": (MARCH | {"surveys": "secret-value"}, "surveys"),
    "fifty surveys": (MARCH | {"surveys": ",".join(f"s{number}" for number in range(50))}, "surveys"),
    "a wave and days": (MARCH | {"wave": "2" * 16}, "wave"),
    "an unknown wave": ({"wave": "secret-value"}, "wave"),
    "an unknown touchpoint": (MARCH | {"touchpoint": "secret-value"}, "touchpoint"),
    "two touchpoints": (MARCH | {"touchpoint": "checkout,support"}, "touchpoint"),
    "an unknown parameter": (MARCH | {"secret-value": "1"}, None),
    "what nps is compared with": (MARCH | {"compare": "previous"}, None),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.usefixtures("survey")
def test_a_query_that_is_not_right_is_refused_with_what_is_expected(case: str) -> None:
    query, parameter = BAD[case]
    refused = trend(query)
    assert (refused.status, refused.problem) == (422, "invalid")
    assert "secret-value" not in refused.text
    if parameter:
        assert refused.body["errors"][0]["parameter"] == parameter
    if "1,001" in case:
        assert "1000 points" in refused.body["detail"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"from": "2023-01-01", "to": "2025-09-26"}, 1000),
        ({"from": "2023-01-01", "to": "2025-09-26", "window": "90d"}, 1000),
        ({"from": "2016-01-01", "to": "2026-01-01", "interval": "week"}, 523),
        ({"from": "9999-12-01", "to": "9999-12-31", "interval": "week"}, 5),
        ({"from": "0001-01-01", "to": "0001-01-31", "interval": "month"}, 1),
    ],
)
def test_the_longest_series_and_the_ends_of_the_calendar_are_answered(survey: Survey, query: dict[str, str], count: int) -> None:
    assert survey.survey_id == "demo"
    found = points(query)
    assert len(found) == count
    assert {point["answers"] for point in found} == {0}


@pytest.mark.parametrize("survey_id", ["", "nobody", "..", "demo#all", "demo\n", "DEMO", "a" * 500, "\0", "demo,demo"])
@pytest.mark.usefixtures("survey")
def test_a_survey_that_is_not_there_is_not_found(survey_id: str) -> None:
    assert trend(MARCH, survey_id=survey_id).problem == "no-such-survey"


@pytest.mark.usefixtures("survey")
def test_it_needs_the_scope_of_scores() -> None:
    assert trend(MARCH, {"key_id": "other", "scopes": "surveys answers:read"}).problem == "scope-missing"
