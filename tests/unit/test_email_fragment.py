"""The question as a fragment for an e-mail: eleven links, for each tool, in each language, whatever the company is called."""

import re
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.invite.email import MERGE_TAGS, fragment
from shared.api.asking_messages import EmailFragment
from shared.api.problem import Invalid
from shared.contrast import contrast, readable_on
from shared.survey import Encarregado, Survey, Theme, Wording
from tests.fakes.samples import settings_of, survey_of

BASE: Final = "https://api.example"
VOID: Final = frozenset({"br", "img", "meta"})
LOCALES: Final = ("pt-BR", "en", "es")
HOSTILE: Final = (
    '<script>alert(1)</script>"><img src=x onerror=alert(1)>',
    "{{ contact.email }} {% raw %} {# x #}",
    "*|EMAIL|* *|IF:X|*",
    "%EMAIL% %MSG_ID%",
    "A & B \u202e <b>",
    "linha um\nSubject: outra",
)


class Page(HTMLParser):
    """What the fragment is made of; every element that is opened is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of all elements of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]


def survey_with(**changes: Any) -> Survey:  # noqa: ANN401 - any setting
    settings: dict[str, Any] = {
        "locales": LOCALES,
        "notice_url": "https://loja.example/privacidade?a=1&b=2",
        "encarregado": Encarregado(name="Helena Dias", email="helena@loja.example"),
    }
    return survey_of("demo", settings_of(**settings | changes))


def made(tool: str = "plain", locale: str = "pt-BR", survey: Survey | None = None) -> EmailFragment:
    return fragment(survey or survey_with(), {"tool": tool, "locale": locale}, BASE)


def scores(page: Page) -> list[dict[str, str]]:
    return [each for each in page.all("a") if each["href"].startswith(BASE)]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("tool", MERGE_TAGS)
def test_eleven_links_each_a_score_with_the_tools_own_tag(tool: str, locale: str) -> None:
    mail = made(tool, locale)
    links = scores(Page(mail.html))
    assert len({each["href"] for each in links}) == 11
    for score, link in enumerate(links):
        split = urlsplit(link["href"])
        assert (split.path, parse_qs(split.query)["score"]) == ("/s/demo", [str(score)])
        assert parse_qs(split.query)["locale"] == [locale]
        assert link["aria-label"] == link["title"]
        assert re.findall(r"\d+", link["aria-label"])[0] == str(score)
        tag = MERGE_TAGS[tool]
        assert link["href"].endswith(f"&t={tag}") if tag else "t=" not in split.query.split("&")
        assert f"{score}: {link['href']}\n" in mail.text


@pytest.mark.parametrize("locale", LOCALES)
def test_it_says_why_it_asks_and_whom_to_turn_to(locale: str) -> None:
    mail = made(locale=locale)
    page = Page(mail.html)
    for said in (" ".join(page.text.split()), mail.text):
        assert "Helena Dias" in said
        assert "helena@loja.example" in said
        assert "Loja" in said
    hrefs = [each["href"] for each in page.all("a")]
    assert "https://loja.example/privacidade?a=1&b=2" in hrefs
    assert "mailto:helena@loja.example" in hrefs
    assert "Loja" in mail.subject


def test_without_notice_and_encarregado_their_lines_are_left_out() -> None:
    page = Page(made(survey=survey_with(notice_url=None, encarregado=None)).html)
    assert len(page.all("a")) == 11


def test_outlook_and_dark_modes_are_thought_of() -> None:
    html = made().html
    page = Page(html)
    assert html.count("<!--[if mso]>") == html.count("<![endif]-->") == 2
    assert "prefers-color-scheme: dark" in html
    assert all(each["role"] == "presentation" for each in page.all("table"))
    cells = [each for each in page.all("td") if "bgcolor" in each]
    assert len(cells) == 11
    assert {each["bgcolor"] for each in cells} == {"#0b5fff"}
    assert not page.all("img")
    assert "url(" not in html
    assert "javascript" not in html
    assert len(html.encode()) < 12_000  # well below the 102 KB at which Gmail clips a message


@pytest.mark.parametrize("company", HOSTILE)
@pytest.mark.parametrize("tool", MERGE_TAGS)
def test_no_name_is_taken_for_markup_or_for_a_tag_of_a_tool(tool: str, company: str) -> None:
    survey = survey_with(company=company, encarregado=Encarregado(name=company, email="helena@loja.example"))
    mail = made(tool, survey=survey)
    page = Page(mail.html)
    assert {tag for tag, _ in page.elements} == {"style", "table", "tr", "td", "a", "span"}
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    for said in (mail.html.replace(MERGE_TAGS[tool] or "\0", ""), mail.text.replace(MERGE_TAGS[tool] or "\0", ""), mail.subject):
        assert "{{" not in said
        assert "*|" not in said
        assert not re.search(r"%\w+%", said)
    assert "\n" not in mail.subject


def test_a_wording_of_ones_own_is_asked() -> None:
    survey = survey_with(wording={"en": Wording(question="Would you, honestly, recommend {company}?")})
    assert "Would you, honestly, recommend Loja?" in made(locale="en", survey=survey).html


def test_what_nobody_offers_is_refused() -> None:
    with pytest.raises(Invalid):
        made("sendgrid")
    with pytest.raises(Invalid):
        fragment(survey_with(), {"t": "x"}, BASE)


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_numbers_are_readable_on_any_colour(parts: tuple[int, ...]) -> None:
    colour = "#" + "".join(f"{part:02x}" for part in parts)
    assert contrast(readable_on(colour), colour) >= 4.5


def test_contrast_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert "#000000" in made(survey=survey_with(theme=Theme(colour="#ffee00"))).html
