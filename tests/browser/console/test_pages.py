"""Every page, as everybody meets it: no finding of axe, nothing cut off, nothing that the policy refuses, in each theme and language."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser

from infra.environments import ROOT
from infra.local.stack import Stack
from shared.access import Role
from tests.browser.console.conftest import Staff
from tests.browser.console.console import PHONE, WIDE, Console, at_console
from tests.e2e.survey import OpenSurvey

pytestmark = pytest.mark.stack
PAGES: Final = ("/overview", "/answers", "/segments", "/nowhere")
SCREENS: Final[dict[str, dict[str, Any]]] = {
    "wide, light": WIDE,
    "wide, dark": WIDE | {"color_scheme": "dark"},
    "phone, light": PHONE | {"color_scheme": "light"},
    "phone, dark": PHONE,
}


@pytest.fixture(scope="module", params=SCREENS)
def screen(request: pytest.FixtureRequest, browser: Browser, stack: Stack, staff: Callable[[Role], Staff]) -> Iterator[Console]:
    """A manager in front of a screen."""
    with at_console(browser, stack, **SCREENS[request.param]) as console:
        console.open()
        console.sign_in(staff(Role.MANAGER).email, staff(Role.MANAGER).password)
        console.page.locator("#menu").wait_for(state="attached")
        yield console


@pytest.fixture(scope="module")
def unanswered(stack: Stack) -> OpenSurvey:
    """A survey that nobody has answered yet."""
    return OpenSurvey(stack)


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_nothing_is_cut_off(screen: Console, answered: OpenSurvey, path: str) -> None:
    screen.open(f"{path}?survey={answered.survey_id}")
    assert screen.findings() == []
    assert not screen.overflows()
    assert screen.errors == []


@pytest.mark.parametrize("path", PAGES[:3])
def test_a_survey_without_answers_says_what_to_do(screen: Console, unanswered: OpenSurvey, path: str) -> None:
    screen.open(f"{path}?survey={unanswered.survey_id}")
    assert screen.page.locator(".empty").count() > 0
    assert screen.findings() == []
    assert not screen.overflows()


def test_a_table_and_a_dialog_have_no_findings_either(screen: Console, answered: OpenSurvey) -> None:
    screen.open(f"/overview?survey={answered.survey_id}")
    for _ in range(4):
        screen.page.get_by_role("button", name=re.compile("ver tabela")).first.click()
    assert screen.page.locator(".chart-card table").count() == 4
    screen.page.get_by_role("button", name="Anotar um acontecimento").click()
    screen.page.get_by_role("dialog").wait_for()
    assert (screen.findings(), screen.overflows()) == ([], False)


@pytest.mark.parametrize(("locale", "label"), [("en", "Language"), ("es", "Idioma"), ("pt-BR", "Idioma")])
def test_every_page_is_in_the_language_that_is_chosen(
    signed_in: Callable[[Role], Console], answered: OpenSurvey, locale: str, label: str
) -> None:
    console = signed_in(Role.MANAGER)
    words = json.loads((ROOT / "web" / "console" / "messages" / f"{locale}.json").read_text(encoding="utf-8"))
    console.open(f"/overview?survey={answered.survey_id}")
    with console.spoken(locale):
        console.page.get_by_label(label, exact=True).wait_for()
        for path in ("overview", "answers", "segments"):
            console.open(f"/{path}?survey={answered.survey_id}")
            assert console.page.locator("html").get_attribute("lang") == locale
            assert console.title == words[f"nav.{path}"]
            assert console.page.title() == f"{words[f'nav.{path}']} · Recomenda"
            assert console.findings() == []
        assert console.stored()["local"] == {"recomenda.console": json.dumps({"locale": locale}, separators=(",", ":"))}
    assert console.errors == []


def test_the_theme_that_is_chosen_stays_whatever_the_system_likes(anybody: Console) -> None:
    anybody.open()
    anybody.page.get_by_label("Tema").select_option("dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = anybody.page.evaluate(ground)
    anybody.page.reload()
    anybody.is_ready()
    assert anybody.page.evaluate(ground) == dark
    anybody.page.get_by_label("Tema").select_option("light")
    assert anybody.page.evaluate(ground) != dark


def test_whoever_wants_less_motion_gets_none(manager: Console, answered: OpenSurvey) -> None:
    manager.open(f"/overview?survey={answered.survey_id}")
    assert manager.page.evaluate("document.getAnimations().length") == 0
