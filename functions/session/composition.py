"""What signing in works with."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from time import monotonic, sleep

from aws_lambda_powertools import Logger, Metrics

from shared.signin.ports import Door
from shared.store.pool_door import CognitoDoor
from shared.store.session import client
from shared.store.settings import from_environment

logger = Logger()
metrics = Metrics()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    user_pool: str
    user_pool_client: str
    public_url: str


@dataclass(frozen=True, slots=True)
class Entrance:
    """The door, where people find it, and the time; `clock` counts seconds and never goes back."""

    door: Door
    public_url: str
    clock: Callable[[], float]
    wait: Callable[[float], None]


@cache
def compose() -> Entrance:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    door = CognitoDoor(client("cognito-idp"), settings.user_pool, settings.user_pool_client)
    return Entrance(door, settings.public_url, monotonic, sleep)
