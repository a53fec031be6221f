"""Problems, as the OpenAPI document shows them; `shared.api.problem` makes them."""

from datetime import datetime

from msgspec import UNSET, UnsetType

from shared.api.messages import ResponseBody


class ProblemField(ResponseBody, frozen=True, kw_only=True):
    """One thing to put right: `pointer` (RFC 6901) into the body, or the name of a `parameter`."""

    detail: str
    pointer: str | UnsetType = UNSET
    parameter: str | UnsetType = UNSET


class Problem(ResponseBody, frozen=True, kw_only=True):
    """An RFC 9457 problem. It tells what to do and repeats no value that came in."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[ProblemField, ...] | UnsetType = UNSET
    server_time: datetime | UnsetType = UNSET
