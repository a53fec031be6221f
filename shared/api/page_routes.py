"""The routes of what a browser loads to ask and to answer: public, and none of the API's document."""

from typing import Final

from shared.api.route import Route

LOADER: Final = "/widget.js"
ASSET: Final = "/assets/{file}"
ANSWER_PAGE: Final = "/s/{survey_id}"
QR: Final = f"{ANSWER_PAGE}/qr.svg"
SHOP: Final = "/shop"


def _page(method: str, path: str, summary: str) -> Route:
    return Route(method=method, path=path, function="pages", scope=None, summary=summary, is_page=True)


PAGE_ROUTES: Final = (
    _page("GET", LOADER, "The script of a customer's page"),
    _page("GET", ASSET, "What is loaded by a name that says its content"),
    _page("GET", ANSWER_PAGE, "The page that asks. Reading it changes nothing"),
    _page("HEAD", ANSWER_PAGE, "Whether there is such a page"),
    _page("POST", ANSWER_PAGE, "What its form sends, where no script does"),
    _page("GET", QR, "The page's address as a QR code"),
    _page("GET", SHOP, "A sample shop with the widget on it, where samples are switched on"),
)
