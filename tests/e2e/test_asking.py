"""Asking people over HTTP on the deployed template: with the roles that it gives to each function."""

import csv
import io
import json
import secrets

import pytest

from infra.local.stack import Response, Stack
from tests.e2e.survey import SHOP, Device, OpenSurvey, scan, unsealed, wait_until

pytestmark = pytest.mark.stack
CONSENT = {"kind": "consent", "consent_version": "1", "consent_text": {"pt-BR": "Autorizo…"}}


@pytest.fixture(scope="module")
def survey(stack: Stack) -> OpenSurvey:
    return OpenSurvey(stack)


def links(survey: OpenSurvey, body: object, **headers: str) -> Response:
    return survey.stack.request("POST", f"{survey.path}/links", body, key=survey.stack.api_key, headers=headers)


def asked(survey: OpenSurvey, token: str) -> bool:
    reply = survey.stack.request("POST", f"{survey.path}/asking", {"respondent_token": token}, headers={"origin": SHOP})
    assert (reply.status, reply.headers["access-control-allow-origin"]) == (200, SHOP)
    return bool(reply.json()["ask"])


def test_a_list_of_people_becomes_links_and_a_link_an_answer_of_theirs(stack: Stack) -> None:
    survey = OpenSurvey(stack)
    email = f"ana.{secrets.token_hex(4)}@exemplo.com.br"
    sheet = f"\ufeffE-mail;Nome;tier;Observação\r\n{email};Ana Prado;gold;x\r\nnobody;Rui;;\r\n".encode()
    made = links(survey, sheet, **{"content-type": "text/csv"})
    assert (made.status, made.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    rows = list(csv.DictReader(io.StringIO(made.body.decode("utf-8-sig")), delimiter=";"))
    assert [row["status"] for row in rows] == ["made", "invalid"]
    page, _, link_id = rows[0]["link"].partition("?t=")
    assert page == f"{stack.api_url}/s/{survey.survey_id}"
    device = Device.new()
    body = device.body(invitation=link_id, comment="Chegou", score=9)
    assert survey.post(body).status == 201
    assert survey.post(body).status == 200
    assert survey.post(Device.new().body(invitation=link_id)).status == 409
    [answer] = survey.answers()
    person_id = answer["person_id"]["S"]
    [profile] = [item for item in scan(stack, "PeopleTable") if (item["pk"]["S"], item["sk"]["S"]) == (person_id, "profile")]
    assert unsealed(stack, profile) == {"email": email, "name": "Ana Prado"}
    wait_until(lambda: survey.score("?segment=tier:gold").get("promoters") == 1)
    again = links(survey, {"people": [{"email": email}, {"customer_id": "cliente-9"}]})
    assert [row["status"] for row in again.json()["links"]] == ["asked_recently", "made"]
    assert not [item for item in scan(stack, "PeopleTable") if link_id in json.dumps(item)]


def test_displays_are_counted_beside_the_score_and_remembered_of_whom_a_token_names(stack: Stack) -> None:
    survey = OpenSurvey(stack)
    customer = survey.token(sub=f"c-{secrets.token_hex(4)}")
    assert asked(survey, customer)
    shown = survey.ask("POST", "/displays", {"channel": "widget", "shown": 2, "dismissed": 1}, headers={"origin": SHOP})
    assert (shown.status, shown.json()) == (202, {})
    assert survey.ask("POST", "/displays", {"channel": "widget", "shown": 1, "dismissed": 1, "respondent_token": customer}).status == 202
    assert not asked(survey, customer)
    assert survey.ask("POST", "/displays", {"shown": 21}).status == 422
    rate = survey.score()["response_rate"]
    assert (rate["shown"], rate["dismissed"], rate["answered"], rate["rate"]) == (3, 2, 0, 0.0)
    assert rate["channels"]["widget"]["shown"] == 3
    answered = survey.token(sub=f"c-{secrets.token_hex(4)}")
    assert survey.post(Device.new().body(respondent_token=answered)).status == 201
    assert not asked(survey, answered)
    refused = survey.ask("POST", "/asking", {"respondent_token": "x.y.z"})
    assert refused.status == 422


def test_consent_comes_first_and_an_answer_becomes_its_persons_with_it(stack: Stack) -> None:
    survey = OpenSurvey(stack)
    changed = stack.request("PATCH", survey.path, {"legal_basis": CONSENT}, key=stack.api_key)
    assert changed.status == 200, changed.body
    wait_until(lambda: survey.ask("GET", "/form").json()["legal_basis"]["kind"] == "consent", 30)
    wait_until(lambda: survey.post(Device.new().body(comment="Demorou")).status == 422, 30)
    device, token = Device.new(), survey.token(sub=f"c-{secrets.token_hex(4)}")
    assert survey.post(device.body(respondent_token=token)).status == 201
    assert survey.patch(device, comment="Demorou").status == 422
    assert survey.patch(device, comment="Demorou", consent_version="1", respondent_token=token).status == 200
    [person_id] = {item["person_id"]["S"] for item in survey.answers() if item["sk"]["S"] == device.answer_id}
    held = {item["sk"]["S"].split("#")[0]: item for item in scan(stack, "PeopleTable") if item["pk"]["S"] == person_id}
    assert set(held) == {"answer", "asked", "comment", "consent", "profile"}
    assert held["consent"]["consent_version"] == {"S": "1"}
    assert unsealed(stack, held["comment"]) == {"text": "Demorou"}


@pytest.mark.parametrize("tool", ["plain", "hubspot", "mailchimp", "activecampaign"])
def test_an_e_mail_is_made_for_each_tool(survey: OpenSurvey, tool: str) -> None:
    reply = survey.stack.request("GET", f"{survey.path}/email?locale=en&tool={tool}", key=survey.stack.api_key)
    assert reply.status == 200, reply.body
    assert reply.json()["html"].count("score=") == 11
