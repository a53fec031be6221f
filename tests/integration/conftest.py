"""AWS in this process (moto), with the tables that template.yaml declares and what the functions find in their environment."""

from collections.abc import Callable, Iterator
from functools import cache
from io import StringIO
from logging import StreamHandler, getLogger
from pathlib import Path
from typing import Any

import boto3
import pytest
from aws_lambda_powertools import Logger

from functions.answers import composition as answers
from functions.authorize import handler as authorize
from functions.channels import composition as channels
from functions.classify import handler as classify
from functions.collect import asking
from functions.collect import handler as collect
from functions.export_files import composition as export_files
from functions.exports import composition as exports
from functions.importer import composition as importer
from functions.imports import composition as imports
from functions.invite import composition as invite
from functions.manage import composition as manage
from functions.pages import assets
from functions.pages import composition as pages
from functions.privacy import composition as privacy
from functions.report import composition as report
from functions.seal import handler as seal
from functions.session import composition as session
from functions.summary import composition as summary
from functions.sweep import handler as sweep
from functions.users import composition as users
from infra.assets import built
from shared.store.tables import forget_connection
from tests.fakes.user_pool import MemoryPool
from tests.integration.console import Console
from tests.integration.gateway import Gateway
from tests.integration.privacy_house import PrivacyHouse
from tests.prepared_aws import prepared_aws
from tests.template import resources

TABLES = {
    "AnswersTable": "ANSWERS_TABLE",
    "PeopleTable": "PEOPLE_TABLE",
    "KeysTable": "KEYS_TABLE",
    "RollupsTable": "ROLLUPS_TABLE",
    "RegistryTable": "REGISTRY_TABLE",
    "TrafficTable": "TRAFFIC_TABLE",
    "JobsTable": "JOBS_TABLE",
    "DeliveriesTable": "DELIVERIES_TABLE",
    "LedgerTable": "LEDGER_TABLE",
}
QUEUES = {
    "AGAIN_QUEUE_URL": "again",
    "DELIVER_QUEUE_URL": "deliver",
    "ERASE_QUEUE_URL": "erase",
    "EXPORT_FILES_QUEUE_URL": "export-files",
    "IMPORT_QUEUE_URL": "imports",
}


@pytest.fixture(scope="module")
def _connection() -> Iterator[None]:
    """One connection a module: making one takes longer than most tests."""
    forget_connection()
    yield
    forget_connection()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, _connection: None) -> Iterator[None]:
    """Empty tables and a KMS key; every function composed anew."""
    _forget()
    with prepared_aws(_make) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(assets, "FOLDER", _bundles())
        yield
    _forget()


def _make() -> dict[str, str]:
    """Make what the functions stand on. Returns what template.yaml tells them of it by their environment."""
    dynamodb, sqs = boto3.client("dynamodb"), boto3.client("sqs")
    for logical_id, variable in TABLES.items():
        declared = resources("AWS::DynamoDB::Table")[logical_id]
        shape: dict[str, Any] = {part: declared[part] for part in ("KeySchema", "AttributeDefinitions", "BillingMode")}
        if "StreamSpecification" in declared:
            shape["StreamSpecification"] = {"StreamEnabled": True, **declared["StreamSpecification"]}
        dynamodb.create_table(TableName=variable.lower(), **shape)
    boto3.client("events").create_event_bus(Name="recomenda")
    boto3.client("s3").create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": "sa-east-1"})
    return {
        **{variable: variable.lower() for variable in TABLES.values()},
        **{variable: sqs.create_queue(QueueName=name)["QueueUrl"] for variable, name in QUEUES.items()},
        "SEALING_KEY": boto3.client("kms").create_key()["KeyMetadata"]["Arn"],
        "DETRACTOR_TOPIC": boto3.client("sns").create_topic(Name="detractors")["TopicArn"],
        "EVENT_BUS": "recomenda",
        "FILES_BUCKET": "files",
        "SAMPLES": "false",
        "PUBLIC_URL": "https://nps.example",
        "UPLOAD_HOST": "files.s3.sa-east-1.amazonaws.com",
        "CALLS_ALLOWED": "nothing",
        "DELIVER_QUEUE_ARN": "arn:aws:sqs:sa-east-1:123456789012:deliver",
        "DELIVERY_SCHEDULES": "deliveries",
        "DELIVERY_SCHEDULE_ROLE": "arn:aws:iam::123456789012:role/deliveries",
        "USER_POOL": "sa-east-1_Pool",
        "USER_POOL_CLIENT": "client",
    }


@cache
def _bundles() -> Path:
    return built()


@pytest.fixture
def pool(aws: None, monkeypatch: pytest.MonkeyPatch) -> MemoryPool:  # noqa: ARG001 - the tables that users are written down in
    """The user pool behind the functions; the contract says that it does as Cognito does. Nobody is waited for."""
    made = MemoryPool()
    monkeypatch.setattr(session, "CognitoDoor", lambda *_: made)
    monkeypatch.setattr(users, "CognitoOffice", lambda *_: made)
    monkeypatch.setattr(session, "sleep", lambda _seconds: None)
    return made


@pytest.fixture
def house(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> PrivacyHouse:
    """The doors of data subjects, with people of its own behind them."""
    return PrivacyHouse(gateway, monkeypatch)


@pytest.fixture
def gateway(aws: None) -> Gateway:  # noqa: ARG001 - what the functions behind it stand on
    """The HTTP API's gateway in front of the real handlers."""
    return Gateway()


@pytest.fixture
def console(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Iterator[Console]:
    """On a deployment that lets calls to loopback through, as the local one does."""
    monkeypatch.setenv("CALLS_ALLOWED", "loopback")
    made = Console(gateway, monkeypatch)
    yield made
    made.close()


@pytest.fixture
def cloud(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Console:
    """On a deployment like the cloud's, which finds no host."""
    monkeypatch.setattr(channels, "system_addresses", lambda _host: ["127.0.0.1"])
    return Console(gateway, monkeypatch)


@pytest.fixture
def logged() -> Iterator[Callable[[], str]]:
    """Everything that functions log from now on, as text. Powertools keeps the stream that it found when it was imported."""
    text = StringIO()
    loggers = [composed.logger for composed in (authorize, channels, manage, pages, privacy, report, session, summary, users)]
    handlers = {id(found): found for found in map(_handler_of, loggers)}
    before = [(handler, handler.setStream(text)) for handler in handlers.values()]
    yield text.getvalue
    for handler, stream in before:
        handler.setStream(stream)


def _handler_of(logger: Logger) -> "StreamHandler[Any]":
    [handler] = getLogger(logger.service).handlers
    assert isinstance(handler, StreamHandler)
    return handler


def _forget() -> None:
    asking.compose.cache_clear()
    asking.compose_displays.cache_clear()
    authorize.settings.cache_clear()
    users.summaries.cache_clear()
    of_answers = (answers, export_files, exports, importer, imports)
    of_users = (authorize, session, summary, users)
    for composed in (*of_answers, *of_users, channels, classify, collect, invite, manage, pages, privacy, report, seal, sweep):
        composed.compose.cache_clear()
