"""What the inventory says of a field, a table or another place where data rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto

from shared.privacy.erasure import Step


class Nature(StrEnum):
    """What a field says of somebody."""

    PERSONAL = auto()
    """It identifies a person, or a person typed it."""
    PSEUDONYMOUS = auto()
    """It leads to a person for whoever has something else too, or tells of one who is led to."""
    NONE = auto()


class Whose(StrEnum):
    """Whom a field is about."""

    RESPONDENT = auto()
    STAFF = auto()
    """Those who work with the system: receivers of alerts, the encarregado, holders of keys."""
    NOBODY = auto()


class Otherwise(StrEnum):
    """What erases a field, where no step of an erasure does."""

    EXPIRY = auto()
    """TTL alone: for what leads to nobody once the erasure is done, or is kept to show that it was."""
    CHANNEL_DELETED = auto()
    SURVEY_CHANGED = auto()
    KEY_REVOKED = auto()
    USER_DELETED = auto()
    FINISHED = auto()
    """The request or the erasure itself, when it is over."""
    DAY_OVER = auto()
    """Whoever tends jobs: 24 hours after they were asked for, so before an erasure looks a second time and says that it is done."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One field: what it holds, and what may be said of it. `why` says why a pseudonymous one may wait for its expiry."""

    holds: str
    nature: Nature = Nature.NONE
    whose: Whose = Whose.NOBODY
    erased_by: Step | Otherwise | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: how long its items live, how far back a copy of it can be restored, and its fields."""

    lives: str
    restorable_days: int
    fields: Mapping[str, Kept]
    streamed: bool = False
    expires: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A kind of resource that is no table and holds data for a while."""

    holds: str
    nature: Nature
    whose: Whose
    lives: str
    erased_by: Step | Otherwise | None = None
    why: str = ""
