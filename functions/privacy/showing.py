"""A request as it is shown: to a program, as a file, and to the page."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import UNSET

from functions.privacy.composition import Doors
from shared.api.http import Response, json_response
from shared.api.privacy_messages import RequestReceived, RequestView, SubjectErasure
from shared.privacy.erasure import Erasure
from shared.privacy.requests import PrivacyRequest, RequestType


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
        held=tuple(dict(document) for document in documents_of(request, doors)) if is_access else UNSET,
        token=UNSET if token is None else token,
    )


def _erasure_of(erasure: Erasure) -> SubjectErasure:
    given: dict[str, Any] = {name: getattr(erasure, name) for name in SubjectErasure.__struct_fields__}
    if erasure.done_at is None:
        given["receipt_id"] = None  # it is named before it is signed
    if erasure.refusal is None:
        given |= {"reason": None, "legal_reference": None}  # the controller's notes on a case of its own are not the subject's answer
    return SubjectErasure(**given | {"counts": dict(erasure.counts)})


def documents_of(request: PrivacyRequest, doors: Doors) -> list[Mapping[str, Any]]:
    """All that is held of the request's person, read now: a document for each record."""
    return [doors.access.of(person_id, request.answers) for person_id in request.persons]


def download_of(request: PrivacyRequest, wanted: str, doors: Doors) -> Response:
    """A file of what is held: `json` as programs read it, `csv` in words."""
    documents = documents_of(request, doors)
    headers = {"content-disposition": f'attachment; filename="recomenda.{wanted}"'}
    if wanted == "json":
        body = msgspec.json.format(msgspec.json.encode({"held": documents})).decode()
        return json_response(200, None, headers=headers) | {"body": body}
    text = "".join(_lines(number, doors.copies.as_csv(document, request.locale)) for number, document in enumerate(documents))
    return json_response(200, None, headers=headers, kind="text/csv; charset=utf-8") | {"body": text}


def _lines(number: int, file: bytes) -> str:
    """The lines of one record's file: mark and heads stand above the first one's alone."""
    text = file.decode()
    return text if number == 0 else text.partition("\n")[2]
