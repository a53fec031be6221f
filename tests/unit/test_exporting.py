"""Writing answers into a file, step by step, whatever stops in between."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest

from shared.alerts.ports import PersonFacts
from shared.answer import Answer, AnswerKey
from shared.api.export_files import MARK, FileFormat, lines_of
from shared.jobs.job import LEFT_ALONE, Job, JobKind, JobStatus, cancel
from shared.jobs.slices import Slicing, Taken, take_slice, tend
from shared.reading.exporting import AT_ONCE, FILE_LOST, Exporting, file_key
from shared.reading.page import Reading
from shared.reading.query import AnswerQuery
from shared.survey import Survey
from tests.fakes.answers import MemoryAnswers
from tests.fakes.jobs import MemoryFiles, MemoryJobs, MemoryQueue
from tests.fakes.memory import Memory
from tests.fakes.reading import MemoryFacts
from tests.fakes.samples import NOON, answer_of, survey_of

SURVEY: Final = survey_of(buckets=2)
NOW: Final = NOON + timedelta(days=20)
QUERY: Final = AnswerQuery(first=date(2026, 3, 1), last=date(2026, 3, 30))
SMALL_PART: Final = 9_000


class Desk:
    """An export under way, with a clock that its workers move."""

    def __init__(self, answers: int = 60, wanted: FileFormat = FileFormat.CSV, query: AnswerQuery = QUERY) -> None:
        self.memory = Memory(page=50)
        self.answers, self.people = MemoryAnswers(self.memory), MemoryFacts(self.memory)
        self.jobs, self.queue, self.files = MemoryJobs(self.memory), MemoryQueue(self.memory), MemoryFiles(self.memory)
        self.recorded: list[Job] = []
        self.time = NOW
        self.work = Slicing(jobs=self.jobs, queue=self.queue, files=self.files, now=self.now)
        self.exporting = Exporting(
            survey=SURVEY,
            query=query,
            lines=lines_of(SURVEY, wanted, "pt-BR"),
            reading=Reading(answers=self.answers, people=self.people),
            files=self.files,
            record=self.recorded.append,
            now=self.now,
            smallest_part=SMALL_PART,
        )
        self.given = [answer_of(SURVEY, number, number % 11, instant=NOON + number * timedelta(minutes=37)) for number in range(answers)]
        for answer in self.given:
            self.memory.plant(answer.key, answer)
            self.people.held[answer.key.answer_id] = PersonFacts(comment="é " * 40, name=f"Pessoa {answer.person_id}")
        self.jobs.add(job_of())

    def now(self) -> datetime:
        return self.time

    @property
    def job(self) -> Job:
        return self.jobs.jobs["exp_a"]

    def slice(self, steps: int = 3) -> Taken:
        left = iter(range(steps - 1))
        return take_slice("exp_a", self.exporting.step, self.work, lambda: next(left, None) is not None)

    def finish(self) -> None:
        while self.slice() is Taken.AGAIN:
            pass

    def file(self) -> str:
        return self.files.files[file_key(self.job)].decode()

    def ids(self) -> list[str]:
        return [record["Id da resposta"] for record in records(self.file())]


def job_of() -> Job:
    return Job(job_id="exp_a", kind=JobKind.EXPORT, survey_id="loja", asker="reader", created_at=NOW, changed_at=NOW)


def records(text: str) -> list[dict[str, str]]:
    assert text.count(MARK) == 1
    return list(csv.DictReader(io.StringIO(text.removeprefix(MARK), newline=""), delimiter=";"))


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty answers a step, so that there are some."""
    from shared.reading import exporting  # noqa: PLC0415 - to change what it has

    monkeypatch.setattr(exporting, "_STEP", exporting._STEP._replace(shown=20))  # noqa: SLF001 - what a step is


def test_every_answer_is_a_line_in_the_order_they_were_given() -> None:
    desk = Desk()
    desk.finish()
    assert desk.ids() == [answer.key.answer_id for answer in desk.given]
    assert (desk.job.status, desk.job.done, desk.job.total) == (JobStatus.DONE, 30, 30)
    assert desk.job.counts == {"answers": 60, "bytes": len(desk.file().encode())}
    assert desk.recorded[-1].counts["answers"] == 60


def test_json_lines_are_an_object_each_and_nothing_before() -> None:
    desk = Desk(wanted=FileFormat.JSON_LINES)
    desk.finish()
    lines = [json.loads(line) for line in desk.file().splitlines()]
    assert [line["answer_id"] for line in lines] == [answer.key.answer_id for answer in desk.given]
    assert lines[0]["person"]["name"] == f"Pessoa {desk.given[0].person_id}"


@pytest.mark.parametrize("wanted", FileFormat)
def test_no_answers_are_a_file_too(wanted: FileFormat) -> None:
    desk = Desk(answers=0, wanted=wanted)
    desk.finish()
    assert desk.job.status is JobStatus.DONE
    assert len(desk.files.files[file_key(desk.job)]) == desk.job.counts["bytes"]


def test_progress_is_seen_and_only_grows() -> None:
    desk, seen = Desk(), []
    while desk.slice(steps=1) is Taken.AGAIN:
        seen.append((desk.job.done, desk.job.counts["answers"]))
    assert seen == sorted(seen)
    assert len({answers for _, answers in seen}) > 3


class StoppedError(Exception):
    """The worker ended here."""


def calls_of_a_whole_export() -> int:
    desk, calls = Desk(), list[str]()
    desk.memory.faults.turn = calls.append
    desk.finish()
    return len(calls)


@pytest.mark.parametrize("stop", range(calls_of_a_whole_export()))
def test_wherever_a_worker_is_stopped_no_line_is_lost_or_written_twice(stop: int) -> None:
    desk, left = Desk(), [stop]

    def turn(_name: str) -> None:
        left[0] -= 1
        if left[0] == -1:
            raise StoppedError

    desk.memory.faults.turn = turn
    run(desk)
    assert desk.ids() == [answer.key.answer_id for answer in desk.given]
    assert desk.job.counts["bytes"] == len(desk.file().encode())
    assert {job.counts["answers"] for job in desk.recorded} == {60}


def run(desk: Desk) -> None:
    """Workers, and whoever tends, until it has ended; each of them may be stopped."""
    for _ in range(60):
        try:
            if desk.queue.woken or desk.job.revision == 1:
                desk.queue.woken.clear()
                desk.slice()
            tend(JobKind.EXPORT, desk.work)
        except StoppedError:
            pass
        if desk.job.has_ended:
            return
        desk.time += LEFT_ALONE
    raise AssertionError("it does not end")


def test_an_answer_that_comes_meanwhile_is_written_at_most_once_and_moves_no_other() -> None:
    desk = Desk()
    desk.slice()
    late = [answer_of(SURVEY, 500 + number, instant=NOON + number * timedelta(hours=9)) for number in range(6)]
    for answer in late:
        desk.memory.plant(answer.key, answer)
    desk.finish()
    assert len(set(desk.ids())) == len(desk.ids())
    assert set(desk.ids()) >= {answer.key.answer_id for answer in desk.given}


def test_who_is_erased_meanwhile_has_no_name_in_the_lines_that_were_not_written_yet() -> None:
    desk = Desk()
    desk.slice(steps=2)
    written = desk.job.counts["answers"]
    desk.people.erased = {answer.person_id for answer in desk.given}
    desk.finish()
    names = [record["Nome"] for record in records(desk.file())]
    assert 0 < written < 60
    assert all(names[:written])
    assert not any(names[written:])


def test_a_cancelled_export_leaves_no_file_and_is_not_recorded() -> None:
    desk = Desk()
    desk.slice()
    cancelled = cancel(desk.job, desk.time)
    assert cancelled is not None
    assert desk.jobs.advance(desk.job, cancelled)
    desk.files.discard(cancelled.prefix)
    assert desk.slice() is Taken.NOTHING
    assert (desk.files.files, desk.files.unfinished, desk.recorded) == ({}, {}, [])


def test_an_export_whose_unfinished_file_is_gone_fails_and_says_so() -> None:
    desk = Desk()
    desk.slice()
    desk.files.unfinished.clear()
    desk.finish()
    assert (desk.job.status, desk.job.failure) == (JobStatus.FAILED, FILE_LOST)


class Endless:
    """A hundred thousand answers that are made as they are read."""

    def __init__(self, survey: Survey, count: int) -> None:
        self.survey, self.count = survey, count

    def in_partition(self, partition: str, *, first_id: str, last_id: str, page: int) -> Iterator[Answer | AnswerKey]:
        del page
        for number in range(self._first(first_id), self.count):
            answer = answer_of(self.survey, number, instant=NOON + timedelta(milliseconds=number), commented=True)
            if answer.key.answer_id > last_id:
                return
            if answer.key.partition == partition and answer.key.answer_id >= first_id:
                yield answer

    @staticmethod
    def _first(first_id: str) -> int:
        since = int(first_id.replace("-", "")[:12], 16) - round(NOON.timestamp() * 1000)
        return max(0, since)

    def backwards(self, partition: str, *, first_id: str, last_id: str, page: int) -> Iterator[Answer | AnswerKey]:
        raise NotImplementedError


class Weighed(MemoryFiles):
    """Files that are not kept: only how much was handed over at a time, and in all."""

    def __init__(self) -> None:
        super().__init__(Memory())
        self.heaviest = self.lines = 0

    def put_part(self, key: str, upload_id: str, number: int, body: bytes) -> Any:  # noqa: ANN401 - as it is there
        self.heaviest, self.lines = max(self.heaviest, len(body)), self.lines + body.count(b"\r\n")
        return super().put_part(key, upload_id, number, body[:10])

    def complete(self, key: str, upload_id: str, parts: Any) -> None:  # noqa: ANN401 - likewise
        del upload_id, parts
        self.files[key] = b""


def test_a_hundred_thousand_answers_need_no_more_room_than_ten_thousand(monkeypatch: pytest.MonkeyPatch) -> None:
    from shared.reading import exporting  # noqa: PLC0415 - to change what it has

    monkeypatch.setattr(exporting, "_STEP", exporting._STEP._replace(shown=AT_ONCE))  # noqa: SLF001 - as it is
    survey, files, people = survey_of(buckets=1), Weighed(), MemoryFacts(Memory())
    export = Exporting(
        survey=survey,
        query=QUERY,
        lines=lines_of(survey, FileFormat.CSV, "en"),
        reading=Reading(answers=Endless(survey, 100_000), people=people),
        files=files,
        record=lambda _job: None,
        now=lambda: NOW,
    )
    job = replace(job_of(), status=JobStatus.RUNNING)
    while job.status is JobStatus.RUNNING:
        job = export.step(job)
        assert len(json.dumps(dict(job.cursor))) < 10_000
    assert (job.status, job.counts["answers"], files.lines) == (JobStatus.DONE, 100_000, 100_001)
    assert max(people.asked) == AT_ONCE
    assert files.heaviest < 6 * 2**20
