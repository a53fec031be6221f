"""Everything that a browser loads to ask, to answer and to look at the answers. Public: what the console shows comes from the API."""

from typing import Any, Final

from functions.pages import answer_page, assets
from functions.pages.composition import logger
from functions.pages.console import console
from functions.pages.qr import qr
from functions.pages.shop import shop
from shared.api import http
from shared.api.page_routes import ANSWER_PAGE, ASSET, CONSOLE, CONSOLE_PAGE, LOADER, QR, SHOP

ROUTES: Final = {
    f"GET {LOADER}": assets.loader,
    f"GET {ASSET}": assets.asset,
    f"GET {ANSWER_PAGE}": answer_page.read,
    f"HEAD {ANSWER_PAGE}": answer_page.look,
    f"POST {ANSWER_PAGE}": answer_page.send,
    f"GET {QR}": qr,
    f"GET {SHOP}": shop,
    f"GET {CONSOLE}": console,
    f"GET {CONSOLE_PAGE}": console,
}


def handle(event: dict[str, Any], _context: object) -> http.Response:
    """One request."""
    return http.answer(event, ROUTES, logger)
