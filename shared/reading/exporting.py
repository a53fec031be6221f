"""Writing a survey's answers into a file, step by step: the `jobs.slices.Step` of exports.

The file is put together of parts of 5 MB and more. What does not fill one lies in a file of its own, the tail, until the next step. A step
goes on from the job's cursor alone: the position after which answers were not written yet, the parts, and whether there is a tail. What it
writes lies under names that follow from the job as it was (the part's number; of two tails the one it does not read), so a step that is
taken again, after a crash anywhere in it, writes over what it wrote, and no line is lost or written twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Protocol

from shared.jobs.job import Job, JobStatus
from shared.jobs.ports import SMALLEST_PART, Files, NoUploadError, Part
from shared.periods import local_day
from shared.reading.page import Bounds, Page, Reading, Row, page_of
from shared.reading.query import AnswerQuery
from shared.reading.walk import Route, route_of
from shared.survey import Survey

AT_ONCE: Final = 1_000
"""Answers of a step."""
_STEP: Final = Bounds(shown=AT_ONCE, looked_at=5_000, days=120)
FILE_LOST: Final = "file_lost"
"""Why an export failed whose unfinished file is not there any more."""
NO_SURVEY: Final = "no_survey"
_TAIL_TYPE: Final = "application/octet-stream"


class Lines(Protocol):
    """Writes answers as lines of a file."""

    media_type: str

    def head(self) -> bytes:
        """What the file begins with."""

    def of(self, rows: Sequence[Row]) -> bytes:
        """The lines of some answers."""


class Exporting:
    """One export's work. `record` writes into the audit trail that it is done; it may be called twice with the same job."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is read, from where, how, and into what
        self,
        survey: Survey,
        query: AnswerQuery,
        lines: Lines,
        reading: Reading,
        files: Files,
        record: Callable[[Job], None],
        now: Callable[[], datetime],
        smallest_part: int = SMALLEST_PART,
    ) -> None:
        """Take what it needs."""
        self._survey, self._query, self._lines, self._reading, self._files = survey, query, lines, reading, files
        self._record, self._now, self._smallest_part = record, now, smallest_part

    def step(self, job: Job) -> Job:
        """The next step, as `jobs.slices.Step` has it."""
        try:
            if not job.cursor:
                return self._begun(job)
            return self._ended(job) if job.cursor["is_whole"] else self._written(job)
        except NoUploadError:
            return replace(job, status=JobStatus.FAILED, failure=FILE_LOST)

    def _begun(self, job: Job) -> Job:
        upload = self._files.begin(file_key(job), self._lines.media_type)
        cursor: dict[str, Any] = {"upload": upload, "parts": [], "position": None, "step": 0, "is_whole": False}
        return replace(job, cursor=cursor, total=(self._query.last - self._query.first).days + 1, counts={"answers": 0, "bytes": 0})

    def _written(self, job: Job) -> Job:
        cursor = job.cursor
        # Of when it was asked for, so that it ends even where answers come faster than they are written.
        route = route_of(self._survey, self._query.first, self._query.last, job.created_at)
        page = page_of(self._query, route, cursor["position"], self._reading, _STEP, self._now())
        before = self._files.read(_tail_key(job, cursor["step"])) if cursor["step"] else self._lines.head()
        lines = self._lines.of(page.rows)
        kept = self._kept(job, before + lines, is_last=page.position is None)
        counts = {
            "answers": job.counts["answers"] + len(page.rows),
            "bytes": job.counts["bytes"] + len(lines) + (0 if cursor["step"] else len(before)),
        }
        return replace(job, cursor={**cursor, **kept, "position": page.position}, counts=counts, done=self._days_until(route, page, job))

    def _kept(self, job: Job, body: bytes, *, is_last: bool) -> Mapping[str, Any]:
        """Write it as a part, if it is one, and the rest as the next step's tail; what the cursor says of it."""
        parts, step = job.cursor["parts"], job.cursor["step"]
        if len(body) >= self._smallest_part or (is_last and (body or not parts)):
            part = self._files.put_part(file_key(job), job.cursor["upload"], len(parts) + 1, body)
            parts, body = [*parts, list(part)], b""
        if not is_last:
            self._files.put(_tail_key(job, step + 1), body, _TAIL_TYPE)
        return {"parts": parts, "step": step + 1, "is_whole": is_last}

    def _ended(self, job: Job) -> Job:
        self._files.complete(file_key(job), job.cursor["upload"], [Part(number, tag) for number, tag in job.cursor["parts"]])
        self._record(job)
        return replace(job, status=JobStatus.DONE, done=job.total or job.done)

    def _days_until(self, route: Route, page: Page, job: Job) -> int:
        """Local days that are behind."""
        if page.position is None:
            return job.total or job.done
        day = local_day(max(page.until, route.begin), self._survey.settings.time_zone)
        return min(max(job.done, (day - self._query.first).days), job.total or 0)


def file_key(job: Job) -> str:
    """Where an export's file lies."""
    return f"{job.prefix}file"


def _tail_key(job: Job, step: int) -> str:
    return f"{job.prefix}tail-{step % 2}"
