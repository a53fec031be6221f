"""A request as it is shown: to a program, as a file, and to the page."""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any, Final

import msgspec
from msgspec import UNSET

from functions.privacy.composition import Doors
from shared.api.http import Response, json_response
from shared.api.privacy_messages import RequestReceived, RequestView, SubjectErasure
from shared.privacy.erasure import Erasure
from shared.privacy.requests import PrivacyRequest, RequestType

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula (OWASP, CSV injection)."""


def received(request: PrivacyRequest, token: str | None = None) -> RequestReceived:
    """What is answered to a new request."""
    return RequestReceived(
        request_id=request.request_id,
        type=request.type,
        status=request.status,
        until=request.until or request.code_until,
        token=UNSET if token is None else token,
    )


def view_of(request: PrivacyRequest, doors: Doors, token: str | None = None) -> RequestView:
    """A confirmed request, with what it gives: read now, from where it is."""
    is_access = request.type is RequestType.ACCESS
    erasures = [doors.opening.ledger.find(erasure_id) for erasure_id in request.erasures]
    return RequestView(
        request_id=request.request_id,
        type=request.type,
        status=request.status,
        asked_at=request.asked_at,
        until=request.until or request.code_until,
        erasures=UNSET if is_access else tuple(_erasure_of(erasure) for erasure in erasures if erasure is not None),
        held=tuple(dict(doors.access.of(person_id)) for person_id in request.persons) if is_access else UNSET,
        token=UNSET if token is None else token,
    )


def _erasure_of(erasure: Erasure) -> SubjectErasure:
    given: dict[str, Any] = {name: getattr(erasure, name) for name in SubjectErasure.__struct_fields__}
    if erasure.done_at is None:
        given["receipt_id"] = None  # it is named before it is signed
    if erasure.refusal is None:
        given |= {"reason": None, "legal_reference": None}  # the controller's notes on a case of its own are not the subject's answer
    return SubjectErasure(**given | {"counts": dict(erasure.counts)})


def download_of(request: PrivacyRequest, wanted: str, doors: Doors) -> Response:
    """A file of it, `json` or `csv`."""
    view = view_of(request, doors)
    headers = {"content-disposition": f'attachment; filename="{request.type}.{wanted}"'}
    if wanted == "json":
        return json_response(200, view, headers=headers)
    made = json_response(200, None, headers=headers, kind="text/csv; charset=utf-8")
    return made | {"body": csv_of(msgspec.to_builtins(view))}


def csv_of(view: Mapping[str, Any]) -> str:
    """One line a value: where it lies, and what it is (RFC 4180). What looks like a formula gets an apostrophe before it."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(["field", "value"])
    writer.writerows([_harmless(place), _harmless(value)] for place, value in _flat(view))
    return text.getvalue()


def _flat(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(inner, f"{place}.{name}" if place else str(name))
    elif isinstance(value, (list, tuple)):
        for number, inner in enumerate(value, start=1):
            yield from _flat(inner, f"{place}[{number}]")
    else:
        yield place, "" if value is None else str(value)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
