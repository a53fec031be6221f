"""The outbox in memory: messages, attempts, receipts, digests and breakers."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from shared.alerts.content import AlertKind
from shared.alerts.message import MOST_IN_DIGEST, Attempt, Message, MessageStatus, Opened, Receipt, Told
from shared.alerts.retrying import WELL, Breaker
from tests.fakes.memory import Memory


class MemoryDeliveries:
    """Implements `Deliveries`."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.most_in_digest = MOST_IN_DIGEST
        self.messages: dict[str, Message] = {}
        self.receipts: dict[tuple[str, str], Receipt] = {}
        self.made: defaultdict[str, list[Attempt]] = defaultdict(list)
        self.digests: defaultdict[str, list[str]] = defaultdict(list)
        self.breakers: dict[str, Breaker] = {}

    def receipt(self, channel_id: str, answer_id: str) -> Receipt | None:
        with self.memory.call("receipt"):
            return self.receipts.get((channel_id, answer_id))

    def open(self, message: Message) -> Opened:
        with self.memory.call("open"):
            if message.message_id in self.messages:
                return Opened.THERE
            receipt = self._receipt_after(message)
            if receipt is None and message.answer is not None:
                return Opened.THERE
            if message.digest_id is not None:
                if not self._takes_more(message.digest_id):
                    return Opened.DIGEST_CLOSED
                self.digests[message.digest_id].append(message.message_id)
            if receipt is not None:
                self.receipts[receipt.channel_id, receipt.answer_id] = receipt
            self.messages[message.message_id] = message
            return Opened.NEW

    def _receipt_after(self, message: Message) -> Receipt | None:
        """The receipt that has to be written with a message about an answer; None where there is its like already."""
        if message.answer is None:
            return None
        there = self.receipts.get((message.channel_id, message.answer.answer_id))
        match message.kind:
            case AlertKind.DETRACTOR:
                return Receipt(channel_id=message.channel_id, answer_id=message.answer.answer_id) if there is None else None
            case AlertKind.COMMENT_ADDED:
                return replace(there, comment_added=True) if there is not None and not there.comment_added else None
            case _:
                return replace(there, withdrawn=True) if there is not None and not there.withdrawn else None

    def _takes_more(self, digest_id: str) -> bool:
        digest = self.messages.get(digest_id)
        is_open = digest is not None and digest.status is MessageStatus.WAITING and not digest.calls
        return is_open and len(self.digests[digest_id]) < self.most_in_digest

    def find(self, message_id: str) -> Message | None:
        with self.memory.call("find"):
            return self.messages.get(message_id)

    def lease(self, message_id: str, now: datetime, until: datetime) -> Message | None:
        with self.memory.call("lease"):
            there = self.messages.get(message_id)
            if there is None or not there.may_be_sent or there.held_until(now) or (there.next_at is not None and there.next_at > now):
                return None
            taken = replace(there, status=MessageStatus.WAITING, attempts=there.attempts + 1, calls=there.calls + 1, lease_until=until)
            self.messages[message_id] = taken
            return taken

    def release(  # noqa: PLR0913, PLR0917 - as the port has it
        self,
        message: Message,
        status: MessageStatus,
        now: datetime,
        attempt: Attempt | None = None,
        next_at: datetime | None = None,
        told: Sequence[Told] = (),
    ) -> None:
        del now
        with self.memory.call("release"):
            there = self.messages.get(message.message_id)
            if there is None or there.lease_until is None or there.lease_until != message.lease_until:
                return
            uncalled = 0 if attempt else 1
            self.messages[message.message_id] = replace(
                there,
                status=status,
                attempts=there.attempts - uncalled,
                calls=there.calls - uncalled,
                delivered=there.delivered or status is MessageStatus.DELIVERED,
                lease_until=None,
                next_at=next_at,
            )
            if attempt:
                self.made[message.message_id].append(attempt)
            for each in told:
                self._tell(message.channel_id, each)

    def _tell(self, channel_id: str, told: Told) -> None:
        if told.message_id in self.messages:
            part = self.messages[told.message_id]
            delivered = part.delivered or told.status is MessageStatus.DELIVERED
            self.messages[told.message_id] = replace(part, status=told.status, delivered=delivered, next_at=None)
        if told.commented:
            self.receipts[channel_id, told.answer_id] = replace(self.receipts[channel_id, told.answer_id], commented=True)

    def count_call(self, message_ids: Collection[str]) -> None:
        with self.memory.call("count_call"):
            for message_id in self.messages.keys() & set(message_ids):
                there = self.messages[message_id]
                self.messages[message_id] = replace(there, calls=there.calls + 1)

    def reopen(self, message_id: str) -> bool:
        with self.memory.call("reopen"):
            there = self.messages.get(message_id)
            if there is None or there.status in {MessageStatus.WAITING, MessageStatus.IN_DIGEST}:
                return False
            self.messages[message_id] = replace(there, status=MessageStatus.WAITING, attempts=0, next_at=None, lease_until=None)
            return True

    def attempts(self, message_id: str) -> Sequence[Attempt]:
        with self.memory.call("attempts"):
            return sorted(self.made[message_id], key=lambda attempt: attempt.number)

    def listed(self, channel_id: str, first: datetime, last: datetime, status: MessageStatus | None = None) -> Iterator[Message]:
        with self.memory.call("listed"):
            found = [
                message for message in self.messages.values() if message.channel_id == channel_id and first <= message.created_at <= last
            ]
        newest_first = sorted(found, key=lambda message: (message.created_at, message.message_id), reverse=True)
        return (message for message in newest_first if status is None or message.status is status)

    def in_digest(self, digest_id: str) -> Sequence[Message]:
        with self.memory.call("in_digest"):
            return [self.messages[message_id] for message_id in self.digests[digest_id] if message_id in self.messages]

    def breaker(self, channel_id: str) -> Breaker:
        with self.memory.call("breaker"):
            return self.breakers.get(channel_id, WELL)

    def set_breaker(self, channel_id: str, seen: Breaker, new: Breaker) -> bool:
        with self.memory.call("set_breaker"):
            if self.breakers.get(channel_id, WELL) != seen:
                return False
            self.breakers[channel_id] = new
            return True
