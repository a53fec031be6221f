"""The first time: from the door to the first survey, its first answer and its first alert, as the deployment's own admin would go."""

import re
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect

from infra.local.receiver import Receiver
from infra.local.stack import Stack
from tests.browser.console.console import Console, at_console
from tests.browser.console.test_channels import make
from tests.browser.console.test_surveys import fill_in
from tests.browser.site import Site
from tests.browser.visitor import visiting
from tests.e2e.listeners import Inbox

pytestmark = pytest.mark.stack


def test_from_the_door_to_the_first_alert(browser: Browser, stack: Stack, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    took: dict[str, float] = {}
    inbox, name = Inbox(), f"Primeira {secrets.token_hex(3)}"
    with at_console(browser, stack) as admin, Receiver(inbox.take) as receiver:
        page = admin.page
        with timed(took, "sign in"):
            admin.open()
            admin.sign_in(stack.console_user["email"], stack.console_user["password"])
            page.get_by_role("navigation").wait_for()
        with timed(took, "make the first survey"):
            page.get_by_role("navigation").get_by_role("link", name="Pesquisas").click()
            page.get_by_role("link", name="Criar pesquisa").first.click()
            fill_in(admin, name)
            page.get_by_label("Sites que podem mostrá-la").fill(site.origin)
            page.get_by_role("button", name="Criar e abrir").click()
            expect(page.locator("h1")).to_have_text(name)
        with timed(took, "copy the snippet into a page"):
            admin.context.grant_permissions(["clipboard-read", "clipboard-write"])
            page.get_by_role("button", name="Copiar: No canto da página").click()
            page.get_by_text("Copiado.").first.wait_for()
            snippet = str(page.evaluate("navigator.clipboard.readText()"))
        with timed(took, "the first answer, on a site"):
            answer(browser, site.page("<h1>Padaria</h1>", snippet), 2, "O pão veio queimado")
        with timed(took, "the detractor in Overview"):
            page.get_by_role("link", name="Ver resultados").click()
            found_anew(admin, "O pão veio queimado")
        with timed(took, "and in Answers"):
            page.get_by_role("link", name="Respostas", exact=True).click()
            page.locator(".rows li").filter(has_text="O pão veio queimado").wait_for()
        with timed(took, "make an alert channel"):
            make(admin, "webhook", f"Plantão {name}", receiver.url, name)
            receiver.secret = admin.card("Segredo das assinaturas").locator("code").inner_text()
            page.get_by_role("button", name="Já guardei").click()
        with timed(took, "the first alert, of the survey's own page"):
            answer(browser, f"{stack.api_url}/s/{survey_of(snippet)}", 3, "Esperei muito")
            row = admin.card("Últimas entregas").get_by_role("row").filter(has_text="Detrator")
            row.get_by_text("entregue", exact=True).wait_for()
        assert [alert.data["score"] for alert in inbox.alerts] == [3]
        page.get_by_role("button", name="Excluir").click()
        page.get_by_role("dialog").get_by_role("button", name="Excluir").click()
        page.get_by_text("excluído.").wait_for()
    with capsys.disabled():
        sys.stdout.write("".join(f"\n{seconds:6.1f} s  {step}" for step, seconds in took.items()) + "\n")


@contextmanager
def timed(took: dict[str, float], step: str) -> Iterator[None]:
    """How long a step takes here; for whoever reads it, nothing depends on it."""
    began = time.perf_counter()
    yield
    took[step] = time.perf_counter() - began


def answer(browser: Browser, address: str, score: int, comment: str) -> None:
    """Somebody answers."""
    with visiting(browser, locale="pt-BR") as customer:
        customer.page.goto(address)
        customer.tap(score)
        customer.comment(comment)
        with customer.page.expect_response(lambda response: response.request.method == "PATCH"):
            customer.page.get_by_role("button", name=re.compile("^(Enviar|Concluir)$")).click()
        customer.page.get_by_text("Obrigado").first.wait_for()
        assert customer.errors == []


def found_anew(console: Console, text: str) -> None:
    """The answer is there, at the latest when the page is loaded again."""
    console.is_ready()
    for _ in range(30):
        if console.page.get_by_text(text).count():
            return
        console.page.wait_for_timeout(500)
        console.page.reload()
        console.is_ready()
    raise AssertionError(f"{text} is not shown")


def survey_of(snippet: str) -> str:
    return snippet.split('data-survey="')[1].partition('"')[0]
