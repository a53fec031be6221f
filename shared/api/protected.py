"""Answering routes that need a scope. The authorizer has looked at the key; the scope is checked here, where the route is known."""

from collections.abc import Callable, Mapping
from typing import Any

from shared.api import http
from shared.api.problem import NoSuchRoute, ScopeMissing
from shared.api.routes import BY_KEY
from shared.phrase import Phrase


def answer(event: Mapping[str, Any], handlers: Mapping[str, http.Handler], log: http.ErrorLog) -> http.Response:
    """Like `shared.api.http.answer`, for handlers of protected routes: each is called only with its route's scope."""
    return http.answer(event, {key: _guarded(key, handler) for key, handler in handlers.items()}, log)


def _guarded(route_key: str, handler: http.Handler) -> Callable[[http.Request], http.Response]:
    def guarded(request: http.Request) -> http.Response:
        scope = BY_KEY[route_key].scope
        if scope is None:
            raise NoSuchRoute
        if scope not in request.scopes:
            raise ScopeMissing(Phrase("Use a key that has the scope {scope}.", scope=scope))
        return handler(request)

    return guarded
