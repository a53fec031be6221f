"""What signing in works with: a user pool, seen from the door and from the office. Two implementations: Cognito, and the tests' own."""

from dataclasses import dataclass, field
from typing import Protocol

from shared.access import Role
from shared.signin.user import NewUser, User
from shared.survey import Locale


class SignInRefusedError(Exception):
    """E-mail and password do not go together, or the user may not sign in, or the challenge is over: not told apart."""


class SessionEndedError(Exception):
    """The refresh token is no longer good, or never was."""


class ResetRefusedError(Exception):
    """The code is not the address's, or no longer good."""


class PasswordRefusedError(Exception):
    """The pool does not take this password."""


class UserExistsError(Exception):
    """Somebody has the address already."""


class AddressRefusedError(Exception):
    """The pool takes this for no e-mail address."""


class UnknownUserError(Exception):
    """There is no such user, or no longer."""


class PoolBusyError(Exception):
    """The pool asks to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Tokens, and whose they are. Their repr is without the tokens: it ends up in tracebacks."""

    user_id: str
    email: str
    name: str | None
    roles: tuple[Role, ...]
    locale: Locale
    access_token: str = field(repr=False)
    expires_in: int
    refresh_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PasswordWanted:
    """The password of an invitation was right; one of the user's own goes back with this."""

    challenge_token: str = field(repr=False)


class Door(Protocol):
    """The pool as whoever signs in meets it. Every method raises `PoolBusyError`."""

    def sign_in(self, email: str, password: str) -> SignedIn | PasswordWanted:
        """Raises `SignInRefusedError`."""

    def choose_password(self, email: str, challenge_token: str, password: str) -> SignedIn:
        """Raises `SignInRefusedError`, `PasswordRefusedError`."""

    def refresh(self, refresh_token: str) -> SignedIn:
        """Another access token. Raises `SessionEndedError`."""

    def sign_out(self, refresh_token: str) -> None:
        """End one session; one that has ended is left alone."""

    def send_code(self, email: str) -> bool:
        """Have a code sent, if somebody active has the address; True also where nobody has it. For our logs only."""

    def reset(self, email: str, code: str, password: str) -> None:
        """Renew a password, and end every session of theirs. Raises `ResetRefusedError`, `PasswordRefusedError`."""


class Office(Protocol):
    """The pool as admins meet it. Every method raises `PoolBusyError`; those that take a user, `UnknownUserError`."""

    def list(self) -> tuple[User, ...]:
        """Everybody, in no particular order."""

    def find(self, user_id: str) -> User | None:
        """Somebody, as they are now."""

    def invite(self, new: NewUser) -> User:
        """Make a user and send them a letter. Raises `UserExistsError`, `AddressRefusedError`."""

    def invite_again(self, user: User) -> None:
        """Send another letter, with another password."""

    def describe(self, user_id: str, *, name: str | None = None, locale: Locale | None = None) -> None:
        """Change what is given."""

    def give_role(self, user_id: str, role: Role) -> None:
        """Make it the only one they have."""

    def enable(self, user_id: str) -> None:
        """Let them sign in again."""

    def disable(self, user_id: str) -> None:
        """End their sessions, and let them begin none."""

    def delete(self, user_id: str) -> None:
        """Forget them; somebody who is gone is left alone."""
