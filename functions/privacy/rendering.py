"""Pages as they are sent: made here whole, with no script and nothing from elsewhere."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import msgspec

from shared.api.html import environment, html_response, mailto, page_headers
from shared.api.http import Request, Response, empty_response
from shared.api.language import liked
from shared.survey import Locale

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER: Final = Path(__file__).parents[2] / "web" / "privacidade"
LANGUAGES: Final[Mapping[Locale, str]] = {"pt-BR": "Português", "en": "English", "es": "Español"}
_ZONE: Final = "America/Sao_Paulo"
_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
_SECOND: Final = "second."
"""Before the name of a count: what only the second look found."""


def page(status: int, template: str, request: Request, lang: Locale, **given: object) -> Response:
    """A page; `given` is what its template shows."""
    html = _environment().get_template(template).render(t=texts(lang), lang=lang, languages=LANGUAGES, up=_way_up(request), **given)
    return html_response(status, html, _headers())


def see_other(location: str) -> Response:
    """Have the browser read another page, so that reading it again sends nothing twice."""
    return empty_response(303, headers={"content-type": "text/html; charset=utf-8"} | _headers() | {"location": location})


def lang_of(request: Request, wanted: str | None = None) -> Locale:
    """The language that `?lang=` or the form says, else the first that the browser likes and we have, else Portuguese."""
    asked = [wanted or request.query.get("lang", ""), *liked(request.headers.get("accept-language", ""))]
    for tag in asked:
        for locale in LANGUAGES:
            if tag and tag.split("-")[0].lower() == locale.split("-")[0].lower():
                return locale
    return "pt-BR"


@cache
def texts(lang: Locale) -> Mapping[str, Any]:
    """The texts of a language."""
    return msgspec.json.decode((FOLDER / f"{lang}.json").read_bytes(), type=dict[str, Any])


def _way_up(request: Request) -> str:
    """From this page to where `privacidade` lies: the API may be served under a path of its own."""
    path = request.route_key.partition(" ")[2]
    return "../" * (path.count("/") - 1)


@cache
def _headers() -> dict[str, str]:
    return page_headers([str(_environment().globals["style"])])


@cache
def _environment() -> "Environment":
    made = environment(FOLDER)
    made.filters.update(label=_label, shown=_shown, mailto=mailto)
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
