"""WCAG 2.2 AA: axe-core finds nothing in any state, and what it cannot see."""

import random
import subprocess
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser, ViewportSize

from infra.environments import ROOT, WEB_FOLDER
from infra.local.stack import Stack
from tests.browser.answers import Got, got, wait_for
from tests.browser.site import FILLING, Site
from tests.browser.tags import element, loader, script
from tests.browser.visitor import MOVING, Visitor, visiting
from tests.e2e.survey import OpenSurvey, scan

pytestmark = pytest.mark.stack
CONSENT: Final = {"kind": "consent", "consent_version": "2", "consent_text": {"pt-BR": "Autorizo a Loja a guardar meu comentário."}}
WIDE: Final[ViewportSize] = {"width": 1000, "height": 700}
PHONE: Final[ViewportSize] = {"width": 320, "height": 640}


@pytest.mark.parametrize(
    ("viewport", "colour", "dark", "scheme"),
    [
        (WIDE, "#0b5fff", "auto", "light"),
        (PHONE, "#ffd400", "auto", "dark"),
        (WIDE, "#ffffff", "never", "dark"),
        (PHONE, "#000000", "always", "light"),
        (PHONE, "#7f7f7f", "auto", "light"),
    ],
)
def test_axe_finds_nothing_in_any_state(  # noqa: PLR0913, PLR0917 - cases
    browser: Browser, stack: Stack, site: Site, viewport: ViewportSize, colour: str, dark: str, scheme: Literal["light", "dark"]
) -> None:
    theme = {"colour": colour, "dark": dark}
    survey = OpenSurvey(stack, origins=[site.origin], theme=theme, legal_basis=CONSENT, notice_url="https://loja.example/privacidade")
    with visiting(browser, viewport=viewport, color_scheme=scheme) as visitor:
        visitor.page.goto(site.page(FILLING, script(survey)))
        visitor.is_asked()
        found = {"asking": visitor.findings()}
        visitor.context.set_offline(True)
        visitor.tap(3)
        visitor.card.get_by_text("Sem conexão").wait_for()
        found["offline, consent not given"] = visitor.findings()
        visitor.card.get_by_role("checkbox").check()
        visitor.comment("Demorou")
        found["consent given"] = visitor.findings()
        visitor.context.set_offline(False)
        visitor.send()
        found["thanks"] = visitor.findings()
        assert found == {state: [] for state in found}
        assert visitor.errors == []


def test_axe_finds_nothing_in_its_place_nor_without_consent_to_give(visitor: Visitor, site: Site, survey: OpenSurvey) -> None:
    visitor.page.goto(site.page(FILLING + element(survey), loader(survey)))
    visitor.is_asked()
    found = visitor.findings()
    visitor.tap(9)
    assert found + visitor.findings() == []


def test_it_does_not_take_the_focus_and_gives_it_back(visitor: Visitor, site: Site, survey: OpenSurvey) -> None:
    visitor.page.goto(site.page(f"{FILLING}<input id='search' value='busca' autofocus>", script(survey)))
    visitor.is_asked()
    assert visitor.focused() == "busca"
    visitor.page.keyboard.press("Tab")
    assert visitor.focused() == "0"
    visitor.page.keyboard.press("Escape")
    visitor.card.wait_for(state="detached")
    assert visitor.focused() == "busca"
    visitor.page.evaluate("recomenda.open()")
    visitor.is_asked()
    assert visitor.focused() == "0"
    visitor.card.get_by_role("button", name="Fechar").click()
    assert visitor.focused() == "busca"


def test_what_a_screen_reader_meets_in_order(visitor: Visitor, site: Site, survey: OpenSurvey) -> None:
    visitor.page.goto(site.page(FILLING, script(survey)))
    visitor.tap(8)
    dialog = visitor.page.get_by_role("dialog", name="De 0 a 10, o quanto você recomendaria Loja a um amigo ou colega?")
    scores = "".join(f'    - radio "Nota {score} de 10"{" [checked]" if score == 8 else ""}\n' for score in range(11))
    expected = [
        '- radiogroup "De 0 a 10, o quanto você recomendaria Loja a um amigo ou colega?"',
        scores.splitlines()[8].strip(),
        '- textbox "Obrigado! O que falta para merecermos um 10?"',
        '- button "Enviar"',
        "- status",
        '- link "Helena"',
        '- button "Fechar"',
    ]
    tree = dialog.aria_snapshot()
    places = [tree.find(each) for each in expected]
    assert -1 not in places, tree
    assert places == sorted(places)
    assert visitor.card.get_by_role("status").inner_text() == "Nota 8 registrada. Você ainda pode mudar."


def test_at_200_percent_nothing_is_cut_off_or_scrolls_sideways(browser: Browser, site: Site, survey: OpenSurvey) -> None:
    with visiting(browser, viewport={"width": 640, "height": 400}, device_scale_factor=2) as visitor:
        visitor.page.goto(site.page(FILLING, script(survey)))
        visitor.tap(2)
        card = visitor.card.bounding_box()
        assert card is not None
        assert card["y"] >= 0
        assert card["y"] + card["height"] <= 400
        visitor.card.locator(".send").scroll_into_view_if_needed()
        assert visitor.card.evaluate("(card) => card.scrollWidth <= card.clientWidth")
        visitor.send()


def test_those_who_want_less_motion_get_none(browser: Browser, site: Site, survey: OpenSurvey) -> None:
    with visiting(browser, reduced_motion="reduce") as visitor:
        visitor.page.goto(site.page(FILLING, script(survey)))
        visitor.card.wait_for()
        assert visitor.page.evaluate(MOVING) == []
        visitor.tap(2)
        assert visitor.page.evaluate(MOVING) == []


def test_without_consent_only_the_score_leaves_the_page(visitor: Visitor, stack: Stack, site: Site) -> None:
    survey = OpenSurvey(stack, origins=[site.origin], legal_basis=CONSENT)
    sent: list[str] = []
    visitor.page.on("request", lambda request: sent.append(request.post_data or ""))
    token = survey.token(email="ana@exemplo.com.br")
    visitor.page.goto(site.page(FILLING, f"<script>window.recomenda = [['identify', '{token}']]</script>{script(survey)}"))
    visitor.tap(6)
    visitor.card.get_by_role("checkbox").check()
    visitor.comment("Mudei de ideia")
    visitor.card.get_by_role("checkbox").uncheck()
    assert visitor.card.locator("textarea").is_hidden()
    assert "Mudei" not in visitor.page.evaluate("JSON.stringify(localStorage)")
    visitor.send()
    wait_for(survey, Got(6, finished=True))
    assert token not in visitor.page.evaluate("JSON.stringify(localStorage)")
    assert not any(secret in body for body in sent for secret in (token, "Mudei de ideia", "consent_version"))


def test_with_consent_comment_and_person_are_kept_with_the_version_of_what_was_ticked(visitor: Visitor, stack: Stack, site: Site) -> None:
    survey = OpenSurvey(stack, origins=[site.origin], legal_basis=CONSENT)
    token = survey.token(email="ana@exemplo.com.br")
    visitor.page.goto(site.page(FILLING, f"<script>window.recomenda = [['identify', '{token}']]</script>{script(survey)}"))
    visitor.tap(6)
    wait_for(survey, Got(6))
    visitor.card.get_by_role("checkbox").check()
    visitor.comment("Podem me ligar")
    visitor.send()
    wait_for(survey, Got(6, finished=True, comment="Podem me ligar"))
    [consent] = [
        item for item in scan(stack, "PeopleTable") if "consent" in item["sk"]["S"] and survey.answers()[0]["sk"]["S"] in item["sk"]["S"]
    ]
    assert consent["pk"] == survey.answers()[0]["person_id"]


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_any_colour_can_be_read_on_any_ground(browser: Browser) -> None:
    bundle = subprocess.run(
        [WEB_FOLDER / "node_modules/.bin/esbuild", "web/widget/contrast.js", "--bundle", "--format=iife", "--global-name=it"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    seeded = random.Random(5)
    colours = ["#000000", "#ffffff", "#808080", *(f"#{seeded.randrange(1 << 24):06x}" for _ in range(60))]
    grounds = ["#ffffff", "#f1f3f6", "#1c1f25", "#2a2e36", *colours[:12]]
    with visiting(browser) as visitor:
        visitor.page.evaluate(bundle.replace("var it =", "window.it ="))
        found: list[tuple[str, str, str, str]] = visitor.page.evaluate(
            "([colours, grounds]) => colours.flatMap((c) => grounds.map((g) => [c, g, it.readable(c, g), it.textOn(c)]))",
            [colours, grounds],
        )
    assert min(_contrast(mixed, ground) for _, ground, mixed, _ in found) >= 4.5
    assert min(_contrast(text, colour) for colour, _, _, text in found) >= 4.5
    assert all(mixed == colour for colour, ground, mixed, _ in found if _contrast(colour, ground) >= 4.5)


def test_dismissing_without_a_score_answers_nothing(visitor: Visitor, site: Site, survey: OpenSurvey) -> None:
    visitor.page.goto(site.page(FILLING, script(survey)))
    visitor.is_asked()
    visitor.page.keyboard.press("Escape")
    visitor.card.wait_for(state="detached")
    assert got(survey) == []
