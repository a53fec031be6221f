"""The form, and the texts in it."""

import json
from typing import Any, get_args

import pytest

from shared.api.form import etag_of, form_of, form_response, matches
from shared.api.http import Request, Response
from shared.api.problem import NoSuchSurvey
from shared.scoring import NpsClass
from shared.survey import Encarregado, LegalBasis, Locale, SurveyStatus, Wording
from shared.texts import COMPANY, follow_up_question, nearest_locale, standard
from tests.fakes.samples import settings_of, survey_of

LOCALES: tuple[Locale, ...] = get_args(Locale)


def form(status: SurveyStatus = SurveyStatus.OPEN, wanted: str | None = None, known: str | None = None, **settings: Any) -> Response:  # noqa: ANN401 - any setting
    headers = {"if-none-match": known} if known is not None else {}
    query = {"locale": wanted} if wanted is not None else {}
    request = Request(route_key="GET /form", query=query, headers=headers)
    return form_response(request, survey_of("demo", settings_of(**settings), status=status))


def body(response: Response) -> dict[str, Any]:
    return dict(json.loads(response["body"]))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_locale_has_every_text(locale: Locale) -> None:
    texts = standard(locale)
    assert COMPANY in texts.question
    assert set(texts.follow_up) == set(NpsClass)
    assert all([texts.question, texts.thanks, texts.scale.low, texts.scale.high, *texts.follow_up.values()])


def test_locales_do_not_share_texts() -> None:
    for text in ("question", "thanks"):
        assert len({getattr(standard(locale), text) for locale in LOCALES}) == len(LOCALES)


def test_the_form_asks_in_the_survey_s_language_with_the_company_s_name() -> None:
    asked = body(form(company="Padaria {do} João"))
    assert asked["question"] == "De 0 a 10, o quanto você recomendaria Padaria {do} João a um amigo ou colega?"
    assert (asked["locale"], asked["locales"], asked["status"], asked["company"]) == ("pt-BR", ["pt-BR"], "open", "Padaria {do} João")
    assert set(asked["follow_up"]) == {"promoter", "passive", "detractor"}


def test_what_stands_on_the_buttons_comes_along_in_every_locale_under_the_same_names() -> None:
    texts = {locale: body(form(wanted=locale, locales=LOCALES))["ui"] for locale in LOCALES}
    assert len({frozenset(each) for each in texts.values()}) == 1
    assert texts["pt-BR"]["score_name"] == "Nota {n} de 10"
    assert texts["pt-BR"]["purpose"].startswith("Loja ")
    assert texts["en"]["send"] == "Send"


def test_the_survey_s_own_wording_comes_first_where_it_has_some() -> None:
    wording = {"pt-BR": Wording(question="Você indicaria a {company}?", follow_up={NpsClass.DETRACTOR: "O que houve?"})}
    asked = body(form(wording=wording))
    assert asked["question"] == "Você indicaria a Loja?"
    assert asked["follow_up"]["detractor"] == "O que houve?"
    assert asked["follow_up"]["promoter"] == standard("pt-BR").follow_up[NpsClass.PROMOTER]
    assert asked["thanks"] == standard("pt-BR").thanks


@pytest.mark.parametrize(
    ("wanted", "locale"),
    [
        (None, "pt-BR"),
        ("", "pt-BR"),
        ("es", "es"),
        ("es-MX", "es"),
        ("ES", "es"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("pt-br", "pt-BR"),
        ("en", "pt-BR"),
        ("fr", "pt-BR"),
        ("es,en", "pt-BR"),
        ("../../etc/passwd", "pt-BR"),
        ("x" * 10_000, "pt-BR"),
    ],
)
def test_the_nearest_locale_that_the_survey_speaks_is_chosen(wanted: str | None, locale: str) -> None:
    survey = survey_of("demo", settings_of(locales=("es", "pt-BR")))
    assert nearest_locale(survey, wanted) == locale
    assert follow_up_question(survey, NpsClass.PASSIVE, wanted) == standard(nearest_locale(survey, wanted)).follow_up[NpsClass.PASSIVE]


def test_the_form_tells_who_is_in_charge_of_the_data_and_under_which_basis() -> None:
    basis = LegalBasis(kind="consent", consent_version="2", consent_text={"pt-BR": "Concordo.", "en": "I agree."})
    asked = body(
        form(
            locales=("pt-BR", "en", "es"),
            legal_basis=basis,
            notice_url="https://loja.example/privacidade",
            encarregado=Encarregado(name="Ana", email="a@loja.example"),
            wanted="en",
        )
    )
    assert asked["legal_basis"] == {"kind": "consent", "consent_text": "I agree.", "consent_version": "2"}
    assert asked["notice_url"] == "https://loja.example/privacidade"
    assert asked["encarregado"] == {"name": "Ana", "email": "a@loja.example"}


def test_consent_that_was_not_translated_is_asked_for_as_it_was_written() -> None:
    basis = LegalBasis(kind="consent", consent_version="2", consent_text={"en": "I agree."})
    survey = survey_of("demo", settings_of(locales=("pt-BR", "en", "es"), legal_basis=basis))
    for locale in LOCALES:
        shown = form_of(survey, locale).legal_basis
        assert shown is not None
        assert shown.consent_text == "I agree."


def test_what_is_not_for_pages_is_not_in_the_form() -> None:
    basis = LegalBasis(kind="legitimate_interest", assessment="LIA interna 7")
    text = form(origins=("https://loja.example",), legal_basis=basis)["body"]
    for hidden in ("origins", "loja.example", "LIA interna", "salt", "buckets", "revision", "segments", "plan", "retention"):
        assert hidden not in text


def test_a_draft_is_not_found_and_a_closed_survey_says_so() -> None:
    with pytest.raises(NoSuchSurvey):
        form(SurveyStatus.DRAFT)
    assert body(form(SurveyStatus.CLOSED))["status"] == "closed"


def test_a_page_that_has_the_form_already_is_not_sent_it_again() -> None:
    first = form()
    tag = first["headers"]["etag"]
    assert first["headers"]["cache-control"].startswith("public, max-age=")
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = form(known=known)
        assert (again["statusCode"], again["body"], again["headers"]["etag"]) == (304, "", tag)
        assert again["headers"]["cache-control"] == first["headers"]["cache-control"]
    for other in ("", '"x"', tag.strip('"'), f"{tag}x"):
        assert form(known=other)["statusCode"] == 200


def test_the_tag_is_of_what_is_in_the_form() -> None:
    def tag(**settings: Any) -> str:  # noqa: ANN401 - any setting
        return etag_of(form_of(survey_of("demo", settings_of(**settings)), "pt-BR"))

    assert tag() == tag()
    assert tag() == tag(origins=("https://loja.example",))
    assert tag() != tag(company="Outra")
    assert tag() != etag_of(form_of(survey_of("demo", settings_of(), status=SurveyStatus.CLOSED), "pt-BR"))
    assert matches(tag(), tag())
