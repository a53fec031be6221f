"""Whose turn it is: an endpoint gets few calls at once, and none while it rests, so that one that hangs holds up nobody else's alerts.

What finds no room goes back to the queue unread and unwritten: a thousand alerts for a dead endpoint cost no more than moving their ids.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from shared.alerts.message import Due
from shared.alerts.ports import Deliveries, Outbox
from shared.alerts.retrying import Breaker

_TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Turns:
    """What is looked at, and where to put back; `chance` is random in [0, 1)."""

    deliveries: Deliveries
    outbox: Outbox
    now: Callable[[], datetime]
    chance: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Turn:
    """A call that may be made now, and that the endpoint's breaker counts as under way until it is said to have ended."""

    channel_id: str
    until: datetime


def put_back(dues: Sequence[Due], turns: Turns) -> Collection[Due]:
    """Put back into the queue what finds no room at its endpoint now; returns what is there again. The others are to be delivered."""
    now = turns.now()
    waiting: list[tuple[Due, datetime]] = []
    for channel_id, its in _by_channel(dues).items():
        breaker = turns.deliveries.breaker(channel_id)
        waiting += [
            (replace(due, times=due.times + 1), breaker.come_again(now, turns.chance(), due.times, before=number))
            for number, due in enumerate(its[breaker.room(now) :])
        ]
    there = {due.message_id for due in turns.outbox.put_back(waiting, now)} if waiting else set()
    return [due for due in dues if due.message_id in there]


def begin(channel_id: str, turns: Turns) -> Turn | datetime:
    """Take a turn, or hear when to come again."""
    seen = turns.deliveries.breaker(channel_id)
    for _ in range(_TRIES):
        now = turns.now()
        if not seen.room(now):
            break
        new = seen.with_call(now)
        if turns.deliveries.set_breaker(channel_id, seen, new):
            return Turn(channel_id, new.under_way[-1])
        seen = turns.deliveries.breaker(channel_id)
    return seen.come_again(turns.now(), turns.chance())


def end(channel_id: str, turn: Turn | None, turns: Turns, change: Callable[[Breaker], Breaker] = lambda seen: seen) -> Breaker:
    """Give the turn back, and write what the call says of the endpoint.

    After some lost races it is left to those that won them; a turn that is not given back ends by itself.
    """
    new = Breaker()
    for _ in range(_TRIES):
        seen = turns.deliveries.breaker(channel_id)
        new = change(seen.without_call(turn.until) if turn else seen)
        if new == seen or turns.deliveries.set_breaker(channel_id, seen, new):
            break
    return new


def _by_channel(dues: Sequence[Due]) -> dict[str, list[Due]]:
    found: defaultdict[str, list[Due]] = defaultdict(list)
    for due in dues:
        if due.channel_id is not None:
            found[due.channel_id].append(due)
    return found
