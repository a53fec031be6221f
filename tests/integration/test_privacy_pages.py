"""The page `/privacidade`: what it says, its form, and that a browser without scripts gets all the way."""

import re
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any, Final

import pytest

from functions.privacy import pages
from functions.privacy.rendering import LANGUAGES, texts
from shared.api.privacy_routes import DATA_PAGE, PAGE, RECEIPT_PAGE, REQUEST_PAGE, STATUS_PAGE
from shared.survey import Encarregado, LegalBasis, SurveyStatus
from tests.fakes.doors import RECEIPT
from tests.fakes.samples import settings_of, survey_of
from tests.integration.gateway import Reply, invoke
from tests.integration.privacy_house import FORM, PrivacyHouse

MARIA: Final = "maria@cliente.example"
HOSTILE: Final = '"><script>alert(1)</script>@x'
ANA: Final = Encarregado(name="Ana <b>Prado</b>", email="privacidade@loja.example")


@pytest.fixture(autouse=True)
def _maria(house: PrivacyHouse) -> None:
    house.people.add("p-maria", email=MARIA, customer_id="cliente-1")
    house.access.held["p-maria"] = {"comentario": "Demorou <i>demais</i>"}


def keep(house: PrivacyHouse, survey_id: str, **settings: Any) -> None:  # noqa: ANN401 - any setting
    house.doors.surveys.create(survey_of(survey_id, settings_of(encarregado=ANA, **settings)))
    pages._surveys.cache_clear()  # noqa: SLF001 - as after a minute


def sent(house: PrivacyHouse, type_: str = "access", email: str = MARIA) -> str:
    """The id of a request that the form made."""
    reply = house.browse(f"POST {PAGE}", {"type": type_, "email": email, "lang": "pt-BR"})
    assert reply.status == 303, reply.text
    return re.fullmatch(r"privacidade/pedidos/(req_[a-z2-7]{26})\?lang=pt-BR", reply.headers["location"])[1]  # type: ignore[index]  # it is one


def entered(house: PrivacyHouse, type_: str = "access") -> tuple[str, str, Reply]:
    """A request whose code was typed: its id, its token, and the page."""
    request_id = sent(house, type_)
    house.work()
    code = house.code()
    reply = house.browse(f"POST {REQUEST_PAGE}", {"code": f" {code[:4]} {code[4:]} ", "lang": "pt-BR"}, request_id=request_id)
    assert reply.status == 200, reply.text
    token = re.search(r'name="token" value="([^"]+)"', reply.text)
    assert token is not None
    return request_id, token[1], reply


def test_a_browser_without_scripts_gets_from_the_form_to_what_is_held(house: PrivacyHouse) -> None:
    _, _, reply = entered(house)
    assert "Demorou &lt;i&gt;demais&lt;/i&gt;" in reply.text
    assert "<script" not in reply.text


@pytest.mark.parametrize("wanted", ["json", "csv"])
def test_what_is_held_is_downloaded_by_a_form(house: PrivacyHouse, wanted: str) -> None:
    request_id, token, _ = entered(house)
    reply = house.browse(f"POST {DATA_PAGE}", {"token": token, "format": wanted}, request_id=request_id)
    assert reply.headers["content-disposition"] == f'attachment; filename="recomenda.{wanted}"'
    assert "Demorou" in reply.text


def test_a_deletion_can_be_looked_at_again(house: PrivacyHouse) -> None:
    request_id, token, reply = entered(house, "deletion")
    assert len(house.ledger.erasures) == 1
    again = house.browse(f"POST {STATUS_PAGE}", {"token": token, "lang": "en"}, request_id=request_id)
    assert texts("pt-BR")["result"]["deletion_lead"] in reply.text
    assert texts("en")["result"]["deletion_lead"] in again.text


@pytest.mark.parametrize("path", [STATUS_PAGE, DATA_PAGE])
@pytest.mark.parametrize("token", ["", "x", HOSTILE])
def test_another_token_opens_nothing(house: PrivacyHouse, path: str, token: str) -> None:
    request_id, _, _ = entered(house)
    reply = house.browse(f"POST {path}", {"token": token}, request_id=request_id)
    assert reply.status == 404
    assert "Demorou" not in reply.text


@pytest.mark.parametrize("code", ["", "1", "abcdefgh", "123456789", HOSTILE])
def test_what_cannot_be_a_code_is_said_at_its_field_and_uses_up_no_try(house: PrivacyHouse, code: str) -> None:
    request_id = sent(house)
    house.work()
    for _ in range(6):
        reply = house.browse(f"POST {REQUEST_PAGE}", {"code": code}, request_id=request_id)
        assert reply.status == 422
        assert 'aria-describedby="code-hint code-wrong"' in reply.text
    assert house.confirm(request_id, house.code()).status == 200


def test_a_wrong_code_says_no_more_than_a_request_that_is_not_there(house: PrivacyHouse) -> None:
    request_id = sent(house)
    house.work()
    wrong = house.browse(f"POST {REQUEST_PAGE}", {"code": "00000000"}, request_id=request_id)
    nothing = house.browse(f"POST {REQUEST_PAGE}", {"code": "00000000"}, request_id="req_" + "z" * 26)
    assert (wrong.status, wrong.text.replace(request_id, "")) == (422, nothing.text.replace("req_" + "z" * 26, ""))


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({}, ["type", "email"]),
        ({"type": "access"}, ["email"]),
        ({"email": MARIA}, ["type"]),
        ({"type": "forget", "email": MARIA}, ["type"]),
        ({"type": "access", "email": "maria"}, ["email"]),
        ({"type": "access", "email": "maria@x\r\nBcc: a@b.c"}, ["email"]),
        ({"type": "access", "email": HOSTILE * 20}, ["email"]),
    ],
)
def test_what_is_missing_is_said_at_its_field(house: PrivacyHouse, form: dict[str, str], fields: list[str]) -> None:
    reply = house.browse(f"POST {PAGE}", form)
    assert reply.status == 422
    for field in ("type", "email"):
        assert (f'id="{field}-wrong"' in reply.text) is (field in fields)
    assert 'role="alert"' in reply.text
    assert "<script" not in reply.text
    assert house.queued() == []


def test_an_address_that_was_typed_is_shown_again_as_text(house: PrivacyHouse) -> None:
    reply = house.browse(f"POST {PAGE}", {"email": HOSTILE, "lang": HOSTILE})
    assert "&lt;script&gt;" in reply.text
    assert "<script" not in reply.text


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-type": "application/json"}, b'{"type": "access"}'),
        ({"content-type": "multipart/form-data; boundary=x"}, b"--x--"),
        ({}, b"type=access"),
        (FORM, b"type=access&email=" + b"a" * 17_000),
        (FORM, b"&".join(b"a=%d" % number for number in range(20))),
        (FORM, b"email=%ff%fe"),
        (FORM, "email=é".encode()),
        (FORM, b"email=%00@x"),
    ],
)
@pytest.mark.parametrize("route", [f"POST {PAGE}", f"POST {REQUEST_PAGE}", f"POST {STATUS_PAGE}", f"POST {DATA_PAGE}"])
def test_what_is_no_form_of_ours_is_refused_in_a_page(house: PrivacyHouse, route: str, headers: dict[str, str], body: bytes) -> None:
    reply = invoke(route, None, headers=headers, body=body)
    assert reply.status == 400
    assert reply.headers["content-type"].startswith("text/html")
    assert house.queued() == []


@pytest.mark.parametrize("request_id", ["req_nenhum", HOSTILE, "req_" + "A" * 26, "../" * 9])
def test_an_id_that_is_none_has_no_page(house: PrivacyHouse, request_id: str) -> None:
    reply = house.browse(f"GET {REQUEST_PAGE}", request_id=request_id)
    assert reply.status == 404
    assert request_id not in reply.text


def test_the_page_says_of_each_company_why_how_long_and_whom_to_ask(house: PrivacyHouse) -> None:
    keep(house, "loja", retention_days=365, legal_basis=LegalBasis(kind="legitimate_interest", assessment="LIA-7 interna"))
    keep(house, "loja-2", retention_days=365, legal_basis=LegalBasis(kind="legitimate_interest", assessment="LIA-7 interna"))
    consent = LegalBasis(kind="consent", consent_version="v3", consent_text={"pt-BR": "Concordo que usem a minha resposta."})
    keep(house, "clinica", company="Clínica", retention_days=90, on_erasure="forget_score", legal_basis=consent)
    page = house.browse(f"GET {PAGE}").text
    said = texts("pt-BR")["notice"]
    assert page.count('id="empresa-') == 2
    for expected in ("365 dias", "90 dias", "Concordo que usem a minha resposta. (v3)", "Ana &lt;b&gt;Prado&lt;/b&gt;"):
        assert expected in page
    assert said["basis"]["legitimate_interest"] in page
    assert said["on_erasure"]["forget_score"] in page
    assert "LIA-7" not in page
    assert 'href="mailto:privacidade@loja.example"' in page


def test_surveys_of_one_company_that_differ_are_told_apart_by_name(house: PrivacyHouse) -> None:
    keep(house, "loja", name="Compra", retention_days=365)
    assert "Compra" not in house.browse(f"GET {PAGE}").text
    keep(house, "loja-2", name="Suporte", retention_days=90)
    page = house.browse(f"GET {PAGE}").text
    assert "Compra" in page
    assert "Suporte" in page


def test_drafts_and_closed_surveys_that_keep_nothing_are_not_on_the_page(house: PrivacyHouse) -> None:
    long_ago = house.now - timedelta(days=61)
    house.doors.surveys.create(survey_of("rascunho", settings_of(company="Rascunho"), status=SurveyStatus.DRAFT))
    house.doors.surveys.create(survey_of("velha", settings_of(company="Velha"), status=SurveyStatus.CLOSED, closed_at=long_ago))
    house.doors.surveys.create(survey_of("nova", settings_of(company="Nova"), status=SurveyStatus.CLOSED, closed_at=house.now))
    page = house.browse(f"GET {PAGE}").text
    assert "Nova" in page
    assert "Velha" not in page
    assert "Rascunho" not in page


@pytest.mark.parametrize(
    ("query", "liked", "lang"),
    [
        (None, "", "pt-BR"),
        (None, "en-GB,en;q=0.9,pt;q=0.8", "en"),
        (None, "de, es-AR;q=0.7, en;q=0.2", "es"),
        (None, "pt-PT", "pt-BR"),
        ({"lang": "en"}, "pt-BR", "en"),
        ({"lang": "fr"}, "es", "es"),
        (None, "x" * 5000 + ",;;;q=a,en;q=0", "pt-BR"),
    ],
)
def test_the_page_speaks_the_language_asked_for_or_liked(house: PrivacyHouse, query: dict[str, str] | None, liked: str, lang: str) -> None:
    assert house.key
    page = invoke(f"GET {PAGE}", None, headers={"accept-language": liked}, query=query).text
    assert f'<html lang="{lang}">' in page


def test_every_language_says_everything() -> None:
    def shape(value: object) -> object:
        return {name: shape(inner) for name, inner in value.items()} if isinstance(value, dict) else type(value).__name__

    assert len({str(shape(texts(lang))) for lang in LANGUAGES}) == 1


def test_a_page_loads_nothing_from_anywhere_and_may_not(house: PrivacyHouse) -> None:
    for reply in _every_page(house):
        policy = reply.headers["content-security-policy"]
        [style] = re.findall(r"<style>(.*?)</style>", reply.text, re.DOTALL)
        assert f"style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in policy
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert not re.search(r"<(script|link|img|iframe|object|svg)|\sstyle=|\son\w+=|url\(|@import", reply.text)
        assert (reply.headers["referrer-policy"], reply.headers["x-robots-tag"]) == ("no-referrer", "noindex, nofollow")
        assert (reply.headers["cache-control"], "set-cookie" in reply.headers) == ("no-store", False)
        assert '<meta name="robots" content="noindex, nofollow">' in reply.text


def test_every_page_is_well_formed_and_every_field_has_a_label(house: PrivacyHouse) -> None:
    for reply in _every_page(house):
        seen = _Outline()
        seen.feed(reply.text)
        assert seen.open == []
        assert len(seen.ids) == len(set(seen.ids))
        assert seen.referred <= set(seen.ids)
        assert seen.unlabelled(reply.text) == []
        assert seen.headings[0] == 1
        assert all(after - before <= 1 for before, after in zip(seen.headings, seen.headings[1:], strict=False))


def _every_page(house: PrivacyHouse) -> list[Reply]:
    keep(house, "loja")
    house.receipts.receipts["rec_" + "a" * 32] = RECEIPT
    request_id, _, access = entered(house)
    _, _, deletion = entered(house, "deletion")
    return [
        house.browse(f"GET {PAGE}"),
        house.browse(f"POST {PAGE}", {}),
        house.browse(f"GET {REQUEST_PAGE}", request_id=request_id),
        house.browse(f"POST {REQUEST_PAGE}", {"code": "x"}, request_id=request_id),
        house.browse(f"GET {RECEIPT_PAGE}"),
        house.browse(f"GET {RECEIPT_PAGE}", receipt_id="x"),
        access,
        deletion,
    ]


class _Outline(HTMLParser):
    """What stands where: open elements, ids, references to them, headings, fields."""

    _VOID: Final = frozenset({"meta", "input", "br", "link"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.referred: set[str] = set()
        self.headings: list[int] = []
        self.fields: list[dict[str, str | None]] = []
        self.in_label: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in self._VOID:
            self.open.append(tag)
        if identifier := given.get("id"):
            self.ids.append(identifier)
        for name in ("for", "aria-describedby", "aria-labelledby"):
            self.referred.update((given.get(name) or "").split())
        if (href := given.get("href") or "").startswith("#"):
            self.referred.add(href[1:])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "input" and given.get("type") != "hidden":
            self.fields.append(given)
            self.in_label.append("label" in self.open)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def unlabelled(self, page: str) -> list[dict[str, str | None]]:
        return [
            field for field, inside in zip(self.fields, self.in_label, strict=True) if not inside and f'for="{field.get("id")}"' not in page
        ]
