"""What reading answers works with, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.alerts.ports import PersonFacts
from shared.answer import Answer, AnswerKey
from shared.reading.audit import Exported
from tests.fakes.memory import Memory


@dataclass(slots=True)
class MemoryFacts:
    """Implements `Facts`. What is held of each answer, by its id; nothing of persons who were erased."""

    memory: Memory
    held: dict[str, PersonFacts] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    asked: list[int] = field(default_factory=list)
    """How many answers each call was about."""

    def facts_of(self, answers: Sequence[Answer]) -> Mapping[AnswerKey, PersonFacts]:
        with self.memory.call("read facts"):
            self.asked.append(len(answers))
            return {answer.key: self._of(answer) for answer in answers}

    def _of(self, answer: Answer) -> PersonFacts:
        return PersonFacts() if answer.person_id in self.erased else self.held.get(answer.key.answer_id, PersonFacts())


@dataclass(slots=True)
class MemoryExportAudit:
    """Implements `ExportAudit`."""

    entries: dict[str, Exported] = field(default_factory=dict)

    def record(self, exported: Exported) -> None:
        self.entries[exported.export_id] = exported
