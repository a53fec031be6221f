"""The receipt of a done erasure: a compact JWS (RFC 7515, EdDSA) that anybody can verify with the public key alone, and that names nobody.

Nothing that a person or the controller typed is in it: no name, no identifier, no channel's name, no reason. Its id is random: nobody can
guess where a receipt is to be found.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import msgspec

from shared.privacy.erasure import Erasure, Recipient, Step

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

POLICY_VERSION: Final = "2026-11"
"""Of docs/lgpd.md, which says what was done; it changes whenever an erasure comes to mean something else."""
PEOPLE_RESTORABLE: Final = timedelta(days=35)
"""How far back a copy of a table can be restored to."""
KEYS_RESTORABLE: Final = timedelta(days=7)
TYPE: Final = "erasure-receipt+jwt"
"""Of the header, so that nothing else which the key may ever sign passes for a receipt (RFC 8725 §3.11)."""
ALGORITHM: Final = "EdDSA"
SEED_BYTES: Final = 32
SECOND: Final = "second."
"""What the second look found is counted under the same names after this."""
_COUNTED: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_NEEDED: Final = ("receipt_id", "policy_version", "asked_at", "marked_at", "done_at", "counts", "receivers", "backups_expire_at")

type Claims = Mapping[str, Any]
type Jwk = Mapping[str, str]


class UndoneError(Exception):
    """The erasure is not at its end: there is nothing to certify."""


class InvalidReceiptError(Exception):
    """Not a receipt, not one of these keys', or changed since."""


@dataclass(frozen=True, slots=True)
class ReceiptKey:
    """What signs receipts: the 32 random bytes of an Ed25519 key."""

    seed: bytes = field(repr=False)

    @property
    def private(self) -> "Ed25519PrivateKey":
        """The key that signs."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - few functions ever sign

        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def public(self) -> Jwk:
        """The public key as a JWK (RFC 8037), its `kid` being its thumbprint (RFC 7638)."""
        named = {"crv": "Ed25519", "kty": "OKP", "x": _base64(self.private.public_key().public_bytes_raw())}
        return named | {"kid": _base64(sha256(msgspec.json.encode(named)).digest()), "alg": ALGORITHM, "use": "sig"}


def claims_of(erasure: Erasure, recipients: Iterable[Recipient]) -> Claims:
    """What the receipt says. Raises `UndoneError` before the second look is over, and where a count's name could be anything but ours."""
    looked_twice = erasure.step in {Step.RECEIPT, Step.DONE} and erasure.refusal is None
    if not looked_twice or not all(_COUNTED.fullmatch(name) for name in erasure.counts):
        raise UndoneError
    if erasure.receipt_id is None or erasure.marked_at is None or erasure.key_destroyed_at is None or erasure.done_at is None:
        raise UndoneError
    return {
        "receipt_id": erasure.receipt_id,
        "policy_version": POLICY_VERSION,
        "asker": erasure.asker.value,
        "asked_at": _instant(erasure.asked_at),
        "marked_at": _instant(erasure.marked_at),
        "key_destroyed_at": _instant(erasure.key_destroyed_at),
        "done_at": _instant(erasure.done_at),
        "second_sweep": {"items": sum(count for name, count in erasure.counts.items() if name.startswith(SECOND))},
        "counts": {name: int(count) for name, count in sorted(erasure.counts.items())},
        "backups_expire_at": {
            "people": _instant(erasure.done_at + PEOPLE_RESTORABLE),
            "keys": _instant(erasure.key_destroyed_at + KEYS_RESTORABLE),
        },
        "receivers": sorted((_receiver(each) for each in recipients), key=lambda said: sorted(said.items())),
    }


def sign(claims: Claims, key: ReceiptKey) -> str:
    """The compact JWS."""
    import jwt  # noqa: PLC0415 - 50 ms of import, for what few functions do

    return jwt.encode(dict(claims), key.private, algorithm=ALGORITHM, headers={"typ": TYPE, "kid": key.public["kid"]})


def verify(receipt: str, keys: Iterable[Jwk]) -> Claims:
    """What a receipt says, if one of these public keys signed it as it is. Raises `InvalidReceiptError`."""
    import jwt  # noqa: PLC0415 - likewise

    try:
        header = jwt.get_unverified_header(receipt)
        known = {key["kid"]: key for key in keys}
        if header.get("typ") != TYPE or header.get("kid") not in known:
            raise InvalidReceiptError
        key = jwt.PyJWK(dict(known[header["kid"]]), algorithm=ALGORITHM)
        said: Claims = jwt.decode(receipt, key, algorithms=[ALGORITHM], options={"require": list(_NEEDED)})
    except (jwt.PyJWTError, KeyError, TypeError, ValueError):
        raise InvalidReceiptError from None
    return said


def jwks(keys: Iterable[Jwk]) -> Mapping[str, list[Jwk]]:
    """The document of public keys (RFC 7517 §5)."""
    return {"keys": list(keys)}


def _receiver(recipient: Recipient) -> dict[str, str]:
    """Who was told, by kind and country: names and hosts may name somebody."""
    said = {"kind": recipient.kind, "country": recipient.country, "status": recipient.status.value}
    times = {"told_at": recipient.told_at, "acknowledged_at": recipient.acknowledged_at}
    said |= {name: _instant(at) for name, at in times.items() if at is not None}
    return said | ({"reason": recipient.reason.value} if recipient.reason else {})


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
