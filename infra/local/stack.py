"""A running local deployment as its users see it: the console output, the seeding, the tail, the tests, the recount."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Self

import boto3
import urllib3
from botocore.config import Config

from infra.environments import LOCAL
from infra.local.emulator import CREDENTIALS, REGION

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_sqs import SQSClient

API_ID: Final = "recomenda"
STACK_NAME: Final = "recomenda-local"
STACK_FILE: Final = "stack.json"
_NO_RETRY: Final = urllib3.Retry(0)
_PATIENT: Final = Config(read_timeout=120, retries={"total_max_attempts": 1})


@dataclass(frozen=True)
class Response:
    """An HTTP response; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - a JSON document is whatever it is
        """Parse the body."""
        return json.loads(self.body)


class Aws:
    """Typed clients of the emulated AWS at `emulator_url`."""

    def __init__(self, emulator_url: str) -> None:
        """Take note of the address; clients are made when first used."""
        self.emulator_url = emulator_url
        self._session = boto3.Session(CREDENTIALS["AWS_ACCESS_KEY_ID"], CREDENTIALS["AWS_SECRET_ACCESS_KEY"], region_name=REGION)

    def client(self, service: Any) -> Any:  # noqa: ANN401 - boto3 makes clients of any service by name
        """Make a client of any service."""
        return self._session.client(service, endpoint_url=self.emulator_url, config=_PATIENT)

    @cached_property
    def cloudformation(self) -> "CloudFormationClient":
        """The stack's own view."""
        return self._session.client("cloudformation", endpoint_url=self.emulator_url, config=_PATIENT)

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        """Tables."""
        return self._session.client("dynamodb", endpoint_url=self.emulator_url, config=_PATIENT)

    @cached_property
    def dynamodbstreams(self) -> "DynamoDBStreamsClient":
        """The Answers stream."""
        return self._session.client("dynamodbstreams", endpoint_url=self.emulator_url, config=_PATIENT)

    @cached_property
    def events(self) -> "EventBridgeClient":
        """The bus and its rules."""
        return self._session.client("events", endpoint_url=self.emulator_url, config=_PATIENT)

    @cached_property
    def kms(self) -> "KMSClient":
        """The sealing key."""
        return self._session.client("kms", endpoint_url=self.emulator_url, config=_PATIENT)

    @cached_property
    def lambda_(self) -> "LambdaClient":
        """Functions and event source mappings."""
        return self._session.client("lambda", endpoint_url=self.emulator_url, config=_PATIENT)

    @cached_property
    def logs(self) -> "CloudWatchLogsClient":
        """What functions logged."""
        return self._session.client("logs", endpoint_url=self.emulator_url, config=_PATIENT)

    @cached_property
    def sqs(self) -> "SQSClient":
        """Queues and dead letters."""
        return self._session.client("sqs", endpoint_url=self.emulator_url, config=_PATIENT)


@dataclass(frozen=True)
class Stack:
    """A local deployment that is up. `outputs` are the template's: table names, queue URLs, function names.

    `widget_url` is a sample shop with the widget on it, `survey_page_url` the survey's own page; `console_user` has the e-mail and the
    password of an admin.
    """

    api_url: str
    emulator_url: str
    region: str
    stack_name: str
    survey_id: str
    api_key: str
    widget_url: str = ""
    survey_page_url: str = ""
    privacy_url: str = ""
    console_url: str = ""
    console_user: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, home: Path = LOCAL) -> Self:
        """Read what a running `make run` (or another home's stack) wrote when it was ready."""
        return cls(**json.loads((home / STACK_FILE).read_text()))

    def write(self, home: Path) -> None:
        """Write stack.json, whole or not at all; it holds a key, so for the owner's eyes only."""
        unfinished = home / f"{STACK_FILE}.unfinished"
        unfinished.touch(mode=0o600)
        unfinished.write_text(json.dumps(asdict(self), indent=2) + "\n")
        unfinished.rename(home / STACK_FILE)

    @cached_property
    def aws(self) -> Aws:
        """Clients of the AWS it runs on."""
        return Aws(self.emulator_url)

    def request(
        self,
        method: Literal["GET", "POST", "PATCH", "DELETE", "OPTIONS", "PUT"],
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send one request to the API. `body` is sent as JSON, bytes as they are; `key` goes as the bearer."""
        sent = {"content-type": "application/json", **(headers or {})}
        if key is not None:
            sent["authorization"] = f"Bearer {key}"
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        answer = urllib3.request(method, self.api_url + path, body=raw, headers=sent, timeout=60.0, retries=_NO_RETRY, redirect=False)
        return Response(answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.data)

    def invoke(self, function: str, payload: object) -> Any:  # noqa: ANN401 - whatever the function returns
        """Invoke a function by its logical id and return what it returns. Raises `FunctionFailedError`."""
        answer = self.aws.lambda_.invoke(FunctionName=self.outputs[function], Payload=json.dumps(payload).encode())
        returned = json.loads(answer["Payload"].read())
        if answer.get("FunctionError"):
            raise FunctionFailedError(f"{function}: {returned}")
        return returned

    def log_lines(self, function: str) -> list[dict[str, Any]]:
        """Return what a function (by its logical id) has logged so far: its JSON lines, oldest first."""
        group = self.outputs[function.removesuffix("Function") + "Logs"]
        pages = self.aws.logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        messages = (event["message"] for page in pages for event in page["events"])
        return [json.loads(message) for message in messages if message.startswith("{")]


class FunctionFailedError(Exception):
    """A function ended in an error; the message has its type and text."""
