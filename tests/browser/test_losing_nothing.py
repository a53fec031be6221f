"""Whatever happens to the network, the page or the browser: what was answered arrives, once."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Route

from tests.browser.answers import Got, got, wait_for
from tests.browser.site import FILLING, Site
from tests.browser.tags import script
from tests.browser.visitor import Visitor
from tests.e2e.survey import OpenSurvey

pytestmark = pytest.mark.stack
OFFLINE = "Sem conexão agora"
NO_STORAGE = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"
FULL_STORAGE = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"


@pytest.fixture
def shop(site: Site, survey: OpenSurvey) -> str:
    return site.page(FILLING, script(survey))


def kept(visitor: Visitor, survey: OpenSurvey) -> dict[str, object]:
    text = visitor.page.evaluate(f"localStorage.getItem('recomenda:{survey.survey_id}')")
    return dict(json.loads(text))


def test_what_was_answered_offline_arrives_when_the_network_is_back(visitor: Visitor, shop: str, survey: OpenSurvey) -> None:
    visitor.page.goto(shop)
    visitor.is_asked()
    visitor.context.set_offline(True)
    visitor.tap(9)
    visitor.card.get_by_text(OFFLINE).wait_for()
    visitor.score(2).click()
    visitor.comment("Sem rede")
    visitor.send()
    visitor.card.get_by_text(OFFLINE).wait_for()
    visitor.context.set_offline(False)
    wait_for(survey, Got(2, finished=True, comment="Sem rede"))
    visitor.card.get_by_text(OFFLINE).wait_for(state="detached")
    assert "answer" not in kept(visitor, survey)


def test_what_was_answered_offline_arrives_with_the_next_visit(visitor: Visitor, shop: str, survey: OpenSurvey) -> None:
    visitor.page.goto(shop)
    visitor.is_asked()
    visitor.context.set_offline(True)
    visitor.tap(7)
    visitor.card.get_by_text(OFFLINE).wait_for()
    visitor.page.close()
    visitor.context.set_offline(False)
    visitor.page = visitor.another_page()
    visitor.page.goto(shop)
    wait_for(survey, Got(7))
    assert visitor.card.count() == 0


def test_a_tab_closed_in_the_middle_of_a_comment_keeps_the_score_and_finds_the_comment_again(
    visitor: Visitor, shop: str, survey: OpenSurvey
) -> None:
    visitor.page.goto(shop)
    visitor.tap(3)
    visitor.comment("Esperei uma ho")
    visitor.page.close(run_before_unload=False)
    wait_for(survey, Got(3))
    visitor.page = visitor.another_page()
    visitor.page.goto(shop)
    visitor.is_asked()
    assert visitor.score(3).is_checked()
    assert visitor.card.locator("textarea").input_value() == "Esperei uma ho"
    visitor.comment("Esperei uma hora")
    visitor.send()
    wait_for(survey, Got(3, finished=True, comment="Esperei uma hora"))


def test_a_comment_that_was_closed_waits_until_it_is_asked_for(visitor: Visitor, shop: str, survey: OpenSurvey) -> None:
    visitor.page.goto(shop)
    visitor.tap(3)
    visitor.comment("Talvez depois")
    visitor.page.keyboard.press("Escape")
    visitor.page.goto(shop)
    visitor.is_left_alone()
    visitor.page.evaluate("recomenda.open()")
    visitor.is_asked()
    assert visitor.card.locator("textarea").input_value() == "Talvez depois"
    visitor.send()
    wait_for(survey, Got(3, finished=True, comment="Talvez depois"))


def test_a_draft_is_gone_after_a_day(visitor: Visitor, shop: str, survey: OpenSurvey) -> None:
    visitor.page.goto(shop)
    visitor.tap(3)
    visitor.comment("Um segredo")
    wait_for(survey, Got(3))
    state = kept(visitor, survey)
    answer = state["answer"]
    assert isinstance(answer, dict)
    answer["at"] -= 25 * 3_600_000
    visitor.page.evaluate("([key, text]) => localStorage.setItem(key, text)", [f"recomenda:{survey.survey_id}", json.dumps(state)])
    visitor.page.reload()
    visitor.is_left_alone()
    assert "Um segredo" not in json.dumps(kept(visitor, survey))
    assert got(survey) == [Got(3)]


def test_leaving_at_once_on_a_slow_network(visitor: Visitor, shop: str, site: Site, survey: OpenSurvey) -> None:
    visitor.page.goto(shop)
    visitor.is_asked()
    devtools = visitor.context.new_cdp_session(visitor.page)
    slow = {"offline": False, "latency": 400, "downloadThroughput": 20_000, "uploadThroughput": 20_000}
    devtools.send("Network.emulateNetworkConditions", slow)
    visitor.score(8).click()
    visitor.page.goto(site.page(FILLING))
    wait_for(survey, Got(8))


def test_leaving_before_a_score_chosen_with_keys_was_at_rest(visitor: Visitor, shop: str, site: Site, survey: OpenSurvey) -> None:
    visitor.page.goto(shop)
    visitor.score(5).focus()
    visitor.page.keyboard.press("ArrowRight")
    visitor.page.goto(site.page(FILLING))
    wait_for(survey, Got(6))


@pytest.mark.parametrize("failure", ["refused", "broken", "busy"])
def test_a_failing_api_is_tried_again(visitor: Visitor, shop: str, survey: OpenSurvey, failure: str) -> None:
    failures: dict[str, Callable[[Route], None]] = {
        "refused": lambda route: route.abort(),
        "broken": lambda route: route.fulfill(status=500, body="<html>"),
        "busy": lambda route: route.fulfill(status=503, json={}, headers={"access-control-allow-origin": "*"}),
    }
    visitor.page.route("**/answers", failures[failure], times=2)
    visitor.page.goto(shop)
    visitor.tap(10)
    visitor.send()
    wait_for(survey, Got(10, finished=True))


def test_an_answer_that_arrived_unnoticed_is_changed_not_repeated(visitor: Visitor, shop: str, survey: OpenSurvey) -> None:
    def lose_the_reply(route: Route) -> None:
        route.fetch()
        route.abort()

    visitor.page.route("**/answers", lose_the_reply, times=1)
    visitor.page.goto(shop)
    visitor.tap(1)
    visitor.score(2).click()
    visitor.comment("Mudei")
    visitor.send()
    wait_for(survey, Got(2, finished=True, comment="Mudei"))


@pytest.mark.parametrize("storage", [NO_STORAGE, FULL_STORAGE], ids=["none", "full"])
def test_without_storage_people_answer_all_the_same(visitor: Visitor, shop: str, survey: OpenSurvey, storage: str) -> None:
    visitor.context.add_init_script(storage)
    visitor.page.goto(shop)
    visitor.tap(9)
    visitor.comment("Muito bom")
    visitor.send()
    wait_for(survey, Got(9, finished=True, comment="Muito bom"))


def test_what_storage_holds_may_be_anything(visitor: Visitor, shop: str, survey: OpenSurvey) -> None:
    for rubbish in ("", "{", "7", "null", "[]", '{"quiet": "x", "displays": "y", "coin": {}}', '{"answer": 5}', '{"answer": {"want": 3}}'):
        visitor.context.add_init_script(f"localStorage.setItem('recomenda:{survey.survey_id}', {json.dumps(rubbish)});")
        visitor.page.goto(shop)
        visitor.page.wait_for_load_state("networkidle")
    visitor.page.evaluate("recomenda.open()")
    visitor.tap(9)
    wait_for(survey, Got(9))


def test_an_answer_that_is_refused_for_good_is_said_to_be_and_forgotten(visitor: Visitor, shop: str, survey: OpenSurvey) -> None:
    allowed = {"access-control-allow-origin": "*"}
    posts: list[Route] = []

    def refuse(route: Route) -> None:
        posts.append(route)
        route.fulfill(status=409, json={"type": "urn:recomenda:problem:survey-not-open"}, headers=allowed)

    visitor.page.route("**/answers", refuse)
    visitor.page.goto(shop)
    visitor.score(9).click()
    visitor.card.get_by_text("já não recebe respostas").wait_for()
    assert "answer" not in kept(visitor, survey)
    visitor.page.reload()
    visitor.is_left_alone()
    assert len(posts) == 1


@pytest.mark.parametrize(
    "form",
    [
        lambda _: None,  # never answers
        lambda route: route.abort(),
        lambda route: route.fulfill(status=500, body="<html>"),
        lambda route: route.fulfill(status=200, body="<html>", headers={"access-control-allow-origin": "*"}),
        lambda route: route.fulfill(status=200, json={"status": "open"}, headers={"access-control-allow-origin": "*"}),
        lambda route: route.fulfill(status=404, json={}, headers={"access-control-allow-origin": "*"}),
    ],
    ids=["silent", "unreachable", "broken", "not JSON", "not a form", "no survey"],
)
def test_a_form_that_cannot_be_had_never_troubles_the_page(visitor: Visitor, shop: str, form: Callable[[Route], None]) -> None:
    visitor.page.route("**/form?*", form)
    visitor.page.goto(shop)
    visitor.page.wait_for_function("() => !!window.recomenda?.open")
    visitor.page.evaluate("recomenda.open(); recomenda.track('x'); recomenda.identify('y'); recomenda.close(); recomenda.open('other')")
    visitor.page.evaluate("new Promise((resolve) => requestIdleCallback(resolve))")
    assert visitor.card.count() == 0
    assert visitor.errors == []
