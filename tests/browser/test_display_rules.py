"""When the widget asks of itself, and when it leaves people alone."""

from typing import Any, Final

import pytest

from infra.local.stack import Stack
from tests.browser.answers import Got, wait_for
from tests.browser.site import FILLING, LONG, Site
from tests.browser.tags import element, script
from tests.browser.visitor import Visitor
from tests.e2e.survey import Device, OpenSurvey, wait_until

pytestmark = pytest.mark.stack
LEAVES: Final = "document.body.dispatchEvent(new MouseEvent('mouseout', {bubbles: true, clientY: -1, relatedTarget: null}))"
LATER: Final = "const days = +(sessionStorage.days ?? 0); const now = Date.now; Date.now = () => now() + days * 864e5;"


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
def test_addresses(visitor: Visitor, stack: Stack, site: Site, patterns: list[str], is_asked: bool) -> None:  # noqa: FBT001 - cases
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


def test_a_known_person_who_answered_on_another_device_is_not_asked_again(visitor: Visitor, stack: Stack, site: Site) -> None:
    survey = showing(stack, site)
    ana, bia = (survey.token(sub=f"{name}-{survey.survey_id}") for name in ("ana", "bia"))
    assert survey.post(Device.new().body(respondent_token=ana)).status == 201
    for token, may_ask in ((ana, False), (bia, True)):
        visitor.page.goto(site.page(FILLING, f"<script>window.recomenda = [['identify', '{token}']]</script>{script(survey)}"))
        if may_ask:
            visitor.is_asked()
        else:
            visitor.is_left_alone()


def test_where_the_server_cannot_say_a_known_person_is_left_alone(visitor: Visitor, stack: Stack, site: Site) -> None:
    survey = showing(stack, site)
    visitor.page.route("**/asking", lambda route: route.abort())
    token = survey.token()
    visitor.page.goto(site.page(FILLING, f"<script>window.recomenda = [['identify', '{token}']]</script>{script(survey)}"))
    visitor.is_left_alone()


@pytest.mark.parametrize("place", ["corner", "in its place"])
def test_with_a_token_that_has_expired_people_are_asked_and_counted_as_anybody(
    visitor: Visitor, stack: Stack, site: Site, place: str
) -> None:
    survey = showing(stack, site)
    body = FILLING + (element(survey) if place == "in its place" else "")
    visitor.page.goto(site.page(body, f"<script>window.recomenda = [['identify', '{survey.token(exp=1)}']]</script>{script(survey)}"))
    visitor.is_asked()
    with visitor.page.expect_response(lambda response: "/displays" in response.url and response.ok):
        visitor.tap(8)
    wait_for(survey, Got(8))
    visitor.page.goto(site.page(FILLING))
    wait_until(lambda: counted(survey) == {"shown": 1, "answered": 1, "dismissed": 0, "rate": 1.0})


def test_what_was_shown_answered_and_dismissed_is_counted_apart(visitor: Visitor, stack: Stack, site: Site) -> None:
    survey = showing(stack, site)
    for score in (9, None, None):
        visit(visitor, site, survey)
        visitor.is_asked()
        if score is None:
            visitor.page.keyboard.press("Escape")
        else:
            visitor.tap(score)
            visitor.score(10).click()
        visitor.page.evaluate("localStorage.clear()")
    visitor.page.goto(site.page(FILLING))
    wait_until(lambda: counted(survey) == {"shown": 3, "answered": 1, "dismissed": 2, "rate": 0.3333})


def counted(survey: OpenSurvey) -> dict[str, Any]:
    channels: dict[str, dict[str, Any]] = survey.score()["response_rate"]["channels"]
    found = channels.get("widget", {})
    return {name: found.get(name) for name in ("shown", "answered", "dismissed", "rate")}
