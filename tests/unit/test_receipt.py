"""A receipt is verified with the public key alone, cannot be changed, and names nobody."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import jwt
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from shared.privacy.erasure import Asker, Erasure, Impossible, Recipient, Refusal, Step, TellingStatus
from shared.privacy.receipt import ALGORITHM, TYPE, InvalidReceiptError, ReceiptKey, UndoneError, claims_of, jwks, sign, verify
from tests.fakes.samples import NOON

KEY, OTHER = ReceiptKey(bytes(range(32))), ReceiptKey(bytes(range(1, 33)))
HOUR = timedelta(hours=1)
DONE = NOON + 26 * HOUR
RECEIPT_ID = "rec_mfrggzdfmztwq2lknnwg23tpobyxe43u"
ERASURE = Erasure(
    erasure_id="era_1",
    person_id="p3rs0n-of-the-receipt",
    asker=Asker.CONTROLLER,
    asked_at=NOON,
    step=Step.RECEIPT,
    reason="cliente Ana Prado pediu por telefone",
    legal_reference="processo 123 de Ana",
    request_id="req_9",
    counts={"people.comment": 2, "answers.anonymised": 3, "keys": 1, "second.answers.anonymised": 1},
    marked_at=NOON + HOUR,
    key_destroyed_at=NOON + HOUR,
    done_at=DONE,
    receipt_id=RECEIPT_ID,
)
CRM = Recipient(
    channel_id="ch_2222222222222222",
    name="CRM da Ana",
    kind="webhook",
    host="ana.example.com",
    country="US",
    fields=frozenset({"email"}),
    first_at=NOON - HOUR,
    last_at=NOON - HOUR,
    times=3,
    status=TellingStatus.ACKNOWLEDGED,
    message_id="msg_x",
    told_at=NOON + HOUR,
    acknowledged_at=NOON + 2 * HOUR,
)
GONE = replace(
    CRM, channel_id="ch_3", status=TellingStatus.IMPOSSIBLE, told_at=None, acknowledged_at=None, reason=Impossible.CHANNEL_DELETED
)


def receipt(key: ReceiptKey = KEY, **changes: Any) -> str:  # noqa: ANN401 - any field of an erasure
    erasure = replace(ERASURE, **changes)
    return sign(claims_of(erasure, [CRM, GONE]), key)


def test_it_says_what_was_done_when_and_to_whom_it_was_told() -> None:
    assert verify(receipt(), [KEY.public]) == {
        "receipt_id": RECEIPT_ID,
        "policy_version": "2026-11",
        "asker": "controller",
        "asked_at": "2026-03-10T15:00:00Z",
        "marked_at": "2026-03-10T16:00:00Z",
        "key_destroyed_at": "2026-03-10T16:00:00Z",
        "done_at": "2026-03-11T17:00:00Z",
        "second_sweep": {"items": 1},
        "counts": {"answers.anonymised": 3, "keys": 1, "people.comment": 2, "second.answers.anonymised": 1},
        "backups_expire_at": {"people": "2026-04-15T17:00:00Z", "keys": "2026-03-17T16:00:00Z"},
        "receivers": [
            {
                "kind": "webhook",
                "country": "US",
                "status": "acknowledged",
                "told_at": "2026-03-10T16:00:00Z",
                "acknowledged_at": "2026-03-10T17:00:00Z",
            },
            {"kind": "webhook", "country": "US", "status": "impossible", "reason": "channel_deleted"},
        ],
    }


def test_a_tool_that_knows_nothing_of_us_verifies_it_with_the_published_key() -> None:
    document = json.loads(json.dumps(jwks([KEY.public])))
    [key] = document["keys"]
    header, payload, signature = receipt().split(".")
    public = Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(key["x"] + "="))
    public.verify(urlsafe_b64decode(signature + "=="), f"{header}.{payload}".encode())
    with pytest.raises(InvalidSignature):
        public.verify(urlsafe_b64decode(signature + "=="), f"{header}.{payload}x".encode())


def test_the_published_key_is_named_by_its_thumbprint_and_holds_nothing_secret() -> None:
    """The key of RFC 8037, appendix A."""
    seed = urlsafe_b64decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
    public = ReceiptKey(seed).public
    assert public == {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
        "alg": "EdDSA",
        "use": "sig",
    }


def test_no_secret_is_shown_when_a_key_is_printed() -> None:
    assert KEY.seed.hex() not in repr(KEY)
    assert "seed" not in repr(KEY)


@given(at=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_whatever_is_changed_in_it_is_refused(at: int, flip: int) -> None:
    signed = receipt()
    parts = [urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in signed.split(".")]
    whole = bytearray(b"".join(parts))
    whole[at % len(whole)] ^= flip
    ends = [0, len(parts[0]), len(parts[0]) + len(parts[1]), len(whole)]
    changed = ".".join(urlsafe_b64encode(bytes(whole[begin:end])).decode().rstrip("=") for begin, end in pairwise(ends))
    with pytest.raises(InvalidReceiptError):
        verify(changed, [KEY.public])


@pytest.mark.parametrize("text", ["", "a", "a.b", "a.b.c", "....", "é.é.é", "a" * 100_000])
def test_what_is_no_receipt_is_refused(text: str) -> None:
    with pytest.raises(InvalidReceiptError):
        verify(text, [KEY.public])


def test_another_key_or_none_verifies_nothing() -> None:
    for keys in ([], [OTHER.public], [{**OTHER.public, "kid": KEY.public["kid"]}]):
        with pytest.raises(InvalidReceiptError):
            verify(receipt(), keys)
    assert verify(receipt(OTHER), [KEY.public, OTHER.public])


def test_something_else_that_the_key_signed_or_that_nobody_signed_is_no_receipt() -> None:
    claims = dict(claims_of(ERASURE, []))
    kid = KEY.public["kid"]
    for forged in (
        jwt.encode(claims, KEY.private, algorithm=ALGORITHM, headers={"kid": kid}),
        jwt.encode({"receipt_id": "rec_1"}, KEY.private, algorithm=ALGORITHM, headers={"typ": TYPE, "kid": kid}),
        jwt.encode(claims, "", algorithm="none", headers={"typ": TYPE, "kid": kid}),
        jwt.encode(claims, "x" * 43, algorithm="HS256", headers={"typ": TYPE, "kid": kid}),
    ):
        with pytest.raises(InvalidReceiptError):
            verify(forged, [KEY.public])


def test_nothing_personal_is_in_it() -> None:
    signed = receipt()
    said = json.dumps(dict(verify(signed, [KEY.public]))) + json.dumps(jwt.get_unverified_header(signed))
    for hidden in ("Ana", "ana.", "p3rs0n", "ch_", "msg_", "processo", "telefone", "era_1", "req_9", "CRM"):
        assert hidden not in said


@pytest.mark.parametrize(
    "changes",
    [
        *({"step": step} for step in Step if step not in {Step.RECEIPT, Step.DONE}),
        {"marked_at": None},
        {"key_destroyed_at": None},
        {"done_at": None},
        {"receipt_id": None},
        {"refusal": Refusal.LEGAL_HOLD},
    ],
    ids=str,
)
def test_what_is_not_done_gets_no_receipt(changes: dict[str, Any]) -> None:
    with pytest.raises(UndoneError):
        receipt(**changes)


@pytest.mark.parametrize("name", ["ana@exemplo.com.br", "people.Ana Prado", "", "people.", "11 98765-4321"])
def test_a_count_is_named_by_a_store_and_by_nobody(name: str) -> None:
    with pytest.raises(UndoneError):
        receipt(counts={name: 1})
