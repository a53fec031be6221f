"""Displays that are counted, and whether a person may be asked, over the tables that template.yaml declares."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from msgspec import structs

from functions.collect import asking
from shared.identity import lookup_of
from shared.survey import Display, LegalBasis, Survey, SurveyStatus
from tests.fakes.reception import token
from tests.integration.asking import POST, SHOP, ask, items, keep, named, new_id, survey_of

DISPLAYS: Final = "POST /v1/surveys/{survey_id}/displays"
ASKING: Final = "POST /v1/surveys/{survey_id}/asking"
pytestmark = pytest.mark.usefixtures("aws", "survey")


@pytest.fixture
def survey(aws: None) -> Survey:  # noqa: ARG001 - what it is kept in
    return keep(survey_of())


def settled(survey_id: str = "demo", **settings: Any) -> Survey:  # noqa: ANN401 - any setting
    survey = survey_of(survey_id)
    return keep(structs.replace(survey, settings=structs.replace(survey.settings, **settings)))


def may_ask(signed: str, survey_id: str = "demo") -> bool:
    reply = ask(ASKING, {"respondent_token": signed}, headers={"origin": SHOP}, survey_id=survey_id)
    assert (reply.status, reply.headers["access-control-allow-origin"]) == (200, SHOP)
    return bool(reply.body["ask"])


def tell(survey_id: str = "demo", **counts: object) -> None:
    assert ask(DISPLAYS, counts, survey_id=survey_id).status == 202


def later(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:  # noqa: ANN401 - as datetime has it
            return datetime.now(tz or UTC) + timedelta(days=days)

    monkeypatch.setattr(asking, "datetime", Later)


def test_displays_are_added_up_by_day_and_declared_channel(survey: Survey) -> None:
    tell(channel="widget", shown=2, dismissed=1)
    tell(channel="widget", shown=1)
    tell(channel="somebody typed this", opened=3, suspect=2)
    tell()
    [row] = items("rollups_table")
    assert row["pk"]["S"] == f"#displays#{survey.survey_id}"
    counts = {name: int(value["N"]) for name, value in row.items() if "N" in value}
    assert counts == {"widget:shown": 3, "widget:dismissed": 1, "other:opened": 3, "other:suspect": 2}
    assert not items("people_table")


@pytest.mark.parametrize("body", [{"shown": 21}, {"shown": -1}, {"shown": True}, {"visitor": "x"}, {"channel": ""}, []])
def test_what_is_no_count_is_refused(body: object) -> None:
    assert ask(DISPLAYS, body).status in {400, 422}
    assert not items("rollups_table")


def test_a_token_that_proves_nothing_is_refused_and_nothing_is_counted() -> None:
    for route, body in ((DISPLAYS, {"shown": 1, "respondent_token": "x.y.z"}), (ASKING, {"respondent_token": "x.y.z"})):
        reply = ask(route, body)
        assert (reply.status, reply.problem) == (422, "token-refused")
    assert not items("rollups_table")


def test_drafts_are_nobodys_business() -> None:
    keep(structs.replace(survey_of("rascunho"), status=SurveyStatus.DRAFT))
    assert ask(DISPLAYS, {"shown": 1}, survey_id="rascunho").status == 404
    assert ask(ASKING, {"respondent_token": token()}, survey_id="rascunho").status == 404


def test_a_survey_that_has_closed_asks_nobody() -> None:
    keep(structs.replace(survey_of("fechada"), status=SurveyStatus.CLOSED))
    assert not may_ask(token(), "fechada")


def test_whoever_answered_is_left_alone_on_every_device_and_by_every_survey(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(survey_of("outra"))
    settled("outra", recontact_days=10)
    assert may_ask(token())
    assert ask(POST, named(new_id(), respondent_token=token())).status == 201
    assert not may_ask(token())
    assert not may_ask(token(), "outra")
    assert may_ask(token(sub="cliente-2"))
    later(monkeypatch, 11)
    assert may_ask(token(exp=datetime.now(UTC) + timedelta(days=99)), "outra")
    assert not may_ask(token(exp=datetime.now(UTC) + timedelta(days=99)))
    later(monkeypatch, 91)
    assert may_ask(token(exp=datetime.now(UTC) + timedelta(days=99)))


def test_whoever_dismissed_it_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    tell(shown=1, dismissed=1, respondent_token=token())
    assert not may_ask(token())
    later(monkeypatch, 31)
    assert may_ask(token(exp=datetime.now(UTC) + timedelta(days=99)))


def test_nobody_is_shown_it_more_often_than_the_cap() -> None:
    settled(display=Display(most_displays=3))
    for _ in range(2):
        tell(shown=1, respondent_token=token())
    assert may_ask(token())
    tell(shown=1, respondent_token=token())
    assert not may_ask(token())


def test_displays_before_an_answer_are_over_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    tell(shown=3, respondent_token=token())
    assert not may_ask(token())
    tell(answered=1, respondent_token=token())
    later(monkeypatch, 91)
    signed = token(exp=datetime.now(UTC) + timedelta(days=99))
    assert may_ask(signed)
    tell(shown=2, respondent_token=signed)
    assert may_ask(signed)
    tell(shown=1, respondent_token=signed)
    assert not may_ask(signed)


def test_who_is_known_only_from_having_been_shown_it_is_kept_by_identifiers_alone_and_not_for_long() -> None:
    tell(shown=1, respondent_token=token(email="ana@exemplo.com.br", name="Ana Prado"))
    held = {item["sk"]["S"]: item for item in items("people_table")}
    assert "name" not in held["profile"]
    assert {"customer_id", "email"} <= held["profile"].keys()
    soon = (datetime.now(UTC) + timedelta(days=91)).timestamp()
    assert all(int(item["expires_at"]["N"]) < soon for item in held.values())
    assert held["asked#demo"]["times"]["N"] == "1"


def test_where_consent_is_asked_for_nobody_becomes_known_by_being_shown_it() -> None:
    settled(legal_basis=LegalBasis(kind="consent", consent_version="1", consent_text={"pt-BR": "Autorizo"}))
    tell(shown=3, respondent_token=token())
    assert not items("people_table")
    assert may_ask(token())
    assert ask(POST, named(new_id(), respondent_token=token(), consent_version="1")).status == 201
    assert not may_ask(token())
    tell(shown=1, respondent_token=token())
    assert {item["sk"]["S"] for item in items("people_table")} >= {"asked", "asked#demo"}


def test_whoever_asked_not_to_be_asked_is_not() -> None:
    suppression: Any = asking.compose().suppressed
    suppression.add([lookup_of("email", "ana@exemplo.com.br", asking.compose().pepper())], datetime.now(UTC))
    assert not may_ask(token(email="Ana@exemplo.com.br"))
    tell(shown=1, respondent_token=token(email="ana@exemplo.com.br"))
    assert not items("people_table")
