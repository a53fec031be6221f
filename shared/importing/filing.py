"""The files of an import: what was sent, how it is to be read, which columns were found, and what became of its lines."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import msgspec

from shared.importing.columns import Columns
from shared.importing.dialect import HEAD
from shared.importing.options import ImportOptions
from shared.importing.problems import FileProblem, FileRefusedError
from shared.importing.report import heads
from shared.jobs.job import Job
from shared.jobs.ports import SMALLEST_PART, Files, NoFileError, Part
from shared.survey import Locale

REPORT_TYPE: Final = "text/csv; charset=utf-8"


class Mode(StrEnum):
    """What a job is at; `mode` among its parameters, beside `run`, how often it was set going."""

    CHECK = "check"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class FileNames:
    """The names of an import's files."""

    job: Job

    @property
    def upload(self) -> str:
        """What was sent."""
        return f"{self.job.prefix}upload"

    @property
    def options(self) -> str:
        """How it is to be read."""
        return f"{self.job.prefix}options.json"

    @property
    def columns(self) -> str:
        """The columns that were found."""
        return f"{self._of_run}columns.json"

    def part(self, number: int) -> str:
        """The report of the step with that number."""
        return f"{self._of_run}part-{number:06d}"

    def seen(self, number: int) -> str:
        """The ids that a check had seen before that step."""
        return f"{self._of_run}seen-{number:06d}"

    @property
    def report(self) -> str:
        """What became of every line."""
        return f"{self._of_run}report.csv"

    @property
    def _of_run(self) -> str:
        return f"{self.job.prefix}{self.job.parameters.get('run', 0)}/"


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of a file, by what they say; and those that say nothing we know."""

    columns: dict[str, list[str]]
    ignored: list[str]


def found_in(heads_: tuple[str, ...], columns: Columns) -> Found:
    """What was found under these heads."""
    said = {name: [heads_[place].strip()] for name, place in columns.places.items()}
    return Found(columns={"id": [heads_[place].strip() for place in columns.id_places]} | said, ignored=list(columns.ignored))


@dataclass(slots=True)
class Upload:
    """The file that was sent: a `reading.Source`. Raises `FileRefusedError` where there is none (yet)."""

    files: Files
    key: str
    size: int = field(init=False)
    head: bytes = field(init=False)

    def __post_init__(self) -> None:
        """Look whether it is there."""
        size = self.files.size(self.key)
        if size is None:
            raise FileRefusedError(FileProblem.NOT_UPLOADED)
        self.size = size
        self.head = self.files.read(self.key, 0, HEAD)

    def read(self, start: int, length: int) -> bytes:
        """Bytes from `start` on; fewer than wanted, perhaps, before the end."""
        if start < len(self.head):
            return self.head[start : start + length]
        return self.files.read(self.key, start, length)


def options_of(job: Job, files: Files) -> ImportOptions:
    """How the file is to be read. Raises `FileRefusedError` once a job's files are gone."""
    try:
        return msgspec.json.decode(files.read(FileNames(job).options), type=ImportOptions)
    except NoFileError:
        raise FileRefusedError(FileProblem.NOT_UPLOADED) from None


def put_together(names: FileNames, parts: int, locale: Locale, files: Files) -> None:
    """Make one report of those of the steps."""
    upload_id, waiting = files.begin(names.report, REPORT_TYPE), heads(locale)
    sent: list[Part] = []
    for number in range(parts):
        waiting += files.read(names.part(number))
        if len(waiting) >= SMALLEST_PART:
            sent.append(files.put_part(names.report, upload_id, len(sent) + 1, waiting))
            waiting = b""
    if waiting or not sent:
        sent.append(files.put_part(names.report, upload_id, len(sent) + 1, waiting))
    files.complete(names.report, upload_id, sent)
