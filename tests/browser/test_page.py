"""The answer page in a real browser: with and without scripts, with a mouse, keys or a thumb, in each language, once whatever is done."""

import secrets
import urllib.request
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from infra.local.stack import Stack
from tests.browser.answers import Got, got, wait_for
from tests.browser.visitor import Visitor, visiting
from tests.e2e.survey import OpenSurvey, wait_until

pytestmark = pytest.mark.stack
PHONE: Final[ViewportSize] = {"width": 320, "height": 640}
WIDE: Final[ViewportSize] = {"width": 1000, "height": 700}
PORTUGUESE: Final = "pt-BR"
LARGEST: Final = 30_000


def url(survey: OpenSurvey, query: str = "") -> str:
    return f"{survey.stack.api_url}/s/{survey.survey_id}{query}"


def link(survey: OpenSurvey, score: int) -> str:
    """A score link of an e-mail."""
    return url(survey, f"?score={score}&t={secrets.token_urlsafe(16)}")


@pytest.fixture
def someone(browser: Browser) -> object:
    with visiting(browser, locale=PORTUGUESE, reduced_motion="reduce") as visitor:
        yield visitor
        assert visitor.errors == []


def finish(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Concluir").click()
    visitor.page.get_by_role("heading", name="Obrigado").wait_for()


# ── Answering ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_scripts_the_plain_form_does_it_all(browser: Browser, survey: OpenSurvey) -> None:
    with visiting(browser, locale=PORTUGUESE, java_script_enabled=False) as visitor:
        visitor.page.goto(url(survey))
        visitor.page.wait_for_timeout(400)  # as long as nobody reads a question and answers it; here it is the server who looks
        visitor.score(6).check()
        visitor.page.get_by_role("button", name="Enviar nota").click()
        visitor.comment("Pão & <manteiga>")
        finish(visitor)
        visitor.page.reload()  # sends the same form again
        wait_for(survey, Got(6, finished=True, comment="Pão & <manteiga>"))


def test_with_a_mouse_the_score_is_kept_at_once_and_a_reload_asks_nobody_twice(someone: Visitor, survey: OpenSurvey) -> None:
    someone.page.goto(url(survey, "?touchpoint=checkout"))
    someone.tap(3)
    wait_for(survey, Got(3))
    someone.score(9).click()
    someone.comment("Mudou tudo")
    finish(someone)
    wait_for(survey, Got(9, finished=True, comment="Mudou tudo"))
    someone.page.reload()
    someone.page.get_by_role("heading", name="Obrigado").wait_for()
    assert survey.score("?touchpoint=checkout")["promoters"] == 1
    assert survey.score("?channel=page")["promoters"] == 1


def test_with_keys_alone_nothing_on_the_way_to_a_score_counts(someone: Visitor, survey: OpenSurvey) -> None:
    someone.page.goto(url(survey))
    keyboard = someone.page.keyboard
    while someone.focused() != "0":
        keyboard.press("Tab")
    for key in ("ArrowRight", "ArrowRight", "1", "0"):
        keyboard.press(key)
    someone.page.locator(".more").wait_for()
    wait_for(survey, Got(10))
    keyboard.press("Tab")
    keyboard.type("Sem mouse 100 %")
    keyboard.press("Tab")
    keyboard.press("Enter")
    wait_for(survey, Got(10, finished=True, comment="Sem mouse 100 %"))
    assert someone.focused() == "H1"


def test_with_a_thumb_at_320_pixels(browser: Browser, survey: OpenSurvey) -> None:
    with visiting(browser, locale=PORTUGUESE, viewport=PHONE, has_touch=True, is_mobile=True) as visitor:
        visitor.page.goto(url(survey))
        boxes = [visitor.score(score).bounding_box() for score in range(11)]
        assert all(box and box["width"] >= 40 and box["height"] >= 44 for box in boxes)
        assert len({box["y"] for box in boxes if box}) == 2
        visitor.score(8).tap()
        visitor.comment("Do ônibus")
        assert visitor.page.evaluate("document.documentElement.scrollWidth") == 320
        finish(visitor)
        wait_for(survey, Got(8, finished=True, comment="Do ônibus"))


@pytest.mark.parametrize(
    ("locale", "name", "button", "thanks"),
    [("en-GB", "Score {} out of 10", "Finish", "Thank you"), ("es-MX", "Nota {} de 10", "Terminar", "Gracias")],
)
def test_other_languages(browser: Browser, stack: Stack, locale: str, name: str, button: str, thanks: str) -> None:  # noqa: PLR0913, PLR0917 - cases
    survey = OpenSurvey(stack, locales=["pt-BR", "en", "es"])
    with visiting(browser, locale=locale) as visitor:
        visitor.page.goto(url(survey))
        visitor.page.get_by_role("radio", name=name.format(7), exact=True).click()
        visitor.page.get_by_role("button", name=button).click()
        visitor.page.get_by_role("heading", name=thanks).wait_for()
        wait_for(survey, Got(7, finished=True))
        assert survey.score(f"?locale={locale[:2]}")["answers"] == 1


def test_offline_it_waits_and_what_was_typed_is_there_on_the_next_visit(someone: Visitor, survey: OpenSurvey) -> None:
    someone.page.goto(url(survey))
    someone.context.set_offline(True)
    someone.tap(5)
    someone.page.get_by_text("Sem conexão").wait_for()
    someone.comment("Pela metade")
    someone.page.close()
    someone.context.set_offline(False)
    someone.page = someone.another_page()
    someone.page.goto(url(survey))
    wait_for(survey, Got(5))
    assert someone.page.get_by_role("textbox").input_value() == "Pela metade"
    finish(someone)
    wait_for(survey, Got(5, finished=True, comment="Pela metade"))


def test_where_consent_is_asked_for_nothing_that_identifies_leaves_before_it(someone: Visitor, stack: Stack) -> None:
    texts = {"pt-BR": "Autorizo a Loja a guardar meu comentário."}
    survey = OpenSurvey(stack, legal_basis={"kind": "consent", "consent_version": "2", "consent_text": texts})
    invitation = secrets.token_urlsafe(16)
    sent: list[str] = []
    someone.page.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    someone.page.goto(url(survey, f"?t={invitation}"))
    sent.clear()
    someone.tap(2)
    someone.comment("Sem marcar")
    someone.page.get_by_role("button", name="Concluir").click()
    someone.page.locator(".more .problem").get_by_text("marque a autorização").wait_for()
    wait_for(survey, Got(2))
    assert not [each for each in sent if invitation in each or "Sem marcar" in each]
    someone.page.get_by_role("checkbox").check()
    finish(someone)
    wait_until(lambda: any("Sem marcar" in each and '"consent_version":"2"' in each for each in sent))


# ── Score links ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_scanner_that_fetches_every_link_makes_no_answer(survey: OpenSurvey) -> None:
    for score in range(11):
        for method in ("GET", "HEAD"):
            with urllib.request.urlopen(urllib.request.Request(link(survey, score), method=method)) as response:  # noqa: S310 - loopback
                assert response.status == 200
    assert got(survey) == []


def test_a_scanner_that_runs_scripts_makes_no_answer_and_is_counted(browser: Browser, survey: OpenSurvey) -> None:
    counted: list[str] = []
    with visiting(browser) as scanner:
        scanner.context.on("request", lambda request: counted.append(request.post_data or "") if "/displays" in request.url else None)
        for score in range(11):
            page = scanner.another_page()
            page.goto(link(survey, score), wait_until="networkidle")
            assert page.evaluate("document.visibilityState") == "visible"
            page.evaluate(
                """() => { scrollTo(0, 99); document.forms[0].requestSubmit();
                for (const type of ["pointerdown", "pointermove", "click", "keydown", "touchstart", "wheel", "scroll", "change"])
                  document.querySelector("input[type=radio]").dispatchEvent(new Event(type, {bubbles: true}));
                dispatchEvent(new Event("pagehide")); }"""
            )
            page.close()
    assert got(survey) == []
    assert len([each for each in counted if '"opened":1' in each and '"suspect"' in each and '"channel":"email"' in each]) == 11


@pytest.mark.parametrize("sign", ["confirm", "mouse", "key", "wheel", "touch"])
def test_the_first_sign_of_a_person_keeps_the_score_once(browser: Browser, survey: OpenSurvey, sign: str) -> None:
    with visiting(browser, locale=PORTUGUESE, has_touch=True) as visitor:
        visitor.page.goto(link(survey, 9))
        visitor.page.get_by_text("Você escolheu 9").wait_for()
        visitor.page.wait_for_load_state("networkidle")
        assert got(survey) == []
        _give(visitor.page, sign)
        visitor.page.get_by_text("Nota 9 registrada").wait_for()
        finish(visitor)
        wait_for(survey, Got(9, finished=True))
        assert survey.score("?channel=email")["answers"] == 1


def _give(page: Page, sign: str) -> None:
    match sign:
        case "confirm":
            page.get_by_role("button", name="Confirmar nota 9").click()
        case "mouse":
            page.mouse.move(10, 10)
            page.mouse.move(40, 40)
        case "key":
            page.keyboard.press("Tab")
        case "wheel":
            page.mouse.wheel(0, 40)
        case _:
            page.touchscreen.tap(5, 300)


def test_two_tabs_and_the_way_back_are_one_answer(someone: Visitor, survey: OpenSurvey) -> None:
    address = link(survey, 9)
    tabs = [someone.page, someone.another_page()]
    for tab in tabs:
        tab.goto(address)
        tab.get_by_text("Você escolheu 9").wait_for()
    for tab in tabs:
        tab.bring_to_front()
        tab.mouse.move(10, 10)
        tab.mouse.move(40, 40)
        tab.get_by_text("Nota 9 registrada").wait_for()
    tabs[0].goto("about:blank")
    tabs[0].go_back()
    tabs[0].get_by_text("Nota 9 registrada").wait_for()
    tabs[1].get_by_role("radio", name="Nota 4 de 10").click()
    tabs[1].get_by_role("button", name="Concluir").click()
    tabs[0].get_by_role("heading", name="Obrigado").wait_for()
    wait_for(survey, Got(4, finished=True))


def test_the_invitation_leaves_the_address_bar_at_once_and_goes_with_the_answer_alone(someone: Visitor, survey: OpenSurvey) -> None:
    invitation = secrets.token_urlsafe(16)
    named: list[str] = []
    someone.page.on("request", lambda request: named.append(request.url) if invitation in f"{request.url} {request.headers}" else None)
    someone.page.on("request", lambda request: bodies.append(request.post_data or ""))
    bodies: list[str] = []
    someone.page.goto(url(survey, f"?score=8&t={invitation}"))
    assert someone.page.url == url(survey, "?score=8")
    someone.page.reload()
    someone.page.get_by_role("button", name="Confirmar nota 8").click()
    wait_for(survey, Got(8))
    assert named == [url(survey, f"?score=8&t={invitation}")]
    assert [invitation in body for body in bodies if '"score"' in body] == [True]


# ── Kiosk, sizes, accessibility ──────────────────────────────────────────────────────────────────────────────────────


def test_a_kiosk_is_the_next_persons_by_itself_and_keeps_nothing(browser: Browser, stack: Stack) -> None:
    survey = OpenSurvey(stack, channels=["kiosk"])
    with visiting(browser, thinks=False, locale=PORTUGUESE) as visitor:
        visitor.page.clock.install()
        visitor.page.goto(url(survey, "?kiosk=1"))
        visitor.page.clock.run_for(1_000)
        visitor.tap(2)
        visitor.comment("Não é da conta de ninguém")
        visitor.page.clock.run_for(46_000)
        visitor.page.get_by_text("Escolha uma nota").wait_for()
        assert visitor.page.locator("textarea").input_value() == ""
        visitor.page.clock.run_for(1_000)
        visitor.tap(10)
        finish(visitor)
        visitor.page.clock.run_for(9_000)
        visitor.page.get_by_text("Escolha uma nota").wait_for()
        assert visitor.page.get_by_role("radio", checked=True).count() == 0
        assert visitor.page.evaluate("localStorage.length + sessionStorage.length") == 0
        wait_for(survey, Got(2), Got(10, finished=True))
        assert survey.score("?channel=kiosk")["answers"] == 2
        assert visitor.errors == []


def test_all_that_is_loaded_is_small_and_the_first_paint_waits_for_one_request(someone: Visitor, survey: OpenSurvey) -> None:
    loaded: list[tuple[str, int]] = []
    someone.page.on("requestfinished", lambda request: loaded.append((request.resource_type, request.sizes()["responseBodySize"])))
    someone.page.goto(url(survey), wait_until="networkidle")
    assert [kind for kind, _ in loaded] == ["document", "script"]
    assert sum(size for _, size in loaded) < LARGEST
    assert someone.page.locator("link[rel=stylesheet], script[src]:not([type=module])").count() == 0


@pytest.mark.parametrize(
    ("viewport", "colour", "scheme"),
    [(WIDE, "#0b5fff", "light"), (PHONE, "#ffd400", "light"), (PHONE, "#0b5fff", "dark"), (WIDE, "#000000", "dark")],
)
def test_axe_finds_nothing_in_any_state(browser: Browser, stack: Stack, viewport: ViewportSize, colour: str, scheme: str) -> None:
    texts = {"pt-BR": "Autorizo a Loja a guardar meu comentário."}
    consent = {"kind": "consent", "consent_version": "2", "consent_text": texts}
    survey = OpenSurvey(stack, theme={"colour": colour}, legal_basis=consent, locales=["pt-BR", "en", "es"])
    with visiting(browser, locale=PORTUGUESE, viewport=viewport, color_scheme=scheme, reduced_motion="reduce") as visitor:
        page, found = visitor.page, {}
        page.goto(url(survey))
        found["asking"] = visitor.findings()
        visitor.tap(3)
        visitor.comment("Demorou")
        page.get_by_role("button", name="Concluir").click()
        found["consent is missing"] = visitor.findings()
        page.get_by_role("checkbox").check()
        finish(visitor)
        found["thanks"] = visitor.findings()
        page.goto(url(survey, f"?score=9&t={secrets.token_urlsafe(16)}"))
        found["link"] = visitor.findings()
        page.goto(url(survey, "?kiosk=1&locale=en"))
        found["kiosk"] = visitor.findings()
        page.route("**/assets/*", lambda route: route.abort())
        page.goto(url(survey, "?score=7&locale=pt-BR"))
        page.get_by_role("button", name="Confirmar").click()
        page.get_by_role("button", name="Concluir").wait_for()  # of the next page: axe must not look at one that is being left
        page.wait_for_load_state()
        found["without script, more"] = visitor.findings()
        visitor.comment("Sem marcar")
        page.get_by_role("button", name="Concluir").click()
        page.goto(url(survey) + "-none")
        found["none"] = visitor.findings()
        assert {state: findings for state, findings in found.items() if findings} == {}
