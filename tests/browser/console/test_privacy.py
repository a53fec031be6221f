"""Privacy: somebody is erased and followed to the receipt, and who had their data says that it is gone; holds forbid it for a while."""

import re
import secrets
from collections.abc import Callable, Iterator

import pytest

from infra.local.receiver import Receiver
from infra.local.stack import Stack
from shared.access import Role
from tests.browser.console.console import Console
from tests.e2e.listeners import Inbox, TestedChannel
from tests.e2e.survey import Device, OpenSurvey, wait_until

pytestmark = pytest.mark.stack


@pytest.fixture
def dpo(signed_in: Callable[[Role], Console]) -> Iterator[Console]:
    """The encarregada, in front of nothing yet."""
    console = signed_in(Role.DPO)
    yield console
    assert console.errors == []


def test_somebody_is_erased_and_whoever_had_their_data_confirms(dpo: Console, stack: Stack) -> None:
    email, name = f"rita-{secrets.token_hex(4)}@cliente.example", f"Aplicativo {secrets.token_hex(3)}"
    survey, inbox = OpenSurvey(stack), Inbox()
    with Receiver(inbox.take) as receiver:
        rules = {"score_at_most": 6, "surveys": [survey.survey_id]}
        channel = TestedChannel.webhook(stack, receiver, name=name, include=["email"], wait_seconds=0, rules=rules)
        given = {"score": 1, "finished": True, "respondent_token": survey.token(sub=email, email=email)}
        assert survey.post(Device.new().body(**given)).status == 201
        wait_until(lambda: len(inbox.alerts) == 1, 60)

        page = dpo.page
        begin(dpo, email)
        page.get_by_role("heading", name="Exclusão", exact=True).wait_for()
        assert email not in page.url
        assert email not in page.content()
        recipients = dpo.card("Quem recebeu dados e foi avisado")
        row = recipients.get_by_role("row").filter(has_text=name)
        row.get_by_text(re.compile("^(a avisar|avisado)$")).wait_for()
        assert dpo.findings() == []
        row.get_by_role("button", name="Confirmar exclusão").click()
        page.get_by_role("dialog", name=f"{name} excluiu os dados?").get_by_role("button", name="Confirmar exclusão").click()
        row.get_by_text("confirmou", exact=True).wait_for()
        wait_until(lambda: is_done(stack, dpo.path.split("/")[-1]), 90)
        receipt = page.get_by_role("link", name="Ver o recibo assinado")
        receipt.wait_for()
        page.get_by_text(re.compile("^concluída em")).wait_for()
        assert stack.request("GET", "/" + str(receipt.get_attribute("href")).split("/", 5)[-1]).status == 200
        channel.delete()

    dpo.open("/privacy")
    dpo.page.get_by_role("button", name="Excluir os dados de alguém").click()
    erase(dpo, email)
    assert "Não há ninguém com este identificador" in dpo.page.get_by_role("dialog").get_by_role("alert").inner_text()


def is_done(stack: Stack, erasure_id: str) -> bool:
    """Whether the erasure has come to its end; the clock that brings it there is turned by hand."""
    stack.aws.lambda_.invoke(FunctionName=stack.outputs["EraseFunction"], Payload=b"{}")
    found = stack.request("GET", f"/v1/privacy/erasures/{erasure_id}", key=stack.api_key).json()
    return bool(found["step"] == "done")


def begin(console: Console, email: str) -> None:
    """Open the list and the dialog, and send it."""
    console.open("/privacy")
    console.page.get_by_role("button", name="Excluir os dados de alguém").click()
    assert console.findings() == []
    erase(console, email)


def erase(console: Console, email: str) -> None:
    dialog = console.page.get_by_role("dialog", name="Excluir os dados de alguém")
    dialog.get_by_label("E-mail", exact=True).last.fill(email)
    dialog.get_by_label("Motivo").fill("Contrato encerrado")
    dialog.get_by_label("Conferi quem é").check()
    dialog.get_by_role("button", name="Excluir para sempre").click()


def test_a_hold_forbids_an_erasure_until_it_is_lifted(dpo: Console, stack: Stack) -> None:
    customer, reason = f"c-{secrets.token_hex(4)}", f"Processo {secrets.token_hex(3)}"
    survey = OpenSurvey(stack)
    assert survey.post(Device.new().body(score=9, finished=True, respondent_token=survey.token(sub=customer))).status == 201
    dpo.open("/privacy?tab=holds")
    page = dpo.page
    page.get_by_role("button", name="Nova retenção").click()
    dialog = page.get_by_role("dialog", name="Nova retenção")
    dialog.get_by_text("Código do cliente").first.click()
    dialog.get_by_role("textbox", name="Código do cliente").fill(customer)
    dialog.get_by_label("Motivo").fill(reason)
    dialog.get_by_label("Referência legal").fill("CPC art. 396")
    assert dpo.findings() == []
    dialog.get_by_role("button", name="Registrar retenção").click()
    row = page.get_by_role("row").filter(has_text=reason)
    row.wait_for()
    body = {"customer_id": customer, "reason": "Pedido"}
    assert stack.request("POST", "/v1/privacy/erasures", body, key=stack.api_key).status == 409
    row.get_by_role("button", name="Levantar").click()
    page.get_by_role("dialog", name="Levantar a retenção?").get_by_role("button", name="Levantar").click()
    row.wait_for(state="detached")
    assert stack.request("POST", "/v1/privacy/erasures", body, key=stack.api_key).status == 202
