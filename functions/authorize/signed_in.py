"""Whose access token is it? Apart from the handler, so that an API key waits for none of this to be imported."""

import os
import time
from functools import cache

from shared.signin.access_token import Holder, Issuer, holder_of
from shared.store.pool_keys import PoolKeys


@cache
def compose(user_pool: str) -> tuple[str, PoolKeys]:
    """The pool's name as an issuer, and its keys: reached once a container.

    A local AWS signs as the real one does, but shows its keys at an address of its own.
    """
    host = f"https://cognito-idp.{user_pool.partition('_')[0]}.amazonaws.com"
    shown_at = os.environ.get("AWS_ENDPOINT_URL") or host
    return f"{host}/{user_pool}", PoolKeys(f"{shown_at}/{user_pool}/.well-known/jwks.json", time.monotonic)


def holder(token: str, user_pool: str, client_id: str) -> Holder:
    """Raises `InvalidAccessTokenError`, and `KeysUnreachableError` where nobody can tell."""
    url, keys = compose(user_pool)
    return holder_of(token, Issuer(url, client_id), keys.find)
