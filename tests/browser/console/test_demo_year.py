"""The pages of a survey with the demo's year, loaded by the real import: each role, both sizes, both themes, by mouse and by keys."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from secrets import token_hex
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, expect
from rich.console import Console as Terminal

from infra.demo.__main__ import load
from infra.demo.surveys import APP
from infra.local.stack import Stack
from shared.access import Role
from shared.periods import local_day
from tests.browser.console.conftest import Staff
from tests.browser.console.console import PHONE, WIDE, Console, at_console

READING_SCORES: Final = ("overview", "segments", "journey")
READING_ANSWERS: Final = (*READING_SCORES, "answers")
PAGES: Final = {
    Role.VIEWER: READING_SCORES,
    Role.DPO: READING_SCORES,
    Role.CS: READING_ANSWERS,
    Role.MANAGER: READING_ANSWERS,
    Role.ADMIN: READING_ANSWERS,
}
SHAPES: Final[dict[Role, tuple[dict[str, Any], str]]] = {
    Role.VIEWER: (PHONE, "pt-BR"),
    Role.DPO: (WIDE | {"color_scheme": "dark"}, "en"),
    Role.CS: (PHONE | {"color_scheme": "light"}, "es"),
    Role.MANAGER: (WIDE, "pt-BR"),
    Role.ADMIN: (PHONE, "es"),
}
"""Every size, theme and language with some role."""


@pytest.fixture(scope="module")
def year(stack: Stack, once: Callable[[str, Callable[[], str]], str]) -> str:
    """A survey with a year of answers."""

    def loaded() -> str:
        survey = replace(APP, settings={**APP.settings, "survey_id": f"year-{token_hex(4)}"})
        load(stack, survey, local_day(datetime.now(UTC), "America/Sao_Paulo"), Terminal(file=StringIO()))
        return survey.survey_id

    return once("year", loaded)


@pytest.fixture(params=Role)
def member(
    request: pytest.FixtureRequest, browser: Browser, stack: Stack, staff: Callable[[Role], Staff]
) -> Iterator[tuple[Role, Console]]:
    """Somebody of each role, signed in. Nothing may go wrong in what they see."""
    role: Role = request.param
    shape, locale = SHAPES[role]
    with at_console(browser, stack, **shape, locale=locale) as console:
        console.open()
        console.page.locator("input[type=email]").fill(staff(role).email)
        console.page.locator("input[name=password]").fill(staff(role).password)
        console.page.locator("button[type=submit]").click()
        console.page.locator("header.side").wait_for()
        yield role, console


def test_each_page_shows_the_year_to_whoever_may_see_it(member: tuple[Role, Console], year: str) -> None:
    role, console = member
    for page in PAGES[role]:
        console.open(f"/{page}?survey={year}&period=52w")
        assert console.page.locator(".failure").count() == 0, page
        assert console.findings() == [], page
        assert not console.overflows(), page
        if page != "answers":
            assert console.page.locator("svg.chart").count() > 0, page


def test_the_release_is_seen_by_keys_alone(manager: Console, year: str) -> None:
    with manager.page.expect_response("**/trend?*interval=week*") as told:
        manager.open(f"/overview?survey={year}&period=52w")
    standing_out = [point["change"] and point["change"]["marked"] for point in told.value.json()["points"]].count(True)
    card = manager.card("NPS ao longo do tempo")
    expect(card.get_by_text("Versão 4.0 do aplicativo", exact=True)).to_be_visible()
    card.get_by_role("button", name="tabela").focus()
    manager.page.keyboard.press("Enter")
    table = card.get_by_role("table")
    expect(table.get_by_role("cell", name="sim", exact=True)).to_have_count(standing_out)
    assert table.get_by_role("row").count() > 50


def test_the_plan_that_was_hurt_is_found_by_mouse(manager: Console, year: str) -> None:
    manager.open(f"/overview?survey={year}&period=52w")
    manager.page.get_by_role("link", name="Segmentos", exact=True).click()
    manager.is_ready()
    manager.page.get_by_label("Agrupar por").select_option("plan")
    manager.is_ready()
    manager.page.get_by_role("link", name="pro", exact=True).first.click()
    manager.is_ready()
    assert f"survey={year}" in manager.path
    assert "plan" in manager.path
    assert manager.page.locator(".failure").count() == 0
