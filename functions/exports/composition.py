"""What asking for exports works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from secrets import token_bytes

from aws_lambda_powertools import Logger

from shared.jobs.ports import Files, JobQueue, JobStore
from shared.store.files import BucketFiles
from shared.store.jobs import Jobs, SqsJobs
from shared.store.registry import SurveyStore
from shared.store.session import client
from shared.store.settings import from_environment
from shared.store.tables import JobItem, RegistryItem, bind

logger = Logger()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    registry_table: str
    jobs_table: str
    files_bucket: str
    export_files_queue_url: str


@dataclass(frozen=True, slots=True)
class Asking:
    """What the function works with."""

    surveys: SurveyStore
    jobs: JobStore
    queue: JobQueue
    files: Files
    now: Callable[[], datetime]
    random_bytes: Callable[[int], bytes]


@cache
def compose() -> Asking:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(RegistryItem, settings.registry_table)
    bind(JobItem, settings.jobs_table)
    return Asking(
        surveys=SurveyStore(),
        jobs=Jobs(),
        queue=SqsJobs(client("sqs"), settings.export_files_queue_url),
        files=BucketFiles(client("s3"), settings.files_bucket),
        now=_now,
        random_bytes=token_bytes,
    )


def _now() -> datetime:
    """To the millisecond, as times are kept."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
