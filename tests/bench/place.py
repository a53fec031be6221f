"""Where the benchmarks work: the emulated AWS in a process of its own, with tables like the template's, and a survey in them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_bytes
from typing import TYPE_CHECKING, Final

import boto3

from infra.environments import ROOT
from infra.local.emulator import CREDENTIALS, REGION, Emulator, free_port
from shared.store.person_keys import MasterKeys
from shared.store.registry import SurveyStore
from shared.store.sealing import Sealing
from shared.store.tables import AnswerItem, LedgerItem, PersonItem, PersonKeyItem, RegistryItem, RollupItem, TrafficItem, bind
from shared.survey import Survey, SurveyStatus
from tests.bench.traffic import SETTINGS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

HOME: Final = ROOT / "build" / "bench"
TABLES: Final = {
    "ANSWERS_TABLE": "answers",
    "PEOPLE_TABLE": "people",
    "KEYS_TABLE": "keys",
    "ROLLUPS_TABLE": "rollups",
    "REGISTRY_TABLE": "registry",
    "TRAFFIC_TABLE": "traffic",
    "LEDGER_TABLE": "ledger",
}
PLAIN_TABLE: Final = "plain"
"""The table of what is measured beside us: the plain function and the textbook design."""


@dataclass(frozen=True, slots=True)
class Place:
    """Tables on a running emulator, reached by whoever has this environment."""

    environment: dict[str, str]
    dynamodb: "DynamoDBClient"

    def survey(self, survey_id: str, *, buckets: int = 4) -> Survey:
        """An open survey with six dimensions, stored in the registry."""
        survey = Survey(
            survey_id=survey_id,
            settings=SETTINGS,
            status=SurveyStatus.OPEN,
            created_at=datetime.now(UTC),
            person_salt="0123456789abcdef",
            buckets=buckets,
        )
        SurveyStore().create(survey)
        return survey


@contextmanager
def local_place() -> Iterator[Place]:
    """Start the emulator and make the tables; this process's environment becomes that of a function there."""
    home = HOME / "emulator"
    shutil.rmtree(home, ignore_errors=True)
    with Emulator(home, free_port()) as emulator:
        environment = (
            CREDENTIALS
            | TABLES
            | {
                "AWS_ENDPOINT_URL": emulator.url,
                "AWS_DEFAULT_REGION": REGION,
                "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_CONFIG_FILE": os.devnull,
                "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
                "EVENT_BUS": "bench",
                "AGAIN_QUEUE_URL": f"{emulator.url}/000000000000/again",
                "STAGE": "bench",
                "POWERTOOLS_SERVICE_NAME": "bench",
                "POWERTOOLS_METRICS_NAMESPACE": "Recomenda",
                "LOG_LEVEL": "INFO",
            }
        )
        os.environ.update(environment)
        dynamodb = boto3.client("dynamodb")
        for model, table in zip(
            (AnswerItem, PersonItem, PersonKeyItem, RollupItem, RegistryItem, TrafficItem, LedgerItem), TABLES.values(), strict=True
        ):
            _make(dynamodb, table)
            bind(model, table)
        _make(dynamodb, PLAIN_TABLE)
        environment["SEALING_KEY"] = os.environ["SEALING_KEY"] = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
        MasterKeys(Sealing(environment["SEALING_KEY"])).renew(token_bytes, datetime.now(UTC))
        yield Place(environment, dynamodb)


def _make(dynamodb: "DynamoDBClient", table: str) -> None:
    dynamodb.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
