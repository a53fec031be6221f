"""What the pages work with."""

from dataclasses import dataclass
from functools import cache

from aws_lambda_powertools import Logger, Metrics

from shared.intake.receive import Intake
from shared.store.reception import intake_of
from shared.store.registry import SurveyStore
from shared.store.sealing import Sealing
from shared.store.settings import from_environment
from shared.store.tables import AnswerItem, PersonItem, PersonKeyItem, RegistryItem, TrafficItem, bind

logger = Logger()
metrics = Metrics()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works.

    `samples` is "true" where the sample shop is served; people reach all of it under `public_url`, and send files to `upload_host`.
    """

    answers_table: str
    people_table: str
    keys_table: str
    registry_table: str
    traffic_table: str
    sealing_key: str
    samples: str
    public_url: str
    upload_host: str


@dataclass(frozen=True, slots=True)
class Pages:
    """What the function works with."""

    surveys: SurveyStore
    intake: Intake
    shows_samples: bool
    public_url: str
    upload_host: str


@cache
def compose() -> Pages:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(AnswerItem, settings.answers_table)
    bind(PersonItem, settings.people_table)
    bind(PersonKeyItem, settings.keys_table)
    bind(RegistryItem, settings.registry_table)
    bind(TrafficItem, settings.traffic_table)
    intake = intake_of(Sealing(settings.sealing_key))
    return Pages(SurveyStore(), intake, settings.samples == "true", settings.public_url, settings.upload_host)
