"""What may be done to users, and what is written down of it: never the last admin, never oneself, always who did what to whom."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.access import Role
from shared.signin.ports import Office, UnknownUserError
from shared.signin.user import MOST_USERS, NewUser, User
from shared.survey import Locale


class LastAdminError(Exception):
    """Nobody would be left who may manage users."""


class OwnUserError(Exception):
    """Nobody takes rights from themselves."""


class TooManyUsersError(Exception):
    """There are as many as there may be."""


class NotInvitedError(Exception):
    """No invitation of the user is open."""


class Deed(StrEnum):
    """What was done to a user."""

    INVITED = "invited"
    INVITED_AGAIN = "invited_again"
    DESCRIBED = "described"
    GIVEN_ROLE = "given_role"
    ENABLED = "enabled"
    DISABLED = "disabled"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Who did what to whom: what the audit trail keeps. Ids and enums; who a user was is gone with them."""

    deed: Deed
    user_id: str
    key_id: str
    at: datetime
    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be otherwise; None leaves it as it is."""

    name: str | None = None
    locale: Locale | None = None
    role: Role | None = None
    enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class Changing:
    """What changing users works with. `alone` lets one at a time take rights from admins; `write_down` comes before the deed."""

    office: Office
    write_down: Callable[[Done], None]
    alone: Callable[[], AbstractContextManager[None]]
    now: Callable[[], datetime]


def invite(new: NewUser, by: str, house: Changing) -> User:
    """Make a user. Raises `UserExistsError`, `TooManyUsersError`."""
    if len(house.office.list()) >= MOST_USERS:
        raise TooManyUsersError
    user = house.office.invite(new)
    _note(Deed.INVITED, user, by, house, new.role)  # the pool makes the id, so this once the deed comes first
    return user


def invite_again(user_id: str, by: str, house: Changing) -> None:
    """Send another letter. Raises `UnknownUserError`, `NotInvitedError`."""
    user = _found(user_id, house)
    if user.has_signed_in or not user.enabled:
        raise NotInvitedError
    _note(Deed.INVITED_AGAIN, user, by, house)
    house.office.invite_again(user)


def change(user_id: str, wanted: Change, by: str, house: Changing) -> User:
    """Do what is asked, as far as it is not so already. Raises `UnknownUserError`, `LastAdminError`, `OwnUserError`."""
    user = _found(user_id, house)
    takes_role = wanted.role not in {None, user.role}
    if takes_role or wanted.enabled is False:
        _refuse_own(user, by)
    if user.may_manage and (takes_role or wanted.enabled is False):
        with house.alone():
            _refuse_last(user, house)
            _apply(user, wanted, by, house)
    else:
        _apply(user, wanted, by, house)
    return _found(user_id, house)


def delete(user_id: str, by: str, house: Changing) -> None:
    """Forget a user. Raises `UnknownUserError`, `LastAdminError`, `OwnUserError`."""
    user = _found(user_id, house)
    _refuse_own(user, by)
    with house.alone():
        _refuse_last(user, house)
        _note(Deed.DELETED, user, by, house)
        house.office.delete(user_id)


def make_first_admin(new: NewUser, by: str, house: Changing) -> User | None:
    """See to it that somebody may manage users: invite them, or, where the address is a user's already, make them an admin.

    None, and nothing done, where an admin is there who may sign in.
    """
    with house.alone():
        users = house.office.list()
        if any(user.may_manage for user in users):
            return None
        there = next((user for user in users if user.email == new.email), None)
        if there is None:
            return invite(new, by, house)
        _apply(there, Change(role=Role.ADMIN, enabled=True), by, house)
        if not there.has_signed_in:
            house.office.invite_again(there)
        return _found(there.user_id, house)


def _found(user_id: str, house: Changing) -> User:
    user = house.office.find(user_id)
    if user is None:
        raise UnknownUserError
    return user


def _apply(user: User, wanted: Change, by: str, house: Changing) -> None:
    """The role before the door: whoever is enabled again comes back as what they are to be."""
    if (wanted.name, wanted.locale) != (None, None):
        _note(Deed.DESCRIBED, user, by, house)
        house.office.describe(user.user_id, name=wanted.name, locale=wanted.locale)
    if wanted.role is not None and wanted.role is not user.role:
        _note(Deed.GIVEN_ROLE, user, by, house, wanted.role)
        house.office.give_role(user.user_id, wanted.role)
    if wanted.enabled is not None and wanted.enabled is not user.enabled:
        _note(Deed.ENABLED if wanted.enabled else Deed.DISABLED, user, by, house)
        (house.office.enable if wanted.enabled else house.office.disable)(user.user_id)


def _refuse_own(user: User, by: str) -> None:
    if user.key_id == by:
        raise OwnUserError


def _refuse_last(user: User, house: Changing) -> None:
    """Another admin has to be left; one who has signed in, if this one has: an invitation may never be read."""
    others = [other for other in house.office.list() if other.may_manage and other.user_id != user.user_id]
    if user.may_manage and not any(other.has_signed_in or not user.has_signed_in for other in others):
        raise LastAdminError


def _note(deed: Deed, user: User, by: str, house: Changing, role: Role | None = None) -> None:
    house.write_down(Done(deed=deed, user_id=user.user_id, key_id=by, at=house.now(), role=role))
