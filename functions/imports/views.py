"""How an import stands, as the API shows it."""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from shared.api.import_messages import (
    FileFailure,
    FoundColumns,
    ImportProgress,
    ImportStatus,
    ImportView,
    LineCounts,
    LineProblem,
    ReportLink,
)
from shared.importing.filing import FileNames, Mode, options_of
from shared.importing.options import ImportOptions
from shared.importing.problems import FileProblem, FileRefusedError, Reason, text_of, words
from shared.importing.report import REFUSED, UNDECLARED
from shared.importing.stepping import Phase
from shared.jobs.job import Job, JobStatus
from shared.jobs.ports import Files, NoFileError
from shared.survey import Locale

LINK_LIVES: Final = timedelta(minutes=5)
_UNDER_WAY: Final = frozenset({JobStatus.WAITING, JobStatus.RUNNING})
_ENDED: Final = {
    JobStatus.DONE: ImportStatus.DONE,
    JobStatus.FAILED: ImportStatus.FAILED,
    JobStatus.CANCELLED: ImportStatus.CANCELLED,
}


def view_of(job: Job, files: Files, now: datetime, locale: Locale, *, whole: bool = True) -> ImportView:
    """How it stands, in the language of who looks; `whole` with what is looked for among its files: columns, options, report."""
    has_files = whole and now < job.files_until and job.status not in {JobStatus.FAILED, JobStatus.CANCELLED}
    counted = {name: job.counts.get(name, 0) for name in LineCounts.__struct_fields__}
    first_day, last_day = job.cursor.get("days") or (None, None)
    refused = _under(REFUSED, job)
    return ImportView(
        import_id=job.job_id,
        status=status_of(job),
        created_at=job.created_at,
        files_until=job.files_until,
        progress=ImportProgress(done=job.done, total=job.total),
        counts=LineCounts(**counted),
        refused=refused,
        reasons={reason: text_of(Reason(reason), locale) for reason in refused},
        undeclared=_under(UNDECLARED, job),
        problems=tuple(_problem(row, reason, locale) for row, reason in job.cursor.get("problems", ())) if whole else (),
        first_day=first_day,
        last_day=last_day,
        options=_options(job, files) if has_files else None,
        columns=_columns(job, files) if has_files else None,
        report=_report(job, files, now) if has_files else None,
        failure=_failure(job, locale),
    )


def status_of(job: Job) -> ImportStatus:
    """As people see it: what it is at, not in whose hands it is."""
    if job.status in _UNDER_WAY:
        return ImportStatus.CHECKING if job.parameters.get("mode") == Mode.CHECK else ImportStatus.IMPORTING
    if job.status is JobStatus.NEW:
        return ImportStatus.CHECKED if job.cursor.get("phase") in {Phase.CHECKED, Phase.REFUSED} else ImportStatus.NEW
    return _ENDED[job.status]


def _under(prefix: str, job: Job) -> dict[str, int]:
    return {name.removeprefix(prefix): int(count) for name, count in sorted(job.counts.items()) if name.startswith(prefix)}


def _problem(row: float, reason: str, locale: Locale) -> LineProblem:
    return LineProblem(row=int(row), reason=reason, detail=text_of(Reason(reason), locale))


def _options(job: Job, files: Files) -> ImportOptions | None:
    try:
        return options_of(job, files)
    except FileRefusedError:
        return None


def _columns(job: Job, files: Files) -> FoundColumns | None:
    try:
        return msgspec.json.decode(files.read(FileNames(job).columns), type=FoundColumns)
    except NoFileError:
        return None


def _report(job: Job, files: Files, now: datetime) -> ReportLink | None:
    is_over = job.status is JobStatus.DONE or job.cursor.get("phase") == Phase.CHECKED
    if not is_over or files.size(FileNames(job).report) is None:
        return None
    lives = min(LINK_LIVES, job.files_until - now)
    return ReportLink(url=files.link(FileNames(job).report, f"import-{job.survey_id}.csv", lives), expires_at=now + lives)


def _failure(job: Job, locale: Locale) -> FileFailure | None:
    code = job.failure or (job.cursor.get("problem") if job.cursor.get("phase") == Phase.REFUSED else None)
    if code is None:
        return None
    known = code in {problem.value for problem in FileProblem}
    return FileFailure(code=code, detail=text_of(FileProblem(code), locale) if known else words(locale)["failed"])
