"""Pages for people: made here whole, so that nothing but their own scripts need be loaded to read them."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from shared.api.http import Response, empty_response

if TYPE_CHECKING:
    from jinja2 import Environment

_POLICY: Final = {"default-src": "'none'", "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'"}


def environment(folder: Path) -> "Environment":
    """The templates of a folder: what they show is escaped, what they are not given is an error. `style` is its style.css, if any."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - only pages need it
    from markupsafe import Markup  # noqa: PLC0415 - likewise

    made = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    if (style := folder / "style.css").exists():
        made.globals["style"] = Markup(style.read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return made


def html_response(status: int, html: str, headers: Mapping[str, str]) -> Response:
    """A page with its headers."""
    return empty_response(status, headers={"content-type": "text/html; charset=utf-8"} | dict(headers)) | {"body": html}


def page_headers(styles: Iterable[str], **allowed: str) -> dict[str, str]:
    """Nothing is loaded, framed, kept or indexed but what is allowed; forms go to us alone. Styles are known by their hashes.

    `allowed` names sources by directive, with `_` for `-`: `script_src="'self'"`.
    """
    policy = _POLICY | {"style-src": " ".join(hash_source(style) for style in styles)}
    policy |= {name.replace("_", "-"): sources for name, sources in allowed.items()}
    return {
        "content-security-policy": "; ".join(f"{name} {sources}" for name, sources in policy.items()),
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex, nofollow",
        "vary": "accept-language",
    }


def hash_source(text: str) -> str:
    """An inline style or script as a policy names it (CSP level 3 §2.3.1)."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def mailto(address: str) -> str:
    """The link that writes to an address (RFC 6068)."""
    return f"mailto:{quote(address, safe='@')}"
