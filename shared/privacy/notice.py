"""What the privacy page says of each survey (LGPD art. 9): surveys that say the same share a section. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from shared.survey import Encarregado, Locale, Survey, SurveyStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The facts of one or more surveys. `surveys` names them where a company has more than one section."""

    company: str
    basis: Literal["consent", "legitimate_interest", "contract"] | None
    consent_text: str | None
    consent_version: str | None
    retention_days: int
    on_erasure: Literal["anonymise", "forget_score"]
    encarregado: Encarregado | None
    notice_url: str | None
    surveys: tuple[str, ...] = ()


def sections_of(surveys: Iterable[Survey], locale: Locale, now: datetime) -> Sequence[Section]:
    """A section for all that differs, by company; open surveys, and closed ones whose answers may still be kept."""
    named: dict[Section, list[str]] = {}
    for survey in sorted(surveys, key=lambda each: (each.settings.company, each.settings.name)):
        if _keeps_answers(survey, now):
            named.setdefault(_section_of(survey, locale), []).append(survey.settings.name)
    a_company = Counter(section.company for section in named)
    return [replace(section, surveys=tuple(names) if a_company[section.company] > 1 else ()) for section, names in named.items()]


def companies_of(surveys: Iterable[Survey], now: datetime) -> Sequence[str]:
    """The companies that a letter comes from."""
    return sorted({survey.settings.company for survey in surveys if _keeps_answers(survey, now)})


def _keeps_answers(survey: Survey, now: datetime) -> bool:
    if survey.status is SurveyStatus.CLOSED and survey.closed_at is not None:
        return now < survey.closed_at + timedelta(days=survey.retention_days)
    return survey.status is not SurveyStatus.DRAFT


def _section_of(survey: Survey, locale: Locale) -> Section:
    settings = survey.settings
    basis = settings.legal_basis
    texts = basis.consent_text if basis is not None else {}
    return Section(
        company=settings.company,
        basis=basis.kind if basis is not None else None,
        consent_text=texts.get(locale) or texts.get(settings.default_locale) or next(iter(texts.values()), None),
        consent_version=basis.consent_version if basis is not None else None,
        retention_days=survey.retention_days,
        on_erasure=settings.on_erasure,
        encarregado=settings.encarregado,
        notice_url=settings.notice_url,
    )
