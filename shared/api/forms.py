"""What a form of a page sends: `application/x-www-form-urlencoded` (WHATWG URL §5), with few and short fields."""

from typing import Final
from urllib.parse import parse_qsl

from shared.api.body import LARGEST
from shared.api.http import Request

_TYPE: Final = "application/x-www-form-urlencoded"
_MOST_FIELDS: Final = 10


class UnreadableError(Exception):
    """It is no form of ours."""


def form_of(request: Request, *, largest: int = LARGEST, most_fields: int = _MOST_FIELDS) -> dict[str, str]:
    """The fields by name, the last of each; `largest` is in bytes, escapes included. Raises `UnreadableError`."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != _TYPE or len(request.body) > largest:
        raise UnreadableError
    try:
        fields = dict(parse_qsl(request.body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=most_fields))
    except ValueError:
        raise UnreadableError from None
    if any("\0" in value for value in fields.values()):
        raise UnreadableError
    return fields
