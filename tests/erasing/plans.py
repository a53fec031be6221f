"""Ways a run may go."""

from datetime import timedelta
from typing import Final

from tests.erasing.simulation import Plan

_USUAL: Final = {"post": 14, "repeat": 4, "change": 10, "settle": 20, "notify": 16, "message": 16, "sweep": 1, "ask": 3, "erase": 24}
CALM: Final = Plan(weights=_USUAL)
TROUBLED: Final = Plan(weights=_USUAL | {"deaf": 2, "acknowledge": 3, "hold": 1}, crash_rate=0.01, outage_rate=0.01)
FIGHT: Final = Plan(
    weights={"post": 12, "change": 8, "repeat": 4, "settle": 14, "notify": 12, "message": 12, "ask": 4, "erase": 60, "acknowledge": 2},
    crash_rate=0.04,
    bursts=3,
    stirs=220,
    step=timedelta(milliseconds=500),
    leap=timedelta(hours=60),
)
"""Where many workers are at the same erasure all the time, and crash."""
HELD: Final = Plan(
    weights={"post": 14, "settle": 10, "ask": 6, "erase": 50, "hold": 12}, crash_rate=0.05, bursts=2, stirs=200, leap=timedelta(hours=1)
)
"""Where courts think again all the time."""
TOLD: Final = Plan(
    weights={"post": 30, "settle": 30, "notify": 30, "message": 50, "ask": 10, "erase": 100, "acknowledge": 40, "deaf": 1},
    answers=150,
    crash_rate=0.002,
    bursts=4,
    stirs=400,
    step=timedelta(milliseconds=500),
    leap=timedelta(minutes=6),
    pace=24,
)
"""Where much is shared, and receivers are told while calls to them are under way."""
RETURNING: Final = Plan(
    weights={"post": 30, "repeat": 20, "settle": 14, "notify": 14, "ask": 12, "erase": 80},
    answers=150,
    crash_rate=0.01,
    bursts=3,
    stirs=300,
    step=timedelta(milliseconds=300),
    leap=timedelta(hours=60),
    pace=20,
)
"""Where whoever is erased answers again at once, and sends again what was sent before."""
