"""What a phone's browser pays for each survey: bytes, requests, time until it can be answered, work on the main thread."""

import statistics
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Browser, CDPSession, sync_playwright

from infra.environments import find_browser
from tests.bench.figures import Figure
from tests.bench.widgets.pages import SHOPS, served

ROUNDS: Final = 7
SLOWER: Final = 4
"""A middle-class phone beside the machine this runs on (Chromium's throttling)."""
NETWORK: Final = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
"""Slow 4G, as Lighthouse has it: 150 ms to and fro, 1.6 Mbit/s down, 0.75 Mbit/s up."""
FLAGS: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
_PAINTED_MS: Final = 500
_PATIENCE_MS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: bytes as they came over the wire (headers included), requests, both without the page's own; milliseconds."""

    wire_bytes: float
    requests: float
    asked_ms: float
    busy_ms: float


def visits() -> Mapping[str, Visit]:
    """The median of some visits to each shop, taken in turns."""
    found: dict[str, list[Visit]] = {name: [] for name in SHOPS}
    with served() as address, _browser() as browser:
        for _ in range(ROUNDS):
            for name, taken in found.items():
                taken.append(_visit(browser, f"{address}/shop/{name}"))
    return {name: _median(taken) for name, taken in found.items()}


def figures(found: Mapping[str, Visit]) -> list[Figure]:
    """Rows: ours beside each of the others, without what the bare page takes of itself."""
    bare, ours = found["nothing"], found["ours"]
    rows: list[Figure] = []
    for name in ("PostHog", "Formbricks"):
        other = found[name]
        rows += [
            Figure.beside(f"widget, bytes over the wire; beside {name}", ours.wire_bytes, other.wire_bytes, "bytes", at_most=0.5),
            Figure.beside(f"… requests; beside {name}", ours.requests, other.requests, ""),
            Figure.beside(f"… from the visit to a question to answer; beside {name}", ours.asked_ms, other.asked_ms, "ms", at_most=1),
            Figure.beside(
                f"… work on the main thread; beside {name}", ours.busy_ms - bare.busy_ms, other.busy_ms - bare.busy_ms, "ms", at_most=1
            ),
        ]
    return rows


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(whole=True), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def _visit(browser: Browser, url: str) -> Visit:
    """A first visit by somebody new, nothing kept from another."""
    context = browser.new_context(viewport={"width": 412, "height": 823})
    try:
        page = context.new_page()
        session = context.new_cdp_session(page)
        wire = _Wire(session, url)
        session.send("Network.emulateNetworkConditions", NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        session.send("Performance.enable")
        page.goto(url)
        page.wait_for_function("performance.getEntriesByName('asked').length", timeout=_PATIENCE_MS)
        page.wait_for_timeout(_PAINTED_MS)  # what it still does once it is there counts too
        asked = float(page.evaluate("performance.getEntriesByName('asked')[0].startTime"))
        metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
        return Visit(wire.received, wire.requests, asked, metrics["TaskDuration"] * 1000)
    finally:
        context.close()


class _Wire:
    """Counts what comes, but for the page itself and the browser's own wish for an icon."""

    def __init__(self, session: CDPSession, page: str) -> None:
        self.received = self.requests = 0.0
        self._others: set[str] = set()
        self._page = page
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _sent(self, event: dict[str, Any]) -> None:
        if event["request"]["url"] != self._page and not event["request"]["url"].endswith("/favicon.ico"):
            self._others.add(event["requestId"])

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._others:
            self.received += event["encodedDataLength"]
            self.requests += 1


def _median(taken: list[Visit]) -> Visit:
    return Visit(
        statistics.median(visit.wire_bytes for visit in taken),
        statistics.median(visit.requests for visit in taken),
        statistics.median(visit.asked_ms for visit in taken),
        statistics.median(visit.busy_ms for visit in taken),
    )
