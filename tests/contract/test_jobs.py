"""The contract of JobStore, held to by memory and by DynamoDB."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Final

import pytest

from shared.jobs.job import KEPT, Job, JobKind, JobStatus, cancel, lease
from shared.jobs.ports import JobStore
from shared.store.jobs import Jobs
from shared.store.tables import JobItem, bind
from tests.contract.ledger_tables import made
from tests.fakes.jobs import MemoryJobs
from tests.fakes.memory import Memory
from tests.fakes.samples import NOON

SECOND: Final = timedelta(seconds=1)
_numbers: Final = count()


def job_of(number: int = 1, **changes: object) -> Job:
    job = Job(
        job_id=f"exp_{number:026}",
        kind=JobKind.EXPORT,
        survey_id="demo",
        asker="reader",
        created_at=NOON + number * SECOND,
        changed_at=NOON + number * SECOND,
        parameters={"format": "csv", "from": "2026-03-01", "scores": [0, 1], "segments": {"plan": "pro"}},
    )
    return replace(job, **changes)  # type: ignore[arg-type]  # any field of a job


@pytest.fixture
def jobs(kind: str) -> JobStore:
    """An empty store."""
    if kind == "memory":
        return MemoryJobs(Memory())
    bind(JobItem, made(f"jobs-{next(_numbers)}"))
    return Jobs()


def test_what_is_kept_is_found_as_it_was(jobs: JobStore) -> None:
    assert jobs.find(job_of().job_id) is None
    plain = job_of()
    full = job_of(
        2,
        kind=JobKind.IMPORT,
        status=JobStatus.FAILED,
        done=3,
        total=9,
        counts={"answers": 2},
        cursor={"after": "019cd843", "parts": [["1", "tag"]], "deep": {"is": None}},
        failure="gave_up",
        tries=2,
        lease_until=NOON + SECOND,
        ended_at=NOON + 2 * SECOND,
        revision=7,
    )
    for job in (plain, full):
        jobs.add(job)
        assert jobs.find(job.job_id) == job


def test_a_job_is_moved_by_whoever_still_finds_it_as_they_read_it(jobs: JobStore) -> None:
    first = job_of()
    jobs.add(first)
    second = lease(first, NOON + 9 * SECOND)
    assert second is not None
    assert jobs.advance(first, second)
    assert not jobs.advance(first, second)
    assert jobs.find(first.job_id) == second
    third = cancel(second, NOON + 10 * SECOND)
    assert third is not None
    assert jobs.advance(second, third)
    assert jobs.find(first.job_id) == third


def test_a_job_that_is_gone_is_not_brought_back(jobs: JobStore) -> None:
    job = job_of()
    jobs.add(job)
    jobs.remove(job)
    assert not jobs.advance(job, replace(job, revision=2))
    assert jobs.find(job.job_id) is None
    assert not jobs.listed(JobKind.EXPORT, "demo", 10)
    assert not list(jobs.open(JobKind.EXPORT))
    jobs.remove(job)
    jobs.close(job)


def test_a_surveys_jobs_are_listed_newest_first_and_by_who_asked(jobs: JobStore) -> None:
    mine = [job_of(number) for number in (3, 1, 5)]
    others = [job_of(2, survey_id="outra"), job_of(4, asker="somebody"), job_of(6, kind=JobKind.IMPORT)]
    for job in (*mine, *others):
        jobs.add(job)
    newest_first = sorted(mine, key=lambda job: job.created_at, reverse=True)
    assert list(jobs.listed(JobKind.EXPORT, "demo", 10, "reader")) == newest_first
    assert list(jobs.listed(JobKind.EXPORT, "demo", 2, "reader")) == newest_first[:2]
    assert list(jobs.listed(JobKind.EXPORT, "demo", 10)) == [newest_first[0], others[1], *newest_first[1:]]
    assert list(jobs.listed(JobKind.IMPORT, "demo", 10)) == [others[2]]
    assert not jobs.listed(JobKind.EXPORT, "none", 10)


def test_long_lists_are_whole_and_tell_how_jobs_are_now(jobs: JobStore) -> None:
    for number in range(130):
        jobs.add(job_of(number))
    moved = replace(job_of(), status=JobStatus.DONE, revision=2)
    assert jobs.advance(job_of(), moved)
    listed = jobs.listed(JobKind.EXPORT, "demo", 1_000)
    assert [job.job_id for job in listed] == [job_of(number).job_id for number in reversed(range(130))]
    assert listed[-2] == moved
    assert {job.job_id for job in jobs.open(JobKind.EXPORT)} == {job.job_id for job in listed}


def test_a_closed_job_is_open_no_more_and_can_be_read(jobs: JobStore) -> None:
    for number in (1, 2):
        jobs.add(job_of(number))
    jobs.add(job_of(3, kind=JobKind.IMPORT))
    jobs.close(job_of(1))
    assert list(jobs.open(JobKind.EXPORT)) == [job_of(2)]
    assert list(jobs.open(JobKind.IMPORT)) == [job_of(3, kind=JobKind.IMPORT)]
    assert jobs.find(job_of(1).job_id) == job_of(1)


def test_of_many_at_once_one_gets_the_lease(jobs: JobStore) -> None:
    first = job_of()
    jobs.add(first)
    second = lease(first, NOON + 9 * SECOND)
    assert second is not None
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: jobs.advance(first, second), range(8))) == 1


@pytest.mark.parametrize("kind", ["moto", "emulator"], indirect=True)
def test_items_go_thirty_days_after_the_end(jobs: JobStore) -> None:
    ended = replace(job_of(), status=JobStatus.DONE, ended_at=NOON + 60 * SECOND, revision=2)
    jobs.add(job_of())
    assert jobs.advance(job_of(), ended)
    [item] = JobItem.query(f"job#{ended.job_id}")
    assert item.expires_at == (NOON + 60 * SECOND + KEPT).timestamp()
    rows = [*JobItem.query("jobs#export#demo"), *JobItem.query("open#export")]
    assert [row.expires_at for row in rows] == [job_of().kept_until.timestamp()] * 2
