"""The console's shell: one for every address, kept by nobody, and loading nothing but our own files by their hashed names."""

import re
from typing import Any

import pytest

from functions.pages.assets import manifest
from functions.pages.composition import compose
from functions.pages.console import _html
from functions.pages.handler import handle
from shared.api.page_routes import ASSET, CONSOLE, CONSOLE_PAGE
from tests.events import api_request

pytestmark = pytest.mark.usefixtures("aws")


def shell(route: str = CONSOLE, **path: str) -> dict[str, Any]:
    return handle(api_request(f"GET {route}", path=path), None)


def preloaded(answer: dict[str, Any]) -> set[str]:
    return set(re.findall(r"<link rel=\"modulepreload\" href=\"/([^\"]+)\"", answer["body"]))


def test_it_is_the_same_at_every_address_but_for_the_files_of_the_page_and_is_not_kept() -> None:
    first, other, unknown = shell(), shell(CONSOLE_PAGE, path="answers/anything"), shell(CONSOLE_PAGE, path="nothing")
    assert first["statusCode"] == other["statusCode"] == unknown["statusCode"] == 200
    assert len({re.sub(r"<link rel=\"modulepreload\"[^>]*>\s*", "", each["body"]) for each in (first, other, unknown)}) == 1
    assert first["headers"]["cache-control"] == "no-store"


@pytest.mark.parametrize(("address", "page"), [("", "overview"), ("answers", "answers"), ("surveys/new", "surveys")])
def test_the_files_of_its_page_begin_to_come_with_it(address: str, page: str) -> None:
    of_page, loaded = manifest()["console"]["pages"][page], preloaded(shell(CONSOLE_PAGE, path=address) if address else shell())
    assert any(f"console-{page}." in name for name in of_page)
    assert loaded == set(manifest()["console"]["at_once"]) | set(of_page)


def test_where_there_is_no_page_only_what_each_needs_begins_to_come() -> None:
    assert preloaded(shell(CONSOLE_PAGE, path="nothing")) == set(manifest()["console"]["at_once"])


def test_nothing_runs_in_it_but_its_own_files_and_files_go_to_their_bucket_alone() -> None:
    policy = dict(each.split(" ", 1) for each in shell()["headers"]["content-security-policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": "'self' https://files.s3.sa-east-1.amazonaws.com",
        "img-src": "'self' data:",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    assert not re.search(r"<script(?! type=\"module\" src=)|<style|\son\w+=|\sstyle=", shell()["body"])


def test_it_tells_nobody_where_it_was_and_shows_in_no_search() -> None:
    headers = shell()["headers"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex, nofollow"
    assert headers["strict-transport-security"] == "max-age=31536000"


def test_what_it_loads_is_there() -> None:
    loaded = re.findall(r"(?:src|href)=\"/(assets/[^\"]+)\"", shell()["body"])
    assert {manifest()["console"]["script"], manifest()["console"]["style"]} < set(loaded)
    for name in loaded:
        asset = handle(api_request(f"GET {ASSET}", path={"file": name.removeprefix("assets/")}), None)
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        assert asset["statusCode"] == 200
        assert asset["headers"]["content-type"] == f"{kind}; charset=utf-8"
        assert asset["headers"]["cache-control"] == "public, max-age=31536000, immutable"


def test_where_people_reach_it_under_a_path_it_loads_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://nps.example/recomenda/")
    compose.cache_clear()
    _html.cache_clear()
    body = shell()["body"]
    compose.cache_clear()
    _html.cache_clear()
    assert f'src="/recomenda/{manifest()["console"]["script"]}"' in body
    assert 'data-root="/recomenda/"' in body
