"""Secrets sealed by KMS: what lies in a table is useless without the key, and cannot be moved to another purpose or owner."""

from base64 import b64decode, b64encode
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_CONNECT_SECONDS: Final = 1
_READ_SECONDS: Final = 3
_ATTEMPTS: Final = 3


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
        from boto3 import client  # noqa: PLC0415 - 50 ms that an anonymous answer need not wait for
        from botocore.config import Config  # noqa: PLC0415

        bounded = Config(
            connect_timeout=_CONNECT_SECONDS, read_timeout=_READ_SECONDS, retries={"mode": "standard", "total_max_attempts": _ATTEMPTS}
        )
        return client("kms", config=bounded)


def _context(purpose: str, owner: str) -> dict[str, str]:
    return {"purpose": purpose, "id": owner}
