"""`/v1/keys`: each function is one route. A key's secret is in one response, and nowhere else."""

from typing import Any, Final

import msgspec

from functions.manage.composition import Managing, compose, logger
from shared.access import EVERY_SCOPE, ID_BYTES, SECRET_BYTES, ApiKey, ApiKeyText, Scope, hash_secret, in_order, mint
from shared.api.body import decode
from shared.api.http import Request, Response, empty_response, json_response
from shared.api.key_messages import KeyList, KeyMade, KeyView, NewKey
from shared.api.problem import NoSuchKey, ScopeMissing
from shared.survey import Label

_PEPPER_BYTES: Final = 32


def list_all(_request: Request) -> Response:
    """All keys, by name."""
    keys = sorted(compose().keys.list(), key=lambda key: (key.name, key.created_at, key.key_id))
    return json_response(200, KeyList(keys=tuple(_view_of(key) for key in keys)))


def create(request: Request) -> Response:
    """A new key. It can do no more than the one that makes it."""
    new = decode(request.body, NewKey)
    if not request.scopes.issuperset(new.scopes):
        raise ScopeMissing("A key can pass on only scopes that it has itself.")
    text, key = _minted(new.name, frozenset(new.scopes), compose())
    compose().keys.create(key)
    logger.info("key made", made=key.key_id, key_id=request.key_id)
    made = KeyMade(key_id=key.key_id, name=key.name, scopes=in_order(key.scopes), created_at=key.created_at, api_key=str(text))
    return json_response(201, made)


def revoke(request: Request) -> Response:
    """Revoke a key; again, it stays revoked."""
    key_id = request.path["key_id"]
    if not compose().keys.revoke(key_id, compose().now()):
        raise NoSuchKey
    logger.info("key revoked", revoked=key_id, key_id=request.key_id)
    return empty_response(204)


def make_first(name: object, managing: Managing) -> dict[str, Any]:
    """The first key, with every scope, unless a key in force may manage keys. Raises `msgspec.ValidationError` for a bad name.

    Every deployment asks for it, which is when a master key that has served its time is followed by another, and the key of identity
    lookups is made.
    """
    text, key = _minted(msgspec.convert(name, Label), EVERY_SCOPE, managing)
    managing.masters.renew(managing.random_bytes, managing.now())
    managing.secrets.make_identity_pepper(managing.random_bytes(_PEPPER_BYTES), managing.now())
    if not managing.keys.create_first(key):
        return {"created": False}
    logger.info("first key made", made=key.key_id)
    return {"created": True, "key_id": key.key_id, "api_key": str(text)}


def _minted(name: str, scopes: frozenset[Scope], managing: Managing) -> tuple[ApiKeyText, ApiKey]:
    text = mint(managing.random_bytes(ID_BYTES), managing.random_bytes(SECRET_BYTES))
    key = ApiKey(key_id=text.key_id, name=name, scopes=scopes, secret_hash=hash_secret(text.secret), created_at=managing.now())
    return text, key


def _view_of(key: ApiKey) -> KeyView:
    return KeyView(
        key_id=key.key_id,
        name=key.name,
        scopes=in_order(key.scopes),
        created_at=key.created_at,
        last_used_at=key.last_used_at,
        revoked_at=key.revoked_at,
    )


ROUTES: Final = {"GET /v1/keys": list_all, "POST /v1/keys": create, "DELETE /v1/keys/{key_id}": revoke}
