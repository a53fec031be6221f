"""API keys."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from shared.access import Scope
from shared.api.messages import RequestBody, ResponseBody
from shared.survey import Label


class NewKey(RequestBody, frozen=True, kw_only=True):
    """An API key to make, with at least one scope and none that its maker lacks."""

    name: Label
    scopes: Annotated[tuple[Scope, ...], Meta(min_length=1, max_length=len(Scope))]


class KeyView(ResponseBody, frozen=True, kw_only=True):
    """An API key as it is listed; last used to the hour."""

    key_id: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class KeyMade(ResponseBody, frozen=True, kw_only=True):
    """A new API key. `api_key` is shown here only: what is kept is its hash."""

    key_id: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    api_key: str


class KeyList(ResponseBody, frozen=True, kw_only=True):
    """All API keys, revoked ones included, by name."""

    keys: tuple[KeyView, ...]
