"""Surveys, keys, annotations, what was set aside, for holders of the scopes; the first key, for who may invoke this function directly."""

from typing import Any, Final

from functions.manage import annotations, keys, quarantine, surveys, waves
from functions.manage.composition import compose, logger
from shared.api import protected
from shared.api.http import Response

ROUTES: Final = {**surveys.ROUTES, **keys.ROUTES, **quarantine.ROUTES, **annotations.ROUTES, **waves.ROUTES}


class UnknownTaskError(Exception):
    """Somebody invoked this function directly with a task that it does not know."""


def handle(event: dict[str, Any], _context: object) -> Response:
    """One request of the gateway, whose events have a route key; or a task, given by a direct invocation (IAM lets few do that)."""
    if "routeKey" in event:
        return protected.answer(event, ROUTES, logger)
    if event.get("task") == "first_key":
        return keys.make_first(event.get("name"), compose())
    raise UnknownTaskError
