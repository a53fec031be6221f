"""What browsers load by name: compressed beforehand, kept for ever where the name says the content, and the sample shop."""

import gzip
import json
from base64 import b64decode
from typing import Any, Final

import brotli
import pytest

from functions.pages.composition import compose
from functions.pages.handler import handle
from infra.assets import MANIFEST, build_assets, built
from shared.api.page_routes import ASSET, LOADER, SHOP
from tests.events import api_request

pytestmark = pytest.mark.usefixtures("aws")
NAMES: Final[dict[str, str]] = json.loads((built() / MANIFEST).read_text())["names"]


def fetch(name: str, coding: str = "", **headers: str) -> dict[str, Any]:
    path = {"file": name.removeprefix("assets/")}
    sent = {"accept-encoding": coding} | {key.replace("_", "-"): value for key, value in headers.items()}
    return handle(api_request(f"GET {LOADER if name == NAMES['loader'] else ASSET}", path=path, headers=sent), None)


@pytest.mark.parametrize("name", NAMES.values())
@pytest.mark.parametrize(
    ("accepted", "coding", "undo"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip;q=1.0, br;q=0", "gzip", gzip.decompress),
        ("deflate", None, bytes),
        ("", None, bytes),
    ],
)
def test_a_bundle_comes_in_the_best_coding_that_is_taken(name: str, accepted: str, coding: str | None, undo: Any) -> None:  # noqa: ANN401 - whatever undoes it
    response = fetch(name, accepted)
    assert response["statusCode"] == 200
    assert response["isBase64Encoded"] is True
    assert response["headers"].get("content-encoding") == coding
    assert undo(b64decode(response["body"])) == (built() / name).read_bytes()


def test_hashed_names_are_kept_for_ever_and_the_loader_for_minutes() -> None:
    assert fetch(NAMES["ask"])["headers"]["cache-control"] == "public, max-age=31536000, immutable"
    assert fetch(NAMES["loader"])["headers"]["cache-control"] == "public, max-age=300, stale-while-revalidate=86400"


def test_any_site_may_load_them_and_none_may_take_them_for_something_else() -> None:
    headers = fetch(NAMES["loader"])["headers"]
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["vary"] == "accept-encoding"


def test_what_a_browser_has_is_not_sent_again() -> None:
    tag = fetch(NAMES["loader"], "br")["headers"]["etag"]
    again = fetch(NAMES["loader"], "br", if_none_match=f'W/"x", {tag}')
    assert (again["statusCode"], again["body"]) == (304, "")
    assert fetch(NAMES["loader"], "gzip", if_none_match=tag)["statusCode"] == 200


@pytest.mark.parametrize("name", ["assets/manifest.json", "assets/../manifest.json", "assets/ask.js", "assets/", "assets/\0"])
def test_there_is_nothing_else(name: str) -> None:
    assert fetch(name)["statusCode"] == 404


def test_the_loader_knows_the_name_of_the_widget() -> None:
    assert NAMES["ask"] in (built() / NAMES["loader"]).read_text()


def test_the_same_sources_give_the_same_bytes(tmp_path: Any) -> None:  # noqa: ANN401 - a folder
    build_assets(tmp_path)
    assert {path.name for path in (tmp_path / "assets").iterdir()} == {path.name for path in (built() / "assets").iterdir()}


@pytest.mark.parametrize(("samples", "status"), [("false", 404), ("true", 200)])
def test_the_sample_shop_is_there_where_samples_are(samples: str, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLES", samples)
    compose.cache_clear()
    response = handle(api_request(f"GET {SHOP}"), None)
    assert response["statusCode"] == status
    assert ('data-survey="demo"' in response["body"]) == (status == 200)
