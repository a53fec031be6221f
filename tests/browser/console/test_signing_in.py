"""The doors: signing in, the first password, a forgotten one, and a session that ends."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Route

from infra.local.stack import Stack
from shared.access import Role
from tests.browser.console.conftest import Staff
from tests.browser.console.console import PHONE, Console, at_console
from tests.e2e.staff import PASSWORD, in_bold, invited, letter_to
from tests.e2e.survey import OpenSurvey

pytestmark = pytest.mark.stack


def test_signing_in_leads_to_the_address_that_was_asked_for(anybody: Console, answered: OpenSurvey, staff: Callable[[Role], Staff]) -> None:
    wanted = f"/segments?survey={answered.survey_id}&period=90d&by=plan"
    anybody.open(wanted)
    assert anybody.title == "Entrar no painel"
    anybody.sign_in(staff(Role.MANAGER).email, PASSWORD)
    anybody.page.get_by_role("heading", name="Segmentos", exact=True).wait_for()
    assert anybody.path == wanted
    anybody.page.reload()
    anybody.page.get_by_role("heading", name="Segmentos", exact=True).wait_for()


def test_a_wrong_password_is_told_and_what_was_typed_stays(anybody: Console, staff: Callable[[Role], Staff]) -> None:
    email = staff(Role.VIEWER).email
    anybody.open()
    anybody.sign_in(email, "not-the-right-one")
    assert "E-mail e senha não conferem" in anybody.page.get_by_role("alert").inner_text()
    assert anybody.page.get_by_label("E-mail").input_value() == email
    assert anybody.findings() == []


def test_whoever_was_invited_chooses_a_password_first(anybody: Console, stack: Stack) -> None:
    email, temporary = invited(stack, Role.CS)
    anybody.open()
    anybody.sign_in(email, temporary)
    anybody.page.get_by_role("heading", name="Escolha sua senha").wait_for()
    assert anybody.findings() == []
    anybody.page.get_by_label("Nova senha").fill("aaaaaaaaaaaaaa")
    anybody.page.get_by_role("button", name="Guardar e entrar").click()
    assert "fácil de adivinhar" in anybody.page.get_by_role("alert").inner_text()
    anybody.page.get_by_label("Nova senha").fill(PASSWORD)
    anybody.page.get_by_role("button", name="Guardar e entrar").click()
    anybody.page.get_by_role("navigation").wait_for()


def test_a_forgotten_password_is_renewed_with_the_code_of_a_letter(anybody: Console, stack: Stack, staff: Callable[[Role], Staff]) -> None:
    email = staff(Role.VIEWER).email
    anybody.open()
    anybody.page.get_by_role("link", name="Esqueci minha senha").click()
    anybody.page.get_by_label("E-mail").fill(email)
    anybody.page.get_by_role("button", name="Enviar código").click()
    anybody.page.get_by_role("heading", name="Criar nova senha").wait_for()
    assert anybody.path == "/reset"
    assert email not in anybody.page.url
    assert anybody.findings() == []
    assert anybody.page.get_by_label("E-mail").input_value() == email
    anybody.page.get_by_label("Código recebido").fill(in_bold(letter_to(email, stack)))
    anybody.page.get_by_label("Nova senha").fill(PASSWORD)
    anybody.page.get_by_role("button", name="Trocar a senha").click()
    anybody.page.get_by_role("navigation").wait_for()
    anybody.is_ready()
    assert anybody.path.startswith("/overview")


def test_a_token_that_is_over_is_renewed_and_the_request_repeated(anybody: Console, staff: Callable[[Role], Staff]) -> None:
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.fallback()
            return
        refused.append(route.request.url)
        route.fulfill(status=403, content_type="application/json", body=json.dumps({"message": "Forbidden"}))

    anybody.page.route("**/v1/me/surveys", refuse_once)
    renewals: list[str] = []
    anybody.open()
    anybody.page.on("request", lambda request: renewals.append(request.url) if request.url.endswith("/session/refresh") else None)
    anybody.sign_in(staff(Role.MANAGER).email, PASSWORD)
    anybody.page.get_by_label("Pesquisa").wait_for()
    assert (len(refused), len(renewals)) == (1, 1)


def test_a_session_that_is_over_leads_to_the_door_and_back_to_the_same_place(
    anybody: Console, answered: OpenSurvey, staff: Callable[[Role], Staff]
) -> None:
    anybody.open(f"/overview?survey={answered.survey_id}&period=7d")
    anybody.sign_in(staff(Role.MANAGER).email, PASSWORD)
    anybody.page.get_by_role("heading", name="Visão geral").wait_for()
    anybody.is_ready()
    anybody.context.clear_cookies()
    anybody.page.route("**/nps?*", lambda route: route.fulfill(status=401, body="{}"))
    anybody.page.get_by_label("Período", exact=True).select_option("30d")
    anybody.page.get_by_text("Sua sessão terminou").wait_for()
    assert anybody.path == f"/overview?survey={answered.survey_id}&period=30d"
    anybody.page.unroute("**/nps?*")
    anybody.sign_in(staff(Role.MANAGER).email, PASSWORD)
    anybody.page.get_by_role("heading", name="Visão geral").wait_for()
    assert anybody.page.get_by_label("Período", exact=True).input_value() == "30d"


def test_leaving_in_one_tab_leaves_in_all_and_nothing_of_it_stays(anybody: Console, staff: Callable[[Role], Staff]) -> None:
    anybody.open()
    anybody.sign_in(staff(Role.MANAGER).email, PASSWORD)
    anybody.page.get_by_role("navigation").wait_for()
    other = anybody.context.new_page()
    other.goto(anybody.stack.console_url)
    other.get_by_role("button", name="Sair").click()
    other.get_by_role("heading", name="Entrar no painel").wait_for()
    anybody.page.get_by_text("Você saiu em outra aba").wait_for()
    assert anybody.context.cookies() == []
    assert anybody.stored() == {"local": {}, "session": {}, "cookies": ""}


def test_the_door_fits_a_phone_in_the_dark(browser: Browser, stack: Stack) -> None:
    with at_console(browser, stack, **PHONE) as console:
        console.open("/forgotten")
        assert (console.findings(), console.overflows()) == ([], False)
