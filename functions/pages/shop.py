"""The sample shop: a page as a customer's, with the widget on it."""

from functools import cache
from pathlib import Path
from typing import Final

from functions.pages.composition import compose
from shared.api.http import Request, Response, empty_response

_FILE: Final = Path(__file__).parents[2] / "web" / "shop" / "index.html"


def shop(_request: Request) -> Response:
    """The shop where samples are switched on; nothing where not."""
    if not compose().shows_samples:
        return empty_response(404)
    return empty_response(200, headers={"content-type": "text/html; charset=utf-8"}) | {"body": _html()}


@cache
def _html() -> str:
    return _FILE.read_text(encoding="utf-8")
