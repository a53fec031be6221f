"""What the table of routes is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from msgspec import Struct

from shared.access import Scope
from shared.api import problem as p

BODY: Final = (p.Malformed, p.TooLarge, p.Invalid)
"""What any body may be refused for."""
INSTANT: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,15}(Z|[+-][0-9]{2}:[0-9]{2})$"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the query."""

    name: str
    description: str
    pattern: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One route: who answers it, who may ask, and what goes in and out."""

    method: str
    path: str
    function: str
    summary: str
    scope: Scope | None
    """None: public, no authorizer."""
    request: type[Struct] | None = None
    request_is_optional: bool = False
    responses: Mapping[int, type[Struct] | None] = field(default_factory=lambda: MappingProxyType({200: None}))
    refusals: tuple[type[p.Refused], ...] = ()
    query: tuple[Parameter, ...] = ()
    bearer: Literal["edit_key", "request_token"] | None = None
    """What a public route takes as its bearer."""
    bearer_is_optional: bool = False
    takes_session: bool = False
    """Whether the cookie of the console's session is its credential."""
    downloads: tuple[str, ...] = ()
    """The media types that 200 may have instead of a message."""
    takes_csv: bool = False
    """Whether the body may be CSV instead."""
    is_page: bool = False
    """A page for people, which is no part of the API's document."""

    @property
    def key(self) -> str:
        """The gateway's route key."""
        return f"{self.method} {self.path}"
