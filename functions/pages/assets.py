"""Bundles as they were built: compressed beforehand, and kept by browsers as long as their names say their content."""

from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from shared.api.form import matches
from shared.api.http import Request, Response, empty_response

FOLDER = Path(__file__).parents[2] / "web" / "built"
_LOADER_CACHE: Final = "public, max-age=300, stale-while-revalidate=86400"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_SUFFIXES: Final = {"br": ".br", "gzip": ".gz"}
_TYPES: Final = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_HEADERS: Final = {
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "vary": "accept-encoding",
}


@cache
def manifest() -> dict[str, Any]:
    """What was built: `names` of the bundles, the files of the `console`, and the facts of each of the `files`."""
    return msgspec.json.decode((FOLDER / "manifest.json").read_bytes(), type=dict[str, Any])


def loader(request: Request) -> Response:
    """The script of a customer's page: one name, so asked for again soon."""
    return _file(request, manifest()["names"]["loader"], _LOADER_CACHE)


def asset(request: Request) -> Response:
    """A bundle by its name."""
    return _file(request, f"assets/{request.path['file']}", _FOR_EVER)


def _file(request: Request, name: str, kept: str) -> Response:
    facts = manifest()["files"].get(name)
    if facts is None:
        return empty_response(404)
    coding = _coding(request.headers.get("accept-encoding", ""))
    headers = _HEADERS | {
        "content-type": _TYPES[Path(name).suffix],
        "cache-control": kept,
        "etag": f'"{facts["sha256"][:32]}-{coding or "plain"}"',
    }
    if matches(request.headers.get("if-none-match", ""), headers["etag"]):
        return empty_response(304, headers=headers)
    if coding is not None:
        headers["content-encoding"] = coding
    return empty_response(200, headers=headers) | {"body": _body(name, _SUFFIXES.get(coding or "", "")), "isBase64Encoded": True}


def _coding(accepted: str) -> str | None:
    """The best coding that `Accept-Encoding` takes (RFC 9110 §12.5.3); None is the file as it is."""
    taken = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.strip().partition(";")
        taken[name.strip()] = weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return next((coding for coding in _SUFFIXES if taken.get(coding, False)), None)


@cache
def _body(name: str, suffix: str) -> str:
    return b64encode((FOLDER / (name + suffix)).read_bytes()).decode()
