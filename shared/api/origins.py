"""Which sites' pages may talk to a survey's public routes: CORS (Fetch Standard §3.3), by each survey's own list of origins.

CORS is no authentication: a request without an `Origin` (from a server or an app) is taken as it is.
"""

from collections.abc import Callable, Mapping
from typing import Final

from shared.api.http import Handler, Request, Response, empty_response, problem_response
from shared.api.problem import OriginRefused, Refused
from shared.survey import Survey

_PREFLIGHT: Final = {
    "access-control-allow-methods": "GET, POST, PATCH",
    "access-control-allow-headers": "authorization, content-type, if-none-match",
    "access-control-max-age": "7200",
}


def headers_for(request: Request, survey: Survey) -> Mapping[str, str]:
    """The CORS headers of a response; raises `OriginRefused` for a page of a site that the survey does not name."""
    if request.origin is None:
        return {"vary": "origin"}
    if request.origin not in survey.settings.origins and not _is_our_own(request.origin, request.headers.get("host")):
        raise OriginRefused
    return {"vary": "origin", "access-control-allow-origin": request.origin, "access-control-expose-headers": "etag"}


def _is_our_own(origin: str, host: str | None) -> bool:
    """Whether the page came from the API's own host; plain http is for a deployment on one's own machine."""
    return bool(host) and origin in {f"https://{host}", f"http://{host}"}


def preflight(request: Request, survey: Survey) -> Response:
    """The answer to a browser that asks whether it may."""
    return empty_response(204, headers={**headers_for(request, survey), **_PREFLIGHT})


def for_pages(find_survey: Callable[[Request], Survey], handler: Callable[[Request, Survey], Response]) -> Handler:
    """Give a survey's handler CORS: a page may read what it is answered, refusals included."""

    def with_origin(request: Request) -> Response:
        survey = find_survey(request)
        headers = headers_for(request, survey)
        try:
            response = handler(request, survey)
        except Refused as refused:
            return problem_response(refused, request, headers=headers)
        return {**response, "headers": {**response["headers"], **headers}}

    return with_origin
