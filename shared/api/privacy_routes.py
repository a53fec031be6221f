"""The routes of data subjects, public, and of the controller for erasures and legal holds; and the page `/privacidade`."""

from typing import Final

from shared.access import Scope
from shared.api import privacy_problem as v
from shared.api import problem as p
from shared.api.erasure_messages import ErasureDetail, ErasureList, ErasuresOpened, HoldList, HoldView, NewErasure, NewHold, RecipientView
from shared.api.privacy_messages import ConfirmRequest, NewRequest, ReceiptKeys, ReceiptView, RequestReceived, RequestView
from shared.api.route import BODY, INSTANT, Parameter, Route

REQUESTS: Final = "/v1/privacy/requests"
REQUEST: Final = f"{REQUESTS}/{{request_id}}"
ERASURES: Final = "/v1/privacy/erasures"
ERASURE: Final = f"{ERASURES}/{{erasure_id}}"
RECIPIENT: Final = f"{ERASURE}/recipients/{{channel_id}}"
HOLDS: Final = "/v1/privacy/holds"
RECEIPT: Final = "/v1/privacy/receipts/{receipt_id}"
RECEIPT_KEYS: Final = "/v1/privacy/receipt-keys"
PAGE: Final = "/privacidade"
REQUEST_PAGE: Final = f"{PAGE}/pedidos/{{request_id}}"
STATUS_PAGE: Final = f"{REQUEST_PAGE}/situacao"
DATA_PAGE: Final = f"{REQUEST_PAGE}/dados"
RECEIPT_PAGE: Final = f"{PAGE}/recibos/{{receipt_id}}"

_PUBLIC: Final = (
    Route(
        method="POST",
        path=REQUESTS,
        function="privacy",
        scope=None,
        summary="Ask to be deleted, or to see what is held. For an e-mail the answer is the same whoever it belongs to",
        request=NewRequest,
        responses={202: RequestReceived},
        refusals=(*BODY, p.CredentialMissing, p.NoSuchSurvey, p.NoSuchAnswer, p.TokenRefused, p.TooBusy),
        bearer="edit_key",
        bearer_is_optional=True,
    ),
    Route(
        method="POST",
        path=f"{REQUEST}/confirm",
        function="privacy",
        scope=None,
        summary="Confirm a request with the code that was mailed to the address on file; the token opens it from then on",
        request=ConfirmRequest,
        responses={200: RequestView},
        refusals=(*BODY, v.NotConfirmed, p.TooBusy),
    ),
    Route(
        method="GET",
        path=REQUEST,
        function="privacy",
        scope=None,
        summary="A confirmed request: how far the deletion is, or all that is held",
        responses={200: RequestView},
        refusals=(p.CredentialMissing, v.NoSuchRequest, p.TooBusy),
        bearer="request_token",
    ),
    Route(
        method="GET",
        path=f"{REQUEST}/data",
        function="privacy",
        scope=None,
        summary="All that is held, as a file",
        query=(Parameter("format", "json or csv; json unless given", "^(json|csv)$"),),
        downloads=("application/json", "text/csv; charset=utf-8"),
        refusals=(p.Invalid, p.CredentialMissing, v.NoSuchRequest, v.NoDataAskedFor, p.TooBusy),
        bearer="request_token",
    ),
    Route(
        method="GET",
        path=RECEIPT,
        function="privacy",
        scope=None,
        summary="The receipt of a deletion, signed. It names nobody",
        responses={200: ReceiptView},
        refusals=(v.NoSuchReceipt,),
    ),
    Route(
        method="GET",
        path=RECEIPT_KEYS,
        function="privacy",
        scope=None,
        summary="The public keys that receipts are verified with",
        responses={200: ReceiptKeys},
    ),
)

_CONTROLLER: Final = (
    Route(
        method="POST",
        path=ERASURES,
        function="privacy",
        scope=Scope.PRIVACY,
        summary="Erase everybody with an e-mail or a customer id",
        request=NewErasure,
        responses={202: ErasuresOpened},
        refusals=(*BODY, v.NobodyFound, v.OnLegalHold, p.TooBusy),
    ),
    Route(
        method="GET",
        path=ERASURES,
        function="privacy",
        scope=Scope.PRIVACY,
        summary="Erasures, whoever asked for them, newest first",
        query=(
            Parameter("from", "Asked for then or later, as 2026-03-14T15:00:00Z; without it, 30 days before the end", INSTANT),
            Parameter("to", "Asked for then or before; now unless given", INSTANT),
            Parameter("cursor", "The next_cursor of the page before"),
        ),
        responses={200: ErasureList},
        refusals=(p.Invalid,),
    ),
    Route(
        method="GET",
        path=ERASURE,
        function="privacy",
        scope=Scope.PRIVACY,
        summary="One erasure: its steps, its counts, and who was told",
        responses={200: ErasureDetail},
        refusals=(v.NoSuchErasure,),
    ),
    Route(
        method="POST",
        path=f"{RECIPIENT}/acknowledge",
        function="privacy",
        scope=Scope.PRIVACY,
        summary="Note that a recipient's copy is gone, as it said itself or whoever looks after it",
        responses={200: RecipientView},
        refusals=(v.NoSuchErasure, v.NoSuchRecipient, p.TooBusy),
    ),
    Route(
        method="POST",
        path=HOLDS,
        function="privacy",
        scope=Scope.PRIVACY,
        summary="Forbid the erasure of whoever has an e-mail or a customer id, for a legal reason",
        request=NewHold,
        responses={201: HoldView},
        refusals=(*BODY, v.NobodyFound, p.TooBusy),
    ),
    Route(
        method="GET",
        path=HOLDS,
        function="privacy",
        scope=Scope.PRIVACY,
        summary="The legal holds in force, the oldest first",
        responses={200: HoldList},
    ),
    Route(
        method="DELETE",
        path=f"{HOLDS}/{{hold_id}}",
        function="privacy",
        scope=Scope.PRIVACY,
        summary="Lift a legal hold",
        responses={204: None},
        refusals=(v.NoSuchHold, p.TooBusy),
    ),
)


def _page(method: str, path: str, summary: str) -> Route:
    return Route(method=method, path=path, function="privacy", scope=None, summary=summary, is_page=True)


_PAGES: Final = (
    _page("GET", PAGE, "What is kept and why, the rights, and the form"),
    _page("POST", PAGE, "The form"),
    _page("GET", REQUEST_PAGE, "Where the code is typed"),
    _page("POST", REQUEST_PAGE, "The code"),
    _page("POST", STATUS_PAGE, "A confirmed request, looked at again"),
    _page("POST", DATA_PAGE, "The download"),
    _page("GET", RECEIPT_PAGE, "A receipt, to be read"),
)

PRIVACY_ROUTES: Final = (*_PUBLIC, *_CONTROLLER, *_PAGES)
