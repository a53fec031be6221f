"""The routes of what a browser loads to ask, to answer and to look at the answers: public, and none of the API's document."""

from typing import Final

from shared.api.route import Route

LOADER: Final = "/widget.js"
ASSET: Final = "/assets/{file}"
ANSWER_PAGE: Final = "/s/{survey_id}"
QR: Final = f"{ANSWER_PAGE}/qr.svg"
SHOP: Final = "/shop"
CONSOLE: Final = "/console"
CONSOLE_PAGE: Final = f"{CONSOLE}/{{path+}}"


def _page(method: str, path: str, summary: str) -> Route:
    return Route(method=method, path=path, function="pages", scope=None, summary=summary, is_page=True)


PAGE_ROUTES: Final = (
    _page("GET", LOADER, "The script of a customer's page"),
    _page("GET", ASSET, "What is loaded by a name that says its content"),
    _page("GET", ANSWER_PAGE, "The page that asks. Reading it changes nothing"),
    _page("HEAD", ANSWER_PAGE, "Whether there is such a page"),
    _page("POST", ANSWER_PAGE, "What its form sends, where no script does"),
    _page("GET", QR, "The page's address as a QR code"),
    _page("GET", CONSOLE, "The console: its shell, which is the same for everybody and holds no data"),
    _page("GET", CONSOLE_PAGE, "The same at every address of its pages"),
    _page("GET", SHOP, "A sample shop with the widget on it, where samples are switched on"),
)
