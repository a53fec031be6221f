"""What brings answers to `settle`: the stream's mapping, replays, the `again` queue.

At least once, in any shape, and now and then not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.answer import AnswerKey
from shared.counting.settle import Outcome
from tests.counting.world import World

_AGAIN_BATCH = 10
_MOST_RECEIVES = 4


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message of the `again` queue."""

    key: AnswerKey
    receives: int = 0


class Deliveries:
    """The stream's mapping and the `again` queue."""

    def __init__(self, world: World, *, tries: int, largest: int) -> None:
        self.world = world
        self.tries = tries
        self.largest = largest
        self.cursor = 0
        self.again: list[Waiting] = []

    @property
    def stream(self) -> list[AnswerKey]:
        """All records so far."""
        return self.world.memory.stream

    def deliver(self) -> None:
        """Cut the next batch from the stream."""
        size = self.world.random.randint(1, self.largest)
        batch = self.stream[self.cursor : self.cursor + size]
        self.cursor += len(batch)
        if batch:
            self._invoke("deliver", batch, 1)

    def replay(self) -> None:
        """Deliver records of the past once more, in another order and other batches, some of them twice."""
        random = self.world.random
        if self.cursor:
            start = random.randrange(self.cursor)
            batch = self.stream[start : start + random.randint(1, 12)]
            random.shuffle(batch)
            self._invoke("replay", [*batch, *batch[:2]], self.tries)

    def lose_old_records(self) -> None:
        """The stream keeps records for a day, the mapping for less."""
        self.world.happened["lost records"] += len(self.stream) - self.cursor
        self.cursor = len(self.stream)

    def deliver_again(self) -> None:
        """Up to ten messages of the queue, in any order."""
        random = self.world.random
        random.shuffle(self.again)
        batch, self.again = self.again[:_AGAIN_BATCH], self.again[_AGAIN_BATCH:]
        if batch:
            keys = [message.key for message in batch]
            counting = self.world.counting()
            self.world.start(
                "again",
                lambda: self.world.parts.settle(keys, counting),
                lambda outcome: self._return([message for message in batch if message.key in outcome.unsettled]),
                lambda: self._return(batch),
            )

    def _invoke(self, name: str, batch: Sequence[AnswerKey], attempt: int) -> None:
        counting = self.world.counting()

        def handle() -> Outcome:
            outcome = self.world.parts.settle(batch, counting)
            self.world.scheduler.turn("send to again")
            self.again += [Waiting(key) for key in sorted(outcome.unsettled)]
            self.world.scheduler.turn("send to again")
            return outcome

        self.world.start(name, handle, self._count, lambda: self._retry(batch, attempt))

    def _count(self, outcome: Outcome) -> None:
        self.world.happened["counted"] += outcome.counted

    def _retry(self, batch: Sequence[AnswerKey], attempt: int) -> None:
        """The mapping tries a failed batch again, perhaps in halves, and at last gives up."""
        if attempt >= self.tries:
            self.world.happened["mapping gave up"] += 1
            return
        middle = len(batch) // 2 if self.world.random.random() < 0.5 else 0
        for part in (batch[:middle], batch[middle:]):
            if part:
                self._invoke("retry", part, attempt + 1)

    def _return(self, messages: Sequence[Waiting]) -> None:
        for message in messages:
            if message.receives + 1 < _MOST_RECEIVES:
                self.again.append(Waiting(message.key, message.receives + 1))
            else:
                self.world.happened["dead letters"] += 1
