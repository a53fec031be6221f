"""The doors of data subjects, open to everybody, and those of the controller, with scope `privacy`."""

from typing import Any, Final

from functions.privacy import erasures, holds, pages, receipts, requests
from functions.privacy.composition import logger
from functions.privacy.refusing import asking_to_wait
from shared.api import http, protected

OPEN: Final = {**asking_to_wait(requests.ROUTES | receipts.ROUTES), **pages.ROUTES}
PROTECTED: Final = asking_to_wait(erasures.ROUTES | holds.ROUTES)


def handle(event: dict[str, Any], _context: object) -> http.Response:
    """One request of the gateway."""
    if event.get("routeKey") in PROTECTED:
        return protected.answer(event, PROTECTED, logger)
    return http.answer(event, OPEN, logger)
