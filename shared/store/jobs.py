"""Jobs: what takes longer than a request. Implements `jobs.ports.JobStore` and `JobQueue`. No stream reads this table."""

from collections.abc import Callable, Iterator, Sequence
from itertools import batched, islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import msgspec
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from shared.jobs.job import Job, JobKind, JobStatus
from shared.jobs.slices import JobMessage
from shared.store import transactions
from shared.store.answer_items import instant_of, milliseconds
from shared.store.registry import written
from shared.store.settings import pause_with_jitter
from shared.store.tables import JobItem, connection

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_sqs import SQSClient

_JOB: Final = "job"
_PAGE: Final = 100
_TRIES: Final = 6


class JobsBusyError(Exception):
    """The items kept changing under us; the same may pass a moment later."""


class Jobs:
    """The repository of jobs."""

    def add(self, job: Job) -> None:
        """Keep a new job, in the list and among the open ones, all or nothing."""

        def adding(transaction: TransactWrite) -> None:
            transaction.save(_item_of(job), condition=JobItem.pk.does_not_exist())
            transaction.save(_listing_of(job))
            transaction.save(_open_row_of(job))

        _commit(adding)

    def find(self, job_id: str) -> Job | None:
        """One job, strongly read."""
        try:
            return _job_of(JobItem.get(_partition_of(job_id), _JOB, consistent_read=True))
        except JobItem.DoesNotExist:
            return None

    def advance(self, seen: Job, new: Job) -> bool:
        """Write how far it is, if it still is as seen."""
        return written(lambda: _item_of(new).save(condition=JobItem.revision == seen.revision))

    def close(self, job: Job) -> None:
        """Write that its files are gone. It can still be read."""
        _open_row_of(job).delete()

    def remove(self, job: Job) -> None:
        """Forget it altogether."""

        def removing(transaction: TransactWrite) -> None:
            for item in (_item_of(job), _listing_of(job), _open_row_of(job)):
                transaction.delete(item)

        _commit(removing)

    def listed(self, kind: JobKind, survey_id: str, most: int, asker: str | None = None) -> Sequence[Job]:
        """A survey's jobs, newest first, at most so many; those of one asker, if one is given."""
        rows = JobItem.query(
            f"jobs#{kind}#{survey_id}",
            scan_index_forward=False,
            filter_condition=None if asker is None else JobItem.asker == asker,
            consistent_read=True,
        )
        return list(_jobs_named(item.sk.split("#", 1)[1] for item in islice(rows, most)))

    def open(self, kind: JobKind) -> Iterator[Job]:
        """The jobs whose files may be there, strongly read."""
        return _jobs_named(item.sk for item in JobItem.query(_open_partition(kind), consistent_read=True))


class SqsJobs:
    """One SQS queue, whose messages name jobs of one kind."""

    def __init__(self, sqs: "SQSClient", queue_url: str) -> None:
        """Send to `queue_url`."""
        self._sqs = sqs
        self._queue_url = queue_url

    def wake(self, job_id: str) -> None:
        """Have the next slice of it worked, soon."""
        self._sqs.send_message(QueueUrl=self._queue_url, MessageBody=msgspec.json.encode(JobMessage(job_id)).decode())


def _jobs_named(job_ids: Iterator[str]) -> Iterator[Job]:
    for page in batched(job_ids, _PAGE, strict=False):
        keys = [(_partition_of(job_id), _JOB) for job_id in page]
        found = {job.job_id: job for job in map(_job_of, JobItem.batch_get(keys, consistent_read=True))}
        yield from (found[job_id] for job_id in page if job_id in found)


def _partition_of(job_id: str) -> str:
    return f"job#{job_id}"


def _open_partition(kind: JobKind) -> str:
    return f"open#{kind}"


def _listing_of(job: Job) -> JobItem:
    sort_key = f"{milliseconds(job.created_at):013d}#{job.job_id}"
    return JobItem(f"jobs#{job.kind}#{job.survey_id}", sort_key, asker=job.asker, expires_at=_until(job))


def _open_row_of(job: Job) -> JobItem:
    return JobItem(_open_partition(job.kind), job.job_id, expires_at=_until(job))


def _until(job: Job) -> int:
    return int(job.kept_until.timestamp())


def _item_of(job: Job) -> JobItem:
    times: dict[str, Any] = {name: milliseconds(at) if (at := getattr(job, name)) else None for name in ("lease_until", "ended_at")}
    return JobItem(
        _partition_of(job.job_id),
        _JOB,
        kind=job.kind.value,
        survey_id=job.survey_id,
        asker=job.asker,
        parameters=dict(job.parameters),
        status=job.status.value,
        done=job.done,
        total=job.total,
        counts=dict(job.counts),
        cursor=dict(job.cursor),
        failure=job.failure,
        tries=job.tries,
        created_at=milliseconds(job.created_at),
        changed_at=milliseconds(job.changed_at),
        revision=job.revision,
        expires_at=_until(job),
        **times,
    )


def _job_of(item: JobItem) -> Job:
    given = item.attribute_values
    times: dict[str, datetime | None] = {name: instant_of(given[name]) if name in given else None for name in ("lease_until", "ended_at")}
    return Job(
        job_id=item.pk.removeprefix("job#"),
        kind=JobKind(item.kind),
        survey_id=item.survey_id,
        asker=item.asker,
        created_at=instant_of(item.created_at),
        changed_at=instant_of(item.changed_at),
        parameters=MappingProxyType(dict(item.parameters)),
        status=JobStatus(item.status),
        done=int(item.done),
        total=int(given["total"]) if "total" in given else None,
        counts=MappingProxyType(dict(item.counts)),
        cursor=MappingProxyType(dict(item.cursor)),
        failure=given.get("failure"),
        tries=int(item.tries),
        revision=int(item.revision),
        **times,
    )


def _commit(fill: Callable[[TransactWrite], object]) -> None:
    for attempt in range(_TRIES):
        transaction = TransactWrite(connection=connection())
        fill(transaction)
        try:
            transaction._commit()  # noqa: SLF001 - what leaving its `with` block does; here the error has to be told apart
        except TransactWriteError as error:
            if not transactions.is_busy(transactions.reasons(error)):
                raise
            pause_with_jitter(attempt)
        else:
            return
    raise JobsBusyError
