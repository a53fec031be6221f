"""The overview: the figures are the API's, and each chart is also a table and a file."""

import csv
import re

import pytest
from playwright.sync_api import expect

from tests.browser.console.conftest import SCORES
from tests.browser.console.console import Console
from tests.e2e.survey import OpenSurvey

pytestmark = pytest.mark.stack


@pytest.fixture
def overview(manager: Console, answered: OpenSurvey) -> Console:
    manager.open(f"/overview?survey={answered.survey_id}")
    return manager


def test_the_score_stands_with_its_interval_its_band_and_its_goal(overview: Console, answered: OpenSurvey) -> None:
    report = answered.score()
    score = overview.card("NPS")
    assert score.locator(".score").text_content() == str(report["nps"])
    low, high = (round(report["interval"][bound]) for bound in ("low", "high"))
    assert f"entre {low} e {high}".replace("-", "\N{MINUS SIGN}") in score.inner_text()
    assert "Meta de 40" in score.inner_text()
    assert overview.card("Respostas").locator(".big").inner_text() == str(len(SCORES))
    assert "Compra" in str(overview.card("Segmentos").text_content())


def test_the_distribution_is_a_table_too(overview: Console) -> None:
    card = overview.card("Distribuição")
    card.get_by_role("button", name="ver tabela").click()
    rows = [row.locator("th, td").all_inner_texts() for row in card.locator("tbody tr").all()]
    assert [int(row[2]) for row in rows] == [SCORES.count(score) for score in range(11)]
    card.get_by_role("button", name="ver gráfico").click()
    assert card.get_by_role("img").get_attribute("aria-label")


def test_a_chart_comes_as_a_picture_and_as_figures(overview: Console, answered: OpenSurvey) -> None:
    card = overview.card("NPS ao longo do tempo")
    with overview.page.expect_download() as picture:
        card.get_by_role("button", name="PNG").click()
    assert picture.value.suggested_filename.endswith("-trend-day.png")
    assert picture.value.path().read_bytes().startswith(b"\x89PNG\r\n")
    assert picture.value.path().stat().st_size > 10_000
    with overview.page.expect_download() as figures:
        card.get_by_role("button", name="CSV").click()
    lines = list(csv.reader(figures.value.path().read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert lines[0][:3] == ["De", "Até", "NPS"]
    assert sum(int(line[5]) for line in lines[1:]) == answered.score()["answers"]


def test_the_trend_is_read_point_by_point_with_the_keyboard(overview: Console) -> None:
    overview.page.get_by_role("group", name=re.compile("NPS ao longo do tempo")).focus()
    said = []
    for key in ("End", "ArrowLeft", "Home"):
        overview.page.keyboard.press(key)
        said.append(overview.page.locator(".point-words").inner_text())
    assert len(set(said)) == 3
    overview.page.keyboard.press("Escape")
    assert overview.page.locator(".point-words").count() == 0


def test_what_is_chosen_stands_in_the_address_and_back_undoes_it(overview: Console, answered: OpenSurvey) -> None:
    overview.page.get_by_label("Período", exact=True).select_option("7d")
    overview.page.get_by_label("Grupo").select_option("touchpoint=support")
    overview.page.get_by_label("E também").select_option("segment.plan=pro")
    overview.is_ready()
    assert overview.path == f"/overview?survey={answered.survey_id}&period=7d&filter=touchpoint=support&and=segment.plan=pro"
    support = sum(1 for place in range(len(SCORES)) if place % 2 and place % 12 < 7)
    expect(overview.page.locator(".big")).to_have_text(str(support))
    overview.page.go_back()
    overview.page.go_back()
    expect(overview.page.get_by_label("Grupo")).to_have_value("")
    assert overview.path == f"/overview?survey={answered.survey_id}&period=7d"


def test_an_event_is_noted_taken_away_and_brought_back(overview: Console) -> None:
    overview.page.get_by_role("button", name="Anotar um acontecimento").click()
    overview.page.get_by_label("O que aconteceu").fill("Novo forno")
    overview.page.get_by_role("button", name="Anotar", exact=True).click()
    note = overview.page.get_by_role("listitem").filter(has_text="Novo forno")
    note.wait_for()
    note.get_by_role("button", name="Remover anotação").click()
    note.wait_for(state="detached")
    overview.page.get_by_role("button", name="Desfazer").click()
    note.wait_for()
    note.get_by_role("button", name="Remover anotação").click()
    note.wait_for(state="detached")


def test_what_fails_says_why_and_can_be_tried_again(manager: Console, answered: OpenSurvey) -> None:
    manager.page.route("**/trend?*", lambda route: route.fulfill(status=503, content_type="application/problem+json", body="{}"))
    manager.open(f"/overview?survey={answered.survey_id}&period=12w")
    failure = manager.page.get_by_role("alert")
    assert "O servidor não conseguiu responder" in failure.inner_text()
    assert manager.card("NPS").count() == 1
    manager.page.unroute("**/trend?*")
    failure.get_by_role("button", name="Tentar de novo").click()
    failure.wait_for(state="detached")
