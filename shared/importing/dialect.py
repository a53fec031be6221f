"""How a file is written: encoding, delimiter, line ends. Found out from its beginning alone, so that every part of it is read alike."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from shared.importing.problems import FileProblem, FileRefusedError

HEAD: Final = 1 << 16
"""So many bytes are looked at."""
DELIMITERS: Final = (";", ",", "\t", "|")
_UTF_8_MARK: Final = b"\xef\xbb\xbf"
_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_MOST_NULS: Final = 0.1
_SEP: Final = b"sep="
"""How Excel is told the delimiter, in a line before the heads."""

type Encoding = Literal["auto", "utf-8", "windows-1252", "iso-8859-1"]
type Delimiter = Literal[",", ";", "\t", "|"]


class FileFormat(StrEnum):
    """What a file is."""

    CSV = "csv"
    JSON_LINES = "jsonl"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written, and where its first record begins."""

    format: FileFormat
    encoding: Encoding
    delimiter: str
    newline: bytes
    begins_at: int
    rows_before: int

    def text(self, raw: bytes) -> str | None:
        """A line as text; None where it is none. Left to us, what is not UTF-8 is Windows-1252, as Excel writes it."""
        for encoding in ("utf-8", "cp1252") if self.encoding == "auto" else (self.encoding,):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
        return None


def dialect_of(head: bytes, file_format: FileFormat, encoding: Encoding, delimiter: str | None, known: Callable[[str], bool]) -> Dialect:
    """What the file's first bytes tell; what was declared is taken as it is.

    `known` says whether a column's name is one that is looked for: of several delimiters, the one that makes most such columns is it.
    Raises `FileRefusedError`.
    """
    if not head.strip(b"\r\n\t ;,\xef\xbb\xbf"):
        raise FileRefusedError(FileProblem.EMPTY)
    if head.startswith(_UTF_16_MARKS) or head.count(0) > _MOST_NULS * len(head):
        raise FileRefusedError(FileProblem.UTF_16)
    begins_at = len(_UTF_8_MARK) if head.startswith(_UTF_8_MARK) else 0
    newline = b"\n" if b"\n" in head or b"\r" not in head else b"\r"
    rows_before = 0
    first, _, _ = head[begins_at:].partition(newline)
    if file_format is FileFormat.CSV and first.lower().startswith(_SEP):
        named = first[len(_SEP) :].strip(b"\r").decode("ascii", "replace")
        delimiter = delimiter or (named if named in DELIMITERS else None)
        begins_at += len(first) + len(newline)
        rows_before = 1
    found = Dialect(file_format, encoding, delimiter or ",", newline, begins_at, rows_before)
    if file_format is FileFormat.CSV and delimiter is None:
        return Dialect(file_format, encoding, _sniffed(head[begins_at:], found, known), newline, begins_at, rows_before)
    return found


def _sniffed(head: bytes, dialect: Dialect, known: Callable[[str], bool]) -> str:
    end = head.rfind(dialect.newline)
    text = dialect.text(head[: end + 1] or head) or head.decode("latin-1")

    def columns(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            heads = next((row for row in reader if any(cell.strip() for cell in row)), [])
        except csv.Error:
            return 0, 0
        return sum(known(head) for head in heads), len(heads)

    return max(DELIMITERS, key=columns)
