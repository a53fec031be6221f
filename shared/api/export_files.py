"""Answers as files: CSV for people and their spreadsheets, JSON lines for programs. Implements `reading.exporting.Lines`."""

import csv
import io
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

from shared import dimension as dim
from shared.api.answer_views import view_of
from shared.periods import zone
from shared.reading.page import Row
from shared.reading.spreadsheet import cell
from shared.survey import Locale, Survey
from shared.texts.export import export_texts

if TYPE_CHECKING:
    from shared.reading.exporting import Lines

_BEFORE: Final = ("answer_id", "answered_at", "score", "class", "standing", "finished")
_AFTER: Final = ("comment", "customer_id", "email", "name")
LOCALES: Final[tuple[Locale, ...]] = ("pt-BR", "en", "es")
"""Whose readers a CSV may be for, and unless it is said otherwise."""
MARK: Final = "\ufeff"
"""By which spreadsheets see that it is UTF-8."""


class FileFormat(StrEnum):
    """The kinds of files."""

    CSV = "csv"
    JSON_LINES = "jsonl"


def lines_of(survey: Survey, wanted: FileFormat, locale: Locale) -> "Lines":
    """The writer of a format."""
    return CsvLines(survey, locale) if wanted is FileFormat.CSV else JsonLines(survey)


class JsonLines:
    """One object an answer and line, as the API shows it: times in UTC."""

    media_type = "application/x-ndjson"

    def __init__(self, survey: Survey) -> None:
        """Of which survey's answers."""
        self._survey = survey

    def head(self) -> bytes:
        """Nothing."""
        return b""

    def of(self, rows: Sequence[Row]) -> bytes:
        """A line each."""
        return msgspec.json.Encoder().encode_lines([view_of(self._survey, row.answer, row.facts) for row in rows])


class CsvLines:
    """A column for each dimension, local times, words for codes; every cell quoted, so that line breaks in comments stay in theirs."""

    media_type = "text/csv; charset=utf-8"

    def __init__(self, survey: Survey, locale: Locale) -> None:
        """Of which survey's answers, and for readers of which locale."""
        self._texts = export_texts(locale)
        self._dimensions = tuple(survey.settings.declared())
        self._time_zone = survey.settings.time_zone
        self._zone = zone(self._time_zone)

    def head(self) -> bytes:
        """The mark, and the heads of the columns."""
        return MARK.encode() + self._written([[self._head_of(name) for name in (*_BEFORE, *self._dimensions, *_AFTER)]])

    def of(self, rows: Sequence[Row]) -> bytes:
        """A record each."""
        return self._written([list(self._cells(row)) for row in rows])

    def _head_of(self, name: str) -> str:
        if name.startswith(dim.SEGMENT):
            return self._texts.columns["segment"].format(key=name.removeprefix(dim.SEGMENT))
        return self._texts.columns.get(name, name).format(time_zone=self._time_zone)

    def _cells(self, row: Row) -> Iterator[str]:
        answer, facts, texts = row.answer, row.facts, self._texts
        yield answer.key.answer_id
        yield answer.instant.astimezone(self._zone).strftime(texts.moment)
        yield str(answer.score)
        yield texts.classes[answer.nps_class] if answer.nps_class else ""
        yield texts.standings[answer.standing]
        yield texts.yes if answer.finished else texts.no
        yield from (answer.dimensions.get(name, "") for name in self._dimensions)
        yield from (given or "" for given in (facts.comment, facts.customer_id, facts.email, facts.name))

    def _written(self, records: Sequence[Sequence[str]]) -> bytes:
        written = io.StringIO()
        writer = csv.writer(written, delimiter=self._texts.delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerows([cell(each) for each in record] for record in records)
        return written.getvalue().encode("utf-8", "replace")
