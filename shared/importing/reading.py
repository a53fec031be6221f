"""Records of a file, read in byte ranges from any record on: what was read before need not be read again.

CSV is read with the standard library's rules for quotation marks, so a record may hold line breaks and lie across ranges. Where one cannot
be read (a quotation mark that nothing closes, say), its first line is given up and reading goes on with the second.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Protocol

import msgspec

from shared.importing.dialect import Dialect, FileFormat
from shared.importing.problems import Reason

LONGEST_RECORD: Final = 100_000
"""Bytes. A comment of 5,000 characters takes 20,000 at most."""
_CHUNK: Final = 1 << 18


class Source(Protocol):
    """A file's bytes."""

    @property
    def size(self) -> int:
        """How many there are."""

    def read(self, start: int, length: int) -> bytes:
        """Those from `start` on: `length` of them at most, one at least unless it is the end."""


class Place(NamedTuple):
    """Where reading goes on: at which byte, after how many rows."""

    offset: int
    rows: int


@dataclass(frozen=True, slots=True)
class Record:
    """One row as a spreadsheet numbers them (the heads are usually row 1), and where the next one begins."""

    row: int
    next: Place
    heads: tuple[str, ...] = ()
    """The names of the cells, where the record brings them itself (JSON)."""
    cells: tuple[Any, ...] = ()
    problem: Reason | None = None

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it."""
        return self.problem is None and not any(str(cell).strip() for cell in self.cells if cell is not None)


def records(source: Source, dialect: Dialect, place: Place) -> Iterator[Record]:
    """The records from `place` on, blank ones included."""
    lines = _Lines(source, dialect, place.offset)
    return _csv_records(lines, dialect, place.rows) if dialect.format is FileFormat.CSV else _json_records(lines, place.rows)


class _UnreadableError(Exception):
    """The record cannot be read; reading may go on after its first line."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def _csv_records(lines: "_Lines", dialect: Dialect, rows: int) -> Iterator[Record]:
    reader = csv.reader(lines, delimiter=dialect.delimiter)
    while True:
        rows += 1
        lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_UnreadableError, csv.Error) as error:
            lines.give_up()
            reader = csv.reader(lines, delimiter=dialect.delimiter)
            reason = error.reason if isinstance(error, _UnreadableError) else Reason.UNREADABLE
            yield Record(rows, Place(lines.offset, rows), problem=reason)
        else:
            yield Record(rows, Place(lines.offset, rows), cells=tuple(cells))


def _json_records(lines: "_Lines", rows: int) -> Iterator[Record]:
    while True:
        rows += 1
        lines.begin()
        try:
            line = next(lines)
        except StopIteration:
            return
        except _UnreadableError as error:
            lines.give_up()
            yield Record(rows, Place(lines.offset, rows), problem=error.reason)
            continue
        here = Place(lines.offset, rows)
        if not line.strip():
            yield Record(rows, here)
            continue
        given = _object_in(line)
        if given is None:
            yield Record(rows, here, problem=Reason.UNREADABLE)
        else:
            yield Record(rows, here, heads=tuple(given), cells=tuple(given.values()))


def _object_in(line: str) -> dict[str, Any] | None:
    """The members of a JSON object, those of objects in it under `outer.inner`; lists, and what lies deeper, are left out."""
    try:
        given = msgspec.json.decode(line.encode())
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    if not isinstance(given, dict):
        return None
    flat: dict[str, Any] = {}
    for name, value in given.items():
        inner = {f"{name}.{key}": each for key, each in value.items()} if isinstance(value, dict) else {name: value}
        flat |= {key: each for key, each in inner.items() if not isinstance(each, list | dict)}
    return flat


@dataclass(slots=True)
class _Lines:
    """Physical lines as text. `offset` is where the next one begins."""

    source: Source
    dialect: Dialect
    offset: int
    _buffer: bytes = b""
    _base: int = 0
    _count: int = 0
    _bytes: int = 0
    _second: int = field(default=0)
    """Where the second line of the present record begins."""

    def begin(self) -> None:
        """A record begins with the next line."""
        self._count = self._bytes = 0
        self._second = self.offset

    def give_up(self) -> None:
        """The record is given up; its second line begins another."""
        self.offset = self._second

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        raw = self._line()
        if not raw:
            if self._count:
                raise _UnreadableError(Reason.RECORD_TOO_LONG)
            raise StopIteration
        self._count += 1
        self._bytes += len(raw)
        if self._count == 1:
            self._second = self.offset
        if self._bytes > LONGEST_RECORD:
            raise _UnreadableError(Reason.RECORD_TOO_LONG)
        text = self.dialect.text(raw)
        if text is None or "\0" in text:
            raise _UnreadableError(Reason.UNREADABLE)
        return text

    def _line(self) -> bytes:
        """The next line with its end; of one that is far too long, only that it is."""
        begins, newline = self.offset, self.dialect.newline
        searched = begins
        while self._fetch(searched):
            end = self._buffer.find(newline, searched - self._base)
            if end >= 0:
                self.offset = self._base + end + len(newline)
                break
            searched = self.offset = self._base + len(self._buffer)
        if self.offset - begins > LONGEST_RECORD:
            return b"\n" * (LONGEST_RECORD + 1)
        start = begins - self._base
        if start >= 0:
            return self._buffer[start : self.offset - self._base]
        whole = b""
        while len(whole) < self.offset - begins:
            whole += self.source.read(begins + len(whole), self.offset - begins - len(whole))
        return whole

    def _fetch(self, offset: int) -> bool:
        """Have what is at `offset` in the buffer; False at the end."""
        if not self._base <= offset < self._base + len(self._buffer):
            self._base, self._buffer = offset, self.source.read(offset, _CHUNK) if offset < self.source.size else b""
        return bool(self._buffer)
