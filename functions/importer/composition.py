"""What working imports off works with."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from secrets import token_bytes

from aws_lambda_powertools import Logger, Metrics

from shared.counting.importing import PastCounting
from shared.importing.batch import Desk
from shared.importing.stepping import Stepping
from shared.jobs.slices import Slicing
from shared.privacy.suppression import Suppression
from shared.store.answers import Answers
from shared.store.files import BucketFiles
from shared.store.imported import Imported
from shared.store.imported_people import ImportedPeople
from shared.store.jobs import Jobs, SqsJobs
from shared.store.people import People
from shared.store.person_keys import MasterKeys, PersonKeys
from shared.store.registry import SecretStore, SurveyStore, TouchedLedger
from shared.store.rollups import Rollups
from shared.store.sealing import Sealing
from shared.store.session import client
from shared.store.settings import from_environment, pause_with_jitter
from shared.store.suppressions import SuppressionEntries, SuppressionKeyStore
from shared.store.tables import AnswerItem, JobItem, LedgerItem, PersonItem, PersonKeyItem, RegistryItem, RollupItem, bind

logger = Logger()
metrics = Metrics()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    answers_table: str
    rollups_table: str
    people_table: str
    keys_table: str
    registry_table: str
    ledger_table: str
    jobs_table: str
    files_bucket: str
    import_queue_url: str
    sealing_key: str


@dataclass(frozen=True, slots=True)
class Importer:
    """Stores and clock."""

    surveys: SurveyStore
    slicing: Slicing
    stepping: Stepping


@cache
def compose() -> Importer:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(AnswerItem, settings.answers_table)
    bind(RollupItem, settings.rollups_table)
    bind(PersonItem, settings.people_table)
    bind(PersonKeyItem, settings.keys_table)
    bind(RegistryItem, settings.registry_table)
    bind(LedgerItem, settings.ledger_table)
    bind(JobItem, settings.jobs_table)
    sealing = Sealing(settings.sealing_key)
    secrets, keys = SecretStore(sealing), PersonKeys(MasterKeys(sealing), token_bytes)
    people = People(secrets.identity_pepper, keys, token_bytes)
    files = BucketFiles(client("s3"), settings.files_bucket)
    desk = Desk(
        past=PastCounting(Imported(), TouchedLedger(), pause_with_jitter),
        persons=ImportedPeople(people, keys, secrets.identity_pepper, token_bytes),
        answers=Answers(),
        suppressed=Suppression(SuppressionKeyStore(sealing, token_bytes), SuppressionEntries(), secrets.identity_pepper),
        pepper=secrets.identity_pepper,
    )
    slicing = Slicing(jobs=Jobs(), queue=SqsJobs(client("sqs"), settings.import_queue_url), files=files, now=_now)
    return Importer(SurveyStore(), slicing, Stepping(files, Rollups(), desk, _now))


def _now() -> datetime:
    return datetime.now(UTC)
