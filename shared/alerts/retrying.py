"""When a delivery is tried again, and when an endpoint is left in peace. Pure: times and chance are passed in."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

DELAYS: Final = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Before each attempt, from the one before it: the example of Standard Webhooks 1.0.0, 75 h 35 min 05 s in all."""
JITTER: Final = 0.1
LONGEST_RETRY_AFTER: Final = timedelta(hours=24)
FAILURES_TO_OPEN: Final = 5
FIRST_REST: Final = timedelta(seconds=30)
LONGEST_REST: Final = timedelta(minutes=30)
DISABLE_AFTER: Final = timedelta(hours=72)
"""Shorter than a message's whole schedule, so that an endpoint with a single alert is given up, and its owner told, at the last attempt."""
STREAK_ENDS_AFTER: Final = timedelta(hours=30)
"""Longer than the longest time between two attempts: failures further apart say nothing of the time between them."""


def next_attempt_at(made: int, now: datetime, chance: float, retry_after: timedelta | None = None) -> datetime | None:
    """When to try again after `made` failed attempts; None: never again.

    `chance` in [0, 1) spreads attempts over a tenth more than the delay; an endpoint's own Retry-After is heeded where it asks for longer.
    """
    if made >= len(DELAYS):
        return None
    delay = DELAYS[made] * (1 + JITTER * chance)
    if retry_after is not None:
        delay = max(delay, min(retry_after, LONGEST_RETRY_AFTER))
    return now + delay


@dataclass(frozen=True, slots=True)
class Breaker:
    """What recent calls say of an endpoint. Closed: call it. Open: leave it until `open_until`; then one call tries it (half-open)."""

    failures: int = 0
    """In a row."""
    failing_since: datetime | None = None
    failed_at: datetime | None = None
    """The last of them."""
    open_until: datetime | None = None

    def after_failure(self, now: datetime, retry_after: timedelta | None = None) -> "Breaker":
        """Opens at the fifth failure in a row, for longer each time; at once where the endpoint itself asks to be left in peace."""
        before = self if self.failed_at is not None and now - self.failed_at <= STREAK_ENDS_AFTER else Breaker()
        failures = before.failures + 1
        rest = FIRST_REST * 2 ** min(failures - FAILURES_TO_OPEN, 10) if failures >= FAILURES_TO_OPEN else timedelta(0)
        rest = min(LONGEST_REST, max(rest, retry_after or timedelta(0)))
        return Breaker(failures, before.failing_since or now, now, now + rest if rest else None)

    def during_trial(self, now: datetime) -> "Breaker":
        """Nobody else tries while one does, which takes less than the first rest."""
        return replace(self, open_until=now + FIRST_REST)

    def gives_up(self, now: datetime) -> bool:
        """Whether the endpoint has failed, and never not, for so long that its channel is disabled."""
        return self.failing_since is not None and now - self.failing_since >= DISABLE_AFTER


WELL: Final = Breaker()
"""After a success all is forgotten."""
