"""The question as a fragment for an e-mail: HTML that e-mail programs show alike, and plain text.

Eleven links, one a score, in a table whose cells carry their colours themselves: Outlook draws no styled links, and dark modes leave cells
alone more than text. A tool's merge tag stands for the personal link; every other text is kept from being taken for one.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from shared.api.asking_messages import EmailFragment
from shared.api.problem import Invalid, invalid_parameter
from shared.contrast import readable_on
from shared.phrase import Phrase
from shared.scoring import HIGHEST_SCORE
from shared.survey import Locale, Survey
from shared.texts import nearest_locale, texts_of

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER: Final = Path(__file__).parents[2] / "web" / "email"
MERGE_TAGS: Final[Mapping[str, str | None]] = {
    "plain": None,
    "hubspot": "{{ contact.recomenda_link_id }}",
    "mailchimp": "*|RECOMENDA|*",
    "activecampaign": "%RECOMENDA%",
}
"""What each tool puts a contact's personal link in place of: a property of the contact that the list of links is imported into."""
_PARAMETERS: Final = ("locale", "tool")
_TAGS: Final = ((re.compile(r"\{(?=[{%#])"), "{ "), (re.compile(r"\*\|"), "* |"), (re.compile(r"%(\w[\w-]*)%"), r"% \1 %"))


class Choice(NamedTuple):
    """One of the links."""

    score: int
    link: str
    label: str


def fragment(survey: Survey, query: Mapping[str, str], base: str) -> EmailFragment:
    """The fragment in the locale and for the tool that the query asks for. Raises `Invalid`."""
    for name in query:
        if name not in _PARAMETERS:
            raise Invalid(Phrase("Only these parameters are allowed: {names}.", names=_PARAMETERS))
    tool = query.get("tool", "plain")
    if tool not in MERGE_TAGS:
        raise invalid_parameter("tool", Phrase("one of {values} is expected", values=tuple(MERGE_TAGS)))
    locale = nearest_locale(survey, query.get("locale"))
    given = _given(survey, locale, MERGE_TAGS[tool], f"{base}/s/{survey.survey_id}")
    html, text = (_environment().get_template(name).render(given) for name in ("fragment.html", "fragment.txt"))
    return EmailFragment(subject=given["subject"], html=html, text=text)


def _given(survey: Survey, locale: Locale, tag: str | None, page: str) -> dict[str, Any]:
    settings, own, texts = survey.settings, texts_of(survey, locale), _texts(locale)
    company = _tame(settings.company)
    end = f"&t={tag}" if tag else ""
    return {
        "lang": locale,
        "subject": texts["subject"].replace("{company}", company),
        "question": _tame(own.question),
        "low": own.scale.low,
        "high": own.scale.high,
        "choices": [
            Choice(score, f"{page}?score={score}&locale={locale}&channel=email{end}", texts["choice"].replace("{score}", str(score)))
            for score in range(HIGHEST_SCORE + 1)
        ],
        "purpose": texts["purpose"].replace("{company}", company),
        "notice": texts["notice"],
        "notice_url": settings.notice_url,
        "encarregado": texts["encarregado"],
        "contact": settings.encarregado and _tame(settings.encarregado.name),
        "contact_email": settings.encarregado and settings.encarregado.email,
        "colour": settings.theme.colour,
        "on_colour": readable_on(settings.theme.colour),
    }


def _tame(text: str) -> str:
    """The text in one line, with no tag that a tool would fill in."""
    for tag, instead in _TAGS:
        text = tag.sub(instead, text)
    return " ".join(text.split())


@cache
def _texts(locale: Locale) -> Mapping[str, str]:
    return msgspec.json.decode((FOLDER / f"{locale}.json").read_bytes(), type=dict[str, str])


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape  # noqa: PLC0415 - links are made without it

    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
