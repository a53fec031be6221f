"""Working on jobs slice by slice, and looking after those that nobody works on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct

from shared.jobs.job import EXPIRED, Care, Job, JobKind, JobStatus, care_of, fail, go_on, lease, release
from shared.jobs.ports import Files, JobQueue, JobStore

SLICE_SECONDS: Final = 40.0
"""After so long no further step is begun, so a step may take what the function's time-out leaves."""

type Step = Callable[[Job], Job]
"""A few seconds of a job's work. It gives the job with its new `cursor`, `done`, `total` and `counts`; with its `status` too where there is
no more to do: `done`, `failed` (and `failure`), or `new` again. The same step may be taken twice from the same job, after a crash, and must
come out the same: what it writes lies under keys that follow from the job as it was."""


class JobMessage(Struct, frozen=True, forbid_unknown_fields=True):
    """What a queue brings."""

    job_id: str


class Taken(StrEnum):
    """What came of a message."""

    NOTHING = "nothing"
    """There is no such job, it has ended, or somebody else is at it."""
    LOST = "lost"
    """It was cancelled meanwhile, or somebody else took it."""
    AGAIN = "again"
    """There is more to do, and a message that says so."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slicing:
    """What working on jobs needs, whatever their kind."""

    jobs: JobStore
    queue: JobQueue
    files: Files
    now: Callable[[], datetime]


def take_slice(job_id: str, step: Step, work: Slicing, has_time: Callable[[], bool]) -> Taken:
    """Work on a job while there is time. Whatever `step` raises is raised: the message comes again, and goes on where the job last was."""
    seen = work.jobs.find(job_id)
    job = lease(seen, work.now()) if seen else None
    if seen is None or job is None:
        return Taken.NOTHING
    if not work.jobs.advance(seen, job):
        return Taken.LOST
    while job.status is JobStatus.RUNNING:
        after = step(job)
        stays = after.status is JobStatus.RUNNING and has_time()
        written = go_on(after, work.now()) if stays else release(after, work.now())
        if not work.jobs.advance(job, written):
            return _lost(job, work)
        job = written
    if job.status is JobStatus.WAITING:
        work.queue.wake(job_id)
        return Taken.AGAIN
    return Taken.ENDED


def _lost(job: Job, work: Slicing) -> Taken:
    """What was written for a job that is gone, or was cancelled, has to go too: whoever cancelled it may have been there before."""
    there = work.jobs.find(job.job_id)
    if there is None or there.status in {JobStatus.CANCELLED, JobStatus.FAILED}:
        work.files.discard(job.prefix)
    return Taken.LOST


def tend(kind: JobKind, work: Slicing) -> Mapping[Care, int]:
    """Look after the open jobs of a kind: wake those whose message was lost, give up those whose time is over, clear files away."""
    given = dict.fromkeys(Care, 0)
    for job in work.jobs.open(kind):
        care = care_of(job, work.now())
        given[care] += 1
        match care:
            case Care.WAKE:
                work.queue.wake(job.job_id)
            case Care.EXPIRE:
                if work.jobs.advance(job, fail(job, work.now(), EXPIRED)):
                    clear(job, work)
            case Care.CLEAR:
                clear(job, work)
            case Care.NOTHING:
                pass
    return given


def clear(job: Job, work: Slicing) -> None:
    """Delete the files of a job that has ended, then close it."""
    work.files.discard(job.prefix)
    work.jobs.close(job)
