"""The weekly summary: asked for by users, ended by the link of every letter without signing in."""

from typing import Final

from shared.access import Scope
from shared.api import problem as p
from shared.api import session_problem as s
from shared.api.route import Route
from shared.api.summary_messages import WeeklySummary
from shared.api.user_routes import ME

MY_SUMMARY: Final = f"{ME}/summary"
STOP_PAGE: Final = "/resumo/{token}"


def _mine(method: str, summary: str) -> Route:
    return Route(
        method=method,
        path=MY_SUMMARY,
        function="users",
        scope=Scope.SCORES_READ,
        summary=summary,
        responses={200: WeeklySummary},
        refusals=(s.NotAUser, p.TooBusy),
    )


def _page(method: str, summary: str) -> Route:
    return Route(method=method, path=STOP_PAGE, function="summary", scope=None, summary=summary, is_page=True)


SUMMARY_ROUTES: Final = (
    _mine("GET", "Whether one gets the week's scores by letter"),
    _mine("PUT", "Have the week's scores sent by letter, on Mondays"),
    _mine("DELETE", "Have them sent no more"),
    _page("GET", "Whether to stop the weekly summary. Reading it changes nothing"),
    _page("POST", "Stop it: what the page's form sends, and mail programs by themselves"),
)
