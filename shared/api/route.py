"""What the table of routes is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from shared.access import Scope
from shared.api import problem as p

BODY: Final = (p.Malformed, p.TooLarge, p.Invalid)
"""What any body may be refused for."""


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
    responses: Mapping[int, type[Struct] | None] = field(default_factory=lambda: MappingProxyType({200: None}))
    refusals: tuple[type[p.Refused], ...] = ()
    query: tuple[Parameter, ...] = ()
    takes_edit_key: bool = False

    @property
    def key(self) -> str:
        """The gateway's route key."""
        return f"{self.method} {self.path}"
