"""What goes over the wire with exports in the background."""

from datetime import datetime, timedelta
from typing import Annotated, Final, Self

from msgspec import UNSET, Meta, UnsetType, field

from shared.api.export_files import FileFormat
from shared.api.messages import RequestBody, ResponseBody
from shared.jobs.job import Job, JobStatus
from shared.survey import Locale

LINK_LIVES: Final = timedelta(minutes=5)


class NewExport(RequestBody, frozen=True, kw_only=True):
    """What to export. `filters` are those of `GET …/answers`, spelled as in its query; `words` are not taken, as a job is kept."""

    format: FileFormat = FileFormat.CSV
    file_locale: Locale = "pt-BR"
    filters: Annotated[
        dict[Annotated[str, Meta(max_length=40)], Annotated[str, Meta(max_length=1000)]],
        Meta(max_length=20),
    ] = field(default_factory=dict)


class ExportProgress(ResponseBody, frozen=True, kw_only=True):
    """Days of the span that are behind, of how many."""

    done: int
    total: int | None


class ExportView(ResponseBody, frozen=True, kw_only=True):
    """An export. `url` downloads the file, once it is done, for five minutes; another look gives another link, until `expires_at`."""

    export_id: str
    survey_id: str
    format: FileFormat
    file_locale: Locale
    filters: dict[str, str]
    status: JobStatus
    progress: ExportProgress
    answers: int
    bytes: int
    failure: str | None
    created_at: datetime
    ended_at: datetime | None
    expires_at: datetime
    url: str | UnsetType = UNSET
    url_expires_at: datetime | UnsetType = UNSET

    @classmethod
    def of(cls, job: Job) -> Self:
        """That job, without a link."""
        return cls(
            export_id=job.job_id,
            survey_id=job.survey_id,
            format=FileFormat(job.parameters["format"]),
            file_locale=job.parameters["file_locale"],
            filters=dict(job.parameters["filters"]),
            status=job.status,
            progress=ExportProgress(done=job.done, total=job.total),
            answers=job.counts.get("answers", 0),
            bytes=job.counts.get("bytes", 0),
            failure=job.failure,
            created_at=job.created_at,
            ended_at=job.ended_at,
            expires_at=job.files_until,
        )


class ExportList(ResponseBody, frozen=True, kw_only=True):
    """The exports of whoever asks, newest first; those of the last 30 days, 50 at most."""

    survey_id: str
    exports: tuple[ExportView, ...]
