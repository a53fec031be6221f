"""The console's shell: the same for every address below `/console`, but for the files that begin to come with it.

It holds no data: its script asks the API for what the person may see.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from functions.pages.assets import manifest
from functions.pages.composition import compose
from shared.api.html import environment, html_response, page_headers
from shared.api.http import Request, Response

if TYPE_CHECKING:
    from jinja2 import Template

_FOLDER: Final = Path(__file__).parents[2] / "web" / "console" / "shell"
_POLICY: Final = {
    "script_src": "'self'",
    "style_src": "'self'",
    "img_src": "'self' data:",
    "form_action": "'none'",
    "require_trusted_types_for": "'script'",
    "trusted_types": "'none'",
}
_FIRST: Final = "overview"
"""The page of whoever asks for none."""
_HEADERS: Final = {
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
}


def console(request: Request) -> Response:
    """The shell of a page, made once a container. It is not kept, so a new version shows at once; what it loads is kept for ever."""
    page = request.path.get("path", "").partition("/")[0] or _FIRST
    policy = _POLICY | {"connect_src": f"'self' https://{compose().upload_host}"}  # files for imports go straight to their bucket
    return html_response(200, _html(page if page in manifest()["console"]["pages"] else None), page_headers([], **policy) | _HEADERS)


@cache
def _html(page: str | None) -> str:
    """The shell; the files of the page begin to come beside the script that will ask for them."""
    names = manifest()["console"]
    prefix = urlsplit(compose().public_url).path.rstrip("/")
    at_once = (*names["at_once"], *(names["pages"][page] if page else ()))
    return _template().render(root=f"{prefix}/", script=names["script"], style=names["style"], at_once=at_once)


def _template() -> "Template":
    return environment(_FOLDER).get_template("shell.html")
