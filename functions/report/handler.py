"""Reports scores of surveys, from rollups only."""

from typing import Any, Final

from functions.report import nps, overview, segments, trend
from functions.report.composition import logger
from shared.api import protected
from shared.api.http import Response

ROUTES: Final = {**nps.ROUTES, **trend.ROUTES, **segments.ROUTES, **overview.ROUTES}


def handle(event: dict[str, Any], _context: object) -> Response:
    """One request."""
    return protected.answer(event, ROUTES, logger)
