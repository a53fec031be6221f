"""Users as Cognito writes them down."""

from typing import Any, Final, get_args

from botocore.exceptions import ClientError

from shared.access import Role
from shared.signin.user import User
from shared.store.answer_items import instant_of, milliseconds
from shared.survey import Locale

BUSY: Final = frozenset({"TooManyRequestsException", "LimitExceededException", "InternalErrorException", "ThrottlingException"})
"""What passes if one waits."""
_FIRST_LOCALE: Final[Locale] = "pt-BR"
_INVITED: Final = "FORCE_CHANGE_PASSWORD"


def code_of(error: ClientError) -> str:
    """Cognito's name for what it refuses."""
    return str(error.response["Error"]["Code"])


def locale_of(text: str | None) -> Locale:
    """A language that we speak."""
    return next((locale for locale in get_args(Locale) if locale == text), _FIRST_LOCALE)


def user_of(found: dict[str, Any], role: Role | None) -> User:
    """A user of Cognito's lists, or of AdminGetUser, which names the attributes otherwise."""
    attributes = {each["Name"]: each["Value"] for each in found.get("Attributes") or found.get("UserAttributes") or ()}
    return User(
        user_id=attributes["sub"],
        email=attributes["email"],
        name=attributes.get("name"),
        role=role,
        locale=locale_of(attributes.get("locale")),
        enabled=found["Enabled"],
        has_signed_in=found["UserStatus"] != _INVITED,
        created_at=instant_of(milliseconds(found["UserCreateDate"])),
    )
