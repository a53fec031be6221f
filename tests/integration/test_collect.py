"""The public routes: what they answer, what they keep, and what they refuse, over the tables that template.yaml declares."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from functions.collect import handler as collect
from shared import answer_id as ids
from shared.answer import Change, Standing
from shared.identity import edit_key_hash_of
from shared.store.answers import Answers
from shared.survey import Survey, SurveyStatus
from tests.events import api_request, recorded
from tests.fakes.reception import KEY, OTHER_KEY, token
from tests.fakes.samples import answer_of
from tests.integration.asking import FORM, PATCH, POST, PREFLIGHTS, SHOP, ask, everything, items, keep, named, new_id, survey_of

pytestmark = pytest.mark.usefixtures("aws", "survey")


@pytest.fixture
def survey(aws: None) -> Survey:  # noqa: ARG001 - what it is kept in
    return keep(survey_of())


# ── A new answer ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("score", "nps_class"), [(0, "detractor"), (6, "detractor"), (7, "passive"), (8, "passive"), (9, "promoter")])
def test_an_answer_gets_its_class_the_next_question_and_the_only_edit_token(survey: Survey, score: int, nps_class: str) -> None:
    reply = ask(POST, {"score": score, "locale": "en"})
    assert (reply.status, reply.body["class"]) == (201, nps_class)
    assert reply.body["follow_up"]["question"]
    assert reply.headers["cache-control"] == "no-store"
    [stored] = items("answers_table")
    assert stored["edit_key_hash"]["S"] == edit_key_hash_of(reply.body["edit_token"])
    assert stored["pk"]["S"].startswith(f"{survey.survey_id}#{datetime.now(UTC).date()}#")
    assert ask(PATCH, {"score": 10}, bearer=reply.body["edit_token"], answer_id=reply.body["answer_id"]).body["class"] == "promoter"


def test_the_recorded_event_is_taken(survey: Survey) -> None:
    assert collect.handle(recorded("api_request"), None)["statusCode"] == 201
    assert [item["pk"]["S"].split("#")[0] for item in items("answers_table")] == [survey.survey_id]


def test_a_device_that_brings_its_key_gets_none_and_may_repeat(survey: Survey) -> None:
    body = named(new_id(), comment="Chegou rápido", touchpoint="checkout", segments={"plan": "pro"})
    first, again = ask(POST, body), ask(POST, body)
    assert (first.status, again.status) == (201, 200)
    assert first.body == again.body
    assert "edit_token" not in first.body
    assert len(items("answers_table")) == 1
    assert survey.survey_id in str(items("people_table"))


def test_a_body_in_base64_is_the_same_body() -> None:
    assert ask(POST, raw=b64encode(b'{"score": 9, "comment": "Ol\xc3\xa1"}').decode(), base64=True).status == 201


def test_the_same_id_with_another_key_is_a_conflict() -> None:
    answer_id = new_id()
    ask(POST, named(answer_id, comment="Chegou"))
    before = everything()
    reply = ask(POST, named(answer_id, OTHER_KEY, comment="De outra pessoa"))
    assert (reply.status, reply.problem) == (409, "answer-taken")
    assert everything() == before


def test_a_signed_customer_is_one_person_in_every_survey() -> None:
    keep(survey_of("outra"))
    signed = token(email="ana@exemplo.com.br", name="Ana Prado", segments={"plan": "pro", "tier": "gold"})
    assert ask(POST, {"score": 9, "respondent_token": signed}).status == 201
    assert ask(POST, {"score": 3, "respondent_token": signed}, survey_id="outra").status == 201
    assert len({item["person_id"]["S"] for item in items("answers_table")}) == 1
    text = str(items("answers_table"))
    assert not [typed for typed in ("ana@", "Ana", "cliente-1", "exemplo") if typed in text]


# ── A change ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_score_comment_and_end_come_one_after_the_other() -> None:
    answer_id = new_id()
    ask(POST, named(answer_id))
    for change in ({"comment": "Demorou"}, {"score": 3}, {"finished": True}, {"comment": ""}):
        assert ask(PATCH, change, bearer=KEY, answer_id=answer_id).status == 200
    [stored] = items("answers_table")
    assert (stored["score"]["N"], stored["finished"]["N"], stored["rev"]["N"]) == ("3", "1", "5")
    assert "commented" not in stored
    assert not [item for item in items("people_table") if "text" in item]


def test_the_next_question_after_a_change_is_in_the_language_of_the_answer() -> None:
    answer_id = new_id()
    ask(POST, named(answer_id, locale="en"))
    in_english = ask(POST, {"score": 0, "locale": "en"}).body["follow_up"]
    assert ask(PATCH, {"score": 0}, bearer=KEY, answer_id=answer_id).body["follow_up"] == in_english
    assert in_english != ask(POST, {"score": 0}).body["follow_up"]


def test_a_wrong_key_and_an_answer_that_is_not_there_are_answered_alike() -> None:
    answer_id = new_id()
    ask(POST, named(answer_id))
    before = everything()
    wrong = ask(PATCH, {"score": 0}, bearer=OTHER_KEY, answer_id=answer_id)
    unknown = ask(PATCH, {"score": 0}, bearer=KEY, answer_id=new_id(2))
    malformed = ask(PATCH, {"score": 0}, bearer=KEY, answer_id="x")
    assert (wrong.status, wrong.problem) == (404, "no-such-answer")
    assert (wrong.text, wrong.headers) == (unknown.text, unknown.headers) == (malformed.text, malformed.headers)
    assert everything() == before


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": ""}, {"authorization": "Basic abc"}, {"authorization": "Bearer "}, {"authorization": KEY}]
)
def test_a_change_without_a_key_says_that_one_is_needed(headers: dict[str, str]) -> None:
    answer_id = new_id()
    ask(POST, named(answer_id))
    reply = ask(PATCH, {"score": 0}, headers=headers, answer_id=answer_id)
    assert (reply.status, reply.problem) == (401, "credential-missing")


@pytest.mark.parametrize(
    ("age", "change", "status"),
    [
        (timedelta(days=29, hours=23), None, 200),
        (timedelta(days=30, seconds=1), None, 409),
        (timedelta(0), Change(standing=Standing.WITHDRAWN), 409),
        (timedelta(0), Change(standing=Standing.SUPERSEDED), 409),
    ],
)
def test_an_answer_that_is_too_old_or_no_longer_stands_is_final(survey: Survey, age: timedelta, change: Change | None, status: int) -> None:
    now = datetime.now(UTC)
    answer = answer_of(survey, 1, instant=now - age, edit_key_hash=edit_key_hash_of(KEY), changed_at=now)
    answers = Answers()
    assert answers.add(answer)
    assert change is None or answers.change(answer.key, change, now)
    before = everything()
    for wanted in ({"score": 0}, {"comment": "Tarde"}, {"comment": ""}, {"finished": True}):
        reply = ask(PATCH, wanted, bearer=KEY, answer_id=answer.key.answer_id)
        assert reply.status == status
        assert status == 200 or (reply.problem, everything()) == ("answer-final", before)


# ── The form and the preflights ──────────────────────────────────────────────────────────────────────────────────────


def test_the_form_may_be_cached_and_is_not_sent_twice(survey: Survey) -> None:
    first = ask(FORM, query={"locale": "en"}, headers={"origin": SHOP})
    assert (first.status, first.body["survey_id"], first.body["locale"]) == (200, survey.survey_id, "en")
    again = ask(FORM, query={"locale": "en"}, headers={"origin": SHOP, "if-none-match": first.headers["etag"]})
    assert (again.status, again.text) == (304, "")
    assert again.headers["access-control-allow-origin"] == SHOP
    assert "public" in again.headers["cache-control"]


@pytest.mark.parametrize("route", PREFLIGHTS)
def test_a_preflight_lets_the_surveys_own_sites_through_and_no_other(route: str) -> None:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    allowed = ask(route, headers={"origin": SHOP} | asked, answer_id="x")
    assert (allowed.status, allowed.headers["access-control-allow-origin"]) == (204, SHOP)
    refused = ask(route, headers={"origin": "https://evil.example"} | asked, answer_id="x")
    assert (refused.status, refused.problem) == (403, "origin-refused")
    assert not any(name.startswith("access-control-") for name in refused.headers)


@pytest.mark.parametrize("route", [FORM, POST, PATCH])
def test_a_page_of_another_site_gets_nothing_done(route: str) -> None:
    before = everything()
    reply = ask(route, {"score": 9}, bearer=KEY, headers={"origin": "https://evil.example"}, answer_id=new_id())
    assert (reply.status, reply.problem) == (403, "origin-refused")
    assert everything() == before


def test_a_widget_whose_clock_is_wrong_may_read_the_time_and_answer_again() -> None:
    wrong = ids.mint(datetime(2019, 1, 1, tzinfo=UTC), 1)
    refused = ask(POST, named(wrong), headers={"origin": SHOP})
    assert (refused.status, refused.problem) == (422, "answer-id-out-of-time")
    assert refused.headers["access-control-allow-origin"] == SHOP
    server_time = datetime.fromisoformat(refused.body["server_time"])
    assert abs(server_time - datetime.now(UTC)) < timedelta(seconds=5)
    assert ask(POST, named(ids.mint(server_time, 1)), headers={"origin": SHOP}).status == 201


def test_a_refusal_in_the_language_of_a_visitors_browser_is_the_widgets_to_read(survey: Survey) -> None:
    refused = ask(POST, {"score": 11}, headers={"origin": SHOP, "accept-language": "pt-BR,pt;q=0.9,en;q=0.8"})
    assert refused.body["errors"] == [{"detail": "Informe um número inteiro de 0 a 10.", "pointer": "/score"}]
    assert (refused.headers["access-control-allow-origin"], refused.headers["vary"]) == (SHOP, "origin, accept-language")
    preflight = ask(PREFLIGHTS[0], headers={"origin": SHOP}, survey_id=survey.survey_id)
    assert preflight.headers["access-control-allow-headers"] == "authorization, content-type, if-none-match"  # the header needs none


# ── Surveys that take no answers ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("route", [FORM, POST, PATCH, *PREFLIGHTS])
@pytest.mark.parametrize("survey_id", ["unknown", "#swept", "x" * 300, "demo ", "Demo", "demo#2026"])
def test_a_survey_that_is_not_there_is_not_found(route: str, survey_id: str) -> None:
    reply = ask(route, {"score": 9}, bearer=KEY, survey_id=survey_id, answer_id=new_id())
    assert (reply.status, reply.problem) == (404, "no-such-survey")


@pytest.mark.parametrize("route", [FORM, POST])
def test_a_draft_is_not_found(route: str) -> None:
    keep(survey_of("rascunho", status=SurveyStatus.DRAFT))
    assert ask(route, {"score": 9}, survey_id="rascunho").problem == "no-such-survey"


def test_a_closed_survey_takes_no_new_answer_and_its_form_says_so(survey: Survey) -> None:
    answer_id = new_id()
    ask(POST, named(answer_id))
    keep(structs.replace(survey, status=SurveyStatus.CLOSED))
    refused = ask(POST, {"score": 9})
    assert (refused.status, refused.problem) == (409, "survey-not-open")
    assert ask(FORM).body["status"] == "closed"
    assert ask(POST, named(answer_id)).status == 200
    assert ask(PATCH, {"comment": "Demorou"}, bearer=KEY, answer_id=answer_id).status == 200


# ── What is logged ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_logged_is_ids_enums_and_counts(survey: Survey, logged: Callable[[], str]) -> None:
    answer_id = new_id()
    body = named(answer_id, comment="Chegou", respondent_token=token())
    ask(POST, body)
    ask(POST, body)
    ask(PATCH, {"score": 0, "finished": True}, bearer=KEY, answer_id=answer_id)
    lines: list[dict[str, Any]] = [json.loads(line) for line in logged().splitlines()]
    usual = {"level", "location", "message", "timestamp", "service"}
    told = [{name: value for name, value in line.items() if name not in usual - {"message"}} for line in lines]
    known = {
        "message": "answer received",
        "survey_id": survey.survey_id,
        "answer_id": answer_id,
        "nps_class": "promoter",
        "standing": "valid",
    }
    assert told == [
        known | {"repeated": False, "commented": True, "identified": True},
        known | {"repeated": True, "commented": False, "identified": True},
        {"message": "answer changed", "survey_id": survey.survey_id, "answer_id": answer_id}
        | {"score_changed": True, "commented": False, "finished": True},
    ]


def test_a_route_that_the_gateway_should_not_have_sent_is_nothing_here() -> None:
    response = collect.handle(api_request("DELETE /v1/surveys/{survey_id}"), None)
    assert response["statusCode"] == 404
