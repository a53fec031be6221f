"""The score over HTTP, from rollups."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pynamodb.connection import TableConnection

from functions.report.composition import compose
from shared.display_counts import Displayed
from shared.periods import local_day
from shared.store.displays import Displays
from shared.store.registry import SurveyStore
from shared.survey import Segment, Survey
from tests.fakes.samples import settings_of, survey_of
from tests.integration.gateway import Reply, invoke
from tests.integration.scores import ANALYST, READER, count

NPS = "GET /v1/surveys/{survey_id}/nps"
WEEK = {"from": "2026-03-09", "to": "2026-03-15"}
SPAN = {"from": "2026-02-16", "to": "2026-03-15"}
MONDAY = date(2026, 3, 9)
DELIGHTED = {10: 20, 9: 12, 8: 8, 7: 5, 6: 2, 5: 1, 3: 1, 1: 1, 0: 1}
"""32 promoters, 13 passives, 6 detractors."""


@pytest.fixture
def survey(aws: None) -> Survey:  # noqa: ARG001 - where it is stored
    segments = (Segment(key="plan", values=("free", "pro")), Segment(key="region", values=("sul", "norte")))
    pairs = (("touchpoint", "segment.plan"), ("segment.plan", "segment.region"))
    made = survey_of("demo", settings_of(segments=segments, pairs=pairs), row_shards=3)
    compose()
    assert SurveyStore().create(made)
    return made


def nps(query: Mapping[str, str] | None = None, context: Mapping[str, str] = ANALYST, survey_id: str = "demo") -> Reply:
    return invoke(NPS, context, query=query, path={"survey_id": survey_id})


def test_the_published_sample_gives_its_published_score(survey: Survey) -> None:
    count(survey, "all", DELIGHTED)
    assert nps(WEEK).body == {
        "survey_id": "demo",
        "from": "2026-03-09",
        "to": "2026-03-15",
        "answers": 51,
        "promoters": 32,
        "passives": 13,
        "detractors": 6,
        "distribution": [1, 1, 0, 1, 0, 1, 2, 5, 8, 12, 20],
        "nps": 51,
        "interval": {"low": 29.3, "high": 67.0, "confidence": 0.95, "method": "adjusted_wald"},
        "band": {"key": "very_good", "label": "Muito bom"},
        "surveys": None,
        "comparison": None,
        "goal": None,
        "identified": None,
        "response_rate": {"shown": 0, "answered": 0, "dismissed": 0, "rate": None, "opened": 0, "suspect": 0, "channels": {}},
    }


def test_days_and_shards_add_up_even_where_a_shard_is_negative(survey: Survey) -> None:
    count(survey, "all", {10: 5, 0: -1}, shard=0)
    count(survey, "all", {0: 2}, shard=1)
    count(survey, "all", {9: 1}, day=MONDAY + timedelta(days=6), shard=2)
    body = nps(WEEK).body
    assert (body["answers"], body["promoters"], body["detractors"]) == (7, 6, 1)


def test_both_ends_of_the_period_are_included_and_nothing_beyond(survey: Survey) -> None:
    for day in (8, 9, 15, 16):
        count(survey, "all", {day % 10: 1}, day=date(2026, 3, day))
    assert nps(WEEK).body["distribution"] == [0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0]
    assert nps({"from": "2026-03-15", "to": "2026-03-15"}).body["answers"] == 1


def test_without_answers_there_is_no_score(survey: Survey) -> None:
    assert survey.survey_id == "demo"
    body = nps(WEEK).body
    assert (body["answers"], body["nps"], body["interval"]) == (0, None, None)
    assert body["band"] == {"key": "too_few", "label": "poucas respostas"}


def test_the_period_is_the_last_30_days_unless_said(survey: Survey) -> None:
    today = local_day(datetime.now(UTC), survey.settings.time_zone)
    body = nps().body
    assert (body["from"], body["to"]) == ((today - timedelta(days=29)).isoformat(), today.isoformat())
    assert nps({"to": "2026-03-15"}).body["from"] == "2026-02-14"
    assert nps({"from": (today - timedelta(days=2)).isoformat()}).body["to"] == today.isoformat()


@pytest.mark.parametrize(
    ("query", "row"),
    [
        ({"touchpoint": "checkout"}, "touchpoint=checkout"),
        ({"touchpoint": "other"}, "touchpoint=other"),
        ({"channel": "widget"}, "channel=widget"),
        ({"variant": "other"}, "variant=other"),
        ({"locale": "pt-BR"}, "locale=pt-BR"),
        ({"identity": "identified"}, "identity=identified"),
        ({"identity": "anonymous"}, "identity=anonymous"),
        ({"segment": "plan:pro"}, "segment.plan=pro"),
        ({"touchpoint": "checkout", "segment": "plan:pro"}, "touchpoint=checkout&segment.plan=pro"),
        ({"segment": "plan:pro,region:sul"}, "segment.plan=pro&segment.region=sul"),
        ({"segment": "region:sul,plan:pro"}, "segment.plan=pro&segment.region=sul"),
    ],
)
def test_a_filter_reads_the_row_of_its_group(survey: Survey, query: dict[str, str], row: str) -> None:
    count(survey, "all", {9: 20})
    count(survey, row, {10: 7, 2: 1})
    body = nps(WEEK | query).body
    assert (body["answers"], body["nps"]) == (8, 75)


BAD_QUERIES: dict[str, tuple[dict[str, str], str | None]] = {
    "no day": ({"from": "secret-value"}, "from"),
    "a day that is none": ({"from": "2026-02-30"}, "from"),
    "a day of another notation": ({"to": "20260309"}, "to"),
    "a week": ({"to": "2026-W11-1"}, "to"),
    "an instant": ({"to": "2026-03-09T00:00:00Z"}, "to"),
    "another script's digits": ({"to": "\uff12\uff10\uff12\uff16-03-09"}, "to"),
    "a line break": ({"to": "2026-03-09\n"}, "to"),
    "an empty day": ({"from": ""}, "from"),
    "a year 0": ({"to": "0000-01-01"}, "to"),
    "a day before which there is no month": ({"to": "0001-01-02"}, "from"),
    "two days": ({"from": "2026-03-09,2026-03-10"}, "from"),
    "the wrong way round": ({"from": "2026-03-10", "to": "2026-03-09"}, "from"),
    "too long": ({"from": "2010-01-01", "to": "2026-01-01"}, "from"),
    "an unknown touchpoint": ({"touchpoint": "secret-value"}, "touchpoint"),
    "an empty touchpoint": ({"touchpoint": ""}, "touchpoint"),
    "two touchpoints": ({"touchpoint": "checkout,support"}, "touchpoint"),
    "a row of another kind": ({"touchpoint": "checkout&segment.plan=pro"}, "touchpoint"),
    "an unknown identity": ({"identity": "secret-value"}, "identity"),
    "an unknown segment": ({"segment": "secret-value:pro"}, "segment"),
    "a segment's unknown value": ({"segment": "plan:secret-value"}, "segment"),
    "a segment without a value": ({"segment": "plan"}, "segment"),
    "an empty segment": ({"segment": ""}, "segment"),
    "an unknown parameter": ({"secret-value": "1"}, None),
    "a misspelt parameter": ({"segments": "plan:pro"}, None),
    "no declared pair": ({"channel": "widget", "touchpoint": "checkout"}, None),
    "the same segment twice": ({"segment": "plan:pro,plan:free"}, None),
    "three filters": ({"touchpoint": "checkout", "segment": "plan:pro,region:sul"}, None),
}


@pytest.mark.parametrize("case", BAD_QUERIES)
def test_a_query_that_is_not_right_is_refused_with_what_is_allowed(survey: Survey, case: str) -> None:
    query, parameter = BAD_QUERIES[case]
    refused = nps(query)
    assert (refused.status, refused.problem) == (422, "invalid")
    assert "secret-value" not in refused.text
    if parameter:
        assert refused.body["errors"][0]["parameter"] == parameter
    if case == "an unknown touchpoint":
        assert all(value in refused.text for value in (*survey.settings.declared()["touchpoint"], "other"))
    if case == "no declared pair":
        assert "touchpoint with segment.plan" in refused.text


@pytest.mark.parametrize("survey_id", ["", "nobody", "..", "demo#all", "demo\n", "DEMO", "a" * 500, "\0"])
@pytest.mark.usefixtures("survey")
def test_a_survey_that_is_not_there_is_not_found(survey_id: str) -> None:
    assert nps(survey_id=survey_id).problem == "no-such-survey"


# ── Small groups ─────────────────────────────────────────────────────────────────────────────────────────────────────

NO_FIGURES = dict.fromkeys(["answers", "promoters", "passives", "detractors", "distribution", "nps", "interval", "band"])


def group_of(survey: Survey, inside: int, outside: int, context: Mapping[str, str], period: Mapping[str, str] = WEEK) -> Any:  # noqa: ANN401 - JSON
    count(survey, "all", {10: inside + outside})
    count(survey, "segment.plan=pro", {10: inside})
    return nps({**period, "segment": "plan:pro"}, context).body


@pytest.mark.parametrize(("inside", "outside"), [(4, 100), (100, 4), (0, 100), (1, 1)])
def test_a_group_of_few_is_withheld_from_who_may_not_read_answers(survey: Survey, inside: int, outside: int) -> None:
    body = group_of(survey, inside, outside, READER, SPAN)
    assert body["withheld"] == {"reason": "too_few_answers"}
    assert {name: body[name] for name in NO_FIGURES} == NO_FIGURES
    assert group_of(survey, inside, outside, ANALYST)["answers"] == inside
    nearest = {"nearest": {"from": "2026-02-16", "to": "2026-03-15"}} if inside and outside else {}
    reason = {"reason": "partial_blocks" if nearest else "too_few_answers"}
    assert group_of(survey, inside, outside, READER)["withheld"] == reason | nearest


def test_a_group_of_five_with_five_outside_is_shown(survey: Survey) -> None:
    body = group_of(survey, 5, 5, READER)
    assert body["answers"] == 5
    assert "withheld" not in body


def test_a_group_is_shown_by_whole_weeks_only(survey: Survey) -> None:
    days = {"from": "2026-03-09", "to": "2026-03-14"}
    assert group_of(survey, 50, 50, READER, days)["withheld"] == {"reason": "partial_weeks", "nearest": WEEK}
    assert group_of(survey, 50, 50, ANALYST, days)["answers"] == 50


def test_everybody_together_is_shown_however_few(survey: Survey) -> None:
    count(survey, "all", {10: 1})
    assert nps({"from": "2026-03-09", "to": "2026-03-09"}, READER).body["answers"] == 1


# ── Cost and concurrency ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_cost_is_that_of_days_and_shards_whatever_the_number_of_answers(survey: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
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
        assert nps(WEEK | {"segment": "plan:pro"}).body["answers"] == answers
        costs.append(sorted(asked))
    days = [f"demo#{family}#{shard}" for family in ("all", "segment.plan") for shard in range(3)]
    assert costs[0] == costs[1] == sorted([*days, "demo#segment.plan#weeks"])


def test_rows_read_while_an_answer_moves_between_shards_are_read_again(survey: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    count(survey, "all", {10: 3, 0: -1}, shard=0)
    sums = compose().history.sums
    reads: list[None] = []

    def moving(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as the store has it
        reads.append(None)
        found = sums(*arguments, **options)
        count(survey, "all", {0: 1}, shard=1)
        return found

    monkeypatch.setattr(compose().history, "sums", moving)
    assert nps(WEEK).body["answers"] == 3
    assert len(reads) == 2


def test_rows_that_stay_negative_are_not_shown(survey: Survey) -> None:
    count(survey, "all", {10: 3, 0: -1})
    assert (nps(WEEK).status, nps(WEEK).problem) == (503, "too-busy")


def test_a_survey_s_score_has_nothing_of_another_s(survey: Survey) -> None:
    count(survey, "all", DELIGHTED)
    for survey_id in ("demo-2", "dem", "2demo"):
        assert SurveyStore().create(survey_of(survey_id))
        assert nps(WEEK, survey_id=survey_id).body["answers"] == 0


# ── The response rate ────────────────────────────────────────────────────────────────────────────────────────────────


def display(day: date = MONDAY, channel: str = "widget", survey_id: str = "demo", **counts: int) -> None:
    Displays().add(survey_id, day, channel, {Displayed(name): count for name, count in counts.items()})


def rate(query: Mapping[str, str] = WEEK, context: Mapping[str, str] = READER) -> Any:  # noqa: ANN401 - as JSON has it
    return nps(query, context).body["response_rate"]


def test_the_response_rate_is_of_the_days_and_the_channel_asked_for(survey: Survey) -> None:
    count(survey, "all", {10: 20})
    count(survey, "channel=page", {10: 6})
    display(shown=40, answered=10, dismissed=20)
    display(shown=20, answered=5, day=MONDAY + timedelta(days=6))
    display(channel="page", opened=30, suspect=11, shown=12, answered=6)
    display(shown=500, day=MONDAY + timedelta(days=7))
    display(shown=500, survey_id="other")
    widget, page = {"shown": 60, "answered": 15, "dismissed": 20, "rate": 0.25}, {"shown": 12, "answered": 6, "dismissed": 0, "rate": 0.5}
    whole = {"shown": 72, "answered": 21, "dismissed": 20, "rate": 0.2917, "opened": 30, "suspect": 11}
    assert rate() == whole | {"channels": {"page": page, "widget": widget}}
    assert rate(WEEK | {"channel": "page"}) == page | {"opened": 30, "suspect": 11, "channels": None}
    count(survey, "segment.plan=pro", {10: 6})
    assert rate(WEEK | {"segment": "plan:pro"}) is None


@pytest.mark.parametrize(("widget", "page", "query"), [(4, 9, WEEK), (9, 0, WEEK), (9, 9, {"from": "2026-03-09", "to": "2026-03-14"})])
def test_channels_are_told_apart_where_nobody_is_by_it(survey: Survey, widget: int, page: int, query: Mapping[str, str]) -> None:
    count(survey, "all", {10: 20})
    display(shown=40, answered=widget)
    display(channel="page", shown=40, answered=page)
    assert rate(query)["channels"] is None
    assert rate(query)["answered"] == widget + page
    assert rate(query, ANALYST)["channels"]["page"]["answered"] == page


def test_a_withheld_group_has_no_rate(survey: Survey) -> None:
    count(survey, "all", {10: 20})
    count(survey, "channel=page", {10: 2})
    display(channel="page", shown=40, answered=2)
    assert rate(WEEK | {"channel": "page"}) is None
    assert rate(WEEK | {"channel": "page"}, ANALYST)["answered"] == 2


def test_more_answers_than_displays_are_no_rate_above_one(survey: Survey) -> None:
    display(shown=1, answered=3)
    assert survey.survey_id == "demo"
    assert rate()["rate"] == 1.0


def test_a_reader_of_scores_sees_the_surveys_there_are_and_nothing_of_their_legal_side(survey: Survey) -> None:
    shown = invoke("GET /v1/me/surveys", READER).body["surveys"]
    assert [(each["survey_id"], each["name"], each["status"]) for each in shown] == [("demo", survey.settings.name, survey.status)]
    assert [segment["key"] for segment in shown[0]["segments"]] == ["plan", "region"]
    assert not shown[0].keys() & {"legal_basis", "encarregado", "origins", "wording", "person_salt"}
    assert invoke("GET /v1/me/surveys", {"key_id": "other", "scopes": "surveys"}).problem == "scope-missing"
