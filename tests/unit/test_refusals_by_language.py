"""What the API refuses: each text in each language, none missing, none left over, with the same things to fill in."""

import json
from datetime import date
from string import Formatter
from typing import Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.environments import ROOT
from shared.api.body import decode
from shared.api.http import Request, problem_response
from shared.api.language import asked_for, liked, refusal_in
from shared.api.problem import Invalid, NoSuchSurvey, Refused, invalid
from shared.api.routes import ROUTES
from shared.phrase import Phrase, translated
from shared.survey import Locale
from shared.survey_waves import begun
from shared.wave import Wave
from tests.fakes.samples import survey_of
from tests.refusals import NotLiteralError, english, texts_in

LANGUAGES: Final[tuple[Locale, ...]] = ("pt-BR", "es")
TEXTS: Final[dict[Locale, dict[str, str]]] = {
    locale: json.loads((ROOT / "shared" / "texts" / "refusals" / f"{locale}.json").read_text(encoding="utf-8")) for locale in LANGUAGES
}


def filled_in(template: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(template) if name}
    except ValueError:
        return set()  # a pattern, whose braces are its own


# ── The catalogue ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_refusal_is_in_the_language_and_none_is_left_over(locale: Locale) -> None:
    assert set(english()) - TEXTS[locale].keys() == set()
    assert TEXTS[locale].keys() - set(english()) == set()


@pytest.mark.parametrize("locale", LANGUAGES)
def test_each_text_fills_in_what_the_english_one_does(locale: Locale) -> None:
    patterns = {text for text in TEXTS[locale] if text.startswith(("^", "\\"))}
    differing = {text for text, said in TEXTS[locale].items() if text not in patterns and filled_in(said) != filled_in(text)}
    assert differing == set()
    assert [said for text, said in TEXTS[locale].items() if text in patterns and "{" in said] == []


@pytest.mark.parametrize("locale", LANGUAGES)
def test_no_text_is_empty_or_english_and_all_are_in_order(locale: Locale) -> None:
    assert [text for text, said in TEXTS[locale].items() if not said.strip() or (said == text and len(filled_in(text)) < 2)] == []
    assert list(TEXTS[locale]) == sorted(TEXTS[locale])


@pytest.mark.parametrize("locale", LANGUAGES)
def test_what_is_said_of_a_field_is_a_whole_sentence(locale: Locale) -> None:
    """A detail ends in a full stop, a title does not; the English ones of fields begin small and need none."""
    details = [said for text, said in TEXTS[locale].items() if text.endswith((" is expected", " are expected", "."))]
    assert [said for said in details if not said.endswith((".", "…", "{detail}"))] == []


@pytest.mark.parametrize(
    "source",
    [
        'raise invalid("/a", f"at most {MOST} days")',
        'raise invalid("/a", "at most " + most)',
        'raise SurveyRuleError("at most {} days".format(most) + ".", "/a")',
        "raise NoSuchSurvey(said)",
        'raise problem.invalid_parameter("a", text)',
    ],
)
def test_a_text_that_cannot_be_found_is_told(source: str) -> None:
    with pytest.raises(NotLiteralError):
        list(texts_in(source))


def test_texts_are_found_wherever_they_stand() -> None:
    source = """
ONE = "one"
def f():
    two: Final = "two {n}"
    raise invalid("", ONE) if x else c.NoSuchSurvey("three" if y else Phrase("four {n}", n=1))
    Phrase(two, n=2)
"""
    assert sorted(texts_in(source)) == ["four {n}", "one", "three", "two {n}"]


# ── Phrases ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_phrase_is_its_english_text() -> None:
    phrase = Phrase("a day from {earliest} on, of {names}", earliest=date(2000, 1, 1), names=("a", "b"))
    assert phrase == "a day from 2000-01-01 on, of a, b"


def test_a_phrase_is_said_by_a_languages_template_with_what_is_in_it() -> None:
    templates = {"{what} is expected from {day} on": "{day:%d/%m/%Y}: {what}", "one of {names}": "um de {names}", "none": "nenhum"}
    phrase = Phrase("{what} is expected from {day} on", what=Phrase("one of {names}", names=("a", Phrase("none"))), day=date(2000, 2, 1))
    assert translated(phrase, templates) == "01/02/2000: um de a, nenhum"
    assert translated(phrase, {}) == phrase


def test_what_fills_a_phrase_in_is_never_read_as_a_template() -> None:
    assert Phrase("of {name}", name="{other}{0}{name.__class__}") == "of {other}{0}{name.__class__}"


def test_what_a_person_wrote_stays_as_it_is() -> None:
    assert refusal_in("pt-BR", "Lawsuit {pending}, kept until 2030") == "Lawsuit {pending}, kept until 2030"


# ── The language that is asked for ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        *(("pt-BR", "pt-BR"), ("pt", "pt-BR"), ("PT-br", "pt-BR"), ("pt-PT", "pt-BR"), ("es", "es"), ("es-419,es;q=0.9", "es")),
        *(("", "en"), ("en-US,en;q=0.9,pt;q=0.8", "en"), ("de", "en"), ("*", "en"), ("fr, pt;q=0.2", "pt-BR")),
        *(("en;q=0.4, es;q=0.5, pt;Q=0.6", "pt-BR"), ("pt;q=0, es", "es"), ("pt;q=0", "en")),
        *(("pt;q=nan", "en"), ("pt;q=inf", "en"), ("pt;q=-1", "en"), ("pt;q=2", "en"), ("pt;q=", "en"), ("pt;q", "en"), ("pt;;", "en")),
        *((",;=,,", "en"), ("pt\0", "en"), ("p" * 10_000, "en"), ("fr," * 5_000 + "pt", "en"), ("pt_BR", "en"), ("português", "en")),
    ],
)
def test_the_language_that_is_liked_most_and_that_we_have(header: str, locale: str) -> None:
    assert asked_for(header) == locale


@given(
    st.text()
    | st.lists(st.sampled_from(["pt", "es", "en", ";q=", "q", "=", ",", ";", "0.5", "1e999", "-", "*", " "]), max_size=40).map("".join)
)
def test_any_header_asks_for_a_language_that_we_have(header: str) -> None:
    assert asked_for(header) in {"en", *LANGUAGES}
    assert len(liked(header)) <= 10


# ── Problems ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def said(refused: Refused, language: str | None, **headers: str) -> tuple[dict[str, str], dict[str, object]]:
    asked = {} if language is None else {"accept-language": language}
    response = problem_response(refused, Request(route_key="GET /", headers=asked), headers=headers)
    return response["headers"], json.loads(response["body"])


def test_a_problem_is_said_in_the_language_with_everything_else_as_it_is() -> None:
    refused = invalid("/people", Phrase("at most {most} people are expected", most=500))
    _, in_english = said(refused, None)
    headers, in_portuguese = said(refused, "pt-BR")
    assert headers["content-language"] == "pt-BR"
    assert in_portuguese == in_english | {
        "title": "Algo não foi aceito",
        "detail": "Corrija o que está em `errors` e envie de novo.",
        "errors": [{"pointer": "/people", "detail": "Envie no máximo 500 pessoas de cada vez."}],
    }


def test_a_response_says_what_it_depends_on_beside_what_it_depended_on() -> None:
    assert said(NoSuchSurvey(), None)[0]["vary"] == "accept-language"
    assert said(NoSuchSurvey(), "de", vary="origin")[0]["vary"] == "origin, accept-language"
    assert said(NoSuchSurvey(), "de")[0]["content-language"] == "en"


def test_a_day_is_written_as_the_language_writes_days() -> None:
    wave = Wave(wave_id="a" * 16, name="x", first_day=date(1999, 1, 1), last_day=None)
    with pytest.raises(ValueError, match="2000-01-01") as refused:
        begun(survey_of(), wave, date(2026, 3, 1))
    assert refusal_in("pt-BR", getattr(refused.value, "rule", "")).startswith("Escolha um dia a partir de 01/01/2000")


WRONG: Final[tuple[object, ...]] = (
    None,
    True,
    1,
    -1,
    10**9,
    "",
    "x",
    "@",
    " ",
    "x" * 99_999,
    [],
    [None],
    [{}],
    ["x"] * 999,
    {},
    {"x": 1},
    {"": ""},
    {"x": {"x": [1]}},
)


@pytest.mark.parametrize("kind", list(dict.fromkeys(route.request for route in ROUTES if route.request)))
def test_nothing_that_is_wrong_in_a_body_is_told_in_english(kind: type[msgspec.Struct]) -> None:
    fields = msgspec.structs.fields(kind)
    bodies = [{field.encode_name: wrong} for field in fields for wrong in WRONG] + [{}, {"unknown": 1}]
    for body in bodies:
        try:
            decode(json.dumps(body).encode(), kind, largest=10**7)
        except Invalid as refused:
            for locale in LANGUAGES:
                for error in refused.errors:
                    assert " expected" not in refusal_in(locale, error.detail)
                    assert refusal_in(locale, error.detail) != error.detail
