"""Answers: read as they come, looked for, taken out of the score and back, exported."""

import csv

import pytest
from playwright.sync_api import expect

from infra.local.stack import Stack
from tests.browser.console.conftest import SCORES
from tests.browser.console.console import Console
from tests.e2e.survey import Device, OpenSurvey, wait_until

pytestmark = pytest.mark.stack


@pytest.fixture
def listed(manager: Console, answered: OpenSurvey) -> Console:
    manager.open(f"/answers?survey={answered.survey_id}")
    return manager


def test_they_are_listed_newest_first_with_who_and_what(listed: Console) -> None:
    rows = listed.page.locator(".rows li")
    assert rows.count() == len(SCORES)
    assert {
        int(score) for score in rows.locator(".score-mark").evaluate_all("(all) => all.map((each) => each.lastChild.textContent)")
    } == set(SCORES)
    assert listed.page.get_by_text("Ana 3", exact=True).count() == 1
    assert listed.page.get_by_text("Demorou, e ninguém avisou.").count() == 1


def test_filters_stand_in_the_address_and_words_do_not(listed: Console, answered: OpenSurvey) -> None:
    listed.page.get_by_label("Notas").select_option("detractor")
    expect(listed.page.locator(".rows li")).to_have_count(sum(score < 7 for score in SCORES))
    assert listed.path == f"/answers?survey={answered.survey_id}&class=detractor"
    listed.page.get_by_label("Procurar nos comentários").fill("NINGUEM avis")
    listed.page.keyboard.press("Enter")
    expect(listed.page.locator(".rows li")).to_have_count(1)
    assert "avis" not in listed.page.url
    assert "avis" not in listed.page.title()
    listed.page.get_by_role("button", name="Limpar busca").click()
    expect(listed.page.locator(".rows li")).not_to_have_count(1)


def test_one_is_opened_by_its_address_and_the_focus_comes_back(listed: Console) -> None:
    button = listed.page.get_by_role("button", name="Ver resposta").first
    button.click()
    dialog = listed.page.get_by_role("dialog", name="Resposta")
    dialog.get_by_text("Respondida em").wait_for()
    assert "&answer=" in listed.path
    assert listed.findings() == []
    listed.page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    assert "answer=" not in listed.path
    assert button.evaluate("(it) => it == document.activeElement")


def test_taking_one_out_of_the_score_can_be_undone(manager: Console, stack: Stack) -> None:
    survey = OpenSurvey(stack)
    for score in (10, 0):
        assert survey.post(Device.new().body(score=score, finished=True)).status == 201
    wait_until(lambda: survey.score()["nps"] == 0)
    manager.open(f"/answers?survey={survey.survey_id}")
    row = manager.page.locator(".rows li").filter(has=manager.page.locator(".score-mark.detractor"))
    row.get_by_role("button", name="Não contar").click()
    manager.page.get_by_text("A resposta não conta mais no NPS").wait_for()
    assert row.get_by_text("Não conta", exact=True).count() == 1
    wait_until(lambda: survey.score()["nps"] == 100)
    manager.page.get_by_role("button", name="Desfazer").click()
    row.get_by_role("button", name="Não contar").wait_for()
    wait_until(lambda: survey.score()["nps"] == 0)


def test_what_comes_in_meanwhile_is_told_and_shown_when_asked_for(manager: Console, stack: Stack) -> None:
    survey = OpenSurvey(stack)
    assert survey.post(Device.new().body(score=10)).status == 201
    manager.open(f"/answers?survey={survey.survey_id}")
    assert manager.page.locator(".rows li").count() == 1
    assert survey.post(Device.new().body(score=3, comment="Chegou frio")).status == 201
    manager.page.get_by_role("button", name="1 nova resposta").click()
    manager.page.get_by_text("Chegou frio").wait_for()
    assert manager.page.locator(".rows li").count() == 2


def test_an_export_is_made_in_the_background_and_downloaded(listed: Console, answered: OpenSurvey) -> None:
    listed.page.get_by_role("button", name="Exportar").click()
    listed.page.get_by_role("button", name="Preparar arquivo").click()
    download = listed.page.get_by_role("button", name="Baixar")
    download.wait_for()
    assert listed.findings() == []
    with listed.page.expect_download() as file:
        download.click()
    lines = list(csv.reader(file.value.path().read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert len(lines) == 1 + len(SCORES)
    listed.page.get_by_role("button", name="Remover arquivo").click()
    listed.page.get_by_role("dialog", name="Remover arquivo").get_by_role("button", name="Remover arquivo").click()
    listed.page.get_by_text("Você ainda não tem arquivos").wait_for()
    assert answered.survey_id in listed.page.url
