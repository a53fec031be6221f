"""Pages and devices that talk to `collect`, and what they leave behind on the tables."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from typing import Any, Final

import boto3
from msgspec import structs

from functions.collect import handler as collect
from shared import answer_id as ids
from shared.identity import edit_key_hash_of
from shared.store.person_keys import MasterKeys, PersonKeys
from shared.store.registry import SecretStore
from shared.store.sealing import Sealing
from shared.survey import Survey
from tests.events import api_request
from tests.fakes.reception import KEY, SECRET, survey_with_segments
from tests.integration.gateway import Reply, assert_documented

SHOP: Final = "https://loja.example"
FORM: Final = "GET /v1/surveys/{survey_id}/form"
POST: Final = "POST /v1/surveys/{survey_id}/answers"
PATCH: Final = "PATCH /v1/surveys/{survey_id}/answers/{answer_id}"
PREFLIGHTS: Final = tuple(f"OPTIONS {route.partition(' ')[2]}" for route in (FORM, POST, PATCH))
TABLES: Final = ("answers_table", "people_table", "keys_table", "rollups_table", "registry_table")


def survey_of(survey_id: str = "demo", **changes: Any) -> Survey:  # noqa: ANN401 - any field
    """An open survey of yesterday that the shop's pages may show."""
    survey = survey_with_segments(survey_id=survey_id, **{"created_at": datetime.now(UTC) - timedelta(days=1)} | changes)
    return structs.replace(survey, settings=structs.replace(survey.settings, origins=(SHOP,), locales=("pt-BR", "en")))


def keep(survey: Survey) -> Survey:
    """Store a survey, with all the secrets that it needs; `collect` starts anew, without what it remembers of surveys."""
    collect.compose.cache_clear()
    working = collect.compose()
    if not working.surveys.create(survey):
        working.surveys.replace(survey, survey.revision)
    secrets = working.intake.secrets
    assert isinstance(secrets, SecretStore)
    master_keys().renew(token_bytes, datetime.now(UTC))
    secrets.make_identity_pepper(b"pepper-of-32-bytes-for-the-tests", datetime.now(UTC))
    secrets.replace_signing_secret(survey.survey_id, SECRET.decode(), datetime.now(UTC))
    return survey


def ask(  # noqa: PLR0913 - all that a request has
    route: str,
    body: object = None,
    *,
    raw: str | None = None,
    bearer: str | None = None,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    base64: bool = False,
    **path: str,
) -> Reply:
    """One request to `collect`; its response is held to the OpenAPI document."""
    sent = dict(headers or {}) | ({"authorization": f"Bearer {bearer}"} if bearer is not None else {})
    text = raw if raw is not None else json.dumps(body) if body is not None else None
    response = collect.handle(api_request(route, text, path=path, query=query, headers=sent, base64=base64), None)
    reply = Reply(response["statusCode"], response["headers"], response["body"])
    if route not in PREFLIGHTS:  # a browser's question, not part of the API
        assert_documented(route, reply)
    return reply


def new_id(number: int = 1) -> str:
    """A new answer id of now."""
    return ids.mint(datetime.now(UTC), number)


def named(answer_id: str, key: str = KEY, **body: object) -> dict[str, object]:
    """The body of an answer whose id and key the device made."""
    return {"score": 9, "answer_id": answer_id, "edit_key_hash": edit_key_hash_of(key)} | body


def items(table: str) -> list[dict[str, Any]]:
    """All there is in a table, as DynamoDB has it."""
    return [dict(item) for page in boto3.client("dynamodb").get_paginator("scan").paginate(TableName=table) for item in page["Items"]]


def master_keys() -> MasterKeys:
    """The master keys as a function finds them that has just started."""
    return MasterKeys(Sealing(os.environ["SEALING_KEY"]))


def unsealed(item: dict[str, Any]) -> dict[str, str]:
    """What an item of People holds sealed, by field; nothing where the person's key is gone."""
    person_id, sort_key = item["pk"]["S"], item["sk"]["S"]
    key = PersonKeys(master_keys(), token_bytes).find(person_id)
    sealed = {name: item[name]["S"] for name in ("customer_id", "email", "name", "text") if name in item}
    return {name: key.unseal(text, sort_key, name) for name, text in sealed.items()} if key else {}


def everything() -> dict[str, list[dict[str, Any]]]:
    """All there is in all tables."""
    return {table: items(table) for table in TABLES}
