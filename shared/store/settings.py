"""Settings of a function from its environment, and the waiting that its repetitions need."""

import os
import random
import time
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_STEP_SECONDS: Final = 0.05
_LONGEST_SECONDS: Final = 2.0


class MissingVariableError(Exception):
    """An environment variable that the function needs is not set; the message names it."""


def from_environment[Settings: DataclassInstance](kind: type[Settings], environment: Mapping[str, str] = os.environ) -> Settings:
    """Fill a dataclass of texts from the variables named like its fields, in capitals; one with a default may be empty or absent.

    Raises `MissingVariableError`.
    """
    values: dict[str, str] = {}
    for field in fields(kind):
        name = field.name.upper()
        if environment.get(name):
            values[field.name] = environment[name]
        elif field.default is MISSING:
            raise MissingVariableError(name)
    return kind(**values)


def pause_with_jitter(attempt: int) -> None:
    """Wait before the repetition after `attempt` (0, 1, …): a random time of up to 50 ms, doubling, 2 s at most ("full jitter").

    https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
    """
    time.sleep(random.uniform(0, min(_LONGEST_SECONDS, _STEP_SECONDS * 2**attempt)))  # noqa: S311 - spreads load, hides nothing
