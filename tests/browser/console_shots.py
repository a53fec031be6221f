"""Pictures of the console for the documents: `python -m tests.browser.console_shots`, beside `make run` after `make demo-data`."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, FilePayload, sync_playwright

from infra.environments import LOCAL, find_browser
from infra.local.stack import Stack
from tests.browser.conftest import ARGUMENTS
from tests.browser.console.console import Console, at_console
from tests.browser.png import repacked
from tests.browser.shots import PICTURES
from tests.browser.visitor import SETTLED

WIDTH: Final = 1280
LOW: Final = 680
PHONE: Final[dict[str, Any]] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DARK: Final[dict[str, Any]] = {"color_scheme": "dark"}
STORY: Final = "survey=app&period=year"
"""From July on the year has the release of the app that hurt its score and the hotfix that mended it. Days of one's own would be written as
Chromium's own language writes them, which is English in pictures."""
TEAM: Final = (("cs", "Bia Nogueira"), ("manager", "Caio Prates"), ("dpo", "Helena Sá"))
ASKED_TO_BE_ERASED: Final = {"demo-c0011": "Pediu por telefone", "demo-c0029": "Pedido na loja", "demo-c0042": "Contrato encerrado"}
COMMENT: Final = "O pão chegou frio, e ninguém avisou do atraso."
NEW_SURVEY: Final = {
    "Nome": "Balcão da Padaria Aurora",
    "Empresa": "Padaria Aurora",
    "Referência da LIA": "LIA-7",
    "Encarregado": "Helena Sá",
    "E-mail do encarregado": "encarregado@padaria-aurora.example",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A page at an address, how high a part of it is shown, and what is done before."""

    name: str
    address: str
    height: int = 900
    how: dict[str, Any] = field(default_factory=dict)
    act: Callable[[Console], object] = lambda _console: None


def main(arguments: list[str] | None = None) -> None:
    """Take them all, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=LOCAL, help="where the local deployment keeps its state")
    parser.add_argument("--folder", type=Path, default=PICTURES)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args(arguments)
    stack = Stack.read(options.home)
    _prepare(stack)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        for picture in _pictures():
            if not options.names or picture.name in options.names:
                _take(browser, stack, picture, options.folder / f"console-{picture.name}.png")
        browser.close()


def _pictures() -> tuple[Picture, ...]:
    return (
        Picture("overview", f"/overview?{STORY}", 1080),
        Picture("overview-escuro", f"/overview?{STORY}", 1080, DARK),
        Picture("overview-celular", f"/overview?{STORY}", how=PHONE),
        Picture("respostas", "/answers?survey=app&class=detractor&commented=true", 860),
        Picture("segmentos", f"/segments?{STORY}&by=plan,platform"),
        Picture("jornada", "/journey?survey=demo&period=90d", 780),
        Picture("pesquisa-nova", "/surveys/new", act=_fill_in),
        Picture("importar", "/surveys/demo/import", 1060, act=_check_a_file),
        Picture("canais", "/channels", act=lambda console: console.page.get_by_role("link", name="Receptor local").click()),
        Picture("privacidade", "/privacy", LOW),
        Picture("ajustes", "/settings?tab=users", LOW),
    )


def _take(browser: Browser, stack: Stack, picture: Picture, file: Path) -> None:
    usual = {"viewport": {"width": WIDTH, "height": picture.height}}
    with at_console(browser, stack, **(usual | picture.how)) as console:
        console.open(picture.address)
        console.sign_in(stack.console_user["email"], stack.console_user["password"])
        console.page.locator("main").wait_for()
        console.is_ready()
        console.page.wait_for_load_state("networkidle")
        picture.act(console)
        console.is_ready()
        console.page.evaluate(SETTLED)
        file.write_bytes(repacked(console.page.screenshot()))


def _fill_in(console: Console) -> None:
    for label, text in NEW_SURVEY.items():
        console.page.get_by_label(label, exact=True).fill(text)
    console.card("Como o cliente vê").get_by_role("radio", name="Nota 0 de 10").wait_for()
    console.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


def _check_a_file(console: Console) -> None:
    rows = ["Response ID;Score;Comment;Created At;Person Email;Plan"]
    days = [datetime.now(UTC) - timedelta(days=at / 3) for at in range(1, 1241)]
    rows += [f"d{at};{(10, 9, 7, 9, 3)[at % 5]};Bom;{day:%Y-%m-%d %H:%M};;pro" for at, day in enumerate(days)]
    rows += [
        f"d{at};{score};;{day};;pro" for at, (score, day) in enumerate((("dez", "2025-03-14"), (9, "03/04/2024"), (9, "04/05/2024")), 1240)
    ]
    console.page.get_by_text("Delighted", exact=True).click()
    file: FilePayload = {"name": "delighted.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
    console.page.get_by_label("Arquivo", exact=True).set_input_files(file)
    console.page.get_by_role("button", name="Enviar e conferir").click()
    console.page.get_by_role("button", name="Conferir de novo").wait_for()
    console.page.evaluate("document.activeElement.blur()")


def _prepare(stack: Stack) -> None:
    """What a deployment in use has beside its answers: a team, a channel, and requests about data."""
    users = stack.request("GET", "/v1/users", key=stack.api_key).json()["users"]
    known = {user["email"] for user in users}
    for role, name in TEAM:
        email = f"{name.split()[0].lower()}@padaria-aurora.example"
        if email not in known:
            _make(stack, "/v1/users", {"email": email, "name": name, "role": role, "locale": "pt-BR"})
    if not stack.request("GET", "/v1/privacy/erasures", key=stack.api_key).json()["erasures"]:
        for customer_id, reason in ASKED_TO_BE_ERASED.items():
            _make(stack, "/v1/privacy/erasures", {"customer_id": customer_id, "reason": reason})
        body = {"score": 2, "comment": COMMENT, "finished": True, "touchpoint": "delivery", "channel": "widget"}
        _make(stack, f"/v1/surveys/{stack.survey_id}/answers", body)  # an alert goes out


def _make(stack: Stack, path: str, body: object) -> None:
    answer = stack.request("POST", path, body, key=stack.api_key)
    assert answer.status in {HTTPStatus.CREATED, HTTPStatus.ACCEPTED}, answer.body


if __name__ == "__main__":
    main()
