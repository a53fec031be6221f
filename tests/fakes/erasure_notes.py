"""What the ledger notes of erasures, as alerts read it, in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from shared.answer import AnswerKey
from shared.privacy.erasure import Erasure, Ours


@dataclass
class MemoryNotes:
    """Implements `alerts.ports.Erasures`."""

    kept: dict[str, Erasure] = field(default_factory=dict)
    noted: dict[str, list[AnswerKey]] = field(default_factory=dict)

    def find(self, erasure_id: str) -> Erasure | None:
        return self.kept.get(erasure_id)

    def answers(self, erasure_id: str) -> Iterator[Ours]:
        return iter([Ours(key) for key in sorted(self.noted.get(erasure_id, []), key=lambda key: key.answer_id)])

    def note(self, erasure: Erasure, *keys: AnswerKey) -> None:
        """Have an erasure of whoever gave these answers."""
        self.kept[erasure.erasure_id] = erasure
        self.noted[erasure.erasure_id] = list(keys)
