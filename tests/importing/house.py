"""A survey, its stores in memory, and workers that import into it, taking turns at every call, ended anywhere."""

import csv
import io
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec

from shared import dimension as dim
from shared.counting.importing import PastCounting
from shared.importing import stepping
from shared.importing.batch import Desk
from shared.importing.filing import FileNames, Mode
from shared.importing.options import ImportOptions
from shared.importing.stepping import Stepping
from shared.jobs.job import Job, JobKind, JobStatus, start
from shared.jobs.slices import Slicing, take_slice
from shared.privacy.suppression import Suppression
from shared.survey import Survey
from tests.counting.auditor import Auditor
from tests.counting.scheduler import Scheduler, Worker
from tests.fakes.answers import MemoryAnswers
from tests.fakes.bus import MemoryBus
from tests.fakes.imported import MemoryImported
from tests.fakes.imported_people import MemoryImportedPeople
from tests.fakes.jobs import MemoryFiles, MemoryJobs, MemoryQueue
from tests.fakes.memory import Memory
from tests.fakes.people import MemoryPeople
from tests.fakes.registry import MemoryLedger
from tests.fakes.rollups import MemoryRollups
from tests.fakes.samples import NOON, survey_of
from tests.fakes.suppressions import MemorySuppressionKeys, MemorySuppressions

PEPPER = b"pepper"
_MOST_ROUNDS = 2_000


class ImportHouse:
    """One survey and everything that an import needs."""

    def __init__(self, survey: Survey | None = None, seed: int = 0) -> None:
        self.survey = survey or survey_of()
        self.random = Random(seed)
        self.now = NOON
        self.memory = Memory(page=100)
        self.auditor = Auditor(self.memory, MemoryBus(self.memory))
        self.people = MemoryPeople(self.memory, PEPPER)
        self.rollups = MemoryRollups(self.memory)
        self.answers = MemoryAnswers(self.memory)
        self.files = MemoryFiles(self.memory)
        self.jobs = MemoryJobs(self.memory)
        self.queue = MemoryQueue(self.memory)
        self.suppression = Suppression(MemorySuppressionKeys(), MemorySuppressions(), lambda: PEPPER)
        self.scheduler = Scheduler(self.random)
        self.memory.faults.turn = self.scheduler.turn
        self.slicing = Slicing(jobs=self.jobs, queue=self.queue, files=self.files, now=lambda: self.now)
        desk = Desk(
            past=PastCounting(MemoryImported(self.memory), MemoryLedger(self.memory), lambda _: self.scheduler.turn("pause")),
            persons=MemoryImportedPeople(self.people),
            answers=self.answers,
            suppressed=self.suppression,
            pepper=lambda: PEPPER,
        )
        self.stepping = Stepping(self.files, self.rollups, desk, lambda: self.now)

    def begin(self, data: bytes, **options: Any) -> Job:  # noqa: ANN401 - any option
        """A new import, whose file has come."""
        number = len(self.jobs.jobs)
        job = Job(
            job_id=f"imp_{number}",
            kind=JobKind.IMPORT,
            survey_id=self.survey.survey_id,
            asker="key",
            created_at=self.now,
            changed_at=self.now,
            status=JobStatus.NEW,
        )
        self.jobs.add(job)
        self.files.put(FileNames(job).options, msgspec.json.encode(msgspec.convert(options, ImportOptions)), "")
        self.files.put(FileNames(job).upload, data, "")
        return job

    def set_going(self, job: Job, mode: Mode) -> None:
        """As the API does it."""
        there = self.jobs.jobs[job.job_id]
        run = int(there.parameters.get("run", 0)) + 1
        started = start(there, self.now, parameters={"mode": mode.value, "run": run}, counts={})
        assert started
        assert self.jobs.advance(there, started)
        self.queue.wake(job.job_id)

    def work_off(self, job: Job, mode: Mode = Mode.IMPORT) -> Job:
        """In one go, undisturbed."""
        self.set_going(job, mode)
        while self.queue.woken:
            self.take(self.queue.woken.pop(0))
        return self.jobs.jobs[job.job_id]

    def work_off_under_fire(self, job: Job, crash_rate: float) -> Job:
        """By several workers at once, who are ended anywhere; messages come twice, and leases run out under those who work."""
        self.set_going(job, Mode.IMPORT)
        self.scheduler.crash_rate = crash_rate
        for _ in range(_MOST_ROUNDS):
            if self.queue.woken and len(self.scheduler.workers) < 3:
                self._start(self.queue.woken.pop(0))
            for _ in range(self.random.randint(1, 120)):
                if self.scheduler.workers:
                    self.scheduler.step()
            if self.random.random() < 0.1:
                self.now += timedelta(minutes=2)
            if not self.scheduler.workers and not self.queue.woken:
                there = self.jobs.jobs[job.job_id]
                if there.has_ended:
                    return there
                self.now += timedelta(minutes=2)
                self.queue.wake(job.job_id)
        raise AssertionError("it never came to its end")

    def _start(self, job_id: str) -> None:
        if self.random.random() < 0.2:
            self.queue.woken.append(job_id)
        more = self.random.randint(0, 3)

        def has_time() -> bool:
            nonlocal more
            more -= 1
            return more >= 0

        def run() -> None:
            take_slice(job_id, self._step, self.slicing, has_time)

        self.scheduler.start(Worker("import", run, lambda _: None, lambda: self.queue.woken.append(job_id), self.now))

    def take(self, job_id: str) -> None:
        """One slice, as long as it takes."""
        take_slice(job_id, self._step, self.slicing, lambda: True)

    def _step(self, job: Job) -> Job:
        return stepping.step(job, self.survey, self.stepping)

    def report(self, job: Job) -> list[dict[str, str]]:
        """The whole report, line by line."""
        text = self.files.files[FileNames(job).report].decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))

    def scores(self) -> Counter[int]:
        """What the `all` row has, of all days."""
        return self.row(dim.ALL)

    def row(self, name: str) -> Counter[int]:
        """What a row has, of all days."""
        total: Counter[int] = Counter()
        for shard_row, days in self.memory.rows.items():
            if shard_row.row == name:
                for row in days.values():
                    total.update(row.bins)
        return +total


def csv_file(rows: list[Mapping[str, str]]) -> bytes:
    """As Excel in Brazil writes it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def line(number: int, score: object = 9, at: datetime | None = None) -> dict[str, str]:
    """A row of such a file."""
    when = (at or NOON - timedelta(days=number % 50)).strftime("%Y-%m-%d %H:%M:%S UTC")
    return {"id": f"r{number}", "nota": str(score), "data": when, "comentário": "", "e-mail": "", "nome": "", "cliente": "", "canal": ""}
