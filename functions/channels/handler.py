"""`/v1/channels`, for holders of the scope `channels`."""

from typing import Any, Final

from functions.channels import channels, deliveries, states
from functions.channels.composition import logger
from shared.api import protected
from shared.api.http import Response

ROUTES: Final = {**channels.ROUTES, **states.ROUTES, **deliveries.ROUTES}


def handle(event: dict[str, Any], _context: object) -> Response:
    """One request of the gateway."""
    return protected.answer(event, ROUTES, logger)
