"""Access tokens of the user pool: JWTs (RFC 7519) signed with RS256. Imported only where one has to be verified: 50 ms of a cold start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

import jwt
import msgspec

from shared.access import Role, roles_of
from shared.signin.user import is_user_id

_ALGORITHM: Final = "RS256"
_LEEWAY_SECONDS: Final = 10
_LONGEST: Final = 4_096
_USE: Final = "access"
_REQUIRED: Final = ("exp", "iat", "iss", "sub", "token_use", "client_id")

type KeyOf = Callable[[str], Any | None]
"""The pool's public key of an id, if it has one."""


class InvalidAccessTokenError(Exception):
    """The token is not one of this pool's access tokens for this client, or no longer good."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who has to have signed a token, and for whom."""

    url: str
    client_id: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose token it is, and their roles when it was made."""

    user_id: str
    roles: tuple[Role, ...]


class _Claims(msgspec.Struct, frozen=True):
    sub: str
    token_use: str
    client_id: str
    groups: Annotated[tuple[str, ...], msgspec.Meta(max_length=100)] = msgspec.field(name="cognito:groups", default=())


def holder_of(token: str, issuer: Issuer, key_of: KeyOf) -> Holder:
    """Verify a token and read it. Raises `InvalidAccessTokenError`.

    The algorithm is ours to say, never the token's: `none`, and HS256 with the public key for a secret, get nowhere.
    """
    claims = _claims(token, issuer, key_of)
    if claims.token_use != _USE or claims.client_id != issuer.client_id or not is_user_id(claims.sub):
        raise InvalidAccessTokenError
    return Holder(claims.sub, roles_of(claims.groups))


def _claims(token: str, issuer: Issuer, key_of: KeyOf) -> _Claims:
    if len(token) > _LONGEST:
        raise InvalidAccessTokenError
    try:
        header = jwt.get_unverified_header(token)
        kid = header.get("kid")
        key = key_of(kid) if header.get("alg") == _ALGORITHM and isinstance(kid, str) else None
        if key is None:
            raise InvalidAccessTokenError
        decoded = jwt.decode(
            token,
            key,
            algorithms=[_ALGORITHM],
            issuer=issuer.url,
            leeway=_LEEWAY_SECONDS,
            options={"require": list(_REQUIRED), "verify_aud": False},  # an access token has client_id, not aud
        )
        return msgspec.convert(decoded, _Claims)
    except (jwt.PyJWTError, msgspec.ValidationError):
        raise InvalidAccessTokenError from None
