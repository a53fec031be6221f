"""Journey: each stage with the score of all its touchpoints together, and where it breaks, beyond chance."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from infra.local.stack import Stack
from tests.browser.console.console import Console
from tests.e2e.survey import Device, OpenSurvey, wait_until

pytestmark = pytest.mark.stack
TOUCHPOINTS = [
    {"key": "site", "label": "Site", "journey_stage": "compra"},
    {"key": "caixa", "label": "Caixa", "journey_stage": "compra"},
    {"key": "entrega", "label": "Entrega", "journey_stage": "recebimento"},
]
SCORES = {"site": [10] * 12, "caixa": [9] * 9 + [0] * 3, "entrega": [0] * 10 + [10] * 2}


def test_stages_pool_their_touchpoints_and_the_broken_one_is_named(manager: Console, stack: Stack) -> None:
    survey = OpenSurvey(stack, touchpoints=TOUCHPOINTS)
    answers = [Device.new().body(score=score, finished=True, touchpoint=key) for key, scores in SCORES.items() for score in scores]
    with ThreadPoolExecutor(6) as people:
        assert {answer.status for answer in people.map(survey.post, answers)} == {201}
    wait_until(lambda: survey.score()["answers"] == 36, 60)
    manager.open(f"/journey?survey={survey.survey_id}")
    stages = {
        stage.locator("h2").inner_text().lower(): stage.locator(".stage-score").inner_text()
        for stage in manager.page.locator(".stage").all()
    }
    assert stages == {"compra": "75", "recebimento": "\N{MINUS SIGN}67"}
    assert "A jornada quebra em: Entrega." in manager.page.get_by_role("main").get_by_role("status").first.inner_text()
    manager.page.locator(".stage").get_by_role("link", name="Entrega").click()
    manager.page.get_by_role("heading", name="Respostas", exact=True).wait_for()
    manager.is_ready()
    assert manager.page.locator(".rows li").count() == SCORES["entrega"].count(0)


def test_without_touchpoints_it_says_where_to_declare_them(manager: Console, stack: Stack) -> None:
    survey = OpenSurvey(stack, touchpoints=[])
    manager.open(f"/journey?survey={survey.survey_id}")
    manager.page.get_by_role("link", name="Declarar pontos de contato").click()
    manager.page.get_by_label("Pontos de contato").wait_for()
    assert manager.path == f"/surveys/{survey.survey_id}?tab=settings"
