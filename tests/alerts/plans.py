"""Ways a run may go."""

from datetime import timedelta
from typing import Final

from shared.alerts.channel import Rules
from tests.alerts.simulation import Plan
from tests.fakes.channels import channel_of

USUAL: Final = {"post": 10, "change": 14, "decide": 3, "flood": 1, "event": 30, "check": 10, "message": 40, "repeat": 4}
CALM: Final = Plan(weights=USUAL)
TROUBLED: Final = Plan(weights=USUAL | {"mood": 6, "erase": 1, "pause": 2, "replay": 3, "test": 1})
CRASHING: Final = Plan(weights=TROUBLED.weights, crash_rate=0.02)
FAILING: Final = Plan(weights=TROUBLED.weights, crash_rate=0.005, outage_rate=0.05)
HOURLY: Final = Plan(
    weights={"post": 12, "change": 4, "event": 30, "message": 60},
    channels=lambda: [channel_of(name, rules=Rules(digest="hourly")) for name in ("um", "dois", "tres")],
    crash_rate=0.01,
    bursts=8,
    stirs=120,
    answers=120,
    leap=timedelta(minutes=50),
    hourly=True,
)
"""Where digests go out all the time."""
HASTY: Final = Plan(
    weights={"post": 6, "change": 30, "decide": 6, "flood": 1, "event": 30, "message": 40, "mood": 1},
    channels=lambda: [channel_of(name, include=("comment",)) for name in ("um", "dois", "tres")],
    crash_rate=0.06,
    bursts=2,
    stirs=250,
    leap=timedelta(minutes=10),
)
"""Where everybody thinks again all the time."""
