"""API keys, the roles of staff, and what each may do. Randomness is passed in."""

from base64 import b32encode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from types import MappingProxyType
from typing import Final, NamedTuple

PREFIX: Final = "rk"
ID_BYTES: Final = 10
SECRET_BYTES: Final = 32
_LONGEST: Final = 120


class Scope(StrEnum):
    """What a key, or a person by their role, may do."""

    SCORES_READ = "scores:read"
    ANSWERS_READ = "answers:read"
    CASES = "cases"
    SURVEYS = "surveys"
    CHANNELS = "channels"
    ANSWERS_EXCLUDE = "answers:exclude"
    IMPORT = "import"
    PRIVACY = "privacy"
    KEYS = "keys"
    USERS = "users"


EVERY_SCOPE: Final = frozenset(Scope)


class Role(StrEnum):
    """What somebody of the company is to the system: a group of the user pool, by the same name."""

    VIEWER = "viewer"
    CS = "cs"
    DPO = "dpo"
    MANAGER = "manager"
    ADMIN = "admin"


_READING: Final = frozenset({Scope.SCORES_READ})
_CARING: Final = _READING | {Scope.ANSWERS_READ, Scope.CASES}
SCOPES_OF: Final = MappingProxyType(
    {
        Role.VIEWER: _READING,
        Role.CS: _CARING,
        Role.DPO: _READING | {Scope.PRIVACY},
        Role.MANAGER: _CARING | {Scope.SURVEYS, Scope.CHANNELS, Scope.ANSWERS_EXCLUDE, Scope.IMPORT},
        Role.ADMIN: EVERY_SCOPE,
    }
)
"""The one table of roles. Every role reads scores, and only `dpo` and `admin` see requests of data subjects."""
USER_PREFIX: Final = "user_"
"""What stands before a user's id where an API key's id would stand: who did something is one of the two."""


def roles_of(groups: Iterable[str]) -> tuple[Role, ...]:
    """The roles that groups of the user pool stand for, the least first; a group that is none is left alone."""
    named = set(groups)
    return tuple(role for role in Role if role in named)


def scopes_of(roles: Iterable[Role]) -> frozenset[Scope]:
    """What somebody with these roles may do."""
    return frozenset().union(*(SCOPES_OF[role] for role in roles))


def in_order(scopes: Iterable[Scope]) -> tuple[Scope, ...]:
    """Scopes as they are listed: in the order of the table."""
    given = set(scopes)
    return tuple(scope for scope in Scope if scope in given)


class ApiKeyText(NamedTuple):
    """An API key as its holder has it: `rk_<key_id>_<secret>`."""

    key_id: str
    secret: str

    def __str__(self) -> str:
        """What is shown once, when the key is made."""
        return f"{PREFIX}_{self.key_id}_{self.secret}"

    def __repr__(self) -> str:
        """Without the secret: a repr ends up in tracebacks and logs."""
        return f"ApiKeyText(key_id={self.key_id!r})"


def mint(id_randomness: bytes, secret_randomness: bytes) -> ApiKeyText:
    """A key of 80 random bits of id (16 characters a-z2-7) and 256 of secret (base64url). Raises `ValueError` for fewer."""
    if len(id_randomness) != ID_BYTES or len(secret_randomness) != SECRET_BYTES:
        raise ValueError("an API key takes 10 random bytes of id and 32 of secret")
    return ApiKeyText(b32encode(id_randomness).decode().lower(), urlsafe_b64encode(secret_randomness).decode().rstrip("="))


def parse(text: str) -> ApiKeyText | None:
    """Read a key; None for anything else. Only what `mint` writes can be one, so nothing else reaches a store."""
    if len(text) > _LONGEST or not text.isascii():
        return None
    prefix, _, rest = text.partition("_")
    key_id, _, secret = rest.partition("_")
    right = prefix == PREFIX and is_key_id(key_id) and len(secret) == len(urlsafe_b64encode(bytes(SECRET_BYTES)).rstrip(b"="))
    return ApiKeyText(key_id, secret) if right else None


def is_key_id(text: str) -> bool:
    """Whether it is written as key ids are."""
    return len(text) == len(b32encode(bytes(ID_BYTES))) and set(text) <= set("abcdefghijklmnopqrstuvwxyz234567")


def hash_secret(secret: str) -> str:
    """What is kept of a secret. It has 256 random bits, so a plain SHA-256 cannot be searched."""
    return sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key as it is kept; times are in UTC."""

    key_id: str
    name: str
    scopes: frozenset[Scope]
    secret_hash: str
    created_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    def admits(self, secret: str) -> bool:
        """Whether `secret` is this key's and the key is not revoked; takes the same time for any wrong secret."""
        return compare_digest(self.secret_hash, hash_secret(secret)) and self.revoked_at is None
