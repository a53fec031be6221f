"""Pictures of what customers meet, for the documents: `python -m tests.browser.shots`, beside a running `make run`."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, sync_playwright

from infra.environments import LOCAL, ROOT, find_browser
from infra.local.stack import Stack
from tests.browser.conftest import ARGUMENTS
from tests.browser.site import Site, running_site
from tests.browser.tags import script
from tests.browser.visitor import Visitor, visiting
from tests.e2e.survey import OpenSurvey

PICTURES: Final = ROOT / "docs" / "pictures"
BAKERY: Final[dict[str, Any]] = {"company": "Padaria Aurora", "notice_url": "https://padaria-aurora.example/privacidade"}
CONSENT: Final = "Autorizo a Padaria Aurora a guardar meu comentário e a falar comigo sobre ele."
WIDE: Final[dict[str, Any]] = {"viewport": {"width": 560, "height": 560}}
PHONE: Final[dict[str, Any]] = {"viewport": {"width": 320, "height": 700}, "has_touch": True, "is_mobile": True}
SHOP: Final[dict[str, Any]] = {"viewport": {"width": 1200, "height": 800}}
PAGE: Final[dict[str, Any]] = {"viewport": {"width": 900, "height": 640}}
DARK: Final[dict[str, Any]] = {"color_scheme": "dark"}
GROUND: Final = "<style>body { background: #f6f1ea; margin: 0 }</style>"
MARGIN: Final = 16


def main(home: Path = LOCAL, folder: Path = PICTURES) -> None:
    """Take them all."""
    stack = Stack.read(home)
    with sync_playwright() as playwright, running_site() as site:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        survey = partial(OpenSurvey, stack, origins=[site.origin], **BAKERY)
        usual = survey()
        consent = survey(legal_basis={"kind": "consent", "consent_version": "1", "consent_text": {"pt-BR": CONSENT}})
        purple, yellow = (survey(theme={"colour": colour, "dark": dark}) for colour, dark in (("#8e24aa", "always"), ("#ffd400", "never")))
        take = partial(_take, browser, site, folder)
        take("widget-pergunta", usual, WIDE, lambda visitor: visitor.is_asked())
        take("widget-comentario", usual, WIDE, lambda visitor: visitor.tap(9))
        take("widget-consentimento", consent, WIDE, lambda visitor: visitor.tap(4))
        take("widget-obrigado", usual, WIDE, _answered)
        take("widget-sem-conexao", usual, WIDE, _offline)
        take("widget-escuro", purple, WIDE, lambda visitor: visitor.tap(7))
        take("widget-amarelo", yellow, WIDE, lambda visitor: visitor.tap(10))
        take("widget-celular", usual, PHONE, lambda visitor: visitor.is_asked())
        take("widget-celular-comentario", usual, PHONE, lambda visitor: visitor.tap(2))
        _shop(browser, stack, folder)
        _pages(browser, stack, folder)
        _email(browser, stack, folder)
        browser.close()


def _answered(visitor: Visitor) -> None:
    visitor.tap(9)
    visitor.send()


def _offline(visitor: Visitor) -> None:
    visitor.is_asked()
    visitor.context.set_offline(True)
    visitor.tap(6)
    visitor.card.get_by_text("Sem conexão").wait_for()


def _take(  # noqa: PLR0913, PLR0917 - with what, where; what, of what, how
    browser: Browser, site: Site, folder: Path, name: str, survey: OpenSurvey, how: dict[str, Any], act: Callable[[Visitor], object]
) -> None:
    with visiting(browser, **how) as visitor:
        visitor.page.goto(site.page("", GROUND + script(survey)))
        act(visitor)
        visitor.is_asked()
        box = visitor.card.bounding_box()
        assert box is not None
        x, y = max(0, box["x"] - MARGIN), max(0, box["y"] - MARGIN)
        width, height = (
            min(box["width"] + 2 * MARGIN, how["viewport"]["width"] - x),
            min(box["height"] + 2 * MARGIN, how["viewport"]["height"] - y),
        )
        visitor.page.screenshot(path=folder / f"{name}.png", clip={"x": x, "y": y, "width": width, "height": height})


def _shop(browser: Browser, stack: Stack, folder: Path) -> None:
    with visiting(browser, **SHOP) as visitor:
        visitor.page.goto(f"{stack.api_url}/shop")
        visitor.is_asked()
        visitor.page.screenshot(path=folder / "loja.jpg", type="jpeg", quality=80)


def _pages(browser: Browser, stack: Stack, folder: Path) -> None:
    page = stack.survey_page_url
    for name, how, address, act in (
        ("pagina-pergunta", PAGE, page, None),
        ("pagina-nota-do-email", PAGE, f"{page}?score=9", None),
        ("pagina-comentario", PAGE, page, "5"),
        ("pagina-celular", PHONE | DARK, page, "9"),
        ("pagina-quiosque", PAGE, f"{page}?kiosk=1", None),
        ("pagina-sem-javascript", PAGE | {"java_script_enabled": False}, page, None),
        ("privacidade", PAGE | {"java_script_enabled": False}, stack.privacy_url, None),
    ):
        context = browser.new_context(locale="pt-BR", reduced_motion="reduce", **how)
        shown = context.new_page()
        shown.goto(address)
        if act:
            shown.get_by_role("radio", name=f"Nota {act} de 10").check(force=True)
            shown.get_by_role("textbox").wait_for()
        shown.screenshot(path=folder / f"{name}.png", full_page=act is not None)
        context.close()


def _email(browser: Browser, stack: Stack, folder: Path) -> None:
    """The ready fragment, as a mail program shows it."""
    asked = stack.request("GET", f"/v1/surveys/{stack.survey_id}/email?locale=pt-BR&tool=mailchimp", key=stack.api_key)
    context = browser.new_context(viewport={"width": 680, "height": 420}, java_script_enabled=False)
    shown = context.new_page()
    shown.set_content(asked.json()["html"])
    shown.screenshot(path=folder / "email.png")
    context.close()


if __name__ == "__main__":
    main()
