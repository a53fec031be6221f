"""Everything that a browser loads to ask and to answer. Public."""

from typing import Any, Final

from functions.pages import assets
from functions.pages.composition import logger
from functions.pages.shop import shop
from shared.api import http
from shared.api.page_routes import ASSET, LOADER, SHOP

ROUTES: Final = {f"GET {LOADER}": assets.loader, f"GET {ASSET}": assets.asset, f"GET {SHOP}": shop}


def handle(event: dict[str, Any], _context: object) -> http.Response:
    """One request."""
    return http.answer(event, ROUTES, logger)
