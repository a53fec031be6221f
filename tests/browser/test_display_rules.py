"""When the widget asks of itself, and when it leaves people alone."""

import json
from typing import Any, Final

import pytest
from playwright.sync_api import Request

from infra.local.stack import Stack
from tests.browser.answers import Got, wait_for
from tests.browser.site import FILLING, LONG, Site
from tests.browser.tags import element, script
from tests.browser.visitor import Visitor
from tests.e2e.survey import OpenSurvey

pytestmark = pytest.mark.stack
LEAVES: Final = "document.body.dispatchEvent(new MouseEvent('mouseout', {bubbles: true, clientY: -1, relatedTarget: null}))"
LATER: Final = "const days = +(sessionStorage.days ?? 0); const now = Date.now; Date.now = () => now() + days * 864e5;"
ALLOWED: Final = {"access-control-allow-origin": "*"}


def showing(stack: Stack, site: Site, **display: object) -> OpenSurvey:
    return OpenSurvey(stack, origins=[site.origin], display=display, recontact_days=10)


def visit(visitor: Visitor, site: Site, survey: OpenSurvey, body: str = FILLING) -> None:
    visitor.page.goto(site.page(body, script(survey)))


def after_days(visitor: Visitor, days: int) -> None:
    """Live that many days later from the next page on."""
    visitor.page.evaluate(f"sessionStorage.days = {days}")


def test_an_event_by_name(visitor: Visitor, stack: Stack, site: Site) -> None:
    visit(visitor, site, showing(stack, site, event="purchase"))
    visitor.page.evaluate("() => recomenda.track('search')")
    visitor.is_left_alone()
    visitor.page.evaluate("() => recomenda.track('purchase')")
    visitor.is_asked()


def test_scrolling_so_far(visitor: Visitor, stack: Stack, site: Site) -> None:
    visit(visitor, site, showing(stack, site, scroll_percent=60), LONG)
    visitor.is_left_alone()
    visitor.page.mouse.wheel(0, 2500)
    visitor.is_asked()


def test_leaving_with_the_mouse(visitor: Visitor, stack: Stack, site: Site) -> None:
    visit(visitor, site, showing(stack, site, exit_intent=True))
    visitor.is_left_alone()
    visitor.page.evaluate(LEAVES)
    visitor.is_asked()


def test_every_rule_that_is_set_must_hold(visitor: Visitor, stack: Stack, site: Site) -> None:
    visit(visitor, site, showing(stack, site, exit_intent=True, event="purchase", seconds=1))
    visitor.is_left_alone()
    visitor.page.evaluate(LEAVES)
    visitor.page.evaluate("() => recomenda.track('purchase')")
    visitor.is_left_alone()
    visitor.page.wait_for_function(f"() => {{ {LEAVES}; return document.querySelector('body > div:not([style])'); }}")
    visitor.is_asked()


@pytest.mark.parametrize(
    ("patterns", "is_asked"),
    [(["/loja/*"], True), (["/outra/*", "*/loja/p?es*"], True), (["/loja"], False), (["https://*"], False), (["http://*#fim"], True)],
)
def test_addresses(visitor: Visitor, stack: Stack, site: Site, patterns: list[str], is_asked: bool) -> None:  # noqa: FBT001, PLR0913, PLR0917 - cases
    survey = showing(stack, site, urls=patterns)
    site.pages["/loja/p"] = site.pages[site.page(FILLING, script(survey)).removeprefix(site.origin)]
    visitor.page.goto(f"{site.origin}/loja/p?es=1#fim")
    if is_asked:
        visitor.is_asked()
    else:
        visitor.is_left_alone()


def test_a_share_of_visitors_drawn_once(visitor: Visitor, stack: Stack, site: Site) -> None:
    survey = showing(stack, site, share_percent=30)
    visitor.context.add_init_script("Math.random = () => 0.31;")
    visit(visitor, site, survey)
    visitor.is_left_alone()
    visitor.context.add_init_script("Math.random = () => 0.29;")  # the lot is cast already
    visitor.page.reload()
    visitor.is_left_alone()
    visitor.page.evaluate("localStorage.clear()")
    visitor.page.reload()
    visitor.is_asked()


def test_not_more_often_than_so_many_times(visitor: Visitor, stack: Stack, site: Site) -> None:
    survey = showing(stack, site, most_displays=2)
    for _ in range(2):
        visit(visitor, site, survey)
        visitor.is_asked()
    visit(visitor, site, survey)
    visitor.is_left_alone()


def test_not_for_a_while_after_being_dismissed(visitor: Visitor, stack: Stack, site: Site) -> None:
    survey = showing(stack, site, dismissed_days=5)
    visitor.context.add_init_script(LATER)
    visit(visitor, site, survey)
    visitor.card.get_by_role("button", name="Fechar").click()
    for days, is_asked in ((4, False), (6, True)):
        after_days(visitor, days)
        visit(visitor, site, survey)
        if is_asked:
            visitor.is_asked()
        else:
            visitor.is_left_alone()


def test_not_for_longer_after_answering_and_without_asking_the_server(visitor: Visitor, stack: Stack, site: Site) -> None:
    survey = showing(stack, site, dismissed_days=1)
    visitor.context.add_init_script(LATER)
    visit(visitor, site, survey)
    visitor.tap(9)
    visitor.send()
    wait_for(survey, Got(9, finished=True))
    forms: list[str] = []
    visitor.page.on("request", lambda request: forms.append(request.url) if "/form" in request.url else None)
    after_days(visitor, 9)
    visit(visitor, site, survey)
    visitor.is_left_alone()
    assert forms == []
    after_days(visitor, 11)
    visit(visitor, site, survey)
    visitor.is_asked()


def test_in_its_place_it_thanks_whoever_has_answered(visitor: Visitor, site: Site, survey: OpenSurvey) -> None:
    page = site.page(FILLING + element(survey), script(survey))
    visitor.page.goto(page)
    visitor.tap(9)
    visitor.send()
    wait_for(survey, Got(9, finished=True))
    visitor.page.goto(page)
    visitor.card.locator(".thanks").wait_for()


@pytest.mark.parametrize("may_ask", [True, False])
def test_whether_a_known_person_may_be_asked_is_the_server_s_to_say(visitor: Visitor, stack: Stack, site: Site, may_ask: bool) -> None:  # noqa: FBT001 - a case
    survey = showing(stack, site)
    token = survey.token()
    asked: list[Any] = []

    def answer(route: Any) -> None:  # noqa: ANN401 - a route
        asked.append(route.request.post_data_json)
        route.fulfill(json={"ask": may_ask}, headers=ALLOWED)

    visitor.page.route("**/asking", answer)
    visitor.page.goto(site.page(FILLING, f"<script>window.recomenda = [['identify', '{token}']]</script>{script(survey)}"))
    if may_ask:
        visitor.is_asked()
    else:
        visitor.is_left_alone()
    assert asked == [{"respondent_token": token}]


def test_what_was_shown_answered_and_dismissed_is_counted_in_batches_about_nobody(visitor: Visitor, stack: Stack, site: Site) -> None:
    counted: dict[str, int] = {}

    def note(request: Request) -> None:
        if request.url.endswith("/displays"):
            body = json.loads(request.post_data or "{}")
            assert body.pop("channel") == "widget"
            counted.update({name: counted.get(name, 0) + times for name, times in body.items()})

    visitor.context.on("request", note)
    visitor.context.route("**/displays", lambda route: route.fulfill(status=202, json={}, headers=ALLOWED))
    survey, other = showing(stack, site), showing(stack, site)
    visit(visitor, site, survey)
    visitor.tap(9)
    visitor.score(10).click()
    visit(visitor, site, other)
    visitor.is_asked()
    visitor.page.keyboard.press("Escape")
    visitor.card.wait_for(state="detached")
    visit(visitor, site, other)
    visitor.is_left_alone()
    assert counted == {"shown": 2, "answered": 1, "dismissed": 1}
