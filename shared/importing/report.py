"""What became of each line, and of all of them together."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.importing.problems import Reason, text_of, words
from shared.survey import Locale

MOST_PROBLEMS: Final = 50
"""So many lines that were refused are named by the API; the whole report has all."""
_BYTE_ORDER_MARK: Final = "\ufeff"
REFUSED: Final = "refused."
UNDECLARED: Final = "undeclared."


class Status(StrEnum):
    """What became of a line; in a check, what would."""

    IMPORTED = "imported"
    COUNTED_ONLY = "counted_only"
    """It counts in the scores, and is not kept: its retention is over, or its day is sealed."""
    ALREADY_THERE = "already_there"
    REFUSED = "refused"


class Differs(StrEnum):
    """Whether a line that was imported before says now what it said then."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    """The answer is no longer kept, or its date is another."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line's outcome. Nothing of what stands in it."""

    row: int
    status: Status
    reason: Reason | None = None
    differs: Differs | None = None
    same_as: int | None = None
    """The row that has the id already."""
    undeclared: tuple[str, ...] = ()
    """The dimensions in which it counts as `other`."""


def tally(lines: Sequence[Line]) -> Counter[str]:
    """How many of each: `lines`, each status, `differs`, `refused.REASON`, `undeclared.DIMENSION`."""
    counts: Counter[str] = Counter(lines=len(lines))
    for line in lines:
        counts[line.status.value] += 1
        if line.differs is Differs.YES:
            counts["differs"] += 1
        if line.reason is not None:
            counts[REFUSED + line.reason.value] += 1
        counts.update(UNDECLARED + name for name in line.undeclared)
    return counts


def problems_in(lines: Sequence[Line]) -> list[tuple[int, str]]:
    """Row and reason of those that were refused."""
    return [(line.row, line.reason.value) for line in lines if line.reason is not None]


def heads(locale: Locale) -> bytes:
    """The beginning of a report: what lets Excel know that it is UTF-8, and the columns' names."""
    said = words(locale)
    return (_BYTE_ORDER_MARK + _csv([[said[f"column.{name}"] for name in ("row", "status", "reason", "detail")]], locale)).encode()


def rows(lines: Sequence[Line], locale: Locale) -> bytes:
    """Lines of a report. No cell comes from the file, so none can be a formula."""
    said = words(locale)
    return _csv([[str(line.row), said[f"status.{line.status}"], *_why(line, said, locale)] for line in lines], locale).encode()


def _why(line: Line, said: Mapping[str, str], locale: Locale) -> tuple[str, str]:
    if line.reason is not None:
        of = said["same_as"].replace("{row}", str(line.same_as)) if line.same_as else ""
        return line.reason.value, f"{text_of(line.reason, locale)} {of}".strip()
    if line.differs is not None:
        return "", said[f"differs.{line.differs}"]
    if line.undeclared:
        return "", said["undeclared"].replace("{dimensions}", ", ".join(line.undeclared))
    return "", ""


def _csv(cells: Sequence[Sequence[str]], locale: Locale) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter="," if locale == "en" else ";", lineterminator="\r\n").writerows(cells)
    return written.getvalue()
