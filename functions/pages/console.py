"""The console's shell: one page for every address below `/console`.

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
    "connect_src": "'self'",
    "img_src": "'self' data:",
    "form_action": "'none'",
    "require_trusted_types_for": "'script'",
    "trusted_types": "'none'",
}
_HEADERS: Final = {
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
}


def console(_request: Request) -> Response:
    """The shell, made once a container. It is not kept, so a new version shows at once; what it loads is kept for ever."""
    return html_response(200, _html(), page_headers([], **_POLICY) | _HEADERS)


@cache
def _html() -> str:
    names = manifest()["console"]
    prefix = urlsplit(compose().public_url).path.rstrip("/")
    return _template().render(root=f"{prefix}/", script=names["script"], style=names["style"], at_once=names["at_once"])


def _template() -> "Template":
    return environment(_FOLDER).get_template("shell.html")
