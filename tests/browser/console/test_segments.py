"""Segments: each group with its figures, its part of the whole, and the way to its own overview."""

import pytest

from tests.browser.console.conftest import SCORES
from tests.browser.console.console import Console
from tests.e2e.survey import OpenSurvey

pytestmark = pytest.mark.stack


def test_groups_add_up_to_everybody_and_lead_to_their_overview(manager: Console, answered: OpenSurvey) -> None:
    manager.open(f"/segments?survey={answered.survey_id}&by=plan")
    card = manager.card("Grupos em números")
    numbers = {
        row.locator("th").inner_text(): row.locator("td").nth(2).inner_text().split(" ")[0]
        for row in card.locator("tbody tr, tfoot tr").all()
        if row.locator("td").count() > 2
    }
    assert numbers == {"free": str(len(SCORES) // 2), "pro": str(len(SCORES) // 2), "Todos": str(len(SCORES))}
    card.get_by_role("link", name="free").click()
    manager.page.get_by_role("heading", name="Visão geral").wait_for()
    manager.is_ready()
    assert manager.path == f"/overview?survey={answered.survey_id}&filter=segment.plan=free"
    assert manager.card("Respostas").locator(".big").inner_text() == str(len(SCORES) // 2)


def test_two_keys_that_are_a_pair_cross(manager: Console, answered: OpenSurvey) -> None:
    manager.open(f"/segments?survey={answered.survey_id}&by=touchpoint")
    manager.page.get_by_label("E também por").select_option("plan")
    manager.page.get_by_role("heading", name="NPS por Ponto de contato \N{MULTIPLICATION SIGN} Plano").wait_for()
    manager.is_ready()
    assert manager.path == f"/segments?survey={answered.survey_id}&by=touchpoint,plan"
    assert manager.page.locator(".groups tbody th").all_inner_texts()[0].count(" · ") == 1


def test_an_unknown_grouping_in_the_address_is_the_usual_one(manager: Console, answered: OpenSurvey) -> None:
    manager.open(f"/segments?survey={answered.survey_id}&by=nobody")
    assert manager.page.get_by_label("Agrupar por").input_value() == "touchpoint"
