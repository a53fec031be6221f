"""Somebody in front of the console: what they open, what they find, and what went wrong meanwhile."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from infra.local.stack import Stack
from tests.browser.visitor import PATIENCE, SETTLED, VIOLATIONS, axe

WIDE: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}
PHONE: Final[dict[str, Any]] = {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark", "has_touch": True}
_VIOLATIONS: Final = """
  addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""
expect.set_options(timeout=PATIENCE)
_EXPECTED: Final = ("Failed to load resource",)
"""What Chromium writes of answers that are no 2xx, which a page may well get."""


@dataclass
class Console:
    """A browser at the console. `errors` are what its pages, its policy or its messages complained of."""

    stack: Stack
    context: BrowserContext
    page: Page
    errors: list[str] = field(default_factory=list)

    def open(self, path: str = "") -> None:
        """Load an address of the console, and wait until nothing is being asked for."""
        self.page.goto(f"{self.stack.console_url}{path}")
        self.is_ready()

    def is_ready(self) -> None:
        """Wait for the page's heading, and for everything that it shows to be there."""
        self.page.locator("h1").first.wait_for()
        self.page.locator(".skeleton, [aria-busy=true], .starting").first.wait_for(state="detached")

    def sign_in(self, email: str, password: str) -> None:
        """Fill in the door."""
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Senha", exact=True).fill(password)
        self.page.get_by_role("button", name="Entrar", exact=True).click()

    @property
    def path(self) -> str:
        """Where the page is, below the console, with its query."""
        return unquote(self.page.url).removeprefix(self.stack.console_url)

    @property
    def title(self) -> str:
        """The heading."""
        return self.page.locator("h1").inner_text()

    @contextmanager
    def spoken(self, locale: str) -> Iterator[None]:
        """Another language, and Portuguese again afterwards, whatever happens: tests share the browser of somebody who is signed in."""
        language = self.page.locator(".account .looks select").first
        language.select_option(locale)
        expect(self.page.locator("html")).to_have_attribute("lang", locale)
        try:
            yield
        finally:
            language.select_option("pt-BR")

    def card(self, title: str) -> Locator:
        """A part of the page."""
        return self.page.get_by_role("region", name=title, exact=True)

    def findings(self) -> list[str]:
        """What axe-core finds wrong with what is shown now."""
        self.page.evaluate(SETTLED)
        self.page.evaluate(f"() => {{ if (!window.axe) {{ {axe()} }} }}")
        found: Any = self.page.evaluate(VIOLATIONS)
        return [f"{each['id']}: {node['html']} {node['failureSummary']}" for each in found for node in each["nodes"]]

    def overflows(self) -> bool:
        """Whether the page scrolls sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))

    def stored(self) -> dict[str, Any]:
        """All that is kept in the browser's storage where scripts can read it."""
        found: dict[str, Any] = json.loads(
            self.page.evaluate("JSON.stringify({local: {...localStorage}, session: {...sessionStorage}, cookies: document.cookie})")
        )
        return found


@contextmanager
def at_console(browser: Browser, stack: Stack, **how: Any) -> Iterator[Console]:  # noqa: ANN401 - whatever a browser context can be told
    """Somebody with a fresh browser profile. Nothing may have gone wrong by the end."""
    usual: dict[str, Any] = {"locale": "pt-BR", "reduced_motion": "reduce", "accept_downloads": True}
    context = browser.new_context(**(usual | WIDE | how))
    context.set_default_timeout(PATIENCE)
    context.add_init_script(_VIOLATIONS)
    console = Console(stack, context, context.new_page())
    _listen(console.page, console.errors)
    yield console
    context.close()
    assert console.errors == []


def _listen(page: Page, errors: list[str]) -> None:
    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_EXPECTED):
            errors.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: errors.append(str(error)))
