"""What brings messages and answers back, and what calls receivers, in memory. At least once: what was brought may come again."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from shared.alerts.call import CallError, CallFailed, Reply
from shared.alerts.channel import Channel
from shared.alerts.message import Due
from shared.answer import AnswerKey
from tests.fakes.memory import Memory


@dataclass
class MemoryOutbox:
    """Implements `Outbox`."""

    memory: Memory
    queue: list[tuple[datetime, Due]] = field(default_factory=list)

    def enqueue(self, due: Due, at: datetime | None, now: datetime) -> None:
        with self.memory.call("enqueue"):
            self.queue.append((max(at or now, now), due))

    def put_back(self, dues: Sequence[tuple[Due, datetime]], now: datetime) -> Collection[Due]:
        with self.memory.call("put_back"):
            self.queue += [(min(max(at, now), now + timedelta(minutes=15)), due) for due, at in dues]
            return [due for due, _ in dues]


@dataclass
class MemoryChecks:
    """Implements `Checks`."""

    memory: Memory
    now: Callable[[], datetime]
    queue: list[tuple[datetime, AnswerKey, str]] = field(default_factory=list)

    def check_later(self, key: AnswerKey, channel_id: str, seconds: int) -> None:
        assert 0 <= seconds <= 900
        with self.memory.call("check_later"):
            self.queue.append((self.now() + timedelta(seconds=seconds), key, channel_id))


@dataclass(frozen=True, slots=True)
class Heard:
    """A call that reached a receiver."""

    at: datetime
    channel_id: str
    message_id: str
    raw: bytes
    content_type: str
    outcome: int | CallError

    @property
    def body(self) -> Any:  # noqa: ANN401 - JSON
        return msgspec.json.decode(self.raw)

    @property
    def type(self) -> str:
        """What kind of message a generic webhook was sent."""
        return str(self.body["type"])

    @property
    def accepted(self) -> bool:
        return isinstance(self.outcome, int) and 200 <= self.outcome < 300


type Outcome = int | CallError | tuple[int, int]
"""A status, a failure, or a status with a Retry-After."""


@dataclass
class MemoryCaller:
    """Implements `Caller`. Receivers take everything, unless a test says how one behaves."""

    memory: Memory
    now: Callable[[], datetime]
    heard: list[Heard] = field(default_factory=list)
    behaviour: dict[str, Callable[[datetime], Outcome]] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)
    """What receivers answer with, by their channels' ids."""

    def call(self, channel: Channel, message_id: str, body: bytes, content_type: str) -> Reply:
        with self.memory.call("call"):
            behave = self.behaviour.get(channel.channel_id)
            outcome: Outcome = behave(self.now()) if behave else 204
            result, retry_after = outcome if isinstance(outcome, tuple) else (outcome, None)
            self.heard.append(Heard(self.now(), channel.channel_id, message_id, body, content_type, result))
        if isinstance(result, CallError):
            raise CallFailed(result, 15_000)
        return Reply(status=result, duration_ms=20, retry_after_seconds=retry_after, body=self.bodies.get(channel.channel_id, b""))
