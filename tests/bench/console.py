"""How soon the console can be used with a year of the demo's answers, and what comes over the wire for that.

Each view is opened by somebody who is signed in and has none of its files. Beside it stands the same data, asked for by a bare script
that draws nothing: what needs another answer after it, and all else at once, as the page does. So the ratio is what the console's own files
and its drawing take, whatever the stack and the machine are worth.
"""

import json
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, Page, StorageState, sync_playwright
from rich.console import Console

from infra.assets import MANIFEST, build_assets
from infra.demo.__main__ import load
from infra.demo.surveys import SURVEYS
from infra.environments import find_browser
from infra.local.emulator import free_port
from infra.local.home import running_stack
from infra.local.stack import Stack
from shared.periods import local_day
from tests.bench.figures import Figure
from tests.bench.place import HOME
from tests.bench.widgets.measure import FLAGS

VIEWS: Final = ("overview", "segments", "answers")
ROUNDS: Final = 7
QUERY: Final = "survey=demo&period=12m"
GOAL_MS: Final = 1_000.0
GOAL_BYTES: Final = 150_000.0
_ZONE: Final = "America/Sao_Paulo"
_NOTE: Final = "loaded"
_PATIENCE_MS: Final = 60_000
_AFTERWARDS_MS: Final = 700
_PERSONAL: Final = "/v1/me/"
"""What the page asks for next, once it is known who is here; the figures come after it."""
_RENEWAL: Final = "/v1/session/refresh"
_WATCH: Final = """
  const isThere = () => document.querySelector("main h1") && !document.querySelector(".skeleton, [aria-busy=true], .starting");
  let was = false;
  new MutationObserver(() => {
    const is = Boolean(isThere());
    if (is && !was) requestAnimationFrame(() => setTimeout(() => performance.mark("usable")));
    was = is;
  }).observe(document, { subtree: true, childList: true, attributes: true });
"""
_USABLE: Final = """
  ([patience, afterwards]) => new Promise((found, failed) => {
    const last = () => performance.getEntriesByName("usable").at(-1)?.startTime;
    const look = () => {
      if (performance.now() > patience) failed(new Error("never usable"));
      else if (performance.now() - last() > afterwards) found(last());
      else setTimeout(look, 50);
    };
    look();
  })
"""
"""When it could be used: a mark that was too early is followed by another."""
_BARE: Final = """
  async ([root, renewal, steps]) => {
    const began = performance.now();
    const headers = { "content-type": "application/json" };
    const { access_token } = await (await fetch(root + renewal, { method: "POST", headers })).json();
    const ask = async (path) => (await fetch(root + path, { headers: { authorization: `Bearer ${access_token}` } })).json();
    for (const paths of steps) await Promise.all(paths.map(ask));
    return performance.now() - began;
  }
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """A view that was opened: until it could be used, and the same data for a bare script; what came over the wire, headers included."""

    usable_ms: float
    bare_ms: float
    wire_bytes: float
    requests: float


def weights() -> list[Figure]:
    """Rows of the console's files, which need no browser."""
    with tempfile.TemporaryDirectory() as folder:
        build_assets(Path(folder))
        manifest: dict[str, Any] = json.loads((Path(folder) / MANIFEST).read_text())
    console, files = manifest["console"], manifest["files"]
    at_once = {console["script"], console["style"], *console["at_once"]}
    return [
        Figure.of("every page and language, gzipped", sum(files[name]["gzip"] for name in console["files"]), "bytes", at_most=GOAL_BYTES),
        Figure.of("… what any page needs at once", sum(files[name]["gzip"] for name in at_once), "bytes"),
    ]


def measure(say: Callable[[str], None]) -> dict[str, Opened]:
    """Bring up the stack that has the demo's year, and open each view some times, in turns."""
    with year_loaded(say) as stack:
        return measure_on(stack)


@contextmanager
def year_loaded(say: Callable[[str], None]) -> Iterator[Stack]:
    """A deployment of its own with the demo's year. It is kept, and a day later only what that day added is imported."""
    home = HOME / "console"
    today = local_day(datetime.now(UTC), _ZONE)
    with running_stack(home, free_port(), say) as (stack, _):
        note = home / _NOTE
        if not note.exists() or note.read_text() != today.isoformat():
            for survey in SURVEYS:
                load(stack, survey, today, Console(quiet=True))
                stack.invoke("SealFunction", {})  # what every night does: among others, weeks are packed
                say(f"a year of survey {survey.survey_id} is loaded")
            note.write_text(today.isoformat())
        yield stack


def measure_on(stack: Stack) -> dict[str, Opened]:
    """Open the views on a deployment that is up; what starts the functions is not counted."""
    found: dict[str, list[Opened]] = {name: [] for name in VIEWS}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(whole=True), args=list(FLAGS))
        somebody = _signed_in(browser, stack)
        for turn in range(ROUNDS + 1):
            for name, opened in found.items():
                taken = _open(browser, stack, somebody, name)
                if turn:
                    opened.append(taken)
        browser.close()
    return {name: _median(opened) for name, opened in found.items()}


def figures(found: Mapping[str, Opened]) -> list[Figure]:
    """Rows of each view."""
    rows: list[Figure] = []
    for name, opened in found.items():
        rows += [
            Figure.of(f"{name}: until it can be used", opened.usable_ms, "ms", at_most=GOAL_MS),
            Figure.beside("… beside the same data for a bare script", opened.usable_ms, opened.bare_ms, "ms"),
            Figure.of("… bytes over the wire until then", opened.wire_bytes, "bytes", at_most=GOAL_BYTES),
            Figure.of("… requests until then", opened.requests, ""),
        ]
    return rows


def _signed_in(browser: Browser, stack: Stack) -> StorageState:
    """The cookie of somebody who signed in by the door."""
    context = browser.new_context(locale="pt-BR")
    page = context.new_page()
    page.goto(f"{stack.console_url}/overview")
    page.get_by_label("E-mail").fill(stack.console_user["email"])
    page.get_by_label("Senha", exact=True).fill(stack.console_user["password"])
    page.get_by_role("button", name="Entrar", exact=True).click()
    page.get_by_role("navigation").wait_for(timeout=_PATIENCE_MS)
    state = context.storage_state()
    context.close()
    return state


def _open(browser: Browser, stack: Stack, somebody: StorageState, view: str) -> Opened:
    """One view in a browser that has nothing but the cookie, then its data for the bare script in the same page."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="pt-BR", storage_state=somebody)
    context.add_init_script(_WATCH)
    try:
        page = context.new_page()
        wire = _Wire.at(context.new_cdp_session(page))
        page.goto(f"{stack.console_url}/{view}?{QUERY}")
        usable = float(page.evaluate(_USABLE, [_PATIENCE_MS, _AFTERWARDS_MS]))
        received, requests = wire.received, float(len(wire.asked))
        return Opened(usable, _bare(page, stack, wire.asked), received, requests)
    finally:
        context.close()


def _bare(page: Page, stack: Stack, asked: list[str]) -> float:
    """Milliseconds of the same data for a bare script."""
    prefix = urlsplit(stack.api_url).path
    paths = [address.removeprefix(prefix) for address in asked]
    of_the_api = [path for path in paths if path.startswith("/v1/") and path != _RENEWAL]
    first = [path for path in of_the_api if path.startswith(_PERSONAL)]
    then = [path for path in of_the_api if not path.startswith(_PERSONAL)]
    return float(page.evaluate(_BARE, [stack.api_url, _RENEWAL, [first, then]]))


@dataclass
class _Wire:
    """Counts what comes: the addresses asked for, and the bytes as they came."""

    received: float = 0.0
    asked: list[str] = field(default_factory=list)

    @classmethod
    def at(cls, session: CDPSession) -> Self:
        wire = cls()
        session.on("Network.requestWillBeSent", wire._sent)
        session.on("Network.loadingFinished", wire._finished)
        session.send("Network.enable")
        return wire

    def _sent(self, event: dict[str, Any]) -> None:
        parts = urlsplit(event["request"]["url"])
        if parts.scheme != "data":
            self.asked.append(f"{parts.path}?{parts.query}" if parts.query else parts.path)

    def _finished(self, event: dict[str, Any]) -> None:
        self.received += event["encodedDataLength"]


def _median(opened: list[Opened]) -> Opened:
    return Opened(
        statistics.median(each.usable_ms for each in opened),
        statistics.median(each.bare_ms for each in opened),
        statistics.median(each.wire_bytes for each in opened),
        statistics.median(each.requests for each in opened),
    )
