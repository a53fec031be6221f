"""What the weekly summary works with."""

from dataclasses import dataclass
from functools import cache
from secrets import token_bytes

from aws_lambda_powertools import Logger

from shared.signin.ports import Office
from shared.store.mail import SesMail
from shared.store.pool_office import CognitoOffice
from shared.store.registry import SurveyStore
from shared.store.rollups import Rollups
from shared.store.session import client
from shared.store.settings import from_environment
from shared.store.summaries import Summaries
from shared.store.tables import RegistryItem, RollupItem, bind

logger = Logger()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    user_pool: str
    registry_table: str
    rollups_table: str
    public_url: str
    mail_from: str = ""
    """Without one, nothing is sent."""


@dataclass(frozen=True, slots=True)
class Summing:
    """Stores, the way out, and where letters lead."""

    surveys: SurveyStore
    rollups: Rollups
    subscriptions: Summaries
    office: Office
    mail: SesMail | None
    public_url: str


@cache
def compose() -> Summing:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(RegistryItem, settings.registry_table)
    bind(RollupItem, settings.rollups_table)
    return Summing(
        SurveyStore(),
        Rollups(),
        Summaries(),
        CognitoOffice(client("cognito-idp"), settings.user_pool, token_bytes),
        SesMail(client("sesv2"), settings.mail_from) if settings.mail_from else None,
        settings.public_url,
    )
