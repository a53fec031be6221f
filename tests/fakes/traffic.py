"""Traffic in memory."""

from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from shared.intake.ports import Bucket, TrafficUnavailableError


@dataclass
class MemoryTraffic:
    """Implements `TrafficStore`."""

    buckets: dict[tuple[str, datetime], Bucket] = field(default_factory=dict)
    keys: dict[date, bytes] = field(default_factory=dict)
    is_down: bool = False
    calls: int = 0

    def key_of(self, day: date) -> bytes:
        self._call()
        return self.keys.setdefault(day, sha256(str(day).encode()).digest())

    def add(self, bucket: str, answer_ids: frozenset[str], most: int, span: datetime, now: datetime) -> Bucket:
        self._call()
        there = self.buckets.get((bucket, span), Bucket(frozenset(), is_added=True, is_settled=False, changed_at=now))
        if len(there.answer_ids) > most:
            return there._replace(is_added=False)
        after = there._replace(answer_ids=there.answer_ids | answer_ids, changed_at=now)
        self.buckets[bucket, span] = after
        return after

    def settle(self, bucket: str, span: datetime) -> None:
        self._call()
        self.buckets[bucket, span] = self.buckets[bucket, span]._replace(is_settled=True)

    def _call(self) -> None:
        self.calls += 1
        if self.is_down:
            raise TrafficUnavailableError
