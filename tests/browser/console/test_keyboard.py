"""By keyboard alone: to the content, through the menu, into dialogs and out of them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from infra.local.stack import Stack
from shared.access import Role
from tests.browser.console.conftest import Staff
from tests.browser.console.console import PHONE, Console, at_console
from tests.e2e.survey import OpenSurvey

pytestmark = pytest.mark.stack
FOCUSED = "document.activeElement.tagName + ' ' + (document.activeElement.id || document.activeElement.textContent.trim())"


def test_the_first_tab_skips_the_menu(manager: Console, answered: OpenSurvey) -> None:
    manager.open(f"/overview?survey={answered.survey_id}")
    manager.page.keyboard.press("Tab")
    assert manager.page.evaluate(FOCUSED) == "A Ir para o conteúdo"
    manager.page.keyboard.press("Enter")
    assert manager.page.evaluate(FOCUSED) == "MAIN main"


def test_another_page_gives_its_heading_the_focus_and_takes_the_survey_along(manager: Console, answered: OpenSurvey) -> None:
    manager.open(f"/overview?survey={answered.survey_id}&period=7d")
    manager.page.get_by_role("navigation").get_by_role("link", name="Segmentos").focus()
    manager.page.keyboard.press("Enter")
    manager.page.get_by_role("heading", name="Segmentos", exact=True).wait_for()
    assert manager.page.evaluate(FOCUSED) == "H1 Segmentos"
    assert manager.path == f"/segments?survey={answered.survey_id}&period=7d"


def test_signing_in_and_the_menu_of_a_phone_by_keyboard(
    browser: Browser, stack: Stack, answered: OpenSurvey, staff: Callable[[Role], Staff]
) -> None:
    with at_console(browser, stack, **PHONE) as console:
        console.open(f"/overview?survey={answered.survey_id}")
        console.page.get_by_label("E-mail").focus()
        console.page.keyboard.type(staff(Role.CS).email)
        console.page.keyboard.press("Tab")
        console.page.keyboard.type(staff(Role.CS).password)
        console.page.keyboard.press("Enter")
        menu = console.page.get_by_role("button", name="Abrir menu")
        menu.wait_for()
        console.is_ready()
        menu.focus()
        console.page.keyboard.press("Enter")
        assert console.findings() == []
        console.page.get_by_role("link", name="Respostas").focus()
        console.page.keyboard.press("Enter")
        console.page.get_by_role("heading", name="Respostas", exact=True).wait_for()
        assert not console.page.get_by_role("navigation").is_visible()
        menu.focus()
        console.page.keyboard.press("Enter")
        console.page.keyboard.press("Escape")
        assert not console.page.get_by_role("navigation").is_visible()


def test_a_dialog_keeps_the_focus_until_it_is_closed(manager: Console, answered: OpenSurvey) -> None:
    manager.open(f"/overview?survey={answered.survey_id}")
    opener = manager.page.get_by_role("button", name="Anotar um acontecimento")
    opener.focus()
    manager.page.keyboard.press("Enter")
    manager.page.get_by_role("dialog").wait_for()
    for _ in range(12):
        manager.page.keyboard.press("Tab")
        assert manager.page.evaluate("document.activeElement == document.body || document.activeElement.closest('dialog') != null")
    manager.page.keyboard.press("Escape")
    assert opener.evaluate("(it) => it == document.activeElement")
