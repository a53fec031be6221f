"""A job: what is to be done, how far it is, and who is at it. Pure: every change gives the job as it is afterwards.

    new ──start──▶ waiting ──lease──▶ running ──▶ done | failed
                      ▲                  │
                      └── out of time ───┘        cancelled: from wherever it has not ended

A change is written only by whoever still finds the job as they read it (`revision`), and a slice is worked by whoever has its lease. So a
message that comes twice, late or to two workers at once is harmless: all but one of them lose, and change nothing.
"""

from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from types import MappingProxyType
from typing import Any, Final

FILES_KEPT: Final = timedelta(hours=24)
"""How long a job's files are there, counted from when it was asked for: shorter than an erasure waits before it looks a second time."""
KEPT: Final = timedelta(days=30)
"""How long one can still read what became of a job."""
LEASE: Final = timedelta(seconds=90)
"""From when a slice was taken, or went on: longer than any function that works on jobs may run, so whoever lost a lease has ended."""
LEFT_ALONE: Final = timedelta(minutes=5)
"""Whoever has waited for longer, or whose lease ended before that, is woken again: the message was lost."""
MOST_TRIES: Final = 5
"""So many slices one after another may end without a word; the next one gives the job up."""
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_ID_BYTES: Final = 16


class JobKind(StrEnum):
    """What a job does. Each kind has a queue, a function that works on it, and a `slices.Step`."""

    EXPORT = "export"
    IMPORT = "import"


class JobStatus(StrEnum):
    """The life of a job."""

    NEW = "new"
    """Made, and nobody has asked to begin: its file may still have to come."""
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED: Final = frozenset({JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED})
GAVE_UP: Final = "gave_up"
"""Why a job failed whose slices kept ending without a word."""
EXPIRED: Final = "expired"
"""Why a job failed that was not done when its files had to go."""


class Care(Enum):
    """What a job needs from whoever looks after all of them."""

    NOTHING = auto()
    WAKE = auto()
    EXPIRE = auto()
    """It is not done, and its time is over."""
    CLEAR = auto()
    """It has ended, and its files have to go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job. Ids, enums, days, numbers and times only: nothing that a person typed, nobody's name."""

    job_id: str
    kind: JobKind
    survey_id: str
    asker: str
    """The id of the key, or of the user, who asked."""
    created_at: datetime
    changed_at: datetime
    parameters: Mapping[str, Any] = field(default=NOTHING)
    """What was asked for, as JSON has it."""
    status: JobStatus = JobStatus.WAITING
    done: int = 0
    total: int | None = None
    """Of `done`, where it is known."""
    counts: Mapping[str, int] = field(default=NOTHING)
    """What came of it, as the kind names it."""
    cursor: Mapping[str, Any] = field(default=NOTHING)
    """Where the next slice goes on, as the kind has it; as JSON has it."""
    failure: str | None = None
    """Why it failed: a code, ours or the kind's."""
    tries: int = 0
    """Slices taken since one last got anywhere."""
    lease_until: datetime | None = None
    ended_at: datetime | None = None
    revision: int = 1

    @property
    def files_until(self) -> datetime:
        """When its files have to be gone; nobody gets a link to them after."""
        return self.created_at + FILES_KEPT

    @property
    def kept_until(self) -> datetime:
        """When it may be forgotten itself."""
        return (self.ended_at or self.files_until) + KEPT

    @property
    def has_ended(self) -> bool:
        """Whether nothing will be done on it any more."""
        return self.status in ENDED

    @property
    def prefix(self) -> str:
        """Under what its files lie."""
        return f"{self.kind}/{self.job_id}/"


def new_id(kind: JobKind, randomness: bytes) -> str:
    """An id that nobody guesses: `exp_` or `imp_` and 26 characters a-z2-7 of 128 random bits. Raises `ValueError` for fewer."""
    if len(randomness) < _ID_BYTES:
        raise ValueError("128 random bits are needed")
    return f"{kind[:3]}_{b32encode(randomness[:_ID_BYTES]).decode().rstrip('=').lower()}"


def start(job: Job, now: datetime, **changes: Any) -> Job | None:  # noqa: ANN401 - any field of a job
    """A new job that is to begin, from its beginning; None where it is no longer new."""
    if job.status is not JobStatus.NEW:
        return None
    return _changed(job, now, **{"status": JobStatus.WAITING, "cursor": NOTHING, "done": 0, "tries": 0} | changes)


def lease(job: Job, now: datetime) -> Job | None:
    """The job in the hands of one worker; None where it is not to be worked on, or somebody has it. Failed, after too many tries."""
    is_free = job.status is JobStatus.WAITING or (job.status is JobStatus.RUNNING and (job.lease_until is None or job.lease_until <= now))
    if not is_free:
        return None
    if now >= job.files_until:
        return fail(job, now, EXPIRED)
    if job.tries >= MOST_TRIES:
        return fail(job, now, GAVE_UP)
    return _changed(job, now, status=JobStatus.RUNNING, lease_until=now + LEASE, tries=job.tries + 1)


def go_on(job: Job, now: datetime) -> Job:
    """The job that has got somewhere and stays in the same hands."""
    return _changed(job, now, lease_until=now + LEASE, tries=0)


def release(job: Job, now: datetime) -> Job:
    """The job out of its worker's hands: with more to do it waits, otherwise it is as the slice has left it."""
    status = JobStatus.WAITING if job.status is JobStatus.RUNNING else job.status
    ended_at = now if status in ENDED else None
    return _changed(job, now, status=status, lease_until=None, tries=0, ended_at=ended_at)


def fail(job: Job, now: datetime, failure: str) -> Job:
    """The job that will not be done."""
    return _changed(job, now, status=JobStatus.FAILED, failure=failure, lease_until=None, ended_at=now)


def cancel(job: Job, now: datetime) -> Job | None:
    """The job that nobody wants done any more; None where it has ended. Whoever is at it loses it at its next word."""
    if job.has_ended:
        return None
    return _changed(job, now, status=JobStatus.CANCELLED, lease_until=None, ended_at=now)


def care_of(job: Job, now: datetime) -> Care:
    """What an open job needs: one that is not closed yet, so that files of it may be there."""
    if job.has_ended:
        is_over = now >= job.files_until
        is_unwanted = job.status is not JobStatus.DONE and job.ended_at is not None and now >= job.ended_at + LEASE  # nobody is at it still
        return Care.CLEAR if is_over or is_unwanted else Care.NOTHING
    if now >= job.files_until:
        return Care.EXPIRE
    silent_since = job.lease_until if job.status is JobStatus.RUNNING else job.changed_at
    is_silent = job.status is not JobStatus.NEW and silent_since is not None and now >= silent_since + LEFT_ALONE
    return Care.WAKE if is_silent else Care.NOTHING


def _changed(job: Job, now: datetime, **changes: Any) -> Job:  # noqa: ANN401 - any field of a job
    return replace(job, changed_at=now, revision=job.revision + 1, **changes)
