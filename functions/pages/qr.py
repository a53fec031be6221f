"""The page's address as a QR code (ISO/IEC 18004), to be printed or shown on a till."""

from io import BytesIO
from typing import Final
from urllib.parse import urlencode

import segno

from functions.pages.composition import compose
from functions.pages.rendering import problem_page
from shared.api.http import Request, Response, empty_response
from shared.survey import SurveyStatus

_KEPT: Final = ("locale", "touchpoint", "channel", "variant", "kiosk")
_LONGEST: Final = 300
_BORDER: Final = 4
"""Modules of quiet around it, as the standard asks for."""
_HEADERS: Final = {
    "content-type": "image/svg+xml",
    "cache-control": "public, max-age=3600",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "cross-origin",
}


def qr(request: Request) -> Response:
    """The code of the survey's page, with what its query says of place and language; never an invitation."""
    survey = compose().surveys.find(request.path["survey_id"])
    if survey is None or survey.status is SurveyStatus.DRAFT:
        return problem_page(404, request, "unknown")
    return empty_response(200, headers=_HEADERS) | {"body": svg_of(address_of(request))}


def address_of(request: Request) -> str:
    """The address that the code leads to."""
    kept = {name: request.query[name] for name in _KEPT if name in request.query}
    query = urlencode(kept)
    address = f"{compose().public_url}/s/{request.path['survey_id']}"
    return f"{address}?{query}" if query and len(query) <= _LONGEST else address


def svg_of(address: str) -> str:
    """A drawing without a size of its own, black on white, that can be scanned with a quarter of it hidden."""
    drawn = BytesIO()
    segno.make(address, error="q", micro=False).save(
        drawn, kind="svg", border=_BORDER, light="#fff", xmldecl=False, omitsize=True, title=address
    )
    return drawn.getvalue().decode()
