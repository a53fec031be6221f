"""Somebody in front of the widget: what they see and do, and what went wrong meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from infra.environments import WEB_FOLDER

# The widget closes its shadow root to scripts of the page; the test has to look inside.
OPEN_ROOTS: Final = """{
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (how) { return attach.call(this, {...how, mode: "open"}); };
}"""
# Whoever answers within 300 ms of being asked is taken for a robot, and the test is one: its clock runs as if it thought first.
THINKS: Final = "{const now = performance.now.bind(performance); performance.now = () => now() * 100;}"
PATIENCE: Final = 45_000
MOVING: Final = (
    "[document, ...[...document.querySelectorAll('*')].map((each) => each.shadowRoot)].flatMap((root) => root?.getAnimations() ?? [])"
)
SETTLED: Final = f"() => Promise.all({MOVING}.map((each) => each.finished)).then(() => 0)"
VIOLATIONS: Final = "() => axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations)"
"""What is asked for is all that axe tells in full, and comes here: of all that passes it would tell as much, and mostly that."""
ACTIVE: Final = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at?.value || at?.className || at?.tagName;
}"""


@dataclass
class Visitor:
    """A person with a browser. `errors` are those of pages that no code caught."""

    context: BrowserContext
    page: Page
    errors: list[str] = field(default_factory=list)

    @property
    def card(self) -> Locator:
        """The widget's card."""
        return self.page.locator(".card")

    def is_asked(self) -> None:
        """Wait for the question, and for its entrance to end."""
        self.card.first.wait_for()
        self.page.evaluate(SETTLED)

    def is_left_alone(self) -> None:
        """Nothing is shown after all that loads has loaded."""
        self.page.wait_for_load_state("networkidle")
        assert self.card.count() == 0

    def score(self, score: int, name: str = "Nota {} de 10") -> Locator:
        """The button of a score."""
        return self.card.get_by_role("radio", name=name.format(score), exact=True)

    def tap(self, score: int) -> None:
        """Give a score, and wait until it is said to be kept."""
        self.score(score).click()
        self.card.locator(".more").wait_for()

    def comment(self, text: str) -> None:
        """Write a comment."""
        self.card.locator("textarea").fill(text)

    def send(self) -> None:
        """Press the button, and wait for the thanks."""
        self.card.locator(".send").click()
        self.card.locator(".thanks").wait_for()

    def focused(self) -> str:
        """What has the focus, in whatever shadow root: its value, class or tag."""
        return str(self.page.evaluate(ACTIVE))

    def findings(self) -> list[str]:
        """What axe-core finds wrong with the widget as it is now, after its entrance."""
        self.page.evaluate(SETTLED)
        self.page.evaluate(f"() => {{ if (!window.axe) {{ {axe()} }} }}")
        found: Any = self.page.evaluate(VIOLATIONS)
        return [f"{each['id']}: {node['html']} {node['failureSummary']}" for each in found for node in each["nodes"]]

    def another_page(self) -> Page:
        """Another tab of the same browser."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        return page


@contextmanager
def visiting(browser: Browser, *, thinks: bool = True, **how: Any) -> Iterator[Visitor]:  # noqa: ANN401 - whatever a browser context can be told
    """Somebody with a fresh browser profile. Who sets the page's clock says by it how long they think: it would run by that of `THINKS`."""
    context = browser.new_context(**how)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(OPEN_ROOTS)
    if thinks:
        context.add_init_script(THINKS)
    errors: list[str] = []
    page = context.new_page()
    visitor = Visitor(context, page, errors)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield visitor
    context.close()


@cache
def axe() -> str:
    """The source of axe-core."""
    return (WEB_FOLDER / "node_modules" / "axe-core" / "axe.min.js").read_text()
