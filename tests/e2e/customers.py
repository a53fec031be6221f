"""Forty people who say a lot about themselves, through every way in, and what may be found of them afterwards."""

import re
import secrets
from dataclasses import dataclass, field
from typing import Any, Final

import urllib3

from infra.local.stack import Response, Stack
from tests.e2e.survey import Device, OpenSurvey, wait_until

_CODE: Final = re.compile(r"^\s+([0-9]{4}) ([0-9]{4})$", re.MULTILINE)
_TOKEN: Final = re.compile(r'name="token" value="([^"]+)"')
_FORM: Final = {"content-type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Customer:
    """Somebody whose name, address and numbers occur nowhere else; mostly known by a customer id."""

    number: int
    mark: str = field(default_factory=lambda: secrets.token_hex(8))
    answers: list[tuple[OpenSurvey, Device, int]] = field(default_factory=list)

    @property
    def is_anonymous(self) -> bool:
        """Answers without saying who they are, and tells it all in the comment: only an answer's key leads to it afterwards."""
        return self.number % 20 < 2

    @property
    def persons(self) -> list[list[int]]:
        """The scores of each person that their answers are of: without a name each answer is a person of its own."""
        scores = [score for *_, score in self.answers]
        return [[score] for score in scores] if self.is_anonymous else [scores]

    @property
    def customer_id(self) -> str:
        return f"cliente-{self.mark}"

    @property
    def name(self) -> str:
        return f"Nome{self.mark} Sobrenome"

    @property
    def email(self) -> str:
        return f"caixa-{self.mark}@cliente.example"

    @property
    def cpf(self) -> str:
        """Eleven digits of theirs alone, as a CPF is written."""
        digits = f"{int(self.mark, 16) % 10**11:011}"
        return f"{digits[:3]}.{digits[3:6]}.{digits[6:9]}-{digits[9:]}"

    @property
    def phone(self) -> str:
        digits = f"{int(self.mark, 16) // 7 % 10**8:08}"
        return f"(11) 9{digits[:4]}-{digits[4:]}"

    @property
    def comment(self) -> str:
        return f"Sou {self.name}, CPF {self.cpf}, liguem {self.phone} ou {self.email}"

    @property
    def planted(self) -> tuple[str, ...]:
        """What must be found nowhere."""
        return (self.mark, self.cpf, re.sub(r"\D", "", self.cpf), self.phone, re.sub(r"\D", "", self.phone))

    def answer(self, survey: OpenSurvey, score: int) -> None:
        """Answer: some with the comment at once, some later, some changing their mind on the way."""
        device = Device.new()
        at_once = self.number % 2 == 0
        given: dict[str, object] = {"score": score}
        if not self.is_anonymous:
            given["respondent_token"] = survey.token(sub=self.customer_id, email=self.email, name=self.name)
        if at_once:
            given |= {"comment": self.comment, "finished": self.number % 4 == 0}
        assert survey.post(device.body(**given)).status == 201
        if not at_once:
            assert survey.patch(device, comment=self.comment, finished=True).status == 200
        self.answers.append((survey, device, score))


def letters(stack: Stack) -> list[dict[str, Any]]:
    """What SES was given to send, as the emulator keeps it."""
    answer = urllib3.request("GET", f"{stack.emulator_url}/_ministack/ses/messages", timeout=60.0, retries=False).json()
    return [dict(message) for of_account in answer["messages"].values() for message in of_account]


def ask_on_the_page(stack: Stack, customer: Customer) -> None:
    """What somebody does who asks for deletion without JavaScript: the form, the mailbox, the code. Ends with the page that says so."""
    sent = stack.request("POST", "/privacidade", f"type=deletion&lang=pt-BR&email={customer.email}".encode(), headers=_FORM)
    assert sent.status == 303, sent.body
    code_page = "/privacidade/pedidos/" + sent.headers["location"].split("/pedidos/")[1].split("?")[0]
    wait_until(lambda: code_for(stack, customer) is not None, 60)
    shown = stack.request("POST", code_page, f"lang=pt-BR&code={code_for(stack, customer)}".encode(), headers=_FORM)
    assert shown.status == 200, shown.body
    assert _TOKEN.search(shown.body.decode())


def code_for(stack: Stack, customer: Customer) -> str | None:
    """The code that was mailed to them, if it was."""
    for letter in letters(stack):
        if customer.email in str(letter):
            found = _CODE.search(str(letter).replace("\\n", "\n"))
            assert found, letter
            return found[1] + found[2]
    return None


def ask_with_the_key(stack: Stack, customer: Customer) -> None:
    """What the device of somebody does who answered without a name, answer by answer."""
    for survey, device, _ in customer.answers:
        body = {"type": "deletion", "survey_id": survey.survey_id, "answer_id": device.answer_id}
        assert stack.request("POST", "/v1/privacy/requests", body, key=device.key).status == 202


def erase_for_the_controller(stack: Stack, customer: Customer) -> Response:
    """What the encarregado does."""
    body = {"customer_id": customer.customer_id, "reason": "Contrato encerrado", "legal_reference": "LGPD, art. 16"}
    return stack.request("POST", "/v1/privacy/erasures", body, key=stack.api_key)
