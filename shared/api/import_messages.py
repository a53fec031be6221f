"""What goes over the wire with imports of past answers; how a file is to be read is `shared.importing.options`."""

from datetime import datetime
from enum import StrEnum

from shared.api.messages import ResponseBody
from shared.importing.options import ImportOptions


class ImportStatus(StrEnum):
    """How an import stands."""

    NEW = "new"
    """The file may be sent, then checked, or imported at once."""
    CHECKING = "checking"
    CHECKED = "checked"
    """What would become of each line is known; nothing was imported."""
    IMPORTING = "importing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class UploadForm(ResponseBody, frozen=True, kw_only=True):
    """Where the file goes: a form (multipart/form-data) of these fields and, last, the file as `file`. No credential is sent with it."""

    url: str
    fields: dict[str, str]
    most_bytes: int
    expires_at: datetime


class ImportMade(ResponseBody, frozen=True, kw_only=True):
    """A new import, and where its file goes."""

    import_id: str
    status: ImportStatus
    upload: UploadForm


class ImportProgress(ResponseBody, frozen=True, kw_only=True):
    """Bytes of the file that are done, of all."""

    done: int
    total: int | None


class LineCounts(ResponseBody, frozen=True, kw_only=True):
    """What became of the lines; of a check, what would. `differs`: of those already there, how many now say something else."""

    lines: int = 0
    imported: int = 0
    counted_only: int = 0
    already_there: int = 0
    refused: int = 0
    differs: int = 0


class LineProblem(ResponseBody, frozen=True, kw_only=True):
    """Why a line was refused: `row` as a spreadsheet counts them, a code, and what to do."""

    row: int
    reason: str
    detail: str


class FoundColumns(ResponseBody, frozen=True, kw_only=True):
    """Which columns say what, and those that say nothing we know."""

    columns: dict[str, list[str]]
    ignored: list[str]


class FileFailure(ResponseBody, frozen=True, kw_only=True):
    """Why nothing of the file can be imported, or why it did not come to its end."""

    code: str
    detail: str


class ReportLink(ResponseBody, frozen=True, kw_only=True):
    """The whole report, line by line, as CSV."""

    url: str
    expires_at: datetime


class ImportView(ResponseBody, frozen=True, kw_only=True):
    """How an import stands. Its files, the report too, are gone at `files_until`; what was sent, as soon as it has ended."""

    import_id: str
    status: ImportStatus
    created_at: datetime
    files_until: datetime
    progress: ImportProgress
    counts: LineCounts
    refused: dict[str, int]
    """By reason, how many lines."""
    reasons: dict[str, str]
    """Of each of those reasons, what to do."""
    undeclared: dict[str, int]
    """By dimension, how many lines have a value that the survey does not declare, and count as `other` there."""
    problems: tuple[LineProblem, ...]
    """The first lines that were refused."""
    first_day: str | None = None
    """Of the lines that count, or did already: the days of the survey between which their answers were given."""
    last_day: str | None = None
    options: ImportOptions | None = None
    """How the file is read, as was said last."""
    columns: FoundColumns | None = None
    report: ReportLink | None = None
    failure: FileFailure | None = None


class ImportList(ResponseBody, frozen=True, kw_only=True):
    """A survey's imports, newest first."""

    survey_id: str
    imports: tuple[ImportView, ...]
