"""Personal links over HTTP: lists in, links out, and who is left out of them."""

import csv
import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from msgspec import structs

from functions.invite import composition
from functions.pages import composition as composed
from shared.access import EVERY_SCOPE
from shared.identity import lookup_of
from shared.privacy.copies import harmless
from shared.store.erasing_people import PeopleToErase
from shared.store.person_keys import PersonKeys
from shared.store.unsealing import OwnKeys
from shared.survey import LegalBasis, Survey
from tests.fakes.reception import token
from tests.integration.asking import POST, ask, items, keep, master_keys, named, new_id, survey_of, unsealed
from tests.integration.gateway import Gateway, Reply, invoke
from tests.integration.page_visits import OpenPage

LINKS: Final = "POST /v1/surveys/{survey_id}/links"
EMAIL: Final = "GET /v1/surveys/{survey_id}/email"
MANAGER: Final = {"key_id": "manager", "scopes": "surveys"}
CSV: Final = {"content-type": "text/csv; charset=utf-8"}
pytestmark = pytest.mark.usefixtures("aws", "survey")


@pytest.fixture(autouse=True)
def _one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in for AWS here is not made for several threads."""
    monkeypatch.setattr(composition, "_AT_ONCE", 1)


@pytest.fixture
def survey(aws: None) -> Survey:  # noqa: ARG001 - what it is kept in
    return keep(survey_of())


def links(body: object) -> Reply:
    return invoke(LINKS, MANAGER, body=json.dumps(body).encode())


def sheet(text: str | bytes, query: Mapping[str, str] | None = None, **more: str) -> Reply:
    return invoke(LINKS, MANAGER, headers=CSV | more, body=text if isinstance(text, bytes) else text.encode(), query=query)


def table(reply: Reply, delimiter: str = ";") -> list[dict[str, str]]:
    assert reply.status == 200, reply.text
    return list(csv.DictReader(io.StringIO(reply.text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))


def statuses(reply: Reply) -> list[str]:
    return [each["status"] for each in reply.body["links"]]


def people(prefix: str) -> list[dict[str, Any]]:
    return [item for item in items("people_table") if item["sk"]["S"].startswith(prefix)]


def test_each_line_has_an_outcome_and_one_that_is_wrong_spoils_no_other(survey: Survey) -> None:
    reply = links(
        {
            "people": [
                {"email": "ana@exemplo.com.br", "name": "Ana Prado", "segments": {"tier": "gold", "plan": "made-up"}},
                {"email": "not an address"},
                {"name": "Nobody"},
                {"customer_id": "cliente-1"},
                {"email": " ANA@exemplo.com.br"},
                {"email": "bia@exemplo.com.br", "segments": {"secret": "x"}},
                {"customer_id": "x" * 201},
                {"email": "caio@exemplo.com.br", "name": "Ca\nio"},
            ],
            "expires_days": 30,
        }
    )
    assert statuses(reply) == ["made", "invalid", "invalid", "made", "invalid", "invalid", "invalid", "invalid"]
    first = reply.body["links"][0]
    assert (reply.body["made"], first["line"]) == (2, 1)
    assert first["link"] == f"https://nps.example/s/{survey.survey_id}?t={first['link_id']}"
    assert len(first["link_id"]) == 22
    assert reply.body["links"][4]["reason"] == "the same person is on line 1"
    assert all(each["reason"] and each["link"] is None for each in reply.body["links"] if each["status"] == "invalid")
    [ana] = [item for item in people("profile") if unsealed(item).get("email")]
    assert unsealed(ana) == {"email": "ana@exemplo.com.br", "name": "Ana Prado"}
    assert len(people("of")) == 2
    assert first["link_id"] not in str(items("people_table"))
    assert "made-up" not in str(items("people_table"))


def test_an_invited_person_answers_once_and_is_not_invited_again_soon(survey: Survey) -> None:
    [made] = links({"people": [{"email": "ana@exemplo.com.br", "segments": {"tier": "gold"}}]}).body["links"]
    answer_id = new_id()
    body = named(answer_id, invitation=made["link_id"], comment="Chegou")
    assert ask(POST, body).status == 201
    assert ask(POST, body).status == 200
    refused = ask(POST, named(new_id(2), invitation=made["link_id"]))
    assert (refused.status, refused.problem) == (409, "invitation-used")
    [answer] = items("answers_table")
    assert answer["dimensions"]["M"] == {"segment.tier": {"S": "gold"}, "identity": {"S": "identified"}}
    [comment] = people("comment#")
    assert comment["pk"] == answer["person_id"]
    assert statuses(links({"people": [{"email": "Ana@Exemplo.com.br"}]})) == ["asked_recently"]
    assert survey.settings.recontact_days == 90


def test_the_same_list_again_gives_new_links_and_the_old_ones_stay_good() -> None:
    body = {"people": [{"customer_id": "cliente-1", "email": "ana@exemplo.com.br"}]}
    [one], [other] = links(body).body["links"], links(body).body["links"]
    assert one["link_id"] != other["link_id"]
    assert len(people("profile")) == 1
    assert ask(POST, named(new_id(), invitation=one["link_id"])).status == 201


def test_an_e_mail_alone_is_the_one_customer_who_has_it() -> None:
    signed = token(email="ana@exemplo.com.br")
    links({"people": [{"customer_id": "cliente-1", "email": "ana@exemplo.com.br"}]})
    [made] = links({"people": [{"email": "ana@exemplo.com.br"}]}).body["links"]
    assert len(people("profile")) == 1
    assert ask(POST, named(new_id(), respondent_token=signed)).status == 201
    assert ask(POST, named(new_id(2), invitation=made["link_id"])).status == 201
    assert len({item["person_id"]["S"] for item in items("answers_table")}) == 1
    assert statuses(links({"people": [{"email": "ana@exemplo.com.br"}]})) == ["asked_recently"]


def test_who_asked_not_to_be_is_not_invited() -> None:
    desk = composition.compose().desk
    suppression: Any = desk.suppressed
    now = datetime.now(UTC)
    suppression.add([lookup_of("email", "ana@exemplo.com.br", desk.pepper())], now)
    reply = links({"people": [{"email": "Ana@exemplo.com.br"}, {"customer_id": "1", "email": "ana@exemplo.com.br"}, {"customer_id": "2"}]})
    assert statuses(reply) == ["suppressed", "suppressed", "made"]
    assert len(people("profile")) == 1


def test_an_erasure_takes_links_along_and_who_has_one_answers_anonymously() -> None:
    [made] = links({"people": [{"email": "ana@exemplo.com.br"}]}).body["links"]
    desk, keys = composition.compose().desk, PersonKeys(master_keys(), lambda size: b"0" * size)
    store = PeopleToErase(desk.pepper, OwnKeys(keys))
    [person_id] = store.persons_of("email", "ana@exemplo.com.br")
    assert [each.survey_id for each in store.invitations(person_id)] == ["demo"]
    store.mark_erased(person_id, datetime.now(UTC))
    assert store.holdings(person_id)["people.invitation"] == 1
    while store.delete_some(person_id, 1):
        pass
    assert not store.holdings(person_id)
    assert [(item["pk"]["S"], item["sk"]["S"]) for item in items("people_table")] == [(person_id, "profile")]
    assert ask(POST, named(new_id(), invitation=made["link_id"], comment="Chegou")).status == 201
    [answer] = items("answers_table")
    assert answer["person_id"]["S"] != person_id


def test_on_the_page_without_scripts_consent_after_the_score_makes_the_answer_the_invited_persons(survey: Survey) -> None:
    consent = LegalBasis(kind="consent", consent_version="v 1", consent_text={"pt-BR": "Autorizo"})
    keep(structs.replace(survey, settings=structs.replace(survey.settings, legal_basis=consent)))
    [made] = links({"people": [{"email": "ana@exemplo.com.br"}]}).body["links"]
    composed.compose.cache_clear()
    scored = OpenPage.at(t=made["link_id"]).send("score", score="3")
    assert not people("answer#")
    thanks = scored.send("finish", consent=f"{made['link_id']} v 1", comment="Demorou")
    assert thanks.reply.status == 200
    [answer], [comment], [record] = items("answers_table"), people("comment#"), people("consent#")
    [profile] = people("profile")
    assert answer["person_id"] == comment["pk"] == record["pk"] == profile["pk"]
    assert record["consent_version"] == {"S": "v 1"}


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("E-mail;Nome;Código;Segmento\r\nana@exemplo.com.br;Ana Luísa;C-1;x\r\n", ";"),
        ("Email Address,First Name,Last Name,customer_id\nana@exemplo.com.br,Ana Luísa,Prado,C-1\n", ","),
        ("\ufeffEndereço de e-mail\tNome\tID do cliente\nana@exemplo.com.br\tAna Luísa\tC-1\n\n\t\t\n", "\t"),
        ('"email","name","customer id"\r\n"ana@exemplo.com.br","Ana Luísa","C-1"', ","),
    ],
)
def test_spreadsheets_of_all_kinds_are_read(text: str, delimiter: str) -> None:
    [row] = table(sheet(text), delimiter)
    assert (row["email"], row["name"], row["customer_id"], row["status"]) == ("ana@exemplo.com.br", "Ana Luísa", "C-1", "made")
    assert row["link"].endswith(row["link_id"])


def test_what_excel_in_brazil_writes_is_read() -> None:
    [row] = table(sheet("e-mail;nome;tier\r\nana@exemplo.com.br;João Ávila;gold\r\n".encode("cp1252")))
    assert row["name"] == "João Ávila"
    [invited] = people("of")
    assert invited["segments"]["S"] == '{"tier": "gold"}'


def test_no_cell_is_a_formula_and_no_link_id_looks_like_one() -> None:
    rows = table(sheet('email;name;customer_id\n=1+1@x.com;"=HYPERLINK(""http://evil"")";@C-1\n' + "".join(f";;c{n}\n" for n in range(60))))
    assert all(cell == harmless(cell) for row in rows for cell in row.values())
    assert (rows[0]["email"], rows[0]["name"][:2], rows[0]["customer_id"]) == ("'=1+1@x.com", "'=", "'@C-1")
    assert {row["status"] for row in rows} == {"made"}


def test_lines_of_a_sheet_keep_their_place() -> None:
    rows = table(sheet("email,name\nana@exemplo.com.br,Ana\nnobody,Rui\n\nbia@exemplo.com.br,Bia,too,many\ncaio@exemplo.com.br\n"), ",")
    assert [row["status"] for row in rows] == ["made", "invalid", "invalid", "made"]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", None),
        ("ana@exemplo.com.br;Ana\n", None),
        ("email\n", None),
        ("email;segment.secret\nana@exemplo.com.br;x\n", None),
        ("email\n" + "a@b.co\n" * 1001, None),
        ("email\nana@exemplo.com.br\n", {"expires_days": "0"}),
        ("email\nana@exemplo.com.br\n", {"expires_days": "181"}),
        ("email\nana@exemplo.com.br\n", {"expires_days": "²"}),
        ("email\nana@exemplo.com.br\n", {"touchpoint": "nowhere"}),
        ('email\n"' + "x" * 200_000, None),
    ],
)
def test_a_sheet_that_is_none_is_refused(text: str, query: Mapping[str, str] | None) -> None:
    reply = sheet(text, query)
    assert (reply.status, reply.problem) == (422, "invalid")
    assert not items("people_table")


def test_a_sheet_of_more_than_a_megabyte_is_refused() -> None:
    assert sheet("email\n" + "x" * 1_100_000).status == 413


def test_the_form_that_is_accepted_is_answered() -> None:
    assert sheet("email\nana@exemplo.com.br\n", accept="application/json").body["made"] == 1
    assert statuses(links({"people": [{"email": "bia@exemplo.com.br"}]})) == ["made"]


def test_links_are_made_for_open_surveys_by_whoever_may(gateway: Gateway) -> None:
    admin = gateway.first_key()
    key = gateway.key_with(*(EVERY_SCOPE - {"surveys"}), maker=admin)
    assert gateway.call(LINKS, key=key, body={"people": [{"email": "a@b.co"}]}).problem == "scope-missing"
    made = gateway.call("POST /v1/surveys", key=admin, body={"survey_id": "rascunho", "name": "Compra", "company": "Loja"})
    assert made.status == 201
    refused = gateway.call(LINKS, key=admin, body={"people": [{"email": "a@b.co"}]}, survey_id="rascunho")
    assert (refused.status, refused.problem) == (409, "survey-not-open")
    assert gateway.call(LINKS, key=admin, body={"people": [{"email": "a@b.co"}]}, survey_id="nobody").status == 404
    assert gateway.call(LINKS, key=admin, body={"people": []}).status == 422
    assert not items("people_table")


def test_the_email_leads_to_the_public_address(survey: Survey) -> None:
    reply = invoke(EMAIL, MANAGER, query={"locale": "en", "tool": "hubspot"})
    assert (
        f'https://nps.example/s/{survey.survey_id}?score=10&amp;locale=en&amp;channel=email&amp;t={{{{ contact.recomenda_link_id }}}}"'
        in (reply.body["html"])
    )
    assert invoke(EMAIL, MANAGER, query={"tool": "fax"}).status == 422
