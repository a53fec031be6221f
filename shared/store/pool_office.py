"""Users in Cognito. Implements `signin.ports.Office`. A role is a group of the pool, by the same name."""

from base64 import b32encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from botocore.exceptions import ClientError

from shared.access import Role, roles_of
from shared.signin import ports
from shared.signin.user import NewUser, User, is_user_id
from shared.store.pool_items import BUSY, code_of, user_of
from shared.survey import Locale

_AT_A_TIME: Final = 60
_BY_LETTER: Final = ["EMAIL"]


class CognitoOffice:
    """One pool."""

    def __init__(self, cognito: Any, user_pool: str, random_bytes: Callable[[int], bytes]) -> None:  # noqa: ANN401 - botocore's client
        """Use that client of `cognito-idp`, and a cryptographic source of randomness."""
        self._cognito = cognito
        self._pool = {"UserPoolId": user_pool}
        self._random_bytes = random_bytes

    def list(self) -> tuple[User, ...]:
        """See `Office`: each group's users, then those of none."""
        with _refusing():
            roles: dict[str, Role] = {}
            for role in Role:  # the least first, so that of two roles the greater stays
                pages = self._cognito.get_paginator("list_users_in_group").paginate(
                    **self._pool, GroupName=role.value, PaginationConfig={"PageSize": _AT_A_TIME}
                )
                roles |= {each["Username"]: role for page in pages for each in page["Users"]}
            pages = self._cognito.get_paginator("list_users").paginate(**self._pool, PaginationConfig={"PageSize": _AT_A_TIME})
            return tuple(user_of(each, roles.get(each["Username"])) for page in pages for each in page["Users"])

    def find(self, user_id: str) -> User | None:
        """See `Office`."""
        if not is_user_id(user_id):  # an address finds its user too, and what is neither is an error
            return None
        try:
            with _refusing():
                found = self._cognito.admin_get_user(**self._pool, Username=user_id)
                roles = self._roles(user_id)
        except ports.UnknownUserError:
            return None
        return user_of(found, roles[-1] if roles else None)

    def invite(self, new: NewUser) -> User:
        """See `Office`."""
        attributes = {"email": new.email, "email_verified": "true", "locale": new.locale} | ({"name": new.name} if new.name else {})
        with _refusing():
            made = self._cognito.admin_create_user(
                **self._pool,
                Username=new.email,
                UserAttributes=_pairs(attributes),
                DesiredDeliveryMediums=_BY_LETTER,
                TemporaryPassword=self._password(),
            )["User"]
            self._cognito.admin_add_user_to_group(**self._pool, Username=made["Username"], GroupName=new.role.value)
        return user_of(made, new.role)

    def invite_again(self, user: User) -> None:
        """See `Office`."""
        with _refusing():
            self._cognito.admin_create_user(**self._pool, Username=user.email, MessageAction="RESEND", DesiredDeliveryMediums=_BY_LETTER)

    def describe(self, user_id: str, *, name: str | None = None, locale: Locale | None = None) -> None:
        """See `Office`."""
        given = {key: value for key, value in (("name", name), ("locale", locale)) if value is not None}
        with _refusing():
            self._cognito.admin_update_user_attributes(**self._pool, Username=user_id, UserAttributes=_pairs(given))

    def give_role(self, user_id: str, role: Role) -> None:
        """See `Office`. The new one comes before the old ones go: whatever breaks, nobody is left without any."""
        with _refusing():
            self._cognito.admin_add_user_to_group(**self._pool, Username=user_id, GroupName=role.value)
            for other in self._roles(user_id):
                if other is not role:
                    self._cognito.admin_remove_user_from_group(**self._pool, Username=user_id, GroupName=other.value)

    def enable(self, user_id: str) -> None:
        """See `Office`."""
        with _refusing():
            self._cognito.admin_enable_user(**self._pool, Username=user_id)

    def disable(self, user_id: str) -> None:
        """See `Office`. Cognito revokes the sessions with it, and they stay so."""
        with _refusing():
            self._cognito.admin_disable_user(**self._pool, Username=user_id)

    def delete(self, user_id: str) -> None:
        """See `Office`."""
        try:
            with _refusing():
                self._cognito.admin_delete_user(**self._pool, Username=user_id)
        except ports.UnknownUserError:
            return

    def _password(self) -> str:
        """80 random bits that can be typed, and that no HTML letter can spoil, as it can the signs of Cognito's own."""
        text = b32encode(self._random_bytes(10)).decode().lower()
        return "-".join(text[start : start + 4] for start in range(0, len(text), 4))

    def _roles(self, user_id: str) -> tuple[Role, ...]:
        groups = self._cognito.admin_list_groups_for_user(**self._pool, Username=user_id)["Groups"]
        return roles_of(each["GroupName"] for each in groups)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = code_of(error)
        if code == "UsernameExistsException":
            raise ports.UserExistsError from None
        if code == "InvalidParameterException":
            raise ports.AddressRefusedError from None
        if code in {"UserNotFoundException", "UnsupportedUserStateException"}:
            raise ports.UnknownUserError from None
        if code in BUSY:
            raise ports.PoolBusyError from None
        raise


def _pairs(attributes: dict[str, str]) -> "list[dict[str, str]]":
    return [{"Name": name, "Value": value} for name, value in attributes.items()]
