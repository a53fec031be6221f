"""A survey of a test's own on the deployed stack, and people who answer it over HTTP."""

import secrets
import time
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from types import MappingProxyType
from typing import Any, Final, Literal

import jwt

from infra.local.stack import Response, Stack
from shared import answer_id as ids
from shared.identity import edit_key_hash_of
from shared.privacy.sealing import data_key_of

SHOP: Final = "https://loja.example"
SETTINGS: Final[dict[str, Any]] = {
    "name": "Compra",
    "company": "Loja",
    "locales": ["pt-BR", "en"],
    "touchpoints": [{"key": "checkout", "label": "Compra"}, {"key": "support", "label": "Atendimento"}],
    "segments": [{"key": "plan", "values": ["free", "pro"]}, {"key": "tier", "values": ["gold"], "signed_only": True}],
    "origins": [SHOP],
    "legal_basis": {"kind": "legitimate_interest", "assessment": "LIA-1"},
    "encarregado": {"name": "Helena", "email": "encarregada@loja.example"},
    "retention_days": 90,
    "most_per_network": None,  # everybody in the tests answers from this machine
}
_BUCKETS: Final = 4
"""Of a survey's answers of a day, as `Survey` has it."""
_MOSTLY_HAPPY: Final = [1] * 7 + [24] * 4
type Verb = Literal["GET", "POST", "PATCH", "OPTIONS"]


@dataclass(frozen=True)
class Device:
    """What a device makes for one answer and keeps."""

    answer_id: str
    key: str

    @classmethod
    def new(cls, age: timedelta = timedelta(0)) -> "Device":
        """A new answer of `age` ago."""
        return cls(ids.mint(datetime.now(UTC) - age, secrets.randbits(74)), secrets.token_urlsafe(32))

    def body(self, **given: object) -> dict[str, object]:
        """A POST's body."""
        return {"score": 9, "answer_id": self.answer_id, "edit_key_hash": edit_key_hash_of(self.key)} | given


class OpenSurvey:
    """One survey, open, with a signing secret."""

    def __init__(self, stack: Stack, **settings: object) -> None:
        self.stack = stack
        self.survey_id = f"test-{secrets.token_hex(6)}"
        self.path = f"/v1/surveys/{self.survey_id}"
        key = stack.api_key
        assert stack.request("POST", "/v1/surveys", SETTINGS | {"survey_id": self.survey_id} | settings, key=key).status == 201
        assert stack.request("POST", f"{self.path}/open", key=key).status == 200
        self.secret = stack.request("POST", f"{self.path}/signing-secret", key=key).json()["signing_secret"]

    def post(self, body: object, **headers: str) -> Response:
        """A new answer."""
        return self.stack.request("POST", f"{self.path}/answers", body, headers=headers)

    def patch(self, device: Device, **change: object) -> Response:
        """A change of one's answer."""
        return self.stack.request("PATCH", f"{self.path}/answers/{device.answer_id}", change, key=device.key)

    def ask(self, method: Verb, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Response:
        """Anything else under the survey's path."""
        return self.stack.request(method, self.path + path, body, headers=headers)

    def token(self, **claims: object) -> str:
        """A respondent token."""
        return jwt.encode({"sub": "cliente-1", "exp": datetime.now(UTC) + timedelta(hours=1)} | claims, self.secret, "HS256")

    def score(self, query: str = "") -> dict[str, Any]:
        """What the report says now."""
        found: dict[str, Any] = self.stack.request("GET", f"{self.path}/nps{query}", key=self.stack.api_key).json()
        return found

    def answers(self, days: int = 1) -> list[dict[str, Any]]:
        """The survey's answers as they are stored, of today and of the last days: to look through everybody's takes half a second."""
        today = datetime.now(UTC).date()
        partitions = [
            ids.partition_of(self.survey_id, today - timedelta(days=day), bucket) for day in range(days + 1) for bucket in range(_BUCKETS)
        ]
        return [item for partition in partitions for item in query(self.stack, "AnswersTable", partition)]

    def is_settled(self) -> bool:
        """Whether none of the survey's answers of today waits to be counted."""
        return not any("pending" in item for item in self.answers())

    def people(self) -> list[dict[str, Any]]:
        """What People holds under persons for the survey's answers, as it is stored."""
        return scan(self.stack, "PeopleTable", "survey_id = :survey", {":survey": {"S": self.survey_id}})


def scores(chance: Random, number: int) -> list[int]:
    """Any scores, detractors' among them but seldom: each costs several alerts, which other tests are about."""
    return chance.choices(range(11), _MOSTLY_HAPPY, k=number)


def scan(stack: Stack, table: str, only: str = "", values: Mapping[str, Any] = MappingProxyType({})) -> list[dict[str, Any]]:
    """All there is in a table, by its logical id, or what a filter lets through."""
    asked: Any = {"FilterExpression": only, "ExpressionAttributeValues": dict(values)} if only else {}
    pages = stack.aws.dynamodb.get_paginator("scan").paginate(TableName=stack.outputs[table], ConsistentRead=True, **asked)
    return [dict(item) for page in pages for item in page["Items"]]


def query(stack: Stack, table: str, partition: str) -> list[dict[str, Any]]:
    """All there is under one partition key in a table, by its logical id."""
    pages = stack.aws.dynamodb.get_paginator("query").paginate(
        TableName=stack.outputs[table],
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": partition}},
        ConsistentRead=True,
    )
    return [dict(item) for page in pages for item in page["Items"]]


def unsealed(stack: Stack, item: dict[str, Any]) -> dict[str, str]:
    """What an item of People holds sealed, by field, opened from Keys, Registry and KMS as they are found from outside."""
    person_id, sort_key = item["pk"]["S"], item["sk"]["S"]
    sealed = {name: item[name]["S"] for name in ("customer_id", "email", "name", "text") if name in item}
    if not sealed:
        return {}
    key = _stored(stack, "KeysTable", person_id, "key")
    owner = f"#person-master#{key['master']['S']}"
    master = _stored(stack, "RegistryTable", "secret", owner)["sealed"]["S"]
    context = {"purpose": "person-master", "id": owner}
    opened = stack.aws.kms.decrypt(CiphertextBlob=b64decode(master), EncryptionContext=context)["Plaintext"]
    data_key = data_key_of(person_id, key["salt"]["B"], opened)
    return {name: data_key.unseal(text, sort_key, name) for name, text in sealed.items()}


def _stored(stack: Stack, table: str, pk: str, sk: str) -> dict[str, Any]:
    found = stack.aws.dynamodb.get_item(TableName=stack.outputs[table], Key={"pk": {"S": pk}, "sk": {"S": sk}}, ConsistentRead=True)
    return dict(found["Item"])


def wait_until(done: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for what the stack does by itself: the longer it takes, the seldomer it is asked, as asking takes time from it."""
    began = time.monotonic()
    while not done():
        waited = time.monotonic() - began
        assert waited < seconds, "it did not happen"
        time.sleep(min(0.05 + waited / 10, 1))
