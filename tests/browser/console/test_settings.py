"""Settings: who may come in, by which keys programs do, and the letters that one gets."""

import re
import secrets
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from infra.local.stack import Stack
from shared.access import Role
from tests.browser.console.console import Console
from tests.e2e.staff import PASSWORD, Session, in_bold, letter_to, member

pytestmark = pytest.mark.stack


@pytest.fixture
def admin(signed_in: Callable[[Role], Console]) -> Iterator[Console]:
    """An admin, in front of nothing yet."""
    console = signed_in(Role.ADMIN)
    yield console
    assert console.errors == []


def test_somebody_is_invited_sent_the_letter_again_and_deleted(admin: Console, stack: Stack) -> None:
    email = f"caio-{secrets.token_hex(4)}@loja.example"
    admin.open("/settings?tab=users")
    admin.page.get_by_role("button", name="Convidar alguém").click()
    dialog = admin.page.get_by_role("dialog", name="Convidar alguém")
    dialog.get_by_label("Nome").fill("Caio")
    dialog.get_by_label("E-mail").fill(email)
    dialog.get_by_label("Perfil").select_option("cs")
    assert admin.findings() == []
    dialog.get_by_role("button", name="Enviar convite").click()
    row = admin.page.get_by_role("row").filter(has_text=email)
    row.get_by_text("Convidado", exact=True).wait_for()
    assert email not in admin.page.url
    assert in_bold(letter_to(email, stack))
    row.get_by_role("button", name="Reenviar convite").click()
    admin.page.get_by_text("Convite reenviado a Caio.").wait_for()

    admin.page.get_by_role("button", name="Convidar alguém").click()
    dialog.get_by_label("Nome").fill("Caio")
    dialog.get_by_label("E-mail").fill(email)
    dialog.get_by_role("button", name="Enviar convite").click()
    assert "Já existe um usuário com este e-mail." in dialog.get_by_role("alert").inner_text()
    dialog.get_by_role("button", name="Cancelar").click()
    row.get_by_role("button", name="Excluir Caio?").click()
    admin.page.get_by_role("dialog", name="Excluir Caio?").get_by_role("button", name="Excluir").click()
    row.wait_for(state="detached")


def test_a_role_is_changed_and_given_back_and_an_access_ended(admin: Console, stack: Stack) -> None:
    user = member(stack, Role.VIEWER).user
    admin.open("/settings?tab=users")
    row = admin.page.get_by_role("row").filter(has_text=user["email"])
    role = row.get_by_role("combobox")
    role.select_option("manager")
    admin.page.get_by_text("agora tem o perfil").wait_for()
    assert role_of(stack, user) == "manager"
    admin.page.get_by_role("button", name="Desfazer").click()
    expect(role).to_have_value("viewer")
    assert role_of(stack, user) == "viewer"
    row.get_by_role("button", name="Desativar").click()
    row.get_by_text("Desativado", exact=True).wait_for()
    assert Session(stack).sign_in(user["email"], PASSWORD).status == 401
    row.get_by_role("button", name="Reativar").click()
    row.get_by_text("Ativo", exact=True).wait_for()
    assert Session(stack).sign_in(user["email"], PASSWORD).status == 200


def role_of(stack: Stack, user: dict[str, str]) -> str:
    users = stack.request("GET", "/v1/users", key=stack.api_key).json()["users"]
    return str(next(each["role"] for each in users if each["user_id"] == user["user_id"]))


def test_a_key_is_shown_once_works_and_is_revoked(admin: Console, stack: Stack) -> None:
    name = f"loja-{secrets.token_hex(3)}"
    admin.open("/settings?tab=keys")
    admin.page.get_by_role("button", name="Criar chave").click()
    dialog = admin.page.get_by_role("dialog", name="Criar chave")
    dialog.get_by_label("Nome").fill(name)
    dialog.get_by_label("ler notas").check()
    assert admin.findings() == []
    dialog.get_by_role("button", name="Criar", exact=True).click()
    made = admin.page.get_by_role("dialog", name=f"Chave {name} criada")
    key = made.locator("code").inner_text()
    made.get_by_role("button", name="Já guardei").click()
    assert admin.page.get_by_text(key).count() == 0
    assert stack.request("GET", "/v1/surveys/demo/nps", key=key).status == 200
    assert stack.request("GET", "/v1/surveys", key=key).status == 403
    row = admin.page.get_by_role("row").filter(has_text=name)
    row.get_by_role("button", name=f"Revogar a chave {name}?").click()
    admin.page.get_by_role("dialog", name=f"Revogar a chave {name}?").get_by_role("button", name="Revogar").click()
    row.get_by_text(re.compile("revogada em")).wait_for()


def test_the_weekly_summary_is_switched_on_and_off(manager: Console) -> None:
    manager.open("/settings")
    summary = manager.page.get_by_role("switch", name="Resumo semanal por e-mail")
    expect(summary).not_to_be_checked()
    summary.press(" ")
    manager.page.get_by_text("Você recebe o resumo em").wait_for()
    manager.page.reload()
    manager.is_ready()
    expect(summary).to_be_checked()
    assert manager.findings() == []
    summary.click()
    manager.page.get_by_text("Você não recebe o resumo.").wait_for()
    expect(summary).not_to_be_checked()
