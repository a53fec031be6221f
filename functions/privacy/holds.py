"""Legal holds, for the controller: each function is one route."""

from typing import Final

from functions.privacy.composition import compose, logger
from shared.api.body import decode
from shared.api.erasure_messages import HoldList, NewHold, hold_view
from shared.api.http import Request, Response, empty_response, json_response
from shared.api.privacy_problem import NobodyFound, NoSuchHold
from shared.api.privacy_routes import HOLDS
from shared.api.problem import invalid
from shared.identity import lookup_of
from shared.privacy.holds import Hold
from shared.privacy.ids import HOLD, ID_BYTES, id_from, is_id
from shared.store.registry import NoPepperError


def create(request: Request) -> Response:
    """Nobody with that identifier is erased from now on. Nobody is told whether there is anybody."""
    new, doors = decode(request.body, NewHold), compose()
    now = doors.now()
    if new.until is not None and new.until <= now:
        raise invalid("/until", "an instant that lies ahead is expected")
    hold = Hold(
        hold_id=id_from(HOLD, doors.asking.random_bytes(ID_BYTES)),
        lookup=_lookup(new),
        reason=new.reason,
        legal_reference=new.legal_reference,
        placed_at=now,
        until=new.until,
    )
    doors.opening.holds.place(hold)
    logger.info("legal hold placed", hold_id=hold.hold_id, key_id=request.key_id)
    return json_response(201, hold_view(hold))


def _lookup(new: NewHold) -> str:
    try:
        return lookup_of(*new.identifier, compose().secrets.identity_pepper())
    except NoPepperError:
        raise NobodyFound("No survey has been made yet that could identify anybody; place the hold once there is one.") from None


def list_all(_request: Request) -> Response:
    """All that are in force."""
    return json_response(200, HoldList(holds=tuple(hold_view(hold) for hold in compose().opening.holds.list())))


def lift(request: Request) -> Response:
    """End one."""
    hold_id = request.path["hold_id"]
    if not is_id(HOLD, hold_id) or not compose().opening.holds.lift(hold_id):
        raise NoSuchHold
    logger.info("legal hold lifted", hold_id=hold_id, key_id=request.key_id)
    return empty_response(204)


ROUTES: Final = {f"POST {HOLDS}": create, f"GET {HOLDS}": list_all, f"DELETE {HOLDS}/{{hold_id}}": lift}
