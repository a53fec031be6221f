"""Refusals over the gateway, in the language that a request asks for."""

import subprocess
import sys
from functools import partial
from typing import Any, Final

import pytest

from infra.environments import ROOT
from shared.api.language import asked_for
from tests.integration.gateway import Gateway, Reply

SURVEYS: Final = "POST /v1/surveys"
GOOD: Final = {"name": "Compra", "company": "Loja"}
HOSTILE: Final = (
    *("x" * 9_000, "pt;q=" + "9" * 4_000, "es;q=0." + "0" * 4_000, ",;=q" * 2_000),
    *("../../etc/passwd", "\ud800", "pt\r\nset-cookie: a=b", "{0}"),
)


class Manager:
    """Somebody who makes surveys and channels, and makes mistakes."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.key = gateway.first_key()

    def ask(self, route: str, body: object = None, language: str | None = None, **more: Any) -> Reply:  # noqa: ANN401 - path and query
        headers = {} if language is None else {"accept-language": language}
        return self.gateway.call(route, key=self.key, body=body, more=headers, **more)


@pytest.fixture
def manager(gateway: Gateway) -> Manager:
    return Manager(gateway)


TIME_ZONE: Final = "Este fuso horário não existe. Use um nome como America/Sao_Paulo.", "Esta zona horaria no existe."
SITE: Final = "Informe um texto com o endereço de um site", "Indique un texto con la dirección de un sitio"
RETENTION: Final = "Informe um número inteiro de 60 a 3650.", "Indique un número entero de 60 a 3650."
URL: Final = "Esta URL não começa por https://. Use uma como", "Esta URL no empieza por https://. Use una como"
INCLUDE: Final = "O SNS envia o mesmo a todos, então nada pessoal.", "SNS envía lo mismo a todos, así que nada personal."
NO_ADDRESS: Final = "Informe um texto de 1 a ", "Indique un texto de 1 a "
LETTER: Final = {"kind": "sns_email", "name": "CS", "email": "cs@loja.example"}
WRONG: Final[list[tuple[str, object, tuple[str, str]]]] = [
    (SURVEYS, GOOD | {"time_zone": "Brasil/Padaria"}, TIME_ZONE),
    (SURVEYS, GOOD | {"name": ""}, ("Informe um texto de 1 a 120 caracteres.", "Indique un texto de 1 a 120 caracteres.")),
    (SURVEYS, {"company": "Loja"}, ("Preencha este campo.", "Complete este campo.")),
    (SURVEYS, GOOD | {"colour": 1}, ("Só estes campos são aceitos: ", "Solo se aceptan estos campos: ")),
    (SURVEYS, GOOD | {"origins": ["loja.com.br"]}, SITE),
    (SURVEYS, GOOD | {"retention_days": 1}, RETENTION),
    ("POST /v1/channels", {"kind": "webhook", "name": "CS", "url": "http://loja.example/x"}, URL),
    ("POST /v1/channels", LETTER | {"include": ["comment"]}, INCLUDE),
    ("POST /v1/privacy/holds", {"customer_id": "1", "reason": "maria@loja.example", "legal_reference": "CPC 77"}, NO_ADDRESS),
]


@pytest.mark.parametrize(("route", "body", "told"), WRONG)
def test_what_is_wrong_with_a_field_is_told_in_each_language(manager: Manager, route: str, body: object, told: tuple[str, str]) -> None:
    plain = manager.ask(route, body)
    assert (plain.status, plain.headers["content-language"], plain.headers["vary"]) == (422, "en", "accept-language")
    for language, says, title in (("pt-BR", told[0], "Algo não foi aceito"), ("es", told[1], "Algo no fue aceptado")):
        said = manager.ask(route, body, language)
        [error], [in_english] = said.body["errors"], plain.body["errors"]
        assert error["detail"].startswith(says)
        assert (said.body["title"], said.headers["content-language"]) == (title, language)
        assert (said.status, said.body["type"], error["pointer"]) == (422, plain.body["type"], in_english["pointer"])


def test_what_is_not_there_is_told_so_too(manager: Manager) -> None:
    gone = manager.ask("GET /v1/surveys/{survey_id}", language="es-419, es;q=0.9", survey_id="ninguna")
    assert gone.body["title"] == "Esta encuesta no existe"
    assert gone.body["detail"] == "Revise el id de la encuesta: GET /v1/surveys las lista."


def test_what_is_wrong_with_a_parameter_is_told_so_too(manager: Manager) -> None:
    manager.ask(SURVEYS, GOOD | {"survey_id": "loja"})
    report = manager.ask("GET /v1/surveys/{survey_id}/nps", language="pt", survey_id="loja", query={"touchpoint": "x"})
    assert report.body["errors"] == [{"parameter": "touchpoint", "detail": "Use um destes valores de touchpoint: other."}]
    ask = partial(manager.ask, "GET /v1/surveys/{survey_id}/segments", survey_id="loja", query={"by": "touchpoint,channel"})
    said = ask(language="pt").body["detail"]
    assert said == "Separe por uma chave, ou por duas que sejam um par declarado. Pares declarados: nenhum."
    assert ask().body["detail"].endswith("Declared pairs: none.")


@pytest.mark.parametrize("header", HOSTILE)
def test_a_hostile_header_changes_nothing_but_perhaps_the_language(manager: Manager, header: str) -> None:
    refused = manager.ask(SURVEYS, GOOD | {"time_zone": "x"}, header)
    assert (refused.status, refused.problem, refused.headers["content-language"]) == (422, "invalid", asked_for(header))
    assert refused.body["errors"][0]["pointer"] == "/time_zone"
    assert set(refused.headers) == {"cache-control", "x-content-type-options", "content-type", "content-language", "vary"}


def test_a_language_is_read_when_a_refusal_is_asked_for_in_it_and_not_before() -> None:
    """Where answers come in, and wherever English will do, nothing of it is opened."""
    program = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
import functions.collect.handler
from shared.api.http import Request, problem_response
from shared.api.problem import Fault
problem_response(Fault(), Request(route_key="x"))
problem_response(Fault(), Request(route_key="x", headers={"accept-language": "en, pt;q=0.5"}))
assert not [path for path in opened if "texts/refusals" in path]
problem_response(Fault(), Request(route_key="x", headers={"accept-language": "pt"}))
assert [path.endswith("pt-BR.json") for path in opened if "texts/refusals" in path] == [True]
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT, timeout=120)
    assert ran.returncode == 0, ran.stderr
