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
CALLS_AT_ONCE: Final = 2
"""To one endpoint: one that hangs holds up two calls and no more. Chat tools take one message a second anyway."""
LONGEST_CALL: Final = timedelta(seconds=30)
"""A call takes less; one that was not said to have ended by then, whose maker crashed, counts no longer."""
FIRST_REST: Final = timedelta(seconds=30)
LONGEST_REST: Final = timedelta(minutes=30)
SOON: Final = timedelta(seconds=1)
"""When a message for an endpoint that is busy is looked at again, the first time."""
DISABLE_AFTER: Final = timedelta(hours=72)
"""Shorter than a message's whole schedule, so that an endpoint with a single alert is given up, and its owner told, at the last attempt."""
STREAK_ENDS_AFTER: Final = timedelta(hours=30)
"""Longer than the longest time between two attempts: failures further apart say nothing of the time between them."""
_MOST_TIMES_LONGER: Final = 16
_INSTANT: Final = timedelta(milliseconds=1)
"""What stores keep of a time. No two calls under way end at the same: each is known by its end."""


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
    under_way: tuple[datetime, ...] = ()
    """Until when each call that has begun, and not been said to have ended, may last."""

    def room(self, now: datetime) -> int:
        """How many calls may begin now."""
        if self.open_until is not None and self.open_until > now:
            return 0
        most = CALLS_AT_ONCE if self.open_until is None else 1
        return max(most - sum(until > now for until in self.under_way), 0)

    def with_call(self, now: datetime) -> "Breaker":
        """With one more call, the last of `under_way`, and without those whose time is over."""
        lasting = tuple(until for until in self.under_way if until > now)
        until = now.replace(microsecond=now.microsecond // 1000 * 1000) + LONGEST_CALL
        return replace(self, under_way=(*lasting, max([until, *(other + _INSTANT for other in lasting)])))

    def without_call(self, until: datetime | None) -> "Breaker":
        """Once the call that might have lasted until then has ended."""
        return replace(self, under_way=tuple(each for each in self.under_way if each != until))

    def after_success(self) -> "Breaker":
        """All is forgotten but the other calls under way."""
        return Breaker(under_way=self.under_way)

    def after_failure(self, now: datetime, retry_after: timedelta | None = None) -> "Breaker":
        """Opens at the fifth failure in a row, for longer each time; at once where the endpoint itself asks to be left in peace."""
        before = self if self.failed_at is not None and now - self.failed_at <= STREAK_ENDS_AFTER else Breaker()
        failures = before.failures + 1
        rest = FIRST_REST * 2 ** min(failures - FAILURES_TO_OPEN, 10) if failures >= FAILURES_TO_OPEN else timedelta(0)
        rest = min(LONGEST_REST, max(rest, retry_after or timedelta(0)))
        return Breaker(failures, before.failing_since or now, now, now + rest if rest else None, self.under_way)

    def come_again(self, now: datetime, chance: float, times: int = 0, before: int = 0) -> datetime:
        """When to look again where there is no room: after the rest, spread over as long as it lasts; else soon, and less often each time.

        `times` is how often there was none before, `before` how many others are known to have come first, `chance` is in [0, 1).
        """
        if self.open_until is None or self.open_until <= now:
            return now + SOON * (1 + chance) * (1 + before // CALLS_AT_ONCE) * min(1 << times, _MOST_TIMES_LONGER)
        rest = self.open_until - self.failed_at if self.failed_at else FIRST_REST
        return self.open_until + max(rest, FIRST_REST) * chance

    def gives_up(self, now: datetime) -> bool:
        """Whether the endpoint has failed, and never not, for so long that its channel is disabled."""
        return self.failing_since is not None and now - self.failing_since >= DISABLE_AFTER


WELL: Final = Breaker()
"""After a success all is forgotten."""
