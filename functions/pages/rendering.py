"""The answer page as it is sent: whole, with its style in it; its script is one more file, and is not needed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import quote

import msgspec

from functions.pages.assets import manifest
from functions.pages.colours import colour_style
from functions.pages.taking import Sent, Ticket, new_ticket
from functions.pages.visit import Visit
from shared.api.form import form_of
from shared.api.html import environment, hash_source, html_response, mailto, page_headers
from shared.api.http import Request, Response
from shared.api.language import liked
from shared.scoring import classify
from shared.survey import Locale, Survey, Theme

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER: Final = Path(__file__).parents[2] / "web" / "page"
LANGUAGES: Final[Mapping[Locale, str]] = {"pt-BR": "Português", "en": "English", "es": "Español"}
_SECURITY: Final = {
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the page shows: how far the person is (`ask`, `more`, `thanks`), what they gave, and what was wrong with it."""

    visit: Visit
    ticket: Ticket
    sent: Sent = field(default_factory=Sent)
    step: str = "ask"
    problem: str | None = None

    def with_problem(self, name: str) -> Self:
        """The same, saying what is wrong."""
        return replace(self, problem=name)

    def asking_more(self) -> Self:
        """The score is kept; the comment is asked for."""
        return replace(self, step="more")

    def thanking(self) -> Self:
        """All is kept."""
        return replace(self, step="thanks")

    def again(self) -> Self:
        """The step that was sent, to be sent again."""
        return self.asking_more() if self.sent.is_final else self

    def anew(self) -> Self:
        """The same with a ticket of its own."""
        return replace(self.again(), ticket=new_ticket())


def show(status: int, survey: Survey, shown: Shown) -> Response:
    """The page of a survey that takes answers."""
    visit = shown.visit
    form = form_of(survey, visit.locale)
    return _page(
        status,
        "page.html",
        survey.settings.theme,
        visit.locale,
        form=form,
        shown=shown,
        visit=visit,
        kiosk=form.survey_id + replace(visit, score=None).query(visit.locale),
        others={other: visit.query(other) for other in survey.settings.locales if other != visit.locale},
        chosen=None if visit.score is None else form.follow_up[classify(visit.score)],
        consent=form.legal_basis if form.legal_basis is not None and form.legal_basis.kind == "consent" else None,
        script=manifest()["names"]["page"],
    )


def problem_page(status: int, request: Request, kind: str, survey: Survey | None = None, visit: Visit | None = None) -> Response:
    """A page that says, kindly, why there is no question."""
    if survey is not None and visit is not None:
        form = form_of(survey, visit.locale)
        return _page(status, "problem.html", survey.settings.theme, visit.locale, kind=kind, form=form)
    return _page(status, "problem.html", Theme(), _language(request), kind=kind, form=None)


def _page(status: int, template: str, theme: Theme, locale: Locale, **given: object) -> Response:
    colours = colour_style(theme.colour, theme.dark)
    html = (
        _environment()
        .get_template(template)
        .render(t=texts(locale), lang=locale, languages=LANGUAGES, colours=colours, theme=theme, **given)
    )
    address = str(_environment().globals["address"])
    headers = page_headers(
        [str(_environment().globals["style"]), colours],
        script_src=f"'self' {hash_source(address)}",
        connect_src="'self'",
        img_src="data:",
    )
    return html_response(status, html, headers | _SECURITY)


@cache
def texts(locale: Locale) -> Mapping[str, Any]:
    """The page's own texts in a language; those that it shares with the widget come with the form."""
    return msgspec.json.decode((FOLDER / f"{locale}.json").read_bytes(), type=dict[str, Any])


def _language(request: Request) -> Locale:
    asked = [request.query.get("locale", ""), *liked(request.headers.get("accept-language", ""))]
    spoken = {locale.split("-")[0].lower(): locale for locale in LANGUAGES}
    return next((spoken[tag] for wanted in asked if (tag := wanted.split("-")[0].lower()) in spoken), "pt-BR")


@cache
def _environment() -> "Environment":
    from markupsafe import Markup  # noqa: PLC0415 - only pages need it

    made = environment(FOLDER)
    script = made.get_template("address.html").render().strip()
    made.globals["address"] = Markup(script)  # noqa: S704 - our own file
    made.filters.update(mailto=mailto, json=lambda value: json.dumps(value, ensure_ascii=False), quoted=quote)
    return made
