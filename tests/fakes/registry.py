"""Surveys and the sweep's ledger in memory."""

from collections.abc import Mapping
from datetime import datetime

from shared.survey import Survey
from tests.fakes.memory import Memory


class MemorySurveys:
    """Implements `SurveyReader`."""

    def __init__(self, *surveys: Survey) -> None:
        self.surveys = {survey.survey_id: survey for survey in surveys}

    def find(self, survey_id: str) -> Survey | None:
        return self.surveys.get(survey_id)

    def put(self, survey: Survey) -> None:
        """Keep it, in place of an earlier one."""
        self.surveys[survey.survey_id] = survey


class MemoryLedger:
    """Implements `SweepLedger`."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self._swept_at: datetime | None = None
        self._touched: dict[str, datetime] = {}

    def swept_at(self) -> datetime | None:
        with self.memory.call("swept_at"):
            return self._swept_at

    def record_sweep(self, began_at: datetime) -> None:
        with self.memory.call("record_sweep"):
            self._swept_at = began_at

    def touched(self) -> Mapping[str, datetime]:
        with self.memory.call("touched"):
            return dict(self._touched)

    def touch(self, partition: str, now: datetime) -> None:
        with self.memory.call("touch"):
            self._touched[partition] = now

    def forget(self, partition: str, touched_at: datetime) -> None:
        with self.memory.call("forget"):
            if self._touched.get(partition) == touched_at:
                del self._touched[partition]
