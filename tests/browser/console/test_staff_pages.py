"""The pages of those who run it: what each role sees of them, as everybody meets them, in each language, and by keyboard alone."""

import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from infra.environments import ROOT
from infra.local.receiver import Receiver
from infra.local.stack import Stack
from shared.access import Role
from tests.browser.console.conftest import Staff
from tests.browser.console.console import Console
from tests.e2e.listeners import Inbox, TestedChannel
from tests.e2e.staff import Session
from tests.e2e.survey import OpenSurvey

pytestmark = pytest.mark.stack
SEES: Final[dict[Role, set[str]]] = {
    Role.VIEWER: {"journey", "settings"},
    Role.CS: {"journey", "settings"},
    Role.DPO: {"journey", "privacy", "settings"},
    Role.MANAGER: {"journey", "surveys", "channels", "settings"},
    Role.ADMIN: {"journey", "surveys", "channels", "privacy", "settings"},
}
ASKS: Final = {"surveys": "/v1/surveys", "channels": "/v1/channels", "privacy": "/v1/privacy/erasures"}
OF_ADMINS: Final = ("/v1/users", "/v1/keys")
PAGES: Final = (
    "/journey?survey={survey}",
    "/surveys",
    "/surveys/new",
    "/surveys/{survey}",
    "/surveys/{survey}?tab=settings",
    "/surveys/{survey}?tab=waves",
    "/channels",
    "/channels/{channel}",
    "/privacy",
    "/privacy?tab=holds",
    "/settings",
    "/settings?tab=users",
    "/settings?tab=keys",
)


@pytest.fixture
def admin(signed_in: Callable[[Role], Console]) -> Iterator[Console]:
    """An admin, in front of nothing yet."""
    console = signed_in(Role.ADMIN)
    yield console
    assert console.errors == []


@pytest.fixture(scope="module")
def channel_id(stack: Stack) -> Iterator[str]:
    """A channel that something was delivered to."""
    with Receiver(Inbox().take) as receiver:
        channel = TestedChannel.webhook(stack, receiver, name="Plantão")
        assert stack.request("POST", f"{channel.path}/test", key=stack.api_key).status == 202
        yield channel.channel_id
        channel.delete()


@pytest.mark.parametrize("role", Role)
def test_a_role_sees_its_pages_and_the_api_refuses_the_others(
    anybody: Console, staff: Callable[[Role], Staff], answered: OpenSurvey, role: Role
) -> None:
    console = anybody
    console.open()
    console.sign_in(staff(role).email, staff(role).password)
    console.page.get_by_role("navigation").wait_for()
    console.open(f"/journey?survey={answered.survey_id}")
    links = console.page.get_by_role("navigation").get_by_role("link")
    links.first.wait_for()
    shown = {str(link.get_attribute("href")).split("/")[-1].split("?")[0] for link in links.all()}
    assert shown - {"overview", "answers", "segments"} == SEES[role]
    console.open("/settings")
    parts = console.page.get_by_role("group", name="Partes das configurações")
    assert parts.count() == (role is Role.ADMIN)
    session = Session(answered.stack)
    assert session.sign_in(staff(role).email, staff(role).password).status == 200
    refused = {page for page, path in ASKS.items() if session.call("GET", path).status == 403}
    assert refused == ASKS.keys() - SEES[role]
    assert {session.call("GET", path).status for path in OF_ADMINS} == ({200} if role is Role.ADMIN else {403})
    for page in refused:
        console.open(f"/{page}")
        assert console.title == "Sem acesso a esta página"
    assert console.errors == []


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_nothing_is_cut_off(admin: Console, answered: OpenSurvey, channel_id: str, path: str) -> None:
    admin.open(path.format(survey=answered.survey_id, channel=channel_id))
    try:
        for scheme in ("light", "dark"):
            admin.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert admin.findings() == [], scheme
        admin.page.set_viewport_size({"width": 360, "height": 740})
        assert not admin.overflows()
        assert admin.findings() == []
    finally:
        admin.page.set_viewport_size({"width": 1280, "height": 900})
        admin.page.emulate_media(color_scheme="light", reduced_motion="reduce")


def speak(console: Console, locale: str) -> dict[str, str]:
    """Choose a language; returns its messages. What is missing of them the console complains of."""
    words: dict[str, str] = json.loads((ROOT / "web" / "console" / "messages" / f"{locale}.json").read_text(encoding="utf-8"))
    console.open("/settings")
    console.page.locator(".account .looks select").first.select_option(locale)
    console.page.get_by_role("heading", name=words["settings.mine"]).wait_for()
    return words


@pytest.mark.parametrize("locale", ["en", "es"])  # all else is tried in Portuguese
def test_every_word_is_in_the_language_that_is_chosen(admin: Console, answered: OpenSurvey, channel_id: str, locale: str) -> None:
    words = speak(admin, locale)
    try:
        for path in PAGES:
            admin.open(path.format(survey=answered.survey_id, channel=channel_id))
            text = admin.page.locator("#main").inner_text()
            left = [word for word in text.split() if "." in word and word in words]
            assert (admin.page.locator("html").get_attribute("lang"), left) == (locale, [])
    finally:
        speak(admin, "pt-BR")


def keys(console: Console, *pressed: str) -> None:
    for key in pressed:
        console.page.keyboard.press(key)


def focus(console: Console, role: Any, name: str) -> None:  # noqa: ANN401 - one of playwright's many
    """Tab to what has that name: it can be reached, and in this direction."""
    wanted = console.page.get_by_role(role, name=name, exact=True).first
    wanted.wait_for()
    for _ in range(80):
        if wanted.evaluate("(it) => it == document.activeElement"):
            return
        console.page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by the keyboard")


def test_a_survey_is_made_by_keyboard_alone(admin: Console) -> None:
    name = f"Teclado {secrets.token_hex(3)}"
    admin.open("/surveys/new")
    for label, text in {"Nome": name, "Empresa": "Padaria", "Referência da LIA": "LIA-9", "Encarregado": "Helena"}.items():
        focus(admin, "textbox", label)
        keys(admin, "ControlOrMeta+A")
        admin.page.keyboard.type(text)
    focus(admin, "button", "Só rascunho por ora")
    keys(admin, "Space")
    focus(admin, "button", "Guardar rascunho")
    keys(admin, "Enter")
    admin.page.get_by_role("heading", name=name).wait_for()


def test_the_main_act_of_each_other_page_by_keyboard_alone(admin: Console, answered: OpenSurvey, channel_id: str) -> None:
    admin.open(f"/journey?survey={answered.survey_id}")
    focus(admin, "link", "Compra")
    keys(admin, "Enter")
    admin.page.get_by_role("heading", name="Respostas", exact=True).wait_for()

    admin.open(f"/channels/{channel_id}")
    focus(admin, "button", "Enviar teste")
    keys(admin, "Enter")
    admin.page.get_by_text("Teste a caminho").wait_for()

    admin.open("/privacy")
    focus(admin, "button", "Excluir os dados de alguém")
    keys(admin, "Enter")
    dialog = admin.page.get_by_role("dialog")
    focus(admin, "textbox", "E-mail")
    admin.page.keyboard.type("ninguem@cliente.example")
    focus(admin, "textbox", "Motivo")
    admin.page.keyboard.type("Pedido")
    focus(admin, "checkbox", "Conferi quem é, e sei que não tem volta.")
    keys(admin, "Space")
    focus(admin, "button", "Excluir para sempre")
    keys(admin, "Enter")
    dialog.get_by_role("alert").wait_for()
    keys(admin, "Escape")
    dialog.wait_for(state="detached")
    assert admin.page.get_by_role("button", name="Excluir os dados de alguém").evaluate("(it) => it == document.activeElement")

    admin.open("/settings")
    focus(admin, "switch", "Resumo semanal por e-mail")
    keys(admin, "Space")
    admin.page.get_by_text("Você recebe o resumo em").wait_for()
    keys(admin, "Space")
    admin.page.get_by_text("Você não recebe o resumo.").wait_for()
