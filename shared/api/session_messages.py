"""Signing in to the console: what the page sends and gets. The refresh token is in none of these; it travels in a cookie."""

from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, UnsetType

from shared.access import Role, Scope
from shared.api.messages import RequestBody, ResponseBody
from shared.survey import Locale

_LONGEST_CHALLENGE: Final = 4096  # as long as Cognito's `Session` may be
Email = Annotated[str, Meta(min_length=3, max_length=128)]
"""An e-mail address as it was typed. Whether anybody has it is told by no answer."""
Password = Annotated[str, Meta(min_length=1, max_length=256)]
ChallengeToken = Annotated[str, Meta(min_length=20, max_length=_LONGEST_CHALLENGE)]


class SignIn(RequestBody, frozen=True, kw_only=True):
    """Who wants to sign in."""

    email: Email
    password: Password


class NewPassword(RequestBody, frozen=True, kw_only=True):
    """The first password of one's own, instead of that of the invitation, with the token that signing in gave."""

    email: Email
    challenge_token: ChallengeToken
    password: Password


class ForgottenPassword(RequestBody, frozen=True, kw_only=True):
    """Whose password is forgotten."""

    email: Email


class PasswordReset(RequestBody, frozen=True, kw_only=True):
    """A new password, with the code of the letter."""

    email: Email
    code: Annotated[str, Meta(min_length=4, max_length=16)]
    password: Password


class Me(ResponseBody, frozen=True, kw_only=True):
    """Somebody who has signed in, and what they may do. `locale` is the language of their letters and, to begin with, of their pages."""

    user_id: str
    email: str
    name: str | None
    role: Role
    locale: Locale
    scopes: tuple[Scope, ...]


class Session(ResponseBody, frozen=True, kw_only=True):
    """A session. `access_token` goes as the bearer of every other request, for `expires_in` seconds; keep it in memory only."""

    access_token: str
    expires_in: int
    user: Me


class SignInResult(ResponseBody, frozen=True, kw_only=True):
    """Either the session, or, at a first sign-in, `challenge` with the token that goes with the new password."""

    access_token: str | UnsetType = UNSET
    expires_in: int | UnsetType = UNSET
    user: Me | UnsetType = UNSET
    challenge: Literal["new_password"] | UnsetType = UNSET
    challenge_token: str | UnsetType = UNSET
