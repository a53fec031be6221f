"""What jobs need of the stores. Two implementations each: on AWS, and in memory for tests; one contract suite."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple, Protocol

from shared.jobs.job import Job, JobKind


class JobStore(Protocol):
    """The jobs. A job is open until its files are gone."""

    def add(self, job: Job) -> None:
        """Keep a new job, in the list and among the open ones, all or nothing."""

    def find(self, job_id: str) -> Job | None:
        """One job, strongly read."""

    def advance(self, seen: Job, new: Job) -> bool:
        """Write how far it is, if it still is as seen."""

    def close(self, job: Job) -> None:
        """Write that its files are gone. It can still be read."""

    def remove(self, job: Job) -> None:
        """Forget it altogether."""

    def listed(self, kind: JobKind, survey_id: str, most: int, asker: str | None = None) -> Sequence[Job]:
        """A survey's jobs, newest first, at most so many; those of one asker, if one is given."""

    def open(self, kind: JobKind) -> Iterator[Job]:
        """The jobs whose files may be there, strongly read."""


class JobQueue(Protocol):
    """Wakes whoever works on a kind of job."""

    def wake(self, job_id: str) -> None:
        """Have the next slice of it worked, soon."""


class Part(NamedTuple):
    """A part of a file that is being put together: its number, from 1, and what the store calls what it got."""

    number: int
    tag: str


class Upload(NamedTuple):
    """Where a client sends a file, and what with: a form, posted with the file in its last field, `file`."""

    url: str
    fields: Mapping[str, str]


class NoUploadError(Exception):
    """The file is not being put together: it was never begun, or is complete, or was given up."""


class NoFileError(Exception):
    """There is no such file, or no longer."""


SMALLEST_PART: Final = 5 * 2**20
"""Of all parts but the last (docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html); there may be 10,000."""


class Files(Protocol):
    """Files by their keys, which begin with a job's `prefix`. They are encrypted, and gone after a day whatever happens."""

    def put(self, key: str, body: bytes, media_type: str) -> None:
        """Write a whole file, over what is there."""

    def size(self, key: str) -> int | None:
        """Its bytes; None where there is none."""

    def read(self, key: str, first: int = 0, length: int | None = None) -> bytes:
        """Its bytes from `first`, at most so many (None: all); nothing past its end. Raises `NoFileError`."""

    def begin(self, key: str, media_type: str) -> str:
        """Begin a file that is put together of parts; returns the upload's id. Until it is complete there is no such file."""

    def put_part(self, key: str, upload_id: str, number: int, body: bytes) -> Part:
        """Write a part, over what it was. Raises `NoUploadError`."""

    def complete(self, key: str, upload_id: str, parts: Sequence[Part]) -> None:
        """Make one file of the parts; may be asked for again. Raises `NoUploadError` where neither upload nor file is there."""

    def discard(self, prefix: str) -> None:
        """Delete every file that begins with it, and give up those that are being put together."""

    def link(self, key: str, name: str, lives: timedelta) -> str:
        """An address that anybody may download the file from for so long, as `name`."""

    def upload(self, key: str, most_bytes: int, lives: timedelta) -> Upload:
        """A form that anybody may send the file with for so long, of 1 to `most_bytes` bytes."""
