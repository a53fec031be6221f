"""A person's document as files: JSON for programs, CSV for people (LGPD art. 19 §3, art. 18 V).

The CSV has one line a thing that is held: part, which one, what, value; in words. Spreadsheets run what begins like a formula, so such a
cell gets an apostrophe before it (owasp.org, CSV Injection). Excel in Brazil reads `;` and needs the byte-order mark to see UTF-8.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from shared import dimension as dim
from shared import texts
from shared.alerts.compose.moments import moment
from shared.privacy.access import Document
from shared.survey import Locale

TIME_ZONE: Final = "America/Sao_Paulo"
_FORMULA: Final = frozenset("=+-@\t\r\n")
_UNSEEN: Final = "ZC"
"""How the categories of spaces, controls, formats and what is no character begin."""


class Row(NamedTuple):
    """One thing that is held, in words."""

    part: str
    item: str
    what: str
    value: str


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of one locale: by code, and for the heads of the columns."""

    columns: tuple[str, str, str, str]
    parts: dict[str, str]
    names: dict[str, str]
    values: dict[str, str]


@cache
def words(locale: Locale) -> Words:
    """The words of a locale, read when first asked for."""
    folder = Path(texts.__file__).parent / "access"
    return msgspec.json.decode((folder / f"{locale}.json").read_bytes(), type=Words)


def as_json(document: Document) -> bytes:
    """The document as it is."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def as_csv(document: Document, locale: Locale) -> bytes:
    """The document in words, as UTF-8 with a byte-order mark, `;` between cells and CRLF between lines."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(words(locale).columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows(document, locale))
    return written.getvalue().encode("utf-8-sig", "replace")


def harmless(cell: str) -> str:
    """The cell, with an apostrophe before it where a spreadsheet might take it for a formula; what cannot be seen hides no beginning."""
    if cell[:1] in _FORMULA:
        return f"'{cell}"
    first = next((each for each in cell if unicodedata.category(each)[0] not in _UNSEEN), "")
    return f"'{cell}" if unicodedata.normalize("NFKC", first)[:1] in _FORMULA else cell


def rows(document: Document, locale: Locale) -> Iterator[Row]:
    """The document line by line."""
    said = words(locale)
    names = {survey["survey_id"]: survey["name"] for survey in document["surveys"]}
    zones = {survey["survey_id"]: survey["time_zone"] for survey in document["surveys"]}
    yield Row(said.parts["copy"], "", said.names["made_at"], _when(document["made_at"], TIME_ZONE, locale))
    yield from _rows(said.parts["profile"], "", document["profile"] or {}, TIME_ZONE, locale)
    for answer in document["answers"]:
        survey_id = answer["survey_id"]
        item, zone = f"{names.get(survey_id, survey_id)} {answer['answer_id']}", zones.get(survey_id, TIME_ZONE)
        yield from _rows(said.parts["answers"], item, answer, zone, locale)
        yield from _rows(said.parts["comments"], item, answer["comment"] or {}, zone, locale)
        for circumstance in answer["circumstances"]:
            yield Row(said.parts["circumstances"], item, _name(circumstance["name"], said), _circumstance(circumstance, said))
    for part in ("consents", "invitations", "asked"):
        for held in document[part]:
            survey_id = held["survey_id"] or ""
            yield from _rows(said.parts[part], names.get(survey_id, survey_id), held, zones.get(survey_id, TIME_ZONE), locale)
    for recipient in document["shared_with"]:
        yield from _rows(said.parts["shared_with"], recipient["name"], recipient, TIME_ZONE, locale)
    for survey in document["surveys"]:
        yield from _rows(said.parts["surveys"], survey["name"], survey, TIME_ZONE, locale)
        for name in ("legal_basis", "encarregado"):
            yield from _rows(said.parts[name], survey["name"], survey[name] or {}, TIME_ZONE, locale)
    for name, kept in document["beside"].items():
        yield Row(said.parts["beside"], "", said.names[name], _value(kept, said))


_ELSEWHERE: Final = frozenset({"comment", "circumstances", "legal_basis", "encarregado", "survey_id", "answer_id", "time_zone"})
"""What has lines of its own, or names the item."""


def _rows(part: str, item: str, held: Mapping[str, Any], zone: str, locale: Locale) -> Iterator[Row]:
    said = words(locale)
    for name, value in held.items():
        if name in _ELSEWHERE or value is None or value in ([], {}):
            continue
        shown = value.get(locale) or next(iter(value.values())) if isinstance(value, dict) else value
        yield Row(
            part, item, said.names[name], _when(shown, zone, locale) if name.endswith(("_at", "_until")) else _shown(name, shown, said)
        )


_TYPED: Final = frozenset({"text", "name", "email", "customer_id", "host", "company", "consent_version", "consent_text", "assessment"})
"""What somebody wrote is shown as it is, also where it reads like a code of ours."""


def _shown(name: str, value: Any, said: Words) -> str:  # noqa: ANN401 - whatever JSON has
    if isinstance(value, list):
        return ", ".join(said.names.get(str(each), str(each)) for each in value)
    return str(value) if name in _TYPED else _value(value, said)


def _value(value: Any, said: Words) -> str:  # noqa: ANN401 - likewise
    if isinstance(value, bool):
        return said.values["yes" if value else "no"]
    return said.values.get(str(value), str(value))


def _name(dimension: str, said: Words) -> str:
    return said.names.get(dimension) or f"{said.names['segment']} {dimension.partition('.')[2]}"


def _circumstance(circumstance: Document, said: Words) -> str:
    value = circumstance["value"]  # declared by the company, in words of its own: only its means and `other` are ours
    ours = said.values.get(f"{circumstance['name']}={value}") or (said.values["other"] if value == dim.OTHER else value)
    shown = circumstance["label"] or ours
    stage = f" ({circumstance['journey_stage']})" if circumstance["journey_stage"] else ""
    return f"{shown}{stage} · {said.values[circumstance['origin']]}"


def _when(at: str, zone: str, locale: Locale) -> str:
    return moment(datetime.fromisoformat(at), zone, locale)
