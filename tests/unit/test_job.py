"""The life of a job."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.jobs.job import (
    ENDED,
    EXPIRED,
    FILES_KEPT,
    GAVE_UP,
    KEPT,
    LEASE,
    LEFT_ALONE,
    MOST_TRIES,
    Care,
    Job,
    JobKind,
    JobStatus,
    cancel,
    care_of,
    fail,
    go_on,
    lease,
    new_id,
    release,
    start,
)
from shared.jobs.slices import SLICE_SECONDS, Slicing, Taken, take_slice, tend
from shared.privacy.steps import SECOND_LOOK
from tests.fakes.jobs import MemoryFiles, MemoryJobs, MemoryQueue
from tests.fakes.memory import Memory
from tests.fakes.samples import NOON

SECOND: Final = timedelta(seconds=1)
MOST: Final = 30


def job_of(status: JobStatus = JobStatus.WAITING, **changes: object) -> Job:
    job = Job(job_id="exp_a", kind=JobKind.EXPORT, survey_id="demo", asker="reader", created_at=NOON, changed_at=NOON, status=status)
    return replace(job, **changes)  # type: ignore[arg-type]  # any field of a job


def test_ids_say_the_kind_and_are_as_random_as_what_they_are_made_of() -> None:
    assert new_id(JobKind.EXPORT, bytes(16)) == "exp_" + "a" * 26
    assert new_id(JobKind.IMPORT, bytes(range(16))) != new_id(JobKind.IMPORT, bytes(range(1, 17)))
    with pytest.raises(ValueError, match="128"):
        new_id(JobKind.EXPORT, bytes(15))


def test_a_waiting_job_is_leased_by_one() -> None:
    leased = lease(job_of(), NOON + SECOND)
    assert leased == job_of(JobStatus.RUNNING, lease_until=NOON + SECOND + LEASE, tries=1, revision=2, changed_at=NOON + SECOND)
    assert lease(leased, NOON + SECOND + LEASE - SECOND) is None
    assert lease(leased, NOON + SECOND + LEASE) is not None


@pytest.mark.parametrize("status", [JobStatus.NEW, *sorted(ENDED)])
def test_what_is_new_or_has_ended_is_leased_by_nobody(status: JobStatus) -> None:
    assert lease(job_of(status), NOON + SECOND) is None


def test_a_job_whose_slices_keep_ending_without_a_word_is_given_up() -> None:
    job, now = job_of(), NOON
    for _ in range(MOST_TRIES):
        leased = lease(job, now)
        assert leased is not None
        assert leased.status is JobStatus.RUNNING
        job, now = leased, now + LEASE
    given_up = lease(job, now)
    assert given_up is not None
    assert (given_up.status, given_up.failure, given_up.ended_at) == (JobStatus.FAILED, GAVE_UP, now)


def test_getting_anywhere_counts_the_tries_anew() -> None:
    leased = lease(job_of(tries=MOST_TRIES - 1), NOON)
    assert leased is not None
    assert go_on(leased, NOON).tries == release(leased, NOON).tries == 0


def test_a_job_out_of_its_time_is_not_begun() -> None:
    late = lease(job_of(), NOON + FILES_KEPT)
    assert late is not None
    assert (late.status, late.failure) == (JobStatus.FAILED, EXPIRED)


def test_released_with_more_to_do_it_waits_otherwise_it_is_what_the_slice_made_it() -> None:
    leased = lease(job_of(), NOON)
    assert leased is not None
    assert release(leased, NOON).status is JobStatus.WAITING
    assert release(leased, NOON).ended_at is None
    done = release(replace(leased, status=JobStatus.DONE), NOON + SECOND)
    assert (done.status, done.ended_at, done.lease_until) == (JobStatus.DONE, NOON + SECOND, None)
    assert done.kept_until == NOON + SECOND + KEPT
    assert release(replace(leased, status=JobStatus.NEW), NOON).status is JobStatus.NEW


def test_a_new_job_begins_when_it_is_asked_to_and_from_its_beginning() -> None:
    job = job_of(JobStatus.NEW, cursor={"line": 9}, done=9, total=9)
    begun = start(job, NOON + SECOND, parameters={"dry_run": False})
    assert begun is not None
    assert (begun.status, begun.cursor, begun.done, begun.parameters) == (JobStatus.WAITING, {}, 0, {"dry_run": False})
    assert start(begun, NOON) is None


@pytest.mark.parametrize("status", JobStatus)
def test_whatever_has_not_ended_can_be_cancelled(status: JobStatus) -> None:
    cancelled = cancel(job_of(status), NOON + SECOND)
    assert (cancelled is None) is (status in ENDED)
    if cancelled is not None:
        assert (cancelled.status, cancelled.ended_at, cancelled.revision) == (JobStatus.CANCELLED, NOON + SECOND, 2)


@pytest.mark.parametrize(
    ("job", "after", "care"),
    [
        (job_of(), LEFT_ALONE - SECOND, Care.NOTHING),
        (job_of(), LEFT_ALONE, Care.WAKE),
        (job_of(JobStatus.RUNNING, lease_until=NOON + LEASE), LEFT_ALONE, Care.NOTHING),
        (job_of(JobStatus.RUNNING, lease_until=NOON + LEASE), LEASE + LEFT_ALONE, Care.WAKE),
        (job_of(JobStatus.NEW), FILES_KEPT - SECOND, Care.NOTHING),
        (job_of(JobStatus.DONE), FILES_KEPT - SECOND, Care.NOTHING),
        (job_of(JobStatus.DONE), FILES_KEPT, Care.CLEAR),
        (job_of(JobStatus.FAILED, ended_at=NOON), LEASE, Care.CLEAR),
        (job_of(JobStatus.CANCELLED, ended_at=NOON), LEASE - SECOND, Care.NOTHING),
        (job_of(JobStatus.CANCELLED, ended_at=NOON), LEASE, Care.CLEAR),
        *((job_of(status), FILES_KEPT, Care.EXPIRE) for status in (JobStatus.NEW, JobStatus.WAITING, JobStatus.RUNNING)),
    ],
)
def test_what_a_job_needs_from_who_looks_after_it(job: Job, after: timedelta, care: Care) -> None:
    assert care_of(job, NOON + after) is care


@given(st.sampled_from(JobStatus), st.timedeltas(timedelta(0), FILES_KEPT * 2), st.timedeltas(timedelta(0), FILES_KEPT * 2))
def test_every_change_is_a_revision_further_and_ended_jobs_say_when(status: JobStatus, age: timedelta, held: timedelta) -> None:
    now = NOON + age
    job = job_of(status, lease_until=NOON + held, ended_at=NOON if status in ENDED else None)
    changes = [lease(job, now), cancel(job, now), start(job, now), release(job, now), go_on(job, now), fail(job, now, EXPIRED)]
    for changed in changes:
        if changed is not None:
            assert changed.revision == job.revision + 1
            assert changed.has_ended == (changed.ended_at is not None) or changed.status is status


def test_files_are_gone_before_an_erasure_looks_a_second_time() -> None:
    assert FILES_KEPT + 2 * LEFT_ALONE < SECOND_LOOK  # and those who tend come by every five minutes


def test_a_lease_is_longer_than_a_slice() -> None:
    assert timedelta(seconds=SLICE_SECONDS) < LEASE


class World:
    """A job that counts to `MOST`, in steps of one, each of which writes a file; workers that may be stopped anywhere."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.jobs, self.queue, self.files = MemoryJobs(self.memory), MemoryQueue(self.memory), MemoryFiles(self.memory)
        self.time = NOON
        self.work = Slicing(jobs=self.jobs, queue=self.queue, files=self.files, now=lambda: self.time)
        self.jobs.add(job_of())
        self.steps_left = 0

    @property
    def job(self) -> Job:
        return self.jobs.jobs["exp_a"]

    def step(self, job: Job) -> Job:
        self.files.put(f"{job.prefix}{job.done}", b"x", "text/plain")
        done = job.done + 1
        return replace(job, done=done, cursor={"at": done}, status=JobStatus.DONE if done == MOST else job.status)

    def has_time(self) -> bool:
        self.steps_left -= 1
        return self.steps_left > 0

    def slice(self, steps: int = 7) -> Taken:
        self.steps_left = steps
        return take_slice("exp_a", self.step, self.work, self.has_time)


def test_a_job_is_worked_off_slice_by_slice() -> None:
    world = World()
    assert [world.slice() for _ in range(6)] == [*[Taken.AGAIN] * 4, Taken.ENDED, Taken.NOTHING]
    assert (world.job.status, world.job.done, len(world.files.files), len(world.queue.woken)) == (JobStatus.DONE, MOST, MOST, 4)


def test_who_finds_it_in_other_hands_leaves_it() -> None:
    world = World()
    held = lease(world.job, NOON)
    assert held is not None
    assert world.jobs.advance(world.job, held)
    assert world.slice() is Taken.NOTHING
    assert world.job == held
    assert take_slice("exp_b", world.step, world.work, lambda: True) is Taken.NOTHING


def test_a_job_that_is_cancelled_or_removed_while_somebody_is_at_it_leaves_no_file() -> None:
    for removed in (False, True):
        world = World()

        def interrupted(job: Job, world: World = world, *, removed: bool = removed) -> Job:
            after = world.step(job)
            if job.done == 3:
                cancelled = cancel(world.job, world.time)
                assert cancelled is not None
                assert world.jobs.advance(world.job, cancelled)
                world.files.discard(job.prefix)
                if removed:
                    world.jobs.remove(cancelled)
                world.files.put(f"{job.prefix}late", b"x", "text/plain")
            return after

        assert take_slice("exp_a", interrupted, world.work, lambda: True) is Taken.LOST
        assert not world.files.files


def test_a_job_that_somebody_else_ended_keeps_its_file() -> None:
    world = World()

    def overtaken(job: Job) -> Job:
        after = world.step(job)
        done = replace(world.job, status=JobStatus.DONE, revision=job.revision + 1)
        assert world.jobs.advance(world.job, done)
        return after

    assert take_slice("exp_a", overtaken, world.work, lambda: True) is Taken.LOST
    assert world.files.files


class StoppedError(Exception):
    """The worker ended here."""


def places_of_a_whole_job() -> int:
    world, places = World(), Counter[str]()
    world.memory.faults.turn = lambda name: places.update([name])
    while world.slice() is Taken.AGAIN:
        pass
    return places.total()


@pytest.mark.parametrize(("first", "second"), list(product(range(0, places_of_a_whole_job(), 11), range(0, 60, 17))))
def test_wherever_workers_are_stopped_the_job_is_done_once(first: int, second: int) -> None:
    world = World()
    stops = iter([first, second])
    left = [next(stops)]

    def turn(_name: str) -> None:
        left[0] -= 1
        if left[0] == -1:
            left[0] = next(stops, 10**9)
            raise StoppedError

    world.memory.faults.turn = turn
    deadline: datetime = NOON + timedelta(hours=2)
    while world.job.status is not JobStatus.DONE and world.time < deadline:
        try:
            if world.queue.woken or world.job.revision == 1:
                world.queue.woken.clear()
                world.slice()
            tend(JobKind.EXPORT, world.work)
        except StoppedError:
            pass
        world.time += LEFT_ALONE
    assert (world.job.status, world.job.done, sorted(world.files.files)) == (
        JobStatus.DONE,
        MOST,
        sorted(f"export/exp_a/{number}" for number in range(MOST)),
    )


def test_whoever_tends_clears_away_what_has_ended_or_is_over() -> None:
    world = World()
    while world.slice() is Taken.AGAIN:
        pass
    assert tend(JobKind.EXPORT, world.work)[Care.NOTHING] == 1
    assert world.files.files
    world.time += FILES_KEPT
    assert tend(JobKind.EXPORT, world.work)[Care.CLEAR] == 1
    assert not world.files.files
    assert not list(world.jobs.open(JobKind.EXPORT))
    late = World()
    late.slice(steps=2)
    late.time += FILES_KEPT
    assert tend(JobKind.EXPORT, late.work)[Care.EXPIRE] == 1
    assert (late.job.status, late.job.failure, late.files.files) == (JobStatus.FAILED, EXPIRED, {})
