"""Receipts of deletions, and the keys to verify them with: each function is one route, open to everybody."""

import re
from base64 import urlsafe_b64decode
from typing import Any, Final

import msgspec

from functions.privacy.composition import compose
from shared.api.http import Request, Response, json_response
from shared.api.privacy_messages import ReceiptKeys, ReceiptView
from shared.api.privacy_problem import NoSuchReceipt
from shared.api.privacy_routes import RECEIPT, RECEIPT_KEYS

_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,80}")


def found(receipt_id: str) -> ReceiptView:
    """One receipt. Raises `NoSuchReceipt`."""
    receipt = compose().receipts.find(receipt_id) if _ID.fullmatch(receipt_id) else None
    if receipt is None:
        raise NoSuchReceipt
    return ReceiptView(receipt_id=receipt_id, receipt=receipt, claims=_claims_of(receipt))


def read(request: Request) -> Response:
    """One receipt."""
    return json_response(200, found(request.path["receipt_id"]))


def keys(_request: Request) -> Response:
    """The keys."""
    return json_response(200, ReceiptKeys(keys=tuple(map(dict, compose().receipts.public_keys()))))


def _claims_of(receipt: str) -> dict[str, Any]:
    """What our own receipt says (RFC 7515 §7.1: the middle of three parts); who doubts it verifies the whole."""
    payload = receipt.split(".")[1]
    return msgspec.json.decode(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=dict[str, Any])


ROUTES: Final = {f"GET {RECEIPT}": read, f"GET {RECEIPT_KEYS}": keys}
