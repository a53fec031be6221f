"""What a role may not do it does not see, and the API refuses it all the same."""

from collections.abc import Callable
from typing import Final

import pytest

from shared.access import Role
from tests.browser.console.conftest import Staff
from tests.browser.console.console import Console
from tests.e2e.staff import Session
from tests.e2e.survey import OpenSurvey

pytestmark = pytest.mark.stack
BUILT: Final = {"overview", "answers", "segments"}
SEES: Final = {
    Role.VIEWER: {"overview", "segments"},
    Role.CS: {"overview", "answers", "segments"},
    Role.MANAGER: {"overview", "answers", "segments"},
    Role.DPO: {"overview", "segments"},
    Role.ADMIN: {"overview", "answers", "segments"},
}


@pytest.mark.parametrize("role", Role)
def test_the_menu_has_what_the_role_may_see(signed_in: Callable[[Role], Console], answered: OpenSurvey, role: Role) -> None:
    console = signed_in(role)
    console.open(f"/overview?survey={answered.survey_id}")
    links = console.page.get_by_role("navigation").get_by_role("link").all()
    assert {str(link.get_attribute("href")).split("/")[-1].split("?")[0] for link in links} & BUILT == SEES[role]
    assert (console.page.get_by_text("Detratores mais recentes").count() == 1) == ("answers" in SEES[role])
    assert (console.page.get_by_role("button", name="Anotar um acontecimento").count() == 1) == (role in {Role.MANAGER, Role.ADMIN})
    assert console.errors == []


@pytest.mark.parametrize("role", [Role.VIEWER, Role.DPO])
def test_an_address_that_is_not_the_roles_says_so_and_asks_for_nothing(
    signed_in: Callable[[Role], Console], answered: OpenSurvey, role: Role
) -> None:
    console = signed_in(role)
    asked: list[str] = []
    console.page.on("request", lambda request: asked.append(request.url))
    console.open(f"/answers?survey={answered.survey_id}")
    assert console.title == "Sem acesso a esta página"
    assert console.findings() == []
    assert not [url for url in asked if f"{answered.survey_id}/answers" in url]


def test_the_api_refuses_what_the_page_does_not_show(staff: Callable[[Role], Staff], answered: OpenSurvey) -> None:
    session = Session(answered.stack)
    assert session.sign_in(staff(Role.VIEWER).email, staff(Role.VIEWER).password).status == 200
    refused = session.call("GET", f"{answered.path}/answers")
    assert (refused.status, refused.json()["type"]) == (403, "urn:recomenda:problem:scope-missing")


def test_cs_reads_answers_but_takes_none_out_of_the_score(signed_in: Callable[[Role], Console], answered: OpenSurvey) -> None:
    console = signed_in(Role.CS)
    console.open(f"/answers?survey={answered.survey_id}")
    assert console.page.locator(".rows li").count() > 0
    assert console.page.get_by_role("button", name="Não contar").count() == 0


def test_a_viewer_is_told_why_a_group_is_not_shown(signed_in: Callable[[Role], Console], answered: OpenSurvey) -> None:
    console = signed_in(Role.VIEWER)
    console.open(f"/overview?survey={answered.survey_id}&filter=touchpoint%3Dcheckout")
    assert console.page.get_by_text("Para proteger quem respondeu").count() > 0
    assert console.page.locator(".score-card").count() == 0
    assert console.findings() == []
