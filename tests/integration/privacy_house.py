"""The doors of data subjects on the in-process AWS, the eraser's part of them, and people behind them."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode

import boto3
import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from functions.privacy import composition, pages
from shared.api.privacy_routes import REQUEST, REQUESTS
from shared.privacy.answering import Answering, Handled, handle_request
from shared.store.mail import SesMail
from shared.store.privacy_requests import PrivacyRequests
from shared.store.registry import SecretStore
from shared.store.session import client
from tests.fakes.doors import PEPPER, KnownPeople, OpenedErasures, PlainCopies, SignedReceipts, Statements
from tests.integration.gateway import Gateway, Reply, invoke

if TYPE_CHECKING:
    from shared.privacy.ports import Ledger, PeopleToErase

SENDER: Final = "Loja <privacidade@loja.example>"
START: Final = datetime(2026, 3, 14, 15, 0, tzinfo=UTC)
FORM: Final = {"content-type": "application/x-www-form-urlencoded"}


def lending(people: KnownPeople, ledger: OpenedErasures, access: Statements, receipts: SignedReceipts) -> composition.Borrowed:
    """What the eraser's stores lend to the doors."""
    return composition.Borrowed(cast("PeopleToErase", people), cast("Ledger", ledger), access, PlainCopies(), receipts)


class PrivacyHouse:
    """Somebody who asks, and what they find; a clock that a test moves."""

    def __init__(self, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = START
        self.gateway = gateway
        self.people = KnownPeople()
        self.ledger = OpenedErasures()
        self.access = Statements()
        self.receipts = SignedReceipts()
        monkeypatch.setattr(composition, "_now", lambda: self.now)
        lent = lending(self.people, self.ledger, self.access, self.receipts)
        monkeypatch.setattr(composition, "borrow", lambda *_: lent)
        self.doors = composition.compose()
        secrets = self.doors.secrets
        assert isinstance(secrets, SecretStore)
        secrets.make_identity_pepper(PEPPER, self.now)  # before the first key is made, which else brings one of its own
        self.key = gateway.key_with("privacy", maker=gateway.first_key())
        boto3.client("sesv2").create_email_identity(EmailIdentity="privacidade@loja.example")
        pages._surveys.cache_clear()  # noqa: SLF001 - another test's

    @property
    def answering(self) -> Answering:
        """The eraser's part."""
        requests = self.doors.asking.requests
        assert isinstance(requests, PrivacyRequests)
        people = cast("PeopleToErase", self.people)
        return Answering(requests, people, SesMail(client("sesv2"), SENDER), lambda: PEPPER, lambda: ["Loja"], lambda: self.now)

    def call(self, route: str, body: object = None, *, bearer: str | None = None, raw: bytes | None = None, **path: str) -> Reply:
        """One request to a public route."""
        headers = {"authorization": f"Bearer {bearer}"} if bearer is not None else {}
        sent = raw if raw is not None else json.dumps(body).encode() if body is not None else b""
        return invoke(route, None, headers=headers, body=sent, path=path)

    def control(self, route: str, body: object = None, **given: Any) -> Reply:  # noqa: ANN401 - as the gateway has it
        """One request of the controller."""
        return self.gateway.call(route, key=self.key, body=body, **given)

    def ask(self, email: str, type_: str = "access", **body: object) -> Reply:
        return self.call(f"POST {REQUESTS}", {"type": type_, "email": email, **body})

    def confirm(self, request_id: str, code: str) -> Reply:
        return self.call(f"POST {REQUEST}/confirm", {"code": code}, request_id=request_id)

    def browse(self, route: str, form: Mapping[str, str] | None = None, *, query: Mapping[str, str] | None = None, **path: str) -> Reply:
        """A page, or what a form of it sends."""
        headers = dict(FORM) if form is not None else {}
        return invoke(route, None, headers=headers, body=urlencode(form or {}).encode(), query=query, path=path)

    def queued(self) -> list[dict[str, str]]:
        """What lies in the eraser's queue, taken out."""
        sqs, url = boto3.client("sqs"), boto3.client("sqs").get_queue_url(QueueName="erase")["QueueUrl"]
        taken: list[dict[str, str]] = []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                taken.append(json.loads(message["Body"]))
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return taken

    def work(self) -> list[Handled]:
        """Have the eraser look up every address that waits."""
        return [handle_request(each["request_id"], self.answering) for each in self.queued() if "request_id" in each]

    def letters(self) -> list[Any]:
        """What was mailed: each with `destinations` and `body`."""
        return list(ses_backends[DEFAULT_ACCOUNT_ID]["sa-east-1"].sent_messages)

    def code(self) -> str:
        """The code of the newest letter."""
        [code] = set(re.findall(r"\b(\d{4}) (\d{4})\b", str(self.letters()[-1].body)))
        return "".join(code)

    def confirmed(self, email: str, type_: str = "access") -> dict[str, Any]:
        """A request that went all the way."""
        request_id = self.ask(email, type_).body["request_id"]
        self.work()
        reply = self.confirm(request_id, self.code())
        assert reply.status == 200, reply.text
        return dict(reply.body)


def ledger_items() -> list[dict[str, Any]]:
    """All there is in Ledger, as DynamoDB has it."""
    return list(boto3.client("dynamodb").scan(TableName="ledger_table")["Items"])
