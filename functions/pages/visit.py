"""What brings a person to the page: what its address, or the form that was sent from it, says. Nothing of it is trusted, and none kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from shared.api.http import Request
from shared.api.language import liked
from shared.survey import Locale, Survey
from shared.texts import nearest_locale

_SCORE: Final = re.compile(r"[0-9]|10")
_INVITATION: Final = re.compile(r"[A-Za-z0-9_-]{22}")
_LONGEST: Final = 200
PAGE, KIOSK, EMAIL = "page", "kiosk", "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit to a survey's page. `score` is what a link chose, or a form; `invitation` names nobody by itself."""

    locale: Locale
    score: int | None = None
    invitation: str | None = None
    touchpoint: str | None = None
    channel: str
    variant: str | None = None
    is_kiosk: bool = False

    def query(self, locale: Locale) -> str:
        """The same page in another language."""
        given = {
            "locale": locale,
            "score": None if self.score is None else str(self.score),
            "t": self.invitation,
            "touchpoint": self.touchpoint,
            "variant": self.variant,
            "channel": self.channel,
            "kiosk": "1" if self.is_kiosk else None,
        }
        return "?" + urlencode({name: value for name, value in given.items() if value is not None})


def visit_of(survey: Survey, given: Mapping[str, str], request: Request) -> Visit:
    """Read what came, leaving out whatever is none; the language is the one asked for, else the first that the browser likes."""
    is_kiosk = given.get("kiosk") == "1"
    score, invitation = given.get("score", ""), given.get("t", "")
    is_link = bool(_INVITATION.fullmatch(invitation))
    usual = KIOSK if is_kiosk else EMAIL if is_link else PAGE
    declared = survey.settings.channels
    return Visit(
        locale=_locale(survey, given.get("locale"), request),
        score=int(score) if _SCORE.fullmatch(score) else None,
        invitation=invitation if is_link and not is_kiosk else None,
        touchpoint=_short(given.get("touchpoint")),
        channel=_short(given.get("channel")) or (usual if usual in declared else PAGE),
        variant=_short(given.get("variant")),
        is_kiosk=is_kiosk,
    )


def _short(text: str | None) -> str | None:
    return text if text and len(text) <= _LONGEST else None


def _locale(survey: Survey, wanted: str | None, request: Request) -> Locale:
    spoken = {locale.split("-")[0].lower() for locale in survey.settings.locales}
    asked = [wanted or "", *liked(request.headers.get("accept-language", ""))]
    return nearest_locale(survey, next((tag for tag in asked if tag.split("-")[0].lower() in spoken), None))
