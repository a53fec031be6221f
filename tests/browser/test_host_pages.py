"""The widget on pages that are none of its business: it neither breaks them nor is broken by them."""

from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from infra.local.stack import Stack
from tests.browser.answers import Got, got, wait_for
from tests.browser.site import FILLING, LONG, Site
from tests.browser.tags import element, loader, script
from tests.browser.visitor import SETTLED, Visitor
from tests.e2e.survey import OpenSurvey

pytestmark = pytest.mark.stack
HOSTILE: Final = """<style>
  * { all: unset !important; }
  *, div, body > *, recomenda-nps {
    color: red !important; direction: rtl !important; display: none !important; font: 3px fantasy !important;
    letter-spacing: 1em !important; opacity: 0.1 !important; text-transform: uppercase !important; visibility: hidden !important;
  }
  html, body, main { display: block !important; opacity: 1 !important; visibility: visible !important }
  input, button, textarea, fieldset, legend, label { all: unset !important; position: absolute !important; }
</style>"""
LOOK: Final = """() => [...document.querySelectorAll("*")].map((each) => each.shadowRoot).filter(Boolean)
  .flatMap((root) => [...root.querySelectorAll("*")]).map((each) => {
    const {width, height} = each.getBoundingClientRect();
    const {color, direction, font, letterSpacing, textTransform, visibility} = getComputedStyle(each);
    return [each.tagName, width, height, color, direction, font, letterSpacing, textTransform, visibility];
  })"""
SHIFTS: Final = """window.shifts = 0; new PerformanceObserver((list) => { for (const each of list.getEntries()) shifts += each.value; })
  .observe({type: "layout-shift", buffered: true});"""
RESERVED: Final = """<style>recomenda-nps { display: block; min-height: 15em }
  @media (max-width: 30em) { recomenda-nps { min-height: 22em } }</style>"""
VIOLATIONS: Final = (
    "window.violations = []; document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));"
)


def survey_of(stack: Stack, site: Site, **settings: object) -> OpenSurvey:
    return OpenSurvey(stack, origins=[site.origin], **settings)


@pytest.mark.parametrize("inline", [False, True])
def test_the_styles_of_the_page_change_nothing_of_it(visitor: Visitor, site: Site, survey: OpenSurvey, inline: bool) -> None:  # noqa: FBT001 - a case
    tag, body = (loader(survey), element(survey)) if inline else (script(survey), "")
    tag += "<style>body { margin: 0 !important }</style>"
    looks = []
    for hostile in ("", HOSTILE):
        visitor.page.goto(site.page(f'{body}<div style="height: 100px"></div>', tag + hostile))
        visitor.is_asked()
        looks.append(visitor.page.evaluate(LOOK))
    plain, beset = looks
    assert beset == plain
    visitor.tap(9)
    wait_for(survey, Got(9))


def test_under_a_strict_policy_with_trusted_types(visitor: Visitor, site: Site, survey: OpenSurvey) -> None:
    api = survey.stack.emulator_url
    policy = (
        f"default-src 'none'; script-src {api}; connect-src {api}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    visitor.context.add_init_script(VIOLATIONS)
    visitor.page.goto(site.page(FILLING + element(survey), loader(survey), headers={"content-security-policy": policy}))
    visitor.tap(4)
    visitor.comment("Fechado")
    visitor.send()
    wait_for(survey, Got(4, finished=True, comment="Fechado"))
    assert visitor.page.evaluate("violations") == []
    assert visitor.card.locator(".send").count() == 0


def test_a_single_page_app_is_asked_where_its_rules_say_so(visitor: Visitor, stack: Stack, site: Site) -> None:
    survey = survey_of(stack, site, display={"urls": ["/obrigado*"]})
    visitor.page.goto(site.page(FILLING, script(survey)))
    visitor.is_left_alone()
    visitor.page.evaluate("history.pushState({}, '', '/obrigado/42')")
    visitor.is_asked()
    visitor.page.evaluate("history.pushState({}, '', '/pedidos')")
    visitor.card.wait_for(state="detached")
    visitor.page.evaluate("history.back()")
    visitor.tap(8)
    visitor.page.evaluate("history.replaceState({}, '', '/pedidos')")
    visitor.comment("Continuo aqui")
    visitor.send()
    wait_for(survey, Got(8, finished=True, comment="Continuo aqui"))


def test_a_single_page_app_of_an_older_browser(visitor: Visitor, stack: Stack, site: Site) -> None:
    survey = survey_of(stack, site, display={"urls": ["*/obrigado"]})
    visitor.context.add_init_script("Object.defineProperty(window, 'navigation', {value: undefined});")
    visitor.page.goto(site.page(FILLING, script(survey)))
    visitor.is_left_alone()
    visitor.page.evaluate("history.pushState({}, '', '/obrigado')")
    visitor.tap(9)
    wait_for(survey, Got(9))


def test_an_element_may_be_moved_and_taken_away(visitor: Visitor, site: Site, survey: OpenSurvey) -> None:
    visitor.page.goto(site.page(f"{FILLING}{element(survey)}<section></section>", loader(survey)))
    visitor.tap(3)
    visitor.page.evaluate("document.querySelector('section').append(document.querySelector('recomenda-nps'))")
    visitor.score(5).click()
    visitor.send()
    wait_for(survey, Got(5, finished=True))
    visitor.page.evaluate("document.querySelector('recomenda-nps').remove()")
    assert visitor.card.count() == 0


def test_three_surveys_on_a_page_are_answered_each(visitor: Visitor, stack: Stack, site: Site) -> None:
    one, two, three = (survey_of(stack, site, company=company) for company in ("Pães", "Bolos", "Cafés"))
    visitor.page.goto(site.page(element(one) + element(two) + script(three)))
    cards = {company: visitor.card.filter(has_text=f"recomendaria {company}") for company in ("Pães", "Bolos", "Cafés")}
    for card, score in zip(cards.values(), (1, 8, 10), strict=True):
        card.get_by_role("radio", name=f"Nota {score} de 10", exact=True).click()
        card.locator("textarea").fill(f"Dou {score}")
        card.locator(".send").click()
    for survey, score in ((one, 1), (two, 8), (three, 10)):
        wait_for(survey, Got(score, finished=True, comment=f"Dou {score}"))


def test_one_survey_in_its_place_and_by_the_tag_is_asked_once(visitor: Visitor, site: Site, survey: OpenSurvey) -> None:
    visitor.page.goto(site.page(element(survey), script(survey)))
    visitor.is_asked()
    visitor.page.wait_for_load_state("networkidle")
    assert visitor.card.count() == 1


def test_a_theme_may_put_the_tag_s_survey_in_its_place(visitor: Visitor, stack: Stack, site: Site) -> None:
    survey = survey_of(stack, site, theme={"position": "inline"})
    visitor.page.goto(site.page(f"<section>{script(survey)}</section>"))
    visitor.tap(6)
    assert visitor.page.locator("section recomenda-nps").count() == 1
    wait_for(survey, Got(6))


def test_calls_made_before_it_came_are_heard(visitor: Visitor, site: Site, survey: OpenSurvey) -> None:
    calls = f"""<script>
      window.heard = [];
      window.recomenda = [["identify", "{survey.token(sub=survey.survey_id)}"]];
      recomenda.push(["on", "finished", () => {{ throw new Error("mine"); }}]);
      for (const event of ["shown", "answered", "finished", "dismissed", "closed"])
        recomenda.push(["on", event, (it) => heard.push([event, it.score])]);
    </script>"""
    visitor.page.goto(site.page(FILLING, calls + script(survey)))
    visitor.tap(9)
    visitor.send()
    visitor.card.get_by_role("button", name="Fechar").click()
    assert visitor.page.evaluate("heard") == [["shown", None], ["answered", 9], ["finished", None], ["closed", None]]
    wait_for(survey, Got(9, finished=True))
    lines = [line for line in survey.stack.log_lines("CollectFunction") if line.get("survey_id") == survey.survey_id]
    assert any(line.get("identified") for line in lines)


def test_the_page_opens_and_closes_it(visitor: Visitor, stack: Stack, site: Site) -> None:
    survey = survey_of(stack, site, display={"event": "never"})
    visitor.page.goto(site.page(f"{FILLING}<button onclick='recomenda.open()'>Opine</button>", script(survey)))
    visitor.is_left_alone()
    visitor.page.get_by_role("button", name="Opine").click()
    visitor.is_asked()
    assert visitor.focused() == "0"
    visitor.page.evaluate("recomenda.close()")
    visitor.card.wait_for(state="detached")
    assert visitor.focused() == "BUTTON"
    assert got(survey) == []


@pytest.mark.parametrize("width", [1000, 320])
def test_nothing_of_the_page_moves_when_it_comes(visitor: Visitor, site: Site, survey: OpenSurvey, width: int) -> None:
    visitor.context.add_init_script(SHIFTS)
    visitor.page.set_viewport_size({"width": width, "height": 800})
    for body, tag in ((f"{FILLING}{element(survey)}<p>Depois</p>", RESERVED + loader(survey)), (LONG, script(survey))):
        visitor.page.goto(site.page(body, tag))
        visitor.is_asked()
        visitor.page.evaluate("() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
        assert visitor.page.evaluate("shifts") == 0


def test_it_sets_no_cookie_and_talks_to_nobody_else(visitor: Visitor, site: Site, survey: OpenSurvey) -> None:
    asked: set[str] = set()
    visitor.page.on("request", lambda request: asked.add("/".join(request.url.split("/")[:3])))
    visitor.page.goto(site.page(FILLING, script(survey)))
    visitor.tap(9)
    visitor.send()
    wait_for(survey, Got(9, finished=True))
    assert asked == {site.origin, survey.stack.emulator_url}
    assert visitor.context.cookies() == []


def test_a_preview_records_nothing(visitor: Visitor, site: Site, survey: OpenSurvey) -> None:
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.method))
    visitor.page.goto(site.page(FILLING, script(survey, "data-preview")))
    visitor.is_asked()
    visitor.card.get_by_text("Prévia").wait_for()
    visitor.tap(2)
    visitor.comment("Só olhando")
    visitor.send()
    visitor.card.get_by_role("button", name="Fechar").click()
    visitor.page.wait_for_load_state("networkidle")
    assert set(asked) == {"GET"}
    assert visitor.page.evaluate("localStorage.length") == 0
    assert got(survey) == []


def test_the_page_s_shortcuts_are_not_set_off_by_typing(visitor: Visitor, site: Site, survey: OpenSurvey) -> None:
    listening = """<script>
      window.pressed = [];
      for (const type of ["keydown", "keypress", "keyup"]) document.addEventListener(type, (event) => pressed.push(event.key));
    </script>"""
    visitor.page.goto(site.page(FILLING, listening + script(survey)))
    visitor.tap(9)
    visitor.card.locator("textarea").focus()
    visitor.page.keyboard.type("gs/")
    assert visitor.page.evaluate("pressed") == []


def test_the_widget_s_inside_is_closed_to_the_page(site: Site, survey: OpenSurvey, browser: Browser) -> None:
    context = browser.new_context()
    page: Page = context.new_page()
    page.goto(site.page(FILLING + element(survey), loader(survey)))
    page.wait_for_function("() => document.querySelector('recomenda-nps').getBoundingClientRect().height > 0")
    page.evaluate(SETTLED)
    assert page.evaluate("document.querySelector('recomenda-nps').shadowRoot") is None
    context.close()
