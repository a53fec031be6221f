"""What identifies a person, and what they typed, sealed with a data key that is theirs alone.

The data key is HKDF-SHA256 of a master key, with the person's own salt (RFC 5869). One gives nothing without the other: where the salt was
destroyed, what it sealed is unreadable wherever a copy of it lies (NIST SP 800-88 r1, 2.6: cryptographic erase).
"""

import hmac
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

SALT_BYTES: Final = 32
MASTER_BYTES: Final = 32
NONCE_BYTES: Final = 12
_PURPOSE: Final = b"recomenda person"


class BrokenSealError(Exception):
    """It was not sealed by that key for that person, item and field, or was changed since."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """One person's key. It is made anew for each request, so that destroying the salt takes effect at once."""

    person_id: str
    key: bytes = field(repr=False)

    def seal(self, text: str, sort_key: str, name: str, nonce: bytes) -> str:
        """Encrypt (AES-256-GCM) for field `name` of that item and no other place; base64. `nonce`: 12 random bytes, never used before."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - 16 ms that a mere score need not wait for

        return b64encode(nonce + AESGCM(self.key).encrypt(nonce, text.encode(), self._place(sort_key, name))).decode()

    def unseal(self, sealed: str, sort_key: str, name: str) -> str:
        """What was sealed for that place. Raises `BrokenSealError`."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - likewise
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - likewise

        try:
            raw = b64decode(sealed, validate=True)
            return AESGCM(self.key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], self._place(sort_key, name)).decode()
        except (InvalidTag, ValueError):  # ValueError: no base64, or too short
            raise BrokenSealError from None

    def _place(self, sort_key: str, name: str) -> bytes:
        """Person ids and names of fields have no `|`, so that no two places are spelled alike."""
        return f"{self.person_id}|{sort_key}|{name}".encode()


def data_key_of(person_id: str, salt: bytes, master: bytes) -> DataKey:
    """HKDF-SHA256 (RFC 5869) with one block of output: its two HMACs, for which nothing has to be imported."""
    extracted = hmac.digest(salt, master, sha256)
    return DataKey(person_id, hmac.digest(extracted, _PURPOSE + person_id.encode() + b"\x01", sha256))
