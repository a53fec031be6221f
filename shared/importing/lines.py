"""From a record to an answer of the past, or to what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from shared import dimension as dim
from shared.answer import Standing
from shared.importing.columns import OWN_LOCALES, Columns, Preset, plain
from shared.importing.dates import DateError, DateOrder, instant_in
from shared.importing.problems import Reason
from shared.intake.ports import Claims
from shared.intake.token import EMAIL, TEXT
from shared.scoring import HIGHEST_SCORE
from shared.survey import SurveySettings
from shared.texts.export import export_texts

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

LONGEST_COMMENT: Final = 5000
_LONGEST_ID, _LONGEST_TEXT, _LONGEST_EMAIL = 200, 200, 254
_SCORE: Final = re.compile(r"(?P<score>\d{1,2})(?:[.,]0+)?")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BETWEEN: Final = "\x1f"
"""Stands between the parts of an id that is made of several columns; no cell with it is taken."""


class LineError(ValueError):
    """The line is not imported."""

    def __init__(self, reason: Reason) -> None:
        """Keep why."""
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAnswer:
    """What a line says."""

    row: int
    file_id: str = field(repr=False)
    """The file's own id of the answer. It may be anything, an e-mail even, so it is kept nowhere but hashed with a key."""
    instant: datetime
    score: int
    dimensions: Mapping[str, str]
    undeclared: tuple[str, ...] = ()
    """The dimensions whose value the survey does not declare."""
    claims: Claims | None = field(default=None, repr=False)
    comment: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Terms:
    """How cells are to be understood."""

    settings: SurveySettings
    rules: "ZoneInfo"
    """The time zone of dates without one."""
    date_order: DateOrder | None
    preset: Preset | None
    takes_personal: bool
    """Whether persons and comments are taken at all."""

    @property
    def order(self) -> DateOrder | None:
        """Of day and month; our own export writes the day first, or the year."""
        return self.date_order or ("dmy" if self.preset is Preset.RECOMENDA else None)


class Reader:
    """Reads records as answers of one survey."""

    def __init__(self, terms: Terms) -> None:
        """Take how cells are to be understood."""
        self._terms = terms
        declared = terms.settings.declared()
        self._values: dict[str, dict[str, str]] = {}
        for name, values in declared.items():
            if name == dim.IDENTITY:
                continue  # told by who is named, not by a column
            self._values[name] = {plain(value): value for value in reversed(values)} | {value: value for value in values}
        for touchpoint in terms.settings.touchpoints:
            self._values[dim.TOUCHPOINT].setdefault(plain(touchpoint.label), touchpoint.key)

    def read(self, row: int, cells: tuple[Any, ...], columns: Columns, now: datetime) -> PastAnswer:
        """The answer in a record. Raises `LineError`."""
        file_id = _id_in(cells, columns)
        if self._terms.preset is Preset.DELIGHTED and _text(columns.cell(cells, "survey_type")).casefold() not in {"", "nps"}:
            raise LineError(Reason.NOT_NPS)
        if self._terms.preset is Preset.RECOMENDA and not _counts(_text(columns.cell(cells, "standing"))):
            raise LineError(Reason.COUNTS_NOT)
        score = _score_in(columns.cell(cells, "score"))
        instant = self._instant_in(columns.cell(cells, "answered_at"), now)
        claims, comment = _claims_in(cells, columns), _comment_in(columns.cell(cells, "comment"))
        dimensions, undeclared = self._dimensions(cells, columns)
        return PastAnswer(
            row=row,
            file_id=file_id,
            instant=instant,
            score=score,
            dimensions=dimensions,
            undeclared=undeclared,
            claims=claims if self._terms.takes_personal else None,
            comment=comment if self._terms.takes_personal else None,
        )

    def _instant_in(self, cell: Any, now: datetime) -> datetime:  # noqa: ANN401 - JSON has any values
        if not _text(cell):
            raise LineError(Reason.NO_DATE)
        try:
            return instant_in(cell, self._terms.rules, self._terms.order, now)
        except DateError as error:
            raise LineError(error.reason) from None

    def _dimensions(self, cells: tuple[Any, ...], columns: Columns) -> tuple[dict[str, str], tuple[str, ...]]:
        """Values as the survey declares them, however cased or accented, a touchpoint by its label too; anything else is `other`."""
        found: dict[str, str] = {}
        for name, known in self._values.items():
            text = _text(columns.cell(cells, name))
            if text:
                found[name] = known.get(text) or known.get(plain(text)) or dim.OTHER
        return found, tuple(name for name, value in found.items() if value == dim.OTHER)


def _text(cell: Any) -> str:  # noqa: ANN401 - JSON has any values
    """What a spreadsheet would show, trimmed."""
    if cell is None or isinstance(cell, bool):
        return "" if cell is None else str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _counts(standing: str) -> bool:
    """Whether an answer of our own export counted; one that does not say so did."""
    return not standing or standing in {Standing.VALID.value, *(export_texts(locale).standings[Standing.VALID] for locale in OWN_LOCALES)}


def _id_in(cells: tuple[Any, ...], columns: Columns) -> str:
    parts = [_text(cells[place]) if place < len(cells) else "" for place in columns.id_places]
    if not any(parts):
        raise LineError(Reason.NO_ID)
    if any(len(part) > _LONGEST_ID for part in parts):
        raise LineError(Reason.ID_TOO_LONG)
    if any(_CONTROL.search(part) for part in parts):
        raise LineError(Reason.UNREADABLE)
    return _BETWEEN.join(parts)


def _score_in(cell: Any) -> int:  # noqa: ANN401 - JSON has any values
    """A spreadsheet writes 9 as `9.0` or `9,0`, so that is taken here; the API for answers takes integers alone."""
    text = _text(cell)
    if not text:
        raise LineError(Reason.NO_SCORE)
    found = _SCORE.fullmatch(text)
    if not found or not text.isascii() or int(found["score"]) > HIGHEST_SCORE:
        raise LineError(Reason.SCORE)
    return int(found["score"])


def _comment_in(cell: Any) -> str | None:  # noqa: ANN401 - JSON has any values
    text = _text(cell)
    if len(text) > LONGEST_COMMENT:
        raise LineError(Reason.COMMENT_TOO_LONG)
    if _CONTROL.search(text):
        raise LineError(Reason.UNREADABLE)
    return text or None


def _claims_in(cells: tuple[Any, ...], columns: Columns) -> Claims | None:
    """Who answered: by customer id or e-mail. A name alone identifies nobody and is not kept."""
    email, name, customer_id = (_text(columns.cell(cells, each)) or None for each in ("email", "name", "customer_id"))
    if email is not None and (len(email) > _LONGEST_EMAIL or not re.search(EMAIL, email)):
        raise LineError(Reason.EMAIL)
    for text, reason in ((name, Reason.NAME), (customer_id, Reason.CUSTOMER_ID)):
        if text is not None and (len(text) > _LONGEST_TEXT or not re.search(TEXT, text)):
            raise LineError(reason)
    return Claims(customer_id=customer_id, email=email, name=name) if email or customer_id else None
