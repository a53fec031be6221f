"""The form: all that a page needs to ask a survey's question. Public, and the same for everybody, so caches may keep it."""

from hashlib import sha256
from typing import Final

import msgspec

from shared.api.http import JSON, Request, Response, empty_response, json_response
from shared.api.messages import Form, FormLegalBasis, Scale
from shared.api.problem import NoSuchSurvey
from shared.survey import Locale, Survey, SurveyStatus
from shared.texts import nearest_locale, texts_of, ui_of

CACHE_CONTROL: Final = "public, max-age=60, stale-if-error=3600"


def form_response(request: Request, survey: Survey) -> Response:
    """The form in the locale that `?locale=` wants, or 304 where the page has it already. A draft is nobody's business yet."""
    if survey.status is SurveyStatus.DRAFT:
        raise NoSuchSurvey
    form = form_of(survey, nearest_locale(survey, request.query.get("locale")))
    tag = etag_of(form)
    headers = {"etag": tag, "cache-control": CACHE_CONTROL}
    if matches(request.headers.get("if-none-match", ""), tag):
        return empty_response(304, headers=headers)
    return json_response(200, form, headers=headers, kind=JSON)


def form_of(survey: Survey, locale: Locale) -> Form:
    """The survey's form in one of its locales."""
    settings, texts = survey.settings, texts_of(survey, locale)
    return Form(
        survey_id=survey.survey_id,
        status=survey.status,
        company=settings.company,
        locale=locale,
        locales=settings.locales,
        question=texts.question,
        scale=Scale(low=texts.scale.low, high=texts.scale.high),
        follow_up=texts.follow_up,
        thanks=texts.thanks,
        ui=ui_of(survey, locale),
        theme=settings.theme,
        legal_basis=_legal_basis(survey, locale),
        notice_url=settings.notice_url,
        encarregado=settings.encarregado,
        display=settings.display,
        recontact_days=settings.recontact_days,
    )


def _legal_basis(survey: Survey, locale: Locale) -> FormLegalBasis | None:
    """Consent is asked for in the page's language, else in the default one, else in any it was written in (LGPD art. 8)."""
    basis = survey.settings.legal_basis
    if basis is None:
        return None
    texts = basis.consent_text
    text = texts.get(locale) or texts.get(survey.settings.default_locale) or next(iter(texts.values()), None)
    return FormLegalBasis(kind=basis.kind, consent_text=text, consent_version=basis.consent_version)


def etag_of(form: Form) -> str:
    """A strong entity tag (RFC 9110 §8.8.3): the same for the same content, in whatever container it was made."""
    return f'"{sha256(msgspec.json.encode(form)).hexdigest()[:32]}"'


def matches(if_none_match: str, tag: str) -> bool:
    """Whether the page has this content already (RFC 9110 §13.1.2: compared weakly, `*` is any)."""
    tags = [candidate.strip().removeprefix("W/") for candidate in if_none_match.split(",")]
    return tag in tags or tags == ["*"]
