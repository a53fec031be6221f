"""Past answers by the console: a file is sent, checked, read otherwise where it has to be, and imported; or cancelled, or refused."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

from infra.importing import send
from infra.local.stack import Stack
from shared.access import Role
from tests.browser.console.conftest import Staff
from tests.browser.console.console import PHONE, Console, at_console
from tests.e2e.staff import Session
from tests.e2e.survey import SETTINGS, OpenSurvey

pytestmark = pytest.mark.stack
NOW: Final = datetime.now(UTC)


@pytest.fixture
def past(stack: Stack) -> OpenSurvey:
    """A survey that nobody has answered yet."""
    return OpenSurvey(stack, name="Clientes da Padaria")


def file_of(rows: list[list[object]], name: str = "respostas.csv") -> FilePayload:
    """Rows as a spreadsheet of Brazil saves them."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    return {"name": name, "mimeType": "text/csv", "buffer": text.getvalue().encode("cp1252")}


def delighted() -> FilePayload:
    """An export with answers that count and stay, one that only counts, and two that are refused."""
    rows: list[list[object]] = [["Response ID", "Score", "Comment", "Created At", "Person Email", "Plan"]]
    ages = [*range(1, 21), 400]
    rows += [[f"r{age}", 9 if age % 3 else 2, "Ótimo pão", f"{NOW - timedelta(days=age):%Y-%m-%d %H:%M:%S} UTC", "", "pro"] for age in ages]
    rows += [["r98", "dez", "", "2024-03-25 10:00", "", ""], ["r99", 8, "", "03/04/2024", "ana@exemplo.com.br", ""]]
    return file_of(rows)


def chosen(console: Console, survey: OpenSurvey, file: FilePayload, source: str = "Planilha") -> Page:
    """The page of a new import with a file in it, ready to be sent."""
    console.open(f"/surveys/{survey.survey_id}/import")
    console.page.get_by_text(source, exact=True).click()
    console.page.get_by_label("Arquivo", exact=True).set_input_files(file)
    return console.page


def checked(console: Console, survey: OpenSurvey, file: FilePayload, source: str = "Planilha") -> Page:
    """The page of an import that has been checked."""
    page = chosen(console, survey, file, source)
    page.get_by_role("button", name="Enviar e conferir").click()
    page.get_by_role("button", name="Conferir de novo").wait_for()
    return page


def posts_to(page: Page, place: str) -> list[str]:
    """What is posted there from now on."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url) if request.method == "POST" and place in request.url else None)
    return found


def count(page: Page, name: str) -> int:
    """One of the four counts."""
    return int(page.locator(".outcome > div").filter(has=page.get_by_text(name, exact=True)).locator("dd").first.inner_text())


def test_an_export_of_delighted_comes_in_from_the_surveys_page_to_the_score(manager: Console, past: OpenSurvey, tmp_path: Path) -> None:
    manager.open(f"/surveys/{past.survey_id}")
    manager.page.get_by_role("link", name="Importar respostas").click()
    manager.page.get_by_role("heading", name="Importar respostas").wait_for()
    page = checked(manager, past, delighted(), "Delighted")
    page.get_by_role("heading", name="21 respostas prontas para importar").wait_for()
    counts = [count(page, name) for name in ("Contadas e guardadas", "Só contadas", "Já importadas", "Recusadas")]
    assert counts == [20, 1, 0, 2]
    refused = manager.card("2 linhas recusadas")
    expect(refused.get_by_text("A nota precisa ser um número inteiro de 0 a 10.").first).to_be_visible()
    refused.get_by_text("Ver linha por linha").click()
    assert [row.inner_text().split("\t")[0] for row in refused.locator("tbody tr").all()] == ["23", "24"]
    assert manager.findings() == []
    assert past.score()["answers"] == 0
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Baixar relatório").click()
    downloading.value.save_as(tmp_path / "report.csv")
    assert (tmp_path / "report.csv").read_text("utf-8-sig").count("importada") == 20

    page.get_by_role("button", name="Importar 21 respostas").click()
    dialog = page.get_by_role("dialog", name="Importar 21 respostas")
    expect(dialog).to_contain_text("Clientes da Padaria")
    dialog.get_by_role("button", name="Importar respostas").click()
    page.get_by_role("heading", name="21 respostas importadas").wait_for()
    assert "exemplo" not in manager.path + page.title() + str(manager.stored())
    page.get_by_role("link", name="Ver resultados").click()
    page.get_by_role("heading", name="Visão geral").wait_for()
    expect(manager.card("Respostas").locator(".big")).to_have_text("21")
    assert past.score()["answers"] == 20  # of the last 30 days


def test_a_spreadsheet_is_read_as_somebody_says_and_is_sent_once(manager: Console, past: OpenSurvey) -> None:
    rows: list[list[object]] = [["Cliente nº", "NPS", "Satisfação", "Dia", "Carteira"]]
    rows += [[f"c{number}", 9, 5, "05/06/2024", plan] for number, plan in enumerate(("free", "pro", "ouro"))]
    sent = posts_to(manager.page, "filesbucket")
    page = checked(manager, past, file_of(rows))
    page.get_by_text("Falta uma coluna com o identificador de cada resposta.").wait_for()
    assert manager.findings() == []
    page.get_by_label("Identificador", exact=True).select_option("Cliente nº")
    page.get_by_label("junto com", exact=True).select_option("Dia")
    page.get_by_label("Data da resposta", exact=True).select_option("Dia")
    page.get_by_label("Datas como 03/04/2024").select_option("mdy")
    page.get_by_label("Nota", exact=True).select_option("Satisfação")
    page.get_by_role("button", name="Conferir de novo").click()
    page.locator(".outcome").wait_for()
    page.get_by_label("Datas como 03/04/2024").select_option("dmy")
    page.get_by_label("Nota", exact=True).select_option("NPS")
    page.get_by_label("Plano", exact=True).select_option("Carteira")
    expect(page.get_by_role("button", name="Importar 3 respostas")).to_be_disabled()
    page.get_by_role("button", name="Conferir de novo").click()
    page.get_by_text("Plano: 1 linha tem um valor que a pesquisa não declara").wait_for()
    page.get_by_role("button", name="Importar 3 respostas").click()
    page.get_by_role("dialog").get_by_role("button", name="Importar respostas").click()
    page.get_by_role("heading", name="3 respostas importadas").wait_for()
    assert len(sent) == 1
    assert past.score("?from=2024-06-05&to=2024-06-05&segment=plan:pro")["distribution"][9] == 1


def test_it_is_found_at_its_address_as_it_stands_and_can_be_cancelled(manager: Console, past: OpenSurvey, stack: Stack) -> None:
    bucket = f"https://{stack.outputs['FilesBucket']}.s3.{stack.region}.amazonaws.com/"  # where forms lead in AWS
    file = delighted()
    forms: list[dict[str, object]] = []

    def lead_to_aws(route: Route) -> None:
        answer = route.fetch()
        made = answer.json()
        forms.append(made["upload"])
        route.fulfill(response=answer, json=made | {"upload": made["upload"] | {"url": bucket}})

    def take(route: Route) -> None:
        send(forms[0], file["buffer"])
        route.fulfill(status=204, headers={"access-control-allow-origin": "*"})

    manager.page.route(re.compile("/imports$"), lambda route: lead_to_aws(route) if route.request.method == "POST" else route.continue_())
    manager.page.route(f"{bucket}**", take)
    page = checked(manager, past, file, "Delighted")
    manager.page.unroute_all()
    assert len(forms) == 1
    manager.open(manager.path)
    page.get_by_role("heading", name="21 respostas prontas para importar").wait_for()
    page.get_by_role("button", name="Cancelar importação").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancelar importação").click()
    row = manager.card("Importações desta pesquisa").get_by_role("listitem").filter(has_text="Cancelada")
    row.get_by_role("link").click()
    page.get_by_text("O que já tinha sido importado fica.").wait_for()
    assert page.get_by_role("link", name="Enviar outro arquivo").count() == 1


def test_what_cannot_be_a_file_of_answers_is_refused_before_it_is_sent(manager: Console, past: OpenSurvey) -> None:
    page = chosen(manager, past, {"name": "respostas.xlsx", "mimeType": "application/zip", "buffer": b"PK\x03\x04 workbook"})
    sent = posts_to(page, "/imports")
    page.get_by_text("Este arquivo não é de texto. No Excel, salve-o como CSV UTF-8.").wait_for()
    page.get_by_role("button", name="Enviar e conferir").click()
    expect(page.get_by_label("Arquivo", exact=True)).to_be_focused()
    assert manager.findings() == []
    page.evaluate("Object.defineProperty(File.prototype, 'size', {get: () => 257 * 2 ** 20})")
    page.get_by_label("Arquivo", exact=True).set_input_files(delighted())
    page.get_by_text("O arquivo passa de 256 MB.").wait_for()
    assert sent == []
    page = checked(manager, past, {"name": "carta.txt", "mimeType": "text/plain", "buffer": "Prezados,\nsegue o relatório.\n".encode()})
    page.get_by_role("heading", name="O arquivo ainda não foi entendido").wait_for()
    assert page.get_by_role("button", name="Importar").count() == 0


def test_by_keyboard_on_a_phone_in_the_dark(browser: Browser, stack: Stack, past: OpenSurvey, staff: Callable[[Role], Staff]) -> None:
    with at_console(browser, stack, **PHONE) as console:
        console.open(f"/answers?survey={past.survey_id}")
        console.sign_in(staff(Role.MANAGER).email, staff(Role.MANAGER).password)
        page, keys = console.page, console.page.keyboard
        page.on("filechooser", lambda _: None)  # asked for ahead: a press that comes before the browser has heard of it opens its own
        page.get_by_role("link", name="Importar respostas").focus()
        keys.press("Enter")
        page.get_by_role("radio", name="Planilha").focus()
        keys.press("ArrowRight")
        expect(page.get_by_role("radio", name="Delighted")).to_be_focused()
        keys.press("Tab")
        expect(page.get_by_label("Arquivo", exact=True)).to_be_focused()
        with page.expect_file_chooser() as choosing:
            keys.press("Enter")
        choosing.value.set_files(delighted())
        page.get_by_text("respostas.csv").wait_for()
        assert (console.findings(), console.overflows()) == ([], False)
        page.get_by_role("button", name="Enviar e conferir").focus()
        keys.press("Enter")
        start = page.get_by_role("button", name="Importar 21 respostas")
        start.wait_for()
        expect(page.locator("h1")).to_be_focused()
        assert (console.findings(), console.overflows()) == ([], False)
        start.focus()
        keys.press("Enter")
        page.get_by_role("dialog").get_by_role("button", name="Importar respostas").focus()
        keys.press("Enter")
        page.get_by_role("heading", name="21 respostas importadas").wait_for()
        assert (console.findings(), console.overflows()) == ([], False)


def test_who_may_not_import_is_not_offered_it(
    signed_in: Callable[[Role], Console], staff: Callable[[Role], Staff], past: OpenSurvey
) -> None:
    console = signed_in(Role.CS)
    console.open(f"/answers?survey={past.survey_id}")
    assert console.page.get_by_role("link", name="Importar respostas").count() == 0
    console.open(f"/surveys/{past.survey_id}/import")
    assert console.title == "Sem acesso a esta página"
    session = Session(past.stack)
    assert session.sign_in(staff(Role.CS).email, staff(Role.CS).password).status == 200
    assert session.call("POST", f"{past.path}/imports", {}).json()["type"] == "urn:recomenda:problem:scope-missing"


def test_a_draft_says_why_nothing_can_be_imported_yet(manager: Console, stack: Stack) -> None:
    draft = stack.request("POST", "/v1/surveys", SETTINGS, key=stack.api_key).json()["survey_id"]
    manager.open(f"/surveys/{draft}/import")
    manager.page.get_by_text("Abra a pesquisa antes de importar").wait_for()
    assert manager.page.get_by_label("Arquivo", exact=True).count() == 0
    manager.page.get_by_role("link", name="Ir para a pesquisa").click()
    manager.page.get_by_role("button", name="Abrir", exact=True).wait_for()
