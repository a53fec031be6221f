"""An import as a job: some lines a step, from where the cursor stands; at last the report is put together and the file goes.

A step that is taken twice, after a crash or by two workers, comes out the same: it takes as many lines from the same place, markers tell
which of them it has counted already, and what it writes lies under names that follow from the cursor.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

import msgspec

from shared.counting.ports import RollupStore
from shared.importing.batch import Context, Desk, take
from shared.importing.columns import Columns, Finder
from shared.importing.dates import EARLIEST
from shared.importing.dialect import Dialect, FileFormat, dialect_of
from shared.importing.filing import REPORT_TYPE, FileNames, Mode, Upload, found_in, options_of, put_together
from shared.importing.lines import LineError, PastAnswer, Reader
from shared.importing.naming import naming_of
from shared.importing.options import ImportOptions
from shared.importing.problems import FileProblem, FileRefusedError, Reason
from shared.importing.reading import Place, Record, records
from shared.importing.report import MOST_PROBLEMS, Line, Status, problems_in, rows, tally
from shared.importing.seen import Seen
from shared.jobs.job import Job, JobStatus
from shared.jobs.ports import Files
from shared.periods import local_day
from shared.survey import Locale, Survey

LINES_A_STEP: Final = 1_000
LINES_A_CHECK: Final = 5_000
MOST_LINES: Final = 1_000_000
_SAMPLE: Final = 100


class Phase:
    """Where an import is: `phase` of its cursor."""

    LINES: Final = "lines"
    REPORT: Final = "report"
    CHECKED: Final = "checked"
    REFUSED: Final = "refused"


@dataclass(frozen=True, slots=True)
class Stepping:
    """What steps work with."""

    files: Files
    rollups: RollupStore
    desk: Desk
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class _File:
    """A file that can be read, and where its first answer is."""

    upload: Upload
    options: ImportOptions
    dialect: Dialect
    finder: Finder
    heads: tuple[str, ...]
    first: Place

    def columns_of(self, record: Record) -> Columns:
        """Where each thing stands in a record."""
        return self.finder.find(record.heads or self.heads)


def step(job: Job, survey: Survey, work: Stepping) -> Job:
    """The next part of a job's work: the job with where the next one goes on, or as it has ended."""
    try:
        return _finish(job, survey, work) if job.cursor.get("phase") == Phase.REPORT else _take_some(job, survey, work)
    except FileRefusedError as refused:
        return _refused(job, refused.problem)


def _refused(job: Job, problem: FileProblem) -> Job:
    """A check tells, and may be asked for again with other options; an import fails."""
    if job.parameters["mode"] == Mode.CHECK:
        return replace(job, status=JobStatus.NEW, cursor={"phase": Phase.REFUSED, "problem": problem.value})
    return replace(job, status=JobStatus.FAILED, failure=problem.value)


def _take_some(job: Job, survey: Survey, work: Stepping) -> Job:
    file = _opened(job, survey, work.files)
    cursor = dict(job.cursor) or {"offset": file.first.offset, "rows": file.first.rows, "part": 0, "problems": [], "days": []}
    here, part = Place(int(cursor["offset"]), int(cursor["rows"])), int(cursor["part"])
    most = LINES_A_CHECK if job.parameters["mode"] == Mode.CHECK else LINES_A_STEP
    some = list(islice(records(file.upload, file.dialect, here), most))
    lines, days = _outcomes(some, file, job, survey, work)
    work.files.put(FileNames(job).part(part), rows(lines, _locale(file.options, survey)), REPORT_TYPE)
    after = some[-1].next if some else here
    counts = Counter(job.counts) + tally(lines)
    if counts["lines"] > MOST_LINES:
        raise FileRefusedError(FileProblem.TOO_MANY_LINES)
    cursor |= {
        "phase": Phase.LINES if after.offset < file.upload.size else Phase.REPORT,
        "offset": after.offset,
        "rows": after.rows,
        "part": part + 1,
        "problems": [*cursor["problems"], *problems_in(lines)][:MOST_PROBLEMS],
        "days": _first_and_last([*cursor["days"], *days]),
    }
    return replace(job, cursor=cursor, counts=dict(counts), done=after.offset, total=file.upload.size)


def _opened(job: Job, survey: Survey, files: Files) -> _File:
    """Raises `FileRefusedError` where nothing of the file can be imported."""
    options, upload = options_of(job, files), Upload(files, FileNames(job).upload)
    finder = options.finder(survey)
    dialect = dialect_of(upload.head, options.format, options.encoding, options.delimiter, finder.knows)
    start = Place(dialect.begins_at, dialect.rows_before)
    sample = [each for each in islice(records(upload, dialect, start), _SAMPLE) if not each.is_blank]
    if dialect.format is FileFormat.JSON_LINES:
        heads = tuple(dict.fromkeys(head for each in sample for head in each.heads))
        first = start
    else:
        if not sample or sample[0].problem is not None:
            raise FileRefusedError(FileProblem.NO_HEADS)
        heads = tuple(str(cell) for cell in sample[0].cells)
        first = sample[0].next
    if not job.cursor:  # where they are refused too: whoever is to say which column is which has to see them
        files.put(FileNames(job).columns, msgspec.json.encode(found_in(heads, finder.find(heads))), "application/json")
    finder.check(heads)
    return _File(upload, options, dialect, finder, heads, first)


def _outcomes(some: Sequence[Record], file: _File, job: Job, survey: Survey, work: Stepping) -> tuple[list[Line], set[str]]:
    """What became of each line, and the days of those that count, now or already."""
    now, reader = work.now(), Reader(file.options.terms(survey))
    refused: dict[int, Line] = {}
    good: list[PastAnswer] = []
    spoken = [record for record in some if not record.is_blank]
    for record in spoken:
        try:
            good.append(_read(record, reader, file, now))
        except LineError as error:
            refused[record.row] = Line(record.row, Status.REFUSED, error.reason)
    context = _context(job, survey, work, now)
    taken = {line.row: line for line in take(good, context, work.desk)}
    if context.is_check:
        after = int(job.cursor.get("part", 0)) + 1
        work.files.put(FileNames(job).seen(after), context.seen.data, "application/octet-stream")
    days = {local_day(each.instant, survey.settings.time_zone).isoformat() for each in good if taken[each.row].status is not Status.REFUSED}
    return [refused.get(record.row) or taken[record.row] for record in spoken], days


def _first_and_last(days: Sequence[str]) -> list[str]:
    return [min(days), max(days)] if days else []


def _read(record: Record, reader: Reader, file: _File, now: datetime) -> PastAnswer:
    if record.problem is not None:
        raise LineError(record.problem)
    if not record.heads and any(cell.strip() for cell in record.cells[len(file.heads) :]):
        raise LineError(Reason.TOO_MANY_CELLS)
    return reader.read(record.row, record.cells, file.columns_of(record), now)


def _context(job: Job, survey: Survey, work: Stepping, now: datetime) -> Context:
    sealed = work.rollups.sealed(survey, EARLIEST.date(), (now + timedelta(days=1)).date())
    return Context(
        import_id=job.job_id,
        survey=survey,
        naming=naming_of(work.desk.pepper(), survey),
        now=now,
        sealed={day.isoformat() for day in sealed},
        seen=_seen_before(job, work.files),
        is_check=job.parameters["mode"] == Mode.CHECK,
    )


def _seen_before(job: Job, files: Files) -> Seen:
    part = int(job.cursor.get("part", 0))
    is_check = job.parameters["mode"] == Mode.CHECK
    return Seen(files.read(FileNames(job).seen(part)) if is_check and part else b"")


def _finish(job: Job, survey: Survey, work: Stepping) -> Job:
    """Put the report together; an import's file is no longer needed then."""
    names = FileNames(job)
    put_together(names, int(job.cursor["part"]), _locale(options_of(job, work.files), survey), work.files)
    if job.parameters["mode"] == Mode.CHECK:
        return replace(job, status=JobStatus.NEW, cursor=dict(job.cursor) | {"phase": Phase.CHECKED})
    work.files.discard(names.upload)
    return replace(job, status=JobStatus.DONE)


def _locale(options: ImportOptions, survey: Survey) -> Locale:
    return options.locale or survey.settings.default_locale
