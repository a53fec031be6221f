"""How receivers may be."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from shared.alerts.call import CallError
from tests.fakes.carriers import Outcome

_FLAPS: Final[list[Outcome]] = [200, 500, CallError.TLS, 204]
_BUSY: Final[list[Outcome]] = [(429, 30), (503, 3600), (503, 86_400 * 3), 202]


def _well(_random: Random) -> Outcome:
    return 204


def _dead(_random: Random) -> Outcome:
    return CallError.CONNECT


def _hanging(_random: Random) -> Outcome:
    return CallError.TIMEOUT


def _flapping(random: Random) -> Outcome:
    return random.choice(_FLAPS)


def _busy(random: Random) -> Outcome:
    return random.choice(_BUSY)


def _redirecting(_random: Random) -> Outcome:
    return 302


def _gone(_random: Random) -> Outcome:
    return 410


MOODS: Final[Mapping[str, Callable[[Random], Outcome]]] = {
    "well": _well,
    "dead": _dead,
    "hanging": _hanging,
    "flapping": _flapping,
    "busy": _busy,
    "redirecting": _redirecting,
    "gone": _gone,
}
