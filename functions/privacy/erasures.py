"""Erasures, for the controller: each function is one route. An identifier is in a body, and nowhere else."""

from datetime import timedelta
from typing import Final

from functions.privacy.composition import compose, logger
from shared.api.body import decode
from shared.api.erasure_messages import (
    ErasureDetail,
    ErasureList,
    ErasuresOpened,
    ErasureView,
    NewErasure,
    erasure_view,
    recipient_view,
)
from shared.api.http import Request, Response, json_response
from shared.api.paging import Reach, cursor_of, span_of
from shared.api.privacy_problem import NobodyFound, NoSuchErasure, NoSuchRecipient, OnLegalHold
from shared.api.privacy_routes import ERASURE, ERASURES, RECIPIENT
from shared.api.problem import invalid_parameter
from shared.privacy import telling
from shared.privacy.erasure import Asker, Erasure
from shared.privacy.ids import ERASURE as ERASURE_ID
from shared.privacy.ids import ID_BYTES, is_id
from shared.privacy.opening import Case, HeldError, NobodyError, open_for

PAGE: Final = 50
_REACH: Final = Reach(usual=timedelta(days=30), longest=timedelta(days=366))


def create(request: Request) -> Response:
    """Erase everybody with that identifier."""
    new, doors = decode(request.body, NewErasure), compose()
    case = Case(Asker.CONTROLLER, doors.asking.random_bytes(ID_BYTES).hex(), reason=new.reason, legal_reference=new.legal_reference)
    try:
        erasures = open_for(*new.identifier, case, doors.opening)
    except NobodyError:
        raise NobodyFound from None
    except HeldError as held:
        raise OnLegalHold(held.hold.reason, legal_reference=held.hold.legal_reference) from None
    logger.info("erasures opened", erasures=[erasure.erasure_id for erasure in erasures], key_id=request.key_id)
    return json_response(202, ErasuresOpened(erasures=tuple(erasure_view(erasure, ErasureView) for erasure in erasures)))


def list_all(request: Request) -> Response:
    """A page of erasures."""
    if request.query.keys() - {"from", "to", "cursor"}:
        raise invalid_parameter("query", "only from, to and cursor are expected")
    doors, found = compose(), []
    span = span_of(request.query, doors.now(), _REACH)
    last = span.last if span.after is None else min(span.last, span.after[0])
    for erasure in doors.opening.ledger.listed(span.first, last):
        if span.after is not None and (erasure.asked_at, erasure.erasure_id) >= span.after:
            continue
        found.append(erasure)
        if len(found) == PAGE:
            break
    cursor = cursor_of(found[-1].asked_at, found[-1].erasure_id) if len(found) == PAGE else None
    return json_response(200, ErasureList(erasures=tuple(erasure_view(each, ErasureView) for each in found), next_cursor=cursor))


def read(request: Request) -> Response:
    """One erasure."""
    erasure = _there(request)
    recipients = tuple(recipient_view(each) for each in compose().opening.ledger.recipients(erasure.erasure_id))
    return json_response(200, erasure_view(erasure, ErasureDetail, recipients=recipients))


def acknowledge(request: Request) -> Response:
    """A recipient's copy is gone. The first time counts."""
    erasure, doors = _there(request), compose()
    found = {each.channel_id: each for each in doors.opening.ledger.recipients(erasure.erasure_id)}
    recipient = found.get(request.path["channel_id"])
    if recipient is None:
        raise NoSuchRecipient
    acknowledged = telling.acknowledge(recipient, doors.now())
    if acknowledged != recipient:
        doors.opening.ledger.note_recipient(erasure.erasure_id, acknowledged)
        logger.info("recipient acknowledged", erasure_id=erasure.erasure_id, channel_id=recipient.channel_id, key_id=request.key_id)
    return json_response(200, recipient_view(acknowledged))


def _there(request: Request) -> Erasure:
    erasure_id = request.path["erasure_id"]
    erasure = compose().opening.ledger.find(erasure_id) if is_id(ERASURE_ID, erasure_id) else None
    if erasure is None:
        raise NoSuchErasure
    return erasure


ROUTES: Final = {
    f"POST {ERASURES}": create,
    f"GET {ERASURES}": list_all,
    f"GET {ERASURE}": read,
    f"POST {RECIPIENT}/acknowledge": acknowledge,
}
