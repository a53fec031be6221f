"""A user of the console, as the user pool has them."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Final

from shared.access import USER_PREFIX, Role
from shared.identity import normalised
from shared.survey import Locale

_USER_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST_USERS: Final = 500
"""Customer Success, managers and the encarregado of one company; a list of them is one answer."""


class UserStatus(StrEnum):
    """How far a user is."""

    INVITED = auto()
    """They have not chosen a password of their own yet; the invitation may have ended."""
    ACTIVE = auto()
    DISABLED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody of the company. `user_id` is random; e-mail and name are personal, and are logged nowhere."""

    user_id: str
    email: str
    name: str | None
    role: Role | None
    locale: Locale
    enabled: bool
    has_signed_in: bool
    created_at: datetime

    @property
    def status(self) -> UserStatus:
        """What is shown of it."""
        if not self.enabled:
            return UserStatus.DISABLED
        return UserStatus.ACTIVE if self.has_signed_in else UserStatus.INVITED

    @property
    def may_manage(self) -> bool:
        """Whether they may manage users now."""
        return self.enabled and self.role is Role.ADMIN

    @property
    def key_id(self) -> str:
        """Who they are where an API key's id would stand."""
        return f"{USER_PREFIX}{self.user_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """Somebody to invite."""

    email: str
    name: str | None
    role: Role
    locale: Locale


def is_user_id(text: str) -> bool:
    """Whether it is written as the pool's ids are: a UUID in lower case."""
    return _USER_ID.fullmatch(text) is not None


def one_spelling(email: str) -> str:
    """An address as the pool has it, whatever its letters' case: the pool compares some calls by the very text."""
    return normalised("email", email)
