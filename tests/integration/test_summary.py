"""The weekly summary: wanted, sent once, ended by its link."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from functions.manage import composition as manage
from functions.summary import composition
from functions.summary.handler import handle
from functions.summary.sending import LettersLeftError
from shared.access import SCOPES_OF, Role
from shared.dimension import ALL
from shared.privacy.letter import Letter
from shared.signin.user import NewUser
from tests.fakes.samples import survey_of
from tests.fakes.user_pool import MemoryPool
from tests.integration.gateway import Reply, invoke
from tests.integration.scores import count

MY = "/v1/me/summary"
MONDAY = {"time": "2026-03-16T11:05:00Z"}  # 08:05 in São Paulo
AN_HOUR_LATER = {"time": "2026-03-16T12:05:00Z"}
A_WEEK_LATER = {"time": "2026-03-23T11:05:00Z"}


@dataclass
class PostOffice:
    """What SES was given; `refuses` an address as SES would."""

    letters: list[tuple[str, Letter]] = field(default_factory=list)
    refuses: str = ""

    def send(self, to: str, letter: Letter) -> None:
        if to == self.refuses:
            raise ConnectionError("no way to ana@loja.example")
        self.letters.append((to, letter))

    def to(self) -> list[str]:
        return [to for to, _ in self.letters]


@pytest.fixture
def post(pool: MemoryPool, monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    """An open survey with an answer in the week, and a way out for letters."""
    made = PostOffice()
    monkeypatch.setenv("MAIL_FROM", "nps@loja.example")
    monkeypatch.setattr(composition, "CognitoOffice", lambda *_: pool)
    monkeypatch.setattr(composition, "SesMail", lambda *_: made)
    composition.compose.cache_clear()
    survey = survey_of("demo")
    manage.compose().surveys.create(survey)
    assert composition.compose().surveys.list()
    return made


def user(pool: MemoryPool, name: str, role: Role = Role.VIEWER) -> dict[str, str]:
    """Somebody who has signed in, as the authorizer finds them."""
    made = pool.invite(NewUser(email=f"{name}@loja.example", name=name, role=role, locale="pt-BR"))
    pool.users[made.user_id] = replace(made, has_signed_in=True)
    return {"key_id": made.key_id, "scopes": " ".join(SCOPES_OF[role])}


def wants(context: dict[str, str]) -> None:
    assert invoke(f"PUT {MY}", context).body == {"wanted": True}


def stop_link(letter: Letter) -> str:
    """The token of the link that ends it."""
    return letter.headers["List-Unsubscribe"].strip("<>").rpartition("/resumo/")[2]


@pytest.mark.parametrize("role", Role)
def test_any_user_asks_for_it_and_no_longer(post: PostOffice, pool: MemoryPool, role: Role) -> None:
    ana = user(pool, "ana", role)
    assert invoke(f"GET {MY}", ana).body == {"wanted": False}
    wants(ana)
    wants(ana)
    assert invoke(f"GET {MY}", ana).body == {"wanted": True}
    assert invoke(f"DELETE {MY}", ana).body == {"wanted": False}
    handle(MONDAY, None)
    assert post.letters == []
    for method in ("GET", "PUT", "DELETE"):
        assert invoke(f"{method} {MY}", {"key_id": "a" * 16, "scopes": "scores:read"}).problem == "not-a-user"


def test_whoever_wants_it_gets_one_letter_a_week(post: PostOffice, pool: MemoryPool) -> None:
    survey = survey_of("demo")
    count(survey, ALL, {9: 12}, date(2026, 3, 10))
    count(survey, ALL, {0: 2}, date(2026, 3, 15))
    count(survey, ALL, {0: 50}, date(2026, 3, 16))  # another week's
    wants(user(pool, "ana"))
    user(pool, "bia")
    assert handle(MONDAY, None) == {"sent": 1}
    assert handle(MONDAY, None) == handle(AN_HOUR_LATER, None) == {"sent": 0}
    assert post.to() == ["ana@loja.example"]
    [(_, letter)] = post.letters
    assert "NPS 71, entre" in letter.text
    assert "Respostas: 14. Detratores: 2." in letter.text
    assert handle(A_WEEK_LATER, None) == {"sent": 1}


@pytest.mark.parametrize("time", ["2026-03-16T10:05:00Z", "2026-03-15T23:05:00Z", "2026-03-18T15:05:00Z"])
def test_at_any_other_time_nothing_is_sent(post: PostOffice, pool: MemoryPool, time: str) -> None:
    wants(user(pool, "ana"))
    assert handle({"time": time}, None) == {"sent": 0}
    assert post.letters == []


def test_who_may_not_sign_in_gets_none_and_who_is_gone_is_forgotten(post: PostOffice, pool: MemoryPool) -> None:
    contexts = {name: user(pool, name) for name in ("disabled", "gone", "deleted", "without-role", "stays")}
    ids = {name: context["key_id"].removeprefix("user_") for name, context in contexts.items()}
    for context in contexts.values():
        wants(context)
    pool.disable(ids["disabled"])
    pool.users[ids["without-role"]] = replace(pool.users[ids["without-role"]], role=None)
    pool.delete(ids["gone"])
    by_admin = {"key_id": "a" * 16, "scopes": "users"}
    assert invoke("DELETE /v1/users/{user_id}", by_admin, path={"user_id": ids["deleted"]}).status == 204
    assert handle(MONDAY, None) == {"sent": 1}
    assert post.to() == ["stays@loja.example"]
    left = {subscription.user_id for subscription in composition.compose().subscriptions.list()}
    assert left == {ids["disabled"], ids["without-role"], ids["stays"]}


def test_what_could_not_be_sent_is_tried_again_and_keeps_nobody_elses(
    post: PostOffice, pool: MemoryPool, logged: Callable[[], str]
) -> None:
    wants(user(pool, "ana"))
    wants(user(pool, "bia"))
    post.refuses = "ana@loja.example"
    with pytest.raises(LettersLeftError):
        handle(MONDAY, None)
    assert post.to() == ["bia@loja.example"]
    post.refuses = ""
    assert handle(AN_HOUR_LATER, None) == {"sent": 1}
    assert post.to() == ["bia@loja.example", "ana@loja.example"]
    assert "summary not sent" in logged()
    assert "loja.example" not in logged()


def test_the_link_of_a_letter_ends_it_by_post_only_and_needs_no_sign_in(post: PostOffice, pool: MemoryPool) -> None:
    wants(user(pool, "ana"))
    wants(user(pool, "bia"))
    handle(MONDAY, None)
    token = stop_link(next(letter for to, letter in post.letters if to == "ana@loja.example"))
    for wrong in ("x", token[:-1], token[:-1] + "g", token.partition(".")[0], f"{token}.x"):
        assert stopped("POST", wrong).status == 200
    asked = stopped("GET", token)
    assert (asked.status, '<form method="post">' in asked.text) == (200, True)
    assert handle(A_WEEK_LATER, None) == {"sent": 2}
    ended = stopped("POST", token, body=b"List-Unsubscribe=One-Click")
    assert "não será mais enviado" in ended.text
    assert ended.text == stopped("POST", token).text
    assert handle({"time": "2026-03-30T11:05:00Z"}, None) == {"sent": 1}
    assert post.to()[-1] == "bia@loja.example"


def test_the_page_speaks_the_browsers_language_and_loads_nothing(post: PostOffice) -> None:
    assert post.letters == []
    page = stopped("GET", "x", headers={"accept-language": "fr, es;q=0.8, en;q=0.5"})
    assert '<html lang="es">' in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert '<html lang="pt-BR">' in stopped("GET", "x").text


def test_without_an_address_to_send_from_nothing_is_sent(post: PostOffice, pool: MemoryPool, monkeypatch: pytest.MonkeyPatch) -> None:
    wants(user(pool, "ana"))
    monkeypatch.setenv("MAIL_FROM", "")
    composition.compose.cache_clear()
    assert handle(MONDAY, None) == {"sent": 0}
    assert post.letters == []


def stopped(method: str, token: str, **given: Any) -> Reply:  # noqa: ANN401 - all that an event has
    return invoke(f"{method} /resumo/{{token}}", None, path={"token": token}, **given)
