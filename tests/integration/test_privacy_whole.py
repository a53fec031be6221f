"""From an answer to its receipt, through the functions and the stores that a deployment has."""

import json
import re
from base64 import urlsafe_b64decode
from datetime import UTC, datetime
from typing import Any, Final

import boto3
import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from functions.erase import composition as eraser
from functions.erase.handler import handle as erase
from functions.privacy import pages
from shared.api.privacy_routes import ERASURE, ERASURES, HOLDS, RECEIPT, RECEIPT_PAGE, REQUEST, REQUESTS
from shared.privacy.codes import LIFE
from shared.store.person_keys import MASTER_SERVES
from shared.store.tables import RegistryItem
from tests.fakes.reception import KEY, token
from tests.integration.asking import POST, ask, everything, keep, named, new_id, survey_of
from tests.integration.gateway import Gateway, Reply, invoke
from tests.integration.privacy_house import FORM, ledger_items

MARIA: Final = "maria@cliente.example"
COMMENT: Final = "Demorou demais, sou a Maria do 4o andar"


@pytest.fixture
def town(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Gateway:
    """Maria, who answered with her name and a comment, and somebody who stays."""
    for name, value in {"SECOND_LOOK_MINUTES": "0", "MAIL_FROM": "privacidade@loja.example"}.items():
        monkeypatch.setenv(name, value)
    eraser.compose.cache_clear()
    pages._surveys.cache_clear()  # noqa: SLF001 - another test's
    boto3.client("sesv2").create_email_identity(EmailIdentity="privacidade@loja.example")
    keep(survey_of())
    for number, who in enumerate(("maria", "joana")):
        signed = token(sub=f"cliente-{who}", email=f"{who}@cliente.example", name=who.title())
        body = named(new_id(number), respondent_token=signed, comment=COMMENT if who == "maria" else "Tudo certo, Joana")
        assert ask(POST, body, survey_id="demo").status == 201
    return gateway


def work(rounds: int = 12) -> None:
    """Have the eraser do whatever its queue and its clock bring."""
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="erase")["QueueUrl"]
    for _ in range(rounds):
        erase({"detail-type": "Scheduled Event"}, None)
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in messages:
            record = {"messageId": message["MessageId"], "body": message["Body"], "eventSource": "aws:sqs"}
            assert erase({"Records": [record]}, None) == {"batchItemFailures": []}
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def call(route: str, body: object = None, *, bearer: str | None = None, **path: str) -> Reply:
    headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
    return invoke(route, None, headers=headers, body=json.dumps(body).encode() if body is not None else b"", path=path)


def confirmed(type_: str) -> dict[str, Any]:
    request_id = call(f"POST {REQUESTS}", {"type": type_, "email": MARIA}).body["request_id"]
    work(1)
    letter = ses_backends[DEFAULT_ACCOUNT_ID]["sa-east-1"].sent_messages[-1]
    [code] = set(re.findall(r"\b(\d{4}) (\d{4})\b", str(letter.body)))
    reply = call(f"POST {REQUEST}/confirm", {"code": "".join(code)}, request_id=request_id)
    assert reply.status == 200, reply.text
    return dict(reply.body)


@pytest.mark.usefixtures("town")
def test_maria_sees_all_that_is_held_in_her_words_and_takes_it_along() -> None:
    made = confirmed("access")
    [held] = made["held"]
    assert held["profile"]["email"] == MARIA
    assert [answer["comment"]["text"] for answer in held["answers"]] == [COMMENT]
    for wanted in ("json", "csv"):
        file = invoke(
            f"GET {REQUEST}/data",
            None,
            headers={"authorization": f"Bearer {made['token']}"},
            query={"format": wanted},
            path={"request_id": made["request_id"]},
        )
        assert COMMENT in file.text
        assert "Joana" not in file.text
    body = f"token={made['token']}&lang=pt-BR".encode()
    page = invoke(
        f"POST {'/privacidade/pedidos/{request_id}/situacao'}", None, headers=FORM, body=body, path={"request_id": made["request_id"]}
    )
    assert COMMENT in page.text


@pytest.mark.usefixtures("town")
def test_maria_is_erased_and_joana_is_not() -> None:
    made = confirmed("deletion")
    work()
    read = call(f"GET {REQUEST}", bearer=made["token"], request_id=made["request_id"]).body
    [erasure] = read["erasures"]
    assert erasure["key_destroyed_at"]
    left = json.dumps([everything(), ledger_items()], default=str)
    assert MARIA not in left
    assert COMMENT not in left
    assert call(f"POST {REQUESTS}", {"type": "access", "email": MARIA}).status == 202
    sent = len(ses_backends[DEFAULT_ACCOUNT_ID]["sa-east-1"].sent_messages)
    work(1)
    assert len(ses_backends[DEFAULT_ACCOUNT_ID]["sa-east-1"].sent_messages) == sent


def test_the_controller_erases_maria_and_sees_how_far_it_is(town: Gateway) -> None:
    key = town.key_with("privacy", maker=town.first_key())
    opened = town.call(f"POST {ERASURES}", key=key, body={"customer_id": "cliente-maria", "reason": "Protocolo 7"})
    [erasure] = opened.body["erasures"]
    work()
    shown = town.call(f"GET {ERASURE}", key=key, erasure_id=erasure["erasure_id"]).body
    assert shown["key_destroyed_at"]
    assert [each["erasure_id"] for each in town.call(f"GET {ERASURES}", key=key).body["erasures"]] == [erasure["erasure_id"]]
    assert shown["step"] == "done"
    receipt = call(f"GET {RECEIPT}", receipt_id=shown["receipt_id"]).body
    assert receipt["claims"]["receipt_id"] == shown["receipt_id"]
    assert b"Protocolo" not in urlsafe_b64decode(receipt["receipt"].split(".")[1] + "==")
    page = invoke(f"GET {RECEIPT_PAGE}", None, query={"lang": "pt-BR"}, path={"receipt_id": shown["receipt_id"]})
    assert receipt["receipt"] in page.text


@pytest.mark.usefixtures("town")
def test_the_erasers_clock_brings_the_next_master_key_when_the_newest_has_served(monkeypatch: pytest.MonkeyPatch) -> None:
    work(1)
    assert _masters() == ["#person-master#000001"]
    monkeypatch.setattr(eraser, "_now", lambda: datetime.now(UTC) + MASTER_SERVES)
    eraser.compose.cache_clear()
    work(2)
    assert _masters() == ["#person-master#000001", "#person-master#000002"]


def _masters() -> list[str]:
    return sorted(item.sk for item in RegistryItem.query("secret", RegistryItem.sk.startswith("#person-master#")))


@pytest.mark.usefixtures("town")
def test_a_request_that_no_letter_answers_in_time_is_counted_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def look_up() -> tuple[list[object], list[dict[str, Any]]]:
        failed = erase({"Records": [record]}, None)["batchItemFailures"]
        return failed, [json.loads(line) for line in capsys.readouterr().out.splitlines() if "RequestsUnanswered" in line]

    boto3.client("sesv2").delete_email_identity(EmailIdentity="privacidade@loja.example")
    request_id = call(f"POST {REQUESTS}", {"type": "access", "email": MARIA}).body["request_id"]
    record = {"messageId": "1", "body": json.dumps({"request_id": request_id}), "eventSource": "aws:sqs"}
    assert look_up() == ([{"itemIdentifier": "1"}], [])  # SES refuses; the queue brings it again
    monkeypatch.setattr(eraser, "_now", lambda: datetime.now(UTC) + LIFE)
    eraser.compose.cache_clear()
    failed, [metric] = look_up()
    assert (failed, metric["RequestsUnanswered"]) == ([], [1.0])
    assert request_id not in json.dumps(metric)
    assert look_up() == ([], [])


def test_a_hold_that_comes_between_asking_and_marking_refuses_with_its_reason(town: Gateway) -> None:
    key = town.key_with("privacy", maker=town.first_key())
    made = confirmed("deletion")
    asked = town.call(f"POST {ERASURES}", key=key, body={"customer_id": "cliente-maria", "reason": "Protocolo 7"}).body["erasures"]
    hold = {"customer_id": "cliente-maria", "reason": "Processo em curso", "legal_reference": "CPC art. 77"}
    assert town.call(f"POST {HOLDS}", key=key, body=hold).status == 201
    work()
    read = call(f"GET {REQUEST}", bearer=made["token"], request_id=made["request_id"]).body
    shown = town.call(f"GET {ERASURE}", key=key, erasure_id=asked[0]["erasure_id"]).body
    for erasure in (*read["erasures"], shown):
        assert (erasure["step"], erasure["refusal"]) == ("done", "legal_hold")
        assert (erasure["reason"], erasure["legal_reference"]) == ("Processo em curso", "CPC art. 77")


@pytest.mark.usefixtures("town")
def test_an_anonymous_answer_is_erased_by_its_key() -> None:
    answer_id = new_id(9)
    assert ask(POST, named(answer_id), survey_id="demo").status == 201
    body = {"type": "access", "survey_id": "demo", "answer_id": answer_id}
    made = call(f"POST {REQUESTS}", body, bearer=KEY).body
    [held] = call(f"GET {REQUEST}", bearer=made["token"], request_id=made["request_id"]).body["held"]
    assert [answer["answer_id"] for answer in held["answers"]] == [answer_id]
    assert call(f"POST {REQUESTS}", {**body, "type": "deletion"}, bearer=KEY).status == 202
    work()
    assert call(f"POST {REQUESTS}", body, bearer=KEY).problem == "no-such-answer"


def test_before_anybody_was_ever_identified_everybody_is_unknown(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"SECOND_LOOK_MINUTES": "0", "MAIL_FROM": "privacidade@loja.example"}.items():
        monkeypatch.setenv(name, value)
    eraser.compose.cache_clear()
    assert call(f"POST {REQUESTS}", {"type": "access", "email": MARIA}).status == 202
    work(1)
    key = gateway.key_with("privacy", maker=gateway.first_key())
    assert gateway.call(f"POST {ERASURES}", key=key, body={"email": MARIA, "reason": "Protocolo 7"}).problem == "nobody-found"
