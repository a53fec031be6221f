"""What writing exports works with."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from secrets import token_bytes

import msgspec

from shared.api.export_files import FileFormat, lines_of
from shared.jobs.job import Job
from shared.jobs.slices import Slicing
from shared.reading.audit import Exported
from shared.reading.exporting import Exporting
from shared.reading.page import Reading
from shared.reading.query import AnswerQuery
from shared.store.answers import Answers
from shared.store.export_audit import LedgerExports
from shared.store.facts import PeopleFacts
from shared.store.files import BucketFiles
from shared.store.jobs import Jobs, SqsJobs
from shared.store.person_keys import MasterKeys, PersonKeys
from shared.store.registry import SurveyStore
from shared.store.sealing import Sealing
from shared.store.session import client
from shared.store.settings import from_environment
from shared.store.tables import AnswerItem, JobItem, LedgerItem, PersonItem, PersonKeyItem, RegistryItem, bind
from shared.survey import Survey


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    answers_table: str
    people_table: str
    keys_table: str
    registry_table: str
    ledger_table: str
    jobs_table: str
    files_bucket: str
    export_files_queue_url: str
    sealing_key: str


@dataclass(frozen=True, slots=True)
class Writing:
    """What the function works with."""

    slicing: Slicing
    surveys: SurveyStore
    reading: Reading
    audit: LedgerExports

    def exporting(self, job: Job, survey: Survey) -> Exporting:
        """The work of one export."""
        wanted = job.parameters
        return Exporting(
            survey=survey,
            query=msgspec.convert(wanted["query"], AnswerQuery),
            lines=lines_of(survey, FileFormat(wanted["format"]), wanted["file_locale"]),
            reading=self.reading,
            files=self.slicing.files,
            record=self._record,
            now=self.slicing.now,
        )

    def _record(self, job: Job) -> None:
        """Under the time when it was asked for, so that a repetition writes the same entry."""
        wanted = job.parameters
        self.audit.record(
            Exported(
                export_id=job.job_id,
                survey_id=job.survey_id,
                key_id=job.asker,
                at=job.created_at,
                first=date.fromisoformat(wanted["query"]["first"]),
                last=date.fromisoformat(wanted["query"]["last"]),
                answers=job.counts["answers"],
                filters=wanted["filters"],
            )
        )


@cache
def compose() -> Writing:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(AnswerItem, settings.answers_table)
    bind(PersonItem, settings.people_table)
    bind(PersonKeyItem, settings.keys_table)
    bind(RegistryItem, settings.registry_table)
    bind(LedgerItem, settings.ledger_table)
    bind(JobItem, settings.jobs_table)
    keys = PersonKeys(MasterKeys(Sealing(settings.sealing_key)), token_bytes)
    return Writing(
        slicing=Slicing(
            jobs=Jobs(),
            queue=SqsJobs(client("sqs"), settings.export_files_queue_url),
            files=BucketFiles(client("s3"), settings.files_bucket),
            now=_now,
        ),
        surveys=SurveyStore(),
        reading=Reading(answers=Answers(), people=PeopleFacts(keys)),
        audit=LedgerExports(),
    )


def _now() -> datetime:
    """To the millisecond, as times are kept."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
