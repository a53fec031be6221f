"""What all messages share."""

from msgspec import Struct


class RequestBody(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A request's body."""


class ResponseBody(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A response's body. Only what is UNSET is left out: null says that there is nothing."""
