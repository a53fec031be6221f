"""Somebody answers: with a mouse, with keys alone, with a thumb; in each language; once, whatever they do."""

import pytest
from playwright.sync_api import Browser

from infra.local.stack import Stack
from tests.browser.answers import Got, wait_for
from tests.browser.site import Site
from tests.browser.tags import script
from tests.browser.visitor import Visitor, visiting
from tests.e2e.survey import OpenSurvey

pytestmark = pytest.mark.stack


@pytest.fixture
def shop(site: Site, survey: OpenSurvey) -> str:
    return site.page("<h1>Padaria</h1>", script(survey, 'data-touchpoint="checkout" data-segment-plan="pro"'))


def test_with_a_mouse_a_score_is_saved_at_once_and_the_comment_follows(visitor: Visitor, shop: str, survey: OpenSurvey) -> None:
    visitor.page.goto(shop)
    visitor.tap(3)
    wait_for(survey, Got(3))
    visitor.score(4).click()
    visitor.comment("O pão veio frio")
    visitor.send()
    wait_for(survey, Got(4, finished=True, comment="O pão veio frio"))
    assert survey.score("?segment=plan:pro")["detractors"] == 1
    assert survey.score("?touchpoint=checkout")["detractors"] == 1


def test_with_keys_alone_arrows_and_digits_choose_and_nothing_on_the_way_counts(visitor: Visitor, shop: str, survey: OpenSurvey) -> None:
    visitor.page.goto(shop)
    visitor.card.wait_for()
    keyboard = visitor.page.keyboard
    keyboard.press("Tab")
    assert visitor.focused() == "0"
    posts: list[str] = []
    visitor.page.on("request", lambda request: posts.append(request.method) if request.url.endswith("/answers") else None)
    for key in ("ArrowRight", "ArrowRight", "1", "0"):
        keyboard.press(key)
    assert visitor.focused() == "10"
    keyboard.press("Enter")
    visitor.card.locator(".more").wait_for()
    assert posts == ["POST"]
    keyboard.press("Tab")
    keyboard.type("Atendimento ótimo")
    keyboard.press("Tab")
    keyboard.press("Enter")
    visitor.card.locator(".thanks").wait_for()
    assert visitor.focused() == "thanks"
    wait_for(survey, Got(10, finished=True, comment="Atendimento ótimo"))
    keyboard.press("Escape")
    visitor.card.wait_for(state="detached")


@pytest.mark.parametrize("key", [" ", None])
def test_a_score_chosen_with_keys_is_saved_by_space_or_by_rest(visitor: Visitor, shop: str, survey: OpenSurvey, key: str | None) -> None:
    visitor.page.goto(shop)
    visitor.score(0).focus()
    visitor.page.keyboard.press("ArrowRight")
    if key:
        visitor.page.keyboard.press(key)
    visitor.card.locator(".more").wait_for()
    wait_for(survey, Got(1))


def test_with_a_thumb_at_320_pixels(browser: Browser, shop: str, survey: OpenSurvey) -> None:
    with visiting(browser, viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True, device_scale_factor=2) as visitor:
        visitor.page.goto(shop)
        visitor.is_asked()
        boxes = [visitor.score(score).bounding_box() for score in range(11)]
        assert all(box and box["width"] >= 40 and box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 320 for box in boxes)
        assert len({box["y"] for box in boxes if box}) == 2
        visitor.score(8).tap()
        visitor.comment("Bom")
        visitor.card.locator(".send").tap()
        visitor.card.locator(".thanks").wait_for()
        wait_for(survey, Got(8, finished=True, comment="Bom"))
        assert visitor.page.evaluate("document.documentElement.scrollWidth") == 320
        assert visitor.errors == []


@pytest.mark.parametrize(
    ("lang", "name", "send", "question"),
    [
        ("pt-BR", "Nota {} de 10", "Enviar", "De 0 a 10, o quanto você recomendaria Loja a um amigo ou colega?"),
        ("en-GB", "Score {} out of 10", "Send", "From 0 to 10, how likely are you to recommend Loja to a friend or colleague?"),
        ("es-AR", "Nota {} de 10", "Enviar", "Del 0 al 10, ¿cuánto recomendaría Loja a un amigo o colega?"),
    ],
)
def test_in_the_page_s_language(visitor: Visitor, stack: Stack, site: Site, lang: str, name: str, send: str, question: str) -> None:  # noqa: PLR0913, PLR0917 - fixtures and cases
    survey = OpenSurvey(stack, origins=[site.origin], locales=["pt-BR", "en", "es"])
    visitor.page.goto(site.page("", script(survey), lang=lang))
    visitor.card.get_by_role("radiogroup", name=question).wait_for()
    visitor.score(7, name).click()
    visitor.card.get_by_role("button", name=send).click()
    visitor.card.locator(".thanks").wait_for()
    wait_for(survey, Got(7, finished=True))
    assert visitor.card.get_attribute("lang") == lang[:2] if lang != "pt-BR" else lang


def test_a_double_click_and_a_second_tab_are_one_answer(visitor: Visitor, shop: str, survey: OpenSurvey) -> None:
    visitor.page.goto(shop)
    visitor.card.wait_for()
    other = visitor.another_page()
    other.goto(shop)
    other.locator(".card").wait_for()
    visitor.score(9).dblclick()
    visitor.card.locator(".send").dblclick(delay=5, no_wait_after=True)
    visitor.card.locator(".thanks").wait_for()
    other.locator(".thanks").wait_for()
    wait_for(survey, Got(9, finished=True))


def test_two_tabs_that_disagree_change_one_answer(visitor: Visitor, shop: str, survey: OpenSurvey) -> None:
    visitor.page.goto(shop)
    visitor.card.wait_for()
    other = visitor.another_page()
    other.goto(shop)
    other.locator(".card").wait_for()
    visitor.tap(9)
    other.locator(".more").wait_for()
    other.get_by_role("radio", name="Nota 2 de 10").click()
    wait_for(survey, Got(2))


def test_going_away_and_back_is_one_answer(visitor: Visitor, shop: str, site: Site, survey: OpenSurvey) -> None:
    visitor.page.goto(shop)
    visitor.tap(6)
    wait_for(survey, Got(6))
    visitor.page.goto(site.page("<h1>Outra</h1>"))
    visitor.page.go_back()
    visitor.page.evaluate("recomenda.open()")
    visitor.score(7).click()
    visitor.send()
    wait_for(survey, Got(7, finished=True))


def test_a_device_whose_clock_is_wrong_still_answers(visitor: Visitor, shop: str, survey: OpenSurvey) -> None:
    visitor.context.add_init_script("const now = Date.now; Date.now = () => now() - 40 * 864e5;")
    visitor.page.goto(shop)
    visitor.tap(5)
    visitor.comment("Relógio atrasado")
    visitor.send()
    wait_for(survey, Got(5, finished=True, comment="Relógio atrasado"))
