"""The weekly summary: sent by the clock, ended by the link of every letter."""

from datetime import datetime
from typing import Any, Final

from functions.summary.composition import compose, logger
from functions.summary.sending import send_due
from shared.api import http
from shared.api.html import html_response, page_headers
from shared.api.http import Request, Response
from shared.api.language import liked
from shared.api.summary_routes import STOP_PAGE
from shared.summary.letter import page_of
from shared.summary.subscription import user_of
from shared.survey import Locale

_FIRST: Final[Locale] = "pt-BR"
_LANGUAGES: Final[dict[str, Locale]] = {"pt": "pt-BR", "en": "en", "es": "es"}


def ask(request: Request) -> Response:
    """Whether to stop: a mail program that opens links by itself ends nothing."""
    return _page(request, ended=False)


def stop(request: Request) -> Response:
    """Stop it. A link that is no longer good is told the same: there is nothing to send by it."""
    token = request.path["token"]
    user_id = user_of(token)
    subscription = compose().subscriptions.find(user_id) if user_id else None
    if subscription is not None and subscription.is_ended_by(token):
        compose().subscriptions.end(subscription.user_id)
        logger.info("summary ended by its link", user_id=subscription.user_id)
    return _page(request, ended=True)


def _page(request: Request, *, ended: bool) -> Response:
    tags = (tag.split("-")[0].lower() for tag in liked(request.headers.get("accept-language", "")))
    locale = next((_LANGUAGES[tag] for tag in tags if tag in _LANGUAGES), _FIRST)
    html, style = page_of(locale, ended=ended)
    return html_response(200, html, page_headers([style]))


ROUTES: Final = {f"GET {STOP_PAGE}": ask, f"POST {STOP_PAGE}": stop}


def handle(event: dict[str, Any], _context: object) -> Response:
    """One request of the gateway, whose events have a route key; or one strike of the clock, with its time."""
    if "routeKey" in event:
        return http.answer(event, ROUTES, logger)
    return send_due(datetime.fromisoformat(event["time"]), compose())
