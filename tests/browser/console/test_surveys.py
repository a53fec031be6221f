"""Surveys: made in a minute with the widget beside, shown to people, changed, closed and opened again, asked in waves."""

import re
import secrets

import pytest
from playwright.sync_api import expect

from infra.local.stack import Stack
from tests.browser.console.console import Console
from tests.e2e.survey import OpenSurvey

pytestmark = pytest.mark.stack


def fill_in(console: Console, name: str) -> None:
    """What a survey needs to be opened."""
    console.page.get_by_label("Nome", exact=True).fill(name)
    for label, text in {
        "Empresa": "Padaria do Zé",
        "Referência da LIA": "LIA-7",
        "Encarregado": "Helena",
        "E-mail do encarregado": "helena@padaria.example",
        "Guardar por (dias)": "180",
    }.items():
        console.page.get_by_label(label, exact=True).fill(text)


def test_one_is_made_beside_its_preview_and_leads_to_what_shows_it(manager: Console, stack: Stack) -> None:
    name = f"Balcão {secrets.token_hex(3)}"
    manager.open("/surveys")
    manager.page.get_by_role("link", name="Criar pesquisa").click()
    fill_in(manager, name)
    preview = manager.card("Como o cliente vê")
    expect(preview).to_contain_text("Padaria do Zé")
    manager.page.get_by_label("Pergunta", exact=True).fill("Você voltaria ao balcão?")
    expect(preview).to_contain_text("Você voltaria ao balcão?")
    preview.get_by_role("radio", name="Nota 3 de 10").click()
    preview.locator("textarea").wait_for()
    manager.page.get_by_label("Pontos de contato").fill("Compra no site: compra\nEntrega: entrega")
    manager.page.get_by_role("button", name="Criar e abrir").click()
    expect(manager.page.locator("h1")).to_have_text(name)
    manager.page.get_by_text("Aberta: recebe respostas.").wait_for()
    survey_id = manager.path.removeprefix("/surveys/")
    survey = stack.request("GET", f"/v1/surveys/{survey_id}", key=stack.api_key).json()
    assert (survey["status"], [each["key"] for each in survey["touchpoints"]]) == ("open", ["compra-no-site", "entrega"])
    assert stack.request("GET", f"/v1/surveys/{survey_id}/nps", key=stack.api_key).json()["answers"] == 0  # the preview's was nobody's

    manager.context.grant_permissions(["clipboard-read", "clipboard-write"])
    manager.page.get_by_role("button", name="Copiar: No canto da página").click()
    manager.page.get_by_text("Copiado.").first.wait_for()
    assert manager.page.evaluate("navigator.clipboard.readText()") == (
        f'<script src="{stack.api_url}/widget.js" data-survey="{survey_id}" async></script>'
    )
    qr = manager.page.get_by_role("img", name="QR code do endereço da página")
    assert qr.evaluate("(it) => it.decode().then(() => it.naturalWidth)") > 0


def test_a_draft_says_what_it_lacks_and_a_refusal_names_its_field(manager: Console) -> None:
    manager.open("/surveys/new")
    fill_in(manager, f"Rascunho {secrets.token_hex(3)}")
    manager.page.get_by_label("Referência da LIA").fill("")
    manager.page.get_by_role("button", name="Criar e abrir").click()
    assert manager.page.get_by_label("Referência da LIA").evaluate("(it) => it == document.activeElement && !it.checkValidity()")
    manager.page.get_by_role("button", name="Só rascunho por ora").click()
    sites = manager.page.get_by_label("Sites que podem mostrá-la")
    sites.fill("padaria")
    manager.page.get_by_role("button", name="Guardar rascunho").click()
    refusal = manager.page.get_by_role("alert")
    refusal.get_by_role("button", name="Sites que podem mostrá-la").click()
    assert sites.evaluate("(it) => it == document.activeElement")
    assert sites.get_attribute("aria-invalid") == "true"
    assert manager.findings() == []
    sites.fill("https://padaria.example")
    manager.page.get_by_role("button", name="Guardar rascunho").click()
    manager.page.get_by_text("Rascunho: ninguém a vê ainda.").wait_for()
    manager.page.get_by_role("button", name="Abrir", exact=True).click()
    manager.page.get_by_text("Ainda falta algo para abrir").wait_for()
    manager.page.get_by_label("Referência da LIA").fill("LIA-8")
    manager.page.get_by_role("button", name="Guardar", exact=True).click()
    manager.page.get_by_text("Alterações guardadas.").wait_for()
    manager.page.get_by_role("button", name="Abrir", exact=True).click()
    manager.page.get_by_text("Aberta: recebe respostas.").wait_for()


@pytest.mark.parametrize(
    ("locale", "sites", "says"),
    [
        ("pt-BR", "Sites que podem mostrá-la", "Informe um texto com o endereço de um site"),
        ("es", "Sitios que pueden mostrarla", "Indique un texto con la dirección de un sitio"),
    ],
)
def test_a_refusal_is_beside_its_field_in_the_language_that_is_chosen(
    manager: Console, stack: Stack, locale: str, sites: str, says: str
) -> None:
    """The browser likes Portuguese whatever is chosen."""
    survey = OpenSurvey(stack)
    manager.open(f"/surveys/{survey.survey_id}?tab=settings")
    with manager.spoken(locale):
        field = manager.page.get_by_label(sites)
        field.fill("padaria")
        manager.page.get_by_role("button", name="Guardar", exact=True).click()
        expect(field).to_have_accessible_description(re.compile(says))
        told = manager.page.get_by_role("alert").locator("[lang]")
        expect(told).to_contain_text(says)
        expect(told).to_have_attribute("lang", locale)
        assert manager.findings() == []


def test_closing_is_confirmed_and_undone(manager: Console, stack: Stack) -> None:
    survey = OpenSurvey(stack, name="Feirinha")
    manager.open(f"/surveys/{survey.survey_id}")
    manager.page.get_by_role("button", name="Encerrar").click()
    manager.page.get_by_role("dialog", name="Encerrar Feirinha?").get_by_role("button", name="Encerrar").click()
    manager.page.get_by_text("Encerrada: não recebe mais respostas.").wait_for()
    assert status_of(survey) == "closed"
    manager.page.get_by_role("button", name="Desfazer").click()
    manager.page.get_by_text("Aberta: recebe respostas.").wait_for()
    assert status_of(survey) == "open"


def status_of(survey: OpenSurvey) -> str:
    return str(survey.stack.request("GET", survey.path, key=survey.stack.api_key).json()["status"])


def test_a_wave_begins_is_renamed_and_ends(manager: Console, stack: Stack) -> None:
    survey = OpenSurvey(stack)
    manager.open(f"/surveys/{survey.survey_id}?tab=waves")
    manager.page.get_by_role("button", name="Começar onda").click()
    dialog = manager.page.get_by_role("dialog", name="Começar onda")
    dialog.get_by_label("Nome").fill("Verão")
    dialog.get_by_role("button", name="Começar").click()
    row = manager.page.get_by_role("row", name=re.compile("^Verão"))
    row.get_by_text("em andamento").wait_for()
    row.get_by_role("button", name="Renomear").click()
    dialog = manager.page.get_by_role("dialog", name="Renomear")
    dialog.get_by_label("Nome").fill("Verão de 2026")
    dialog.get_by_role("button", name="Guardar").click()
    row = manager.page.get_by_role("row", name="Verão de 2026")
    row.get_by_role("button", name="Encerrar onda").click()
    manager.page.get_by_role("dialog").get_by_role("button", name="Encerrar onda").click()
    row.get_by_text("em andamento").wait_for(state="detached")
    (wave,) = stack.request("GET", f"{survey.path}/waves", key=stack.api_key).json()["waves"]
    assert (wave["name"], wave["last_day"]) == ("Verão de 2026", wave["first_day"])
