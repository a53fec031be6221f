"""A real Chromium, one a worker, and host pages for it on loopback."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from infra.environments import find_browser
from infra.local.stack import Stack
from tests.browser.site import Site, running_site
from tests.browser.visitor import Visitor, visiting
from tests.e2e.survey import OpenSurvey

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser that all of a worker's tests share."""
    found = find_browser()
    assert found, "no Chromium: python3 infra/environments.py browser"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The site that shows the widget."""
    with running_site() as running:
        yield running


@pytest.fixture
def survey(stack: Stack, site: Site) -> OpenSurvey:
    """An open survey of the test's own, for the site."""
    return OpenSurvey(stack, origins=[site.origin])


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """Somebody with a browser of their own. No page they see may meet an error that nobody caught."""
    with visiting(browser) as someone:
        yield someone
        assert someone.errors == []
