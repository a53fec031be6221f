"""What reporting works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from aws_lambda_powertools import Logger

from shared.store.annotations import Annotations
from shared.store.displays import Displays
from shared.store.history import History
from shared.store.registry import SurveyStore
from shared.store.rollups import Rollups
from shared.store.settings import from_environment
from shared.store.tables import RegistryItem, RollupItem, bind

logger = Logger()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    rollups_table: str
    registry_table: str


@dataclass(frozen=True, slots=True)
class Reporting:
    """Stores and a clock."""

    surveys: SurveyStore
    history: History
    displays: Displays
    annotations: Annotations
    now: Callable[[], datetime]


@cache
def compose() -> Reporting:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(RollupItem, settings.rollups_table)
    bind(RegistryItem, settings.registry_table)
    return Reporting(SurveyStore(), History(Rollups()), Displays(), Annotations(), now=lambda: datetime.now(UTC))
