"""Secrets sealed by KMS: what lies in a table is useless without the key, and cannot be moved to another purpose or owner."""

from base64 import b64decode, b64encode
from functools import cached_property
from typing import TYPE_CHECKING

from shared.store.session import client

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class Sealing:
    """Seals and unseals with one KMS key. Most requests need neither, so the client is made at first use."""

    def __init__(self, key: str) -> None:
        """Take the id or the ARN of the key."""
        self._key = key

    def seal(self, secret: bytes, *, purpose: str, owner: str) -> str:
        """Encrypt for that purpose and owner only; the text is base64."""
        sealed = self._kms.encrypt(KeyId=self._key, Plaintext=secret, EncryptionContext=_context(purpose, owner))
        return b64encode(sealed["CiphertextBlob"]).decode()

    def unseal(self, sealed: str, *, purpose: str, owner: str) -> bytes:
        """Decrypt what was sealed for the same purpose and owner; KMS refuses anything else (InvalidCiphertextException)."""
        return self._kms.decrypt(KeyId=self._key, CiphertextBlob=b64decode(sealed), EncryptionContext=_context(purpose, owner))["Plaintext"]

    @cached_property
    def _kms(self) -> "KMSClient":
        made: KMSClient = client("kms")
        return made


def _context(purpose: str, owner: str) -> dict[str, str]:
    return {"purpose": purpose, "id": owner}
