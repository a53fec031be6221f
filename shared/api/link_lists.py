"""Lists of people to invite, as spreadsheets and e-mail tools write and read them: CSV with a row of heads.

Columns are known by what they are called, in Portuguese, English and Spanish; `;`, `,` or tab stands between cells, as the heads have it.
Excel in Brazil writes `;` and, unless told otherwise, Windows-1252; what it reads back begins with the byte-order mark.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from shared.api.asking_messages import MOST_PEOPLE, Invitee, LinkView
from shared.api.body import refuse_large
from shared.api.problem import invalid
from shared.intake.inviting import Line
from shared.phrase import Phrase
from shared.privacy.copies import harmless
from shared.survey import Survey

LARGEST: Final = 1024 * 1024
_BYTE_ORDER_MARK: Final = "\ufeff"
_COLUMNS: Final[Mapping[str, frozenset[str]]] = {
    "email": frozenset({"email", "emailaddress", "enderecodeemail", "correo", "correoelectronico"}),
    "name": frozenset({"name", "fullname", "nome", "nomecompleto", "nombre", "firstname", "primeironome"}),
    "customer_id": frozenset({"customerid", "customer", "cliente", "idcliente", "iddocliente", "codigo", "codigodocliente", "externalid"}),
}
_SEGMENT: Final = ("segment.", "segmento.")
_HEADS: Final = ("email", "name", "customer_id", "link", "link_id", "status", "reason")


class People(NamedTuple):
    """People as they came, and what stood between cells."""

    lines: Sequence[Line]
    delimiter: str


def lines_of(people: Sequence[Invitee]) -> list[Line]:
    """The lines of a JSON list."""
    return [Line(email=each.email, name=each.name, customer_id=each.customer_id, segments=each.segments) for each in people]


def people_in(body: bytes, survey: Survey) -> People:
    """The people of a CSV. Raises `TooLarge`, and `Invalid` where there are no heads, or too many rows."""
    refuse_large(body, LARGEST)
    text = _text_of(body)
    delimiter = max(";,\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        heads, *rows = [row for row in reader if any(cell.strip() for cell in row)] or [[]]
    except csv.Error:
        raise invalid("", "text/csv with one row a person is expected") from None
    if len(rows) > MOST_PEOPLE:
        raise invalid("", Phrase("at most {most} people are expected", most=MOST_PEOPLE))
    columns = _columns(heads, survey)
    return People([_line(row, columns, len(heads)) for row in rows], delimiter)


def _text_of(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _columns(heads: Sequence[str], survey: Survey) -> dict[str, int]:
    """Where each field stands: `email`, `name`, `customer_id`, `segment.KEY`. The first column of a kind is taken, others left alone."""
    declared = {segment.key for segment in survey.settings.segments}
    found: dict[str, int] = {}
    for place, head in enumerate(heads):
        name = head.strip().removeprefix(_BYTE_ORDER_MARK)
        segment = next((name.removeprefix(prefix) for prefix in _SEGMENT if name.startswith(prefix)), None)
        if segment is not None and segment not in declared:
            other = "only segments that the survey declares are expected as columns; column {column} is another"
            raise invalid("", Phrase(other, column=place + 1))
        kind = f"segment.{segment or name}" if (segment or name) in declared else _kind_of(name)
        if kind is not None:
            found.setdefault(kind, place)
    if not {"email", "customer_id"} & found.keys():
        raise invalid("", "a first row with the columns' names is expected, email or customer_id among them")
    return found


def _kind_of(head: str) -> str | None:
    plain = unicodedata.normalize("NFKD", head).casefold()
    letters = "".join(each for each in plain if each.isalnum())
    return next((kind for kind, names in _COLUMNS.items() if letters in names), None)


def _line(row: Sequence[str], columns: Mapping[str, int], width: int) -> Line:
    def cell(kind: str) -> str | None:
        place = columns.get(kind)
        return row[place].strip() or None if place is not None and place < len(row) else None

    segments = {kind.removeprefix("segment."): text for kind in columns if kind.startswith("segment.") and (text := cell(kind)) is not None}
    wrong = "as many cells as there are columns are expected" if any(extra.strip() for extra in row[width:]) else None
    return Line(email=cell("email"), name=cell("name"), customer_id=cell("customer_id"), segments=segments, wrong=wrong)


def csv_of(lines: Sequence[Line], links: Sequence[LinkView], delimiter: str) -> str:
    """Who was on each line and their link: UTF-8 after a byte-order mark. No cell is a formula."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(_HEADS)
    writer.writerows(_rows(lines, links))
    return _BYTE_ORDER_MARK + written.getvalue()


def _rows(lines: Sequence[Line], links: Sequence[LinkView]) -> Iterator[list[str]]:
    for line, view in zip(lines, links, strict=True):
        cells = (line.email, line.name, line.customer_id, view.link, view.link_id, view.status, view.reason)
        yield [harmless(cell or "") for cell in cells]
