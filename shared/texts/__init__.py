"""Texts for the people who answer: standard ones by locale, in the JSON files beside this, and each survey's own in their place."""

from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from shared.scoring import NpsClass
from shared.survey import Locale, Survey, Wording

COMPANY: Final = "{company}"


class ScaleEnds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands at 0 and at 10."""

    low: str
    high: str


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The texts of one locale. `{company}` stands for the company's name."""

    question: str
    scale: ScaleEnds
    follow_up: dict[NpsClass, str]
    thanks: str


@cache
def standard(locale: Locale) -> Texts:
    """The standard texts, read when first asked for."""
    return msgspec.json.decode(Path(__file__).with_name(f"{locale}.json").read_bytes(), type=Texts)


@cache
def _standard_ui(locale: Locale) -> dict[str, str]:
    return msgspec.json.decode((Path(__file__).parent / "ask" / f"{locale}.json").read_bytes(), type=dict[str, str])


def ui_of(survey: Survey, locale: Locale) -> dict[str, str]:
    """What stands on the buttons and beside them, on the widget and the answer page alike. `{n}` stands for a score."""
    return {name: text.replace(COMPANY, survey.settings.company) for name, text in _standard_ui(locale).items()}


def texts_of(survey: Survey, locale: Locale) -> Texts:
    """The survey's texts in `locale`: its own wording where it has some."""
    usual, own = standard(locale), survey.settings.wording.get(locale, Wording())

    def named(text: str) -> str:
        return text.replace(COMPANY, survey.settings.company)

    return Texts(
        question=named(own.question or usual.question),
        scale=usual.scale,
        follow_up={nps_class: named(text) for nps_class, text in (usual.follow_up | own.follow_up).items()},
        thanks=named(own.thanks or usual.thanks),
    )


def follow_up_question(survey: Survey, nps_class: NpsClass, wanted: str | None) -> str:
    """What to ask after a score of that class, in the locale that is nearest to the one wanted."""
    return texts_of(survey, nearest_locale(survey, wanted)).follow_up[nps_class]


def nearest_locale(survey: Survey, wanted: str | None) -> Locale:
    """The survey's locale that a page wants: the same one, else one of the same language (RFC 5646), else the default."""
    locales = survey.settings.locales
    tag = (wanted or "").lower()
    exact = (locale for locale in locales if locale.lower() == tag)
    same_language = (locale for locale in locales if locale.split("-")[0].lower() == tag.split("-")[0])
    return next(exact, None) or next(same_language, None) or survey.settings.default_locale
