"""What the routes of imports work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from secrets import token_bytes

from aws_lambda_powertools import Logger

from shared.jobs.slices import Slicing
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
    import_queue_url: str


@dataclass(frozen=True, slots=True)
class Door:
    """Stores, clock and a cryptographic source of randomness."""

    surveys: SurveyStore
    slicing: Slicing
    random_bytes: Callable[[int], bytes]

    @property
    def now(self) -> datetime:
        """The time."""
        return self.slicing.now()


@cache
def compose() -> Door:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(RegistryItem, settings.registry_table)
    bind(JobItem, settings.jobs_table)
    slicing = Slicing(
        jobs=Jobs(),
        queue=SqsJobs(client("sqs"), settings.import_queue_url),
        files=BucketFiles(client("s3"), settings.files_bucket),
        now=lambda: datetime.now(UTC),
    )
    return Door(SurveyStore(), slicing, token_bytes)
