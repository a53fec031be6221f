"""Pages as they are sent: made here whole, with no script and nothing from elsewhere."""

import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec

from shared.api.http import Request, Response, empty_response
from shared.survey import Locale

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER: Final = Path(__file__).parents[2] / "web" / "privacidade"
LANGUAGES: Final[Mapping[Locale, str]] = {"pt-BR": "Português", "en": "English", "es": "Español"}
_ZONE: Final = "America/Sao_Paulo"
_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
_MOST_LANGUAGES: Final = 10
_SECOND: Final = "second."
"""Before the name of a count: what only the second look found."""


def page(status: int, template: str, request: Request, lang: Locale, **given: object) -> Response:
    """A page; `given` is what its template shows."""
    environment = _environment()
    html = environment.get_template(template).render(
        t=texts(lang), lang=lang, languages=LANGUAGES, up=_way_up(request), style=environment.globals["style"], **given
    )
    return empty_response(status, headers=_headers()) | {"body": html}


def see_other(location: str) -> Response:
    """Have the browser read another page, so that reading it again sends nothing twice."""
    return empty_response(303, headers=_headers() | {"location": location})


def lang_of(request: Request, wanted: str | None = None) -> Locale:
    """The language that `?lang=` or the form says, else the first that the browser likes and we have, else Portuguese."""
    asked = [wanted or request.query.get("lang", ""), *_liked(request.headers.get("accept-language", ""))]
    for tag in asked:
        for locale in LANGUAGES:
            if tag and tag.split("-")[0].lower() == locale.split("-")[0].lower():
                return locale
    return "pt-BR"


@cache
def texts(lang: Locale) -> Mapping[str, Any]:
    """The texts of a language."""
    return msgspec.json.decode((FOLDER / f"{lang}.json").read_bytes(), type=dict[str, Any])


def _liked(header: str) -> list[str]:
    """The languages of `Accept-Language`, the most liked first (RFC 9110 §12.5.4)."""
    weighed: list[tuple[float, str]] = []
    for part in header.split(",")[:_MOST_LANGUAGES]:
        tag, _, parameter = part.strip().partition(";")
        try:
            weight = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            weight = 0.0
        if weight > 0:
            weighed.append((-weight, tag.strip()))
    return [tag for _, tag in sorted(weighed, key=lambda each: each[0])]


def _way_up(request: Request) -> str:
    """From this page to where `privacidade` lies: the API may be served under a path of its own."""
    path = request.route_key.partition(" ")[2]
    return "../" * (path.count("/") - 1)


@cache
def _headers() -> dict[str, str]:
    """Nothing is loaded, framed, kept or indexed; forms go to us alone. The one style is known by its hash."""
    style = b64encode(sha256(str(_environment().globals["style"]).encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    return {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": policy,
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex, nofollow",
        "vary": "accept-language",
    }


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - only pages need it
    from markupsafe import Markup  # noqa: PLC0415 - likewise

    made = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    made.globals["style"] = Markup((FOLDER / "style.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    made.filters.update(label=_label, shown=_shown, mailto=lambda address: f"mailto:{quote(address, safe='@')}")
    return made


def _label(name: str, t: Mapping[str, Any]) -> str:
    """A name of ours in words; one that is new to the page as it is."""
    if name.startswith(_SECOND):
        return str(t["labels"]["second"]) + _label(name.removeprefix(_SECOND), t)
    return str(t["labels"].get(name) or name.replace("_", " ").replace(".", ": ").capitalize())


def _shown(value: object, t: Mapping[str, Any]) -> str:
    """A value as a person reads it; instants in Brasília's time."""
    if value is None or value == "":
        return str(t["result"]["empty"])
    if isinstance(value, bool):
        return str(t["labels"]["yes" if value else "no"])
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(_ZONE)).strftime("%d/%m/%Y %H:%M")
    return str(t["labels"].get(value, value)) if isinstance(value, str) else str(value)
