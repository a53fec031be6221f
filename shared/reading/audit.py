"""What the audit trail keeps of an export: personal data went to a member of the company itself. Ids, enums, days and numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """Who took which answers out, how many they were, and when. `filters` are as they were asked for, words left out."""

    export_id: str
    survey_id: str
    key_id: str
    at: datetime
    first: date
    last: date
    answers: int
    filters: Mapping[str, str]
    by_words: bool = False
    """Whether only comments with certain words were taken. Which, is kept nowhere."""


class ExportAudit(Protocol):
    """The audit trail."""

    def record(self, exported: Exported) -> None:
        """Keep it. The same again, at the same time, changes nothing."""
