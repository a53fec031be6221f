"""An event bus in memory."""

from collections.abc import Callable, Sequence
from itertools import batched

from shared.events import AnswerClassified
from tests.fakes.memory import Memory

_ENTRIES_A_REQUEST = 10


class ChangedEventError(AssertionError):
    """An event was published again with another content under the same id."""


class MemoryBus:
    """Implements `Bus`. `accepts` is asked for every entry; a bus that is down accepts none."""

    def __init__(self, memory: Memory, accepts: Callable[[], bool] = lambda: True) -> None:
        self.memory = memory
        self.accepts = accepts
        self.events: dict[str, AnswerClassified] = {}
        self.deliveries = 0

    def announce(self, events: Sequence[AnswerClassified]) -> frozenset[str]:
        refused: set[str] = set()
        for request in batched(events, _ENTRIES_A_REQUEST, strict=False):
            with self.memory.call("announce"):
                refused.update(event.metadata.id for event in request if not self._publish(event))
        return frozenset(refused)

    def _publish(self, event: AnswerClassified) -> bool:
        if not self.accepts():
            return False
        if self.events.setdefault(event.metadata.id, event) != event:
            raise ChangedEventError(f"told in two ways: {event.metadata.id}")
        self.deliveries += 1
        return True
