"""What the pages work with."""

import secrets
from dataclasses import dataclass
from functools import cache

from aws_lambda_powertools import Logger, Metrics

from shared.intake.receive import Intake
from shared.store.answers import Answers
from shared.store.people import People
from shared.store.person_keys import MasterKeys, PersonKeys
from shared.store.registry import SecretStore, SurveyStore, TouchedLedger
from shared.store.sealing import Sealing
from shared.store.settings import from_environment
from shared.store.tables import AnswerItem, PersonItem, PersonKeyItem, RegistryItem, bind

logger = Logger()
metrics = Metrics()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works. `samples` is "true" where the sample shop is served; people reach all of it under `public_url`."""

    answers_table: str
    people_table: str
    keys_table: str
    registry_table: str
    sealing_key: str
    samples: str
    public_url: str


@dataclass(frozen=True, slots=True)
class Pages:
    """What the function works with."""

    surveys: SurveyStore
    intake: Intake
    shows_samples: bool
    public_url: str


@cache
def compose() -> Pages:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(AnswerItem, settings.answers_table)
    bind(PersonItem, settings.people_table)
    bind(PersonKeyItem, settings.keys_table)
    bind(RegistryItem, settings.registry_table)
    sealing = Sealing(settings.sealing_key)
    sealed, keys = SecretStore(sealing), PersonKeys(MasterKeys(sealing), secrets.token_bytes)
    intake = Intake(
        answers=Answers(),
        people=People(sealed.identity_pepper, keys, secrets.token_bytes),
        touched=TouchedLedger(),
        secrets=sealed,
        random_bits=secrets.randbits,
        new_key=secrets.token_urlsafe,
    )
    return Pages(SurveyStore(), intake, settings.samples == "true", settings.public_url)
