"""The users of the console, as admins manage them."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from shared.access import Role
from shared.api.messages import RequestBody, ResponseBody
from shared.intake.token import EMAIL
from shared.signin.user import UserStatus
from shared.survey import Label, Locale

NewEmail = Annotated[str, Meta(min_length=3, max_length=128, pattern=EMAIL)]


class NewUser(RequestBody, frozen=True, kw_only=True):
    """Somebody to invite. They get a letter with a password for the first sign-in, good for seven days."""

    email: NewEmail
    name: Label
    role: Role
    locale: Locale = "pt-BR"


class UserChange(RequestBody, frozen=True, kw_only=True):
    """What is to be otherwise. A role and being enabled take effect within 15 minutes, when the user's next access token is made."""

    name: Label | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    locale: Locale | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET


class UserView(ResponseBody, frozen=True, kw_only=True):
    """A user. `role` is null where somebody took it away in the AWS console; such a user cannot sign in."""

    user_id: str
    email: str
    name: str | None
    role: Role | None
    locale: Locale
    status: UserStatus
    created_at: datetime


class UserList(ResponseBody, frozen=True, kw_only=True):
    """All users, by name."""

    users: tuple[UserView, ...]
