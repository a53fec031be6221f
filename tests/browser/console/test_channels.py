"""Channels: made, proved, tried, paused, changed and ended; what was delivered, and sent again."""

import re
from secrets import token_hex

import pytest
from playwright.sync_api import Locator, expect

from infra.local.receiver import Receiver
from infra.local.stack import Stack
from tests.browser.console.console import Console
from tests.e2e.listeners import Inbox, Room
from tests.e2e.survey import OpenSurvey, wait_until

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def quiet(stack: Stack) -> str:
    """The name of a survey that nobody answers, so that a channel of it hears of no other test's detractors."""
    name = f"Ninguém responde {token_hex(4)}"
    OpenSurvey(stack, name=name)
    return name


def make(console: Console, kind: str, name: str, url: str, survey: str) -> None:
    """Fill in the dialog."""
    console.open("/channels")
    console.page.get_by_role("button", name="Novo alerta").first.click()
    dialog = console.page.get_by_role("dialog", name="Novo alerta")
    dialog.get_by_label("Onde", exact=True).select_option(kind)
    dialog.get_by_label("Nome", exact=True).fill(name)
    dialog.get_by_label("Endereço", exact=True).fill(url)
    dialog.get_by_role("checkbox", name=survey).check()
    dialog.get_by_role("checkbox", name="comentário").check()
    dialog.get_by_role("button", name="Criar e verificar").click()
    expect(console.page.locator("h1")).to_have_text(name)


def asked(console: Console, title: str, action: str) -> None:
    """Agree to what is asked."""
    console.page.get_by_role("dialog", name=title).get_by_role("button", name=action).click()


def test_a_webhook_from_its_first_challenge_to_its_end(manager: Console, quiet: str) -> None:
    inbox = Inbox()
    with Receiver(inbox.take) as receiver:
        make(manager, "webhook", "Receptor", receiver.url, quiet)
        page = manager.page
        page.get_by_text("Guarde-o agora").wait_for()
        receiver.secret = manager.card("Segredo das assinaturas").locator("code").inner_text()
        assert manager.findings() == []
        page.get_by_role("button", name="Já guardei").click()
        assert page.get_by_text(receiver.secret).count() == 0

        page.get_by_role("button", name="Enviar teste").click()
        delivered = manager.card("Últimas entregas").get_by_role("row").filter(has_text="entregue")
        delivered.get_by_text("Teste").wait_for()
        assert [alert.type for alert in inbox.alerts] == ["channel.test"]
        delivered.get_by_role("button", name="Reenviar").click()
        wait_until(lambda: len({alert.message_id for alert in inbox.alerts}) == 1 and len(inbox.alerts) == 2, 40)

        page.get_by_role("button", name="Pausar").click()
        facts = manager.card("O que este alerta faz")
        facts.get_by_text("em pausa").wait_for()
        page.get_by_role("button", name="Retomar").click()
        facts.get_by_text("ativo", exact=True).wait_for()
        edit(manager, facts)

        page.get_by_role("button", name="Trocar segredo").click()
        asked(manager, "Trocar o segredo das assinaturas?", "Trocar segredo")
        page.get_by_text("Guarde-o agora").wait_for()
        assert manager.card("Segredo das assinaturas").locator("code").inner_text() != receiver.secret

        page.get_by_role("button", name="Excluir").click()
        asked(manager, "Excluir o alerta Receptor da loja?", "Excluir")
        page.get_by_text("Alerta Receptor da loja excluído.").wait_for()
        assert manager.path == "/channels"
        assert page.get_by_role("link", name="Receptor da loja").count() == 0


def edit(console: Console, facts: Locator) -> None:
    """Change the name and the rules."""
    facts.get_by_role("button", name="Editar").click()
    dialog = console.page.get_by_role("dialog", name="Editar")
    dialog.get_by_label("Nome", exact=True).fill("Receptor da loja")
    dialog.get_by_label("Avisar quando a nota for").select_option("3")
    dialog.get_by_text("Mais opções").click()
    dialog.get_by_label("Só se o comentário tiver uma destas palavras").fill("frio, atraso")
    dialog.get_by_label("Horário de silêncio").check()
    assert console.findings() == []
    dialog.get_by_role("button", name="Guardar").click()
    expect(console.page.locator("h1")).to_have_text("Receptor da loja")
    for text in ("notas de 0 a 3", "frio, atraso", re.compile("20:00.08:00")):
        facts.get_by_text(text).wait_for()


def test_a_room_is_proved_by_the_code_that_was_posted_to_it(manager: Console, quiet: str) -> None:
    with Room() as room:
        make(manager, "slack", "Sala do CS", room.url, quiet)
        page = manager.page
        page.get_by_label("Código de seis dígitos").fill("000000" if room.code() != "000000" else "111111")
        page.get_by_role("button", name="Verificar", exact=True).click()
        assert "Este código não vale" in page.get_by_role("alert").inner_text()
        page.get_by_label("Código de seis dígitos").fill(room.code())
        page.get_by_role("button", name="Verificar", exact=True).click()
        page.get_by_text("Verificado: os alertas já vão para lá.").wait_for()
        page.get_by_role("button", name="Excluir").click()
        asked(manager, "Excluir o alerta Sala do CS?", "Excluir")
        page.get_by_text("Alerta Sala do CS excluído.").wait_for()


def test_an_address_that_is_refused_is_told_beside_its_field(manager: Console) -> None:
    manager.open("/channels")
    manager.page.get_by_role("button", name="Novo alerta").first.click()
    dialog = manager.page.get_by_role("dialog")
    dialog.get_by_label("Nome", exact=True).fill("Sala")
    dialog.get_by_label("Endereço", exact=True).fill("ftp://padaria.example/sala")
    dialog.get_by_role("button", name="Criar e verificar").click()
    dialog.get_by_role("alert").get_by_role("button", name="Endereço").click()
    assert dialog.get_by_label("Endereço", exact=True).get_attribute("aria-invalid") == "true"
    manager.page.keyboard.press("Escape")
