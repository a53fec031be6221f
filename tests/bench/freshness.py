"""How soon a counter is right: answers posted one at a time to the deployed template, the score read until it has them."""

import shutil
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from infra.local.emulator import free_port
from infra.local.home import running_stack
from infra.local.stack import Stack
from tests.bench.place import HOME
from tests.bench.traffic import bodies

ANSWERS: Final = 20
_SECONDS_AT_MOST: Final = 30.0
_SECONDS_BETWEEN_LOOKS: Final = 0.02
_SECONDS_BETWEEN_ANSWERS: Final = 0.37  # no multiple of the emulator's polling


class NeverCountedError(Exception):
    """The score did not have an answer after half a minute."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """Seconds from sending a POST to a score that has it; `first` starts the functions too."""

    first: float
    median: float
    slowest: float


def measure(say: Callable[[str], None]) -> Freshness:
    """Deploy on an emulator of its own, and time."""
    home = HOME / "stack"
    shutil.rmtree(home, ignore_errors=True)
    with running_stack(home, free_port(), say) as (stack, _):
        first, *others = [_seconds_to_count(stack, number, body) for number, body in enumerate(_demo_bodies(), start=1)]
    return Freshness(first, statistics.median(others), max(others))


def _demo_bodies() -> list[dict[str, object]]:
    return [{"score": body["score"], "channel": body["channel"], "touchpoint": body["touchpoint"]} for body in bodies(ANSWERS, seed=5)]


def _seconds_to_count(stack: Stack, number: int, body: dict[str, object]) -> float:
    path = f"/v1/surveys/{stack.survey_id}"
    time.sleep(_SECONDS_BETWEEN_ANSWERS)
    began = time.monotonic()
    stack.request("POST", f"{path}/answers", body)
    while stack.request("GET", f"{path}/nps", key=stack.api_key).json()["answers"] != number:
        if time.monotonic() - began > _SECONDS_AT_MOST:
            raise NeverCountedError(number)
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    return time.monotonic() - began
