"""The score by groups over HTTP, from rollups: what is asked, what is told, and what is kept back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from functions.report.composition import compose
from shared.store.registry import SurveyStore
from shared.survey import Segment, Survey, Touchpoint
from tests.fakes.samples import settings_of, survey_of
from tests.integration.gateway import Reply, invoke
from tests.integration.scores import ANALYST, READER, count

SEGMENTS = "GET /v1/surveys/{survey_id}/segments"
BEFORE, NOW = "2026-03-02", "2026-03-09"
WEEK = {"from": NOW, "to": "2026-03-15"}
PAIR = "touchpoint=checkout&segment.plan=pro"
FIGURES = ("answers", "promoters", "passives", "detractors", "nps", "interval", "band")


@pytest.fixture
def survey(aws: None) -> Survey:  # noqa: ARG001 - where it is stored
    touchpoints = (Touchpoint(key="checkout", label="Pagamento"), Touchpoint(key="support", label="Suporte"))
    segments = (Segment(key="plan", values=("free", "pro")), Segment(key="region", values=("sul", "rest")))
    pairs = (("touchpoint", "segment.plan"),)
    made = survey_of("demo", settings_of(touchpoints=touchpoints, segments=segments, pairs=pairs))
    compose()
    assert SurveyStore().create(made)
    return made


def segments(query: Mapping[str, str] | None = None, context: Mapping[str, str] = ANALYST, survey_id: str = "demo") -> Reply:
    return invoke(SEGMENTS, context, query=query, path={"survey_id": survey_id})


def given(survey: Survey, day: str, row: str, *classes: int) -> None:
    """Count promoters, passives and detractors, as many as are told."""
    count(survey, row, dict(zip((9, 7, 0), classes, strict=False)), date.fromisoformat(day))


def groups(body: Mapping[str, Any]) -> dict[Any, Any]:
    return {group.get("value", tuple(group.get("values", ()))): group for group in body["groups"]}


def test_every_answer_is_in_one_group_so_shares_add_up(survey: Survey) -> None:
    given(survey, NOW, "all", 60, 20, 20)
    given(survey, NOW, "touchpoint=checkout", 50, 10)
    given(survey, NOW, "touchpoint=other", 5)
    given(survey, NOW, "touchpoint=support", 0, 10, 20)
    body = segments(WEEK | {"by": "touchpoint"}).body
    assert [(group["value"], group.get("label"), group["answers"], group["share"], group["nps"]) for group in body["groups"]] == [
        ("checkout", "Pagamento", 60, 0.6, 83),
        ("support", "Suporte", 30, 0.3, -67),
        ("other", None, 5, 0.05, 100),
        (None, None, 5, 0.05, 100),
    ]
    assert (body["by"], body["from"], body["to"]) == (["touchpoint"], NOW, "2026-03-15")
    assert (body["total"]["answers"], body["total"]["nps"], body["compared_with"], body["mix_and_score"]) == (100, 40, None, None)
    assert "withheld" not in body
    assert body["groups"][1]["interval"]["high"] < body["groups"][0]["interval"]["low"]


def test_a_pair_is_asked_for_in_any_order(survey: Survey) -> None:
    given(survey, NOW, "all", 30, 0, 10)
    given(survey, NOW, PAIR, 20)
    given(survey, NOW, "touchpoint=other&segment.plan=free", 0, 0, 10)
    for by in ("plan,touchpoint", "touchpoint,plan"):
        body = segments(WEEK | {"by": by}).body
        assert body["by"] == ["touchpoint", "plan"]
        assert {tuple(group["values"]): group["answers"] for group in body["groups"]} == {
            ("checkout", "pro"): 20,
            ("other", "free"): 10,
            (None, None): 10,
        }


def test_a_change_is_told_with_what_stays_of_it_among_all_groups(survey: Survey) -> None:
    for day, pro in ((BEFORE, (60, 0, 40)), (NOW, (76, 0, 24))):
        given(survey, day, "segment.plan=pro", *pro)
        given(survey, day, "segment.plan=free", 50, 0, 50)
        given(survey, day, "all", pro[0] + 55, 0, pro[2] + 50)
    body = segments(WEEK | {"by": "plan", "compare": "previous"}).body
    assert body["compared_with"] == {"from": BEFORE, "to": "2026-03-08"}
    pro, free, nobody = (groups(body)[value]["change"] for value in ("pro", "free", None))
    assert (pro["difference"], pro["verdict"], free["verdict"], nobody["verdict"]) == (32.0, "rose", "no_clear_change", "too_few")
    assert pro["p_adjusted"] == pytest.approx(2 * pro["p"], abs=2e-6)
    assert (nobody["p"], nobody["p_adjusted"], groups(body)["other"]["change"]) == (None, None, None)
    parts = body["mix_and_score"]
    assert (parts["mix"] + parts["score"], parts["score"]) == (pytest.approx(parts["difference"]), pytest.approx(15.6))


def test_a_change_of_who_answers_is_no_change_of_what_they_think(survey: Survey) -> None:
    for day, pro, free in ((BEFORE, 80, 20), (NOW, 20, 80)):
        given(survey, day, "segment.plan=pro", pro)
        given(survey, day, "segment.plan=free", 0, 0, free)
        given(survey, day, "all", pro, 0, free)
    body = segments(WEEK | {"by": "plan", "compare": "previous"}, READER).body
    assert body["mix_and_score"] == {"difference": -120.0, "mix": -120.0, "score": 0.0}


def test_a_value_of_any_name_is_a_group_of_its_own(survey: Survey) -> None:
    for day, named_rest in ((BEFORE, (30, 0, 10)), (NOW, (10, 0, 30))):
        given(survey, day, "segment.region=rest", *named_rest)
        given(survey, day, "segment.region=sul", 40)
        given(survey, day, "all", named_rest[0] + 40, 0, named_rest[2])
    for context in (ANALYST, READER):
        found = segments(WEEK | {"by": "region", "compare": "previous"}, context).body["mix_and_score"]
        assert found == {"difference": -50.0, "mix": 0.0, "score": -50.0}


def test_without_answers_all_groups_are_there_and_empty(survey: Survey) -> None:
    assert survey.survey_id == "demo"
    body = segments(WEEK | {"by": "plan", "compare": "year"}).body
    assert [(group["answers"], group["nps"], group["share"], group["change"]) for group in body["groups"]] == [(0, None, None, None)] * 4
    assert (body["total"]["answers"], body["mix_and_score"]) == (0, None)
    assert segments(WEEK | {"by": "plan,touchpoint"}).body["groups"] == []


# ── Small groups ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_smallest_group_goes_where_it_would_tell_a_smaller_one(survey: Survey) -> None:
    span = {"from": "2026-02-16", "to": "2026-03-15", "by": "plan"}
    for row, answers in {"all": 43, "segment.plan=pro": 30, "segment.plan=free": 10, "segment.plan=other": 3}.items():
        given(survey, NOW, row, answers)
    body = segments(span, READER).body
    assert [(group["value"], group["answers"]) for group in body["groups"]] == [("free", None), ("pro", 30), ("other", None), (None, None)]
    hidden = groups(body)["other"]
    assert {hidden[name] for name in (*FIGURES, "share", "change")} == {None}
    assert hidden["withheld"] == groups(body)["free"]["withheld"] == body["withheld"] == {"reason": "too_few_answers"}
    assert [group["answers"] for group in segments(span).body["groups"]] == [10, 30, 3, 0]
    week = segments(WEEK | {"by": "plan"}, READER).body
    nearest = {"from": "2026-02-16", "to": "2026-03-15"}
    assert [group["withheld"] for group in week["groups"]] == [{"reason": "partial_blocks", "nearest": nearest}] * 4
    assert week["total"]["answers"] == 43


def test_withheld_groups_are_one_in_mix_and_score(survey: Survey) -> None:
    for day, pro, free, other in (("2026-01-19", 30, 10, 3), ("2026-02-16", 10, 30, 3)):
        given(survey, day, "segment.plan=pro", pro)
        given(survey, day, "segment.plan=free", 0, 0, free)
        given(survey, day, "segment.plan=other", 0, 0, other)
        given(survey, day, "all", pro, 0, free + other)
    query = {"from": "2026-02-16", "to": "2026-03-15", "by": "plan", "compare": "previous"}
    found = segments(query, READER).body
    assert groups(found)["free"]["answers"] == 30
    assert groups(found)["pro"]["answers"] is None
    assert found["mix_and_score"] is None
    assert segments(query).body["mix_and_score"]["score"] == 0.0


def test_of_a_pair_only_what_is_shown_is_listed(survey: Survey) -> None:
    cells = {("checkout", "pro"): 20, ("checkout", "free"): 3, ("support", "pro"): 20, ("support", "free"): 20}
    for (touchpoint, plan), answers in cells.items():
        given(survey, NOW, f"touchpoint={touchpoint}&segment.plan={plan}", answers)
    for row, answers in {
        "touchpoint=checkout": 23,
        "touchpoint=support": 40,
        "segment.plan=pro": 40,
        "segment.plan=free": 23,
        "all": 63,
    }.items():
        given(survey, NOW, row, answers)
    body = segments(WEEK | {"by": "touchpoint,plan"}, READER).body
    assert (body["groups"], body["withheld"]) == ([], {"reason": "too_few_answers"})
    assert len(segments(WEEK | {"by": "touchpoint,plan"}).body["groups"]) == 4


# ── What is refused ──────────────────────────────────────────────────────────────────────────────────────────────────

BAD_QUERIES: dict[str, tuple[dict[str, str], str | None]] = {
    "no key": ({}, "by"),
    "an empty key": ({"by": ""}, "by"),
    "an unknown key": ({"by": "secret-value"}, "by"),
    "a key with a value": ({"by": "plan:secret-value"}, "by"),
    "a row": ({"by": "segment.plan=pro"}, "by"),
    "a row's dimension": ({"by": "segment.plan"}, "by"),
    "everybody": ({"by": "all"}, "by"),
    "an injected row": ({"by": "plan#0"}, "by"),
    "a line break": ({"by": "plan\n"}, "by"),
    "a case of its own": ({"by": "Plan"}, "by"),
    "half a pair": ({"by": "plan,"}, "by"),
    "a pair that is not declared": ({"by": "plan,region"}, None),
    "the same key twice": ({"by": "plan,plan"}, None),
    "three keys": ({"by": "plan,touchpoint,region"}, None),
    "very many keys": ({"by": ",".join(["plan"] * 500)}, None),
    "a filter": ({"by": "plan", "touchpoint": "checkout"}, None),
    "an unknown parameter": ({"by": "plan", "secret-value": "1"}, None),
    "surveys to pool": ({"by": "plan", "surveys": "demo"}, None),
    "no such day": ({"by": "plan", "from": "2026-02-30"}, "from"),
    "two days": ({"by": "plan", "from": "2026-03-09,2026-03-10"}, "from"),
    "the wrong way round": ({"by": "plan", "from": "2026-03-10", "to": "2026-03-09"}, "from"),
    "too long": ({"by": "plan", "from": "2010-01-01", "to": "2026-01-01"}, "from"),
    "the year 0": ({"by": "plan", "to": "0000-01-01"}, "to"),
    "an unknown comparison": ({"by": "plan", "compare": "secret-value"}, "compare"),
    "a comparison with itself": ({"by": "plan", "from": "2026-03-09", "to": "2026-03-15", "compare": "2026-03-15..2026-03-20"}, "compare"),
    "two comparisons": ({"by": "plan", "compare": "previous,year"}, "compare"),
    "an unknown wave": ({"by": "plan", "wave": "secret-value"}, "wave"),
}


@pytest.mark.parametrize("case", BAD_QUERIES)
@pytest.mark.usefixtures("survey")
def test_what_cannot_be_cut_is_refused_with_what_can(case: str) -> None:
    query, parameter = BAD_QUERIES[case]
    refused = segments(query)
    assert (refused.status, refused.problem) == (422, "invalid")
    assert segments(query, READER).text == refused.text
    assert "secret-value" not in refused.text
    if parameter:
        assert refused.body["errors"][0]["parameter"] == parameter
    if case == "a pair that is not declared":
        assert "touchpoint with segment.plan" in refused.text
    if case == "an unknown key":
        assert all(key in refused.text for key in ("touchpoint", "channel", "variant", "locale", "identity", "plan", "region"))


@pytest.mark.parametrize("by", ["touchpoint", "channel", "variant", "locale", "identity", "plan", "region"])
def test_everything_that_is_declared_may_be_cut_by(survey: Survey, by: str) -> None:
    given(survey, NOW, "all", 20)
    body = segments(WEEK | {"by": by}).body
    assert (body["groups"][-1]["value"], body["groups"][-1]["answers"], body["by"]) == (None, 20, [by])


@pytest.mark.parametrize("to", ["0001-01-31", "9999-12-31", "1970-01-01"])
@pytest.mark.usefixtures("survey")
def test_any_day_of_the_calendar_may_be_asked_for(to: str) -> None:
    for by in ("plan", "touchpoint,plan"):
        assert segments({"by": by, "to": to}, READER).status == 200


@pytest.mark.usefixtures("survey")
def test_a_survey_that_is_not_there_is_not_found() -> None:
    assert segments({"by": "plan"}, survey_id="nobody").problem == "no-such-survey"
