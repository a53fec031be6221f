"""Who a person is to us: random-looking ids, and keyed lookups instead of readable identifiers."""

import hmac
import unicodedata
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Final, Literal

_ID_BYTES: Final = 16
type IdentityKind = Literal["customer_id", "email"]


def anonymous_person_id(answer_id: str, person_salt: str) -> str:
    """The person id of an anonymous answer: derived, so that a retried POST finds the same one and leaves no orphan."""
    return _short(hmac.digest(person_salt.encode(), answer_id.encode(), sha256))


def person_id_from(randomness: bytes) -> str:
    """A new person's id, from 16 random bytes."""
    return _short(randomness)


def lookup_of(kind: IdentityKind, value: str, pepper: bytes) -> str:
    """HMAC-SHA256 of a normalised identifier: finds its person, and cannot be read back without the pepper (LGPD art. 13 §4)."""
    return hmac.digest(pepper, f"{kind}|{normalised(kind, value)}".encode(), sha256).hex()


def normalised(kind: IdentityKind, value: str) -> str:
    """One spelling an identifier: NFKC and trimmed; an e-mail also in lower case."""
    text = unicodedata.normalize("NFKC", value).strip()
    return text.casefold() if kind == "email" else text


def edit_key_hash_of(key: str) -> str:
    """The SHA-256, in hex, of an edit key as its holder writes it (256 random bits, so a plain hash does)."""
    return sha256(key.encode(errors="surrogatepass")).hexdigest()


def _short(digest: bytes) -> str:
    return urlsafe_b64encode(digest[:_ID_BYTES]).decode().rstrip("=")
