"""What the API refuses about signing in and users. See `shared.api.problem`."""

from shared.api.problem import Kind, Refused


class SignInRefused(Refused):
    """Unknown, wrong, disabled, locked for a while, an invitation that has ended, a challenge that has: whoever asks learns not which."""

    kind = Kind(
        401,
        "sign-in-refused",
        "E-mail and password do not go together",
        "Check both. After several wrong passwords wait a few minutes; a password is renewed by e-mail, an invitation by an admin.",
    )


class SignedOut(Refused):
    """There is no session, or it has ended: signed out, expired, disabled, deleted."""

    kind = Kind(401, "signed-out", "There is no session any more", "Sign in again.")


class NoRole(Refused):
    """The password is right, but an admin has given the user no role."""

    kind = Kind(403, "no-role", "This user has no role", "Ask an admin of the company for a role.")


class CrossSite(Refused):
    """A page of another site asks, or one that does not say that it sends JSON: a form, perhaps."""

    kind = Kind(403, "cross-site", "Only the console's own pages may ask this", "Send it from the console, as application/json.")


class PasswordRefused(Refused):
    """The new password is too easy to guess."""

    kind = Kind(
        422,
        "password-refused",
        "This password is not accepted",
        "Choose 12 to 128 characters, several of them different, without spaces, and not mostly your own e-mail address or name.",
    )


class ResetRefused(Refused):
    """Wrong, expired, used, tried too often, or of nobody: whoever asks learns not which."""

    kind = Kind(
        422,
        "reset-refused",
        "The code for a new password is not accepted",
        "Type the code of the newest e-mail; after an hour or several wrong tries ask for another.",
    )


class NotAUser(Refused):
    """An API key is nobody in particular; or the user was deleted meanwhile."""

    kind = Kind(404, "not-a-user", "This credential is no user's", "Sign in to the console; an API key has no user.")


class NoSuchUser(Refused):
    """No user has this id."""

    kind = Kind(404, "no-such-user", "There is no such user", "Check the user's id: GET /v1/users lists them.")


class UserExists(Refused):
    """Somebody has that address already."""

    kind = Kind(409, "user-exists", "A user with this e-mail exists", "Change that user instead: GET /v1/users lists them.")


class TooManyUsers(Refused):
    """There are as many as are listed."""

    kind = Kind(409, "too-many-users", "There are as many users as there may be", "Delete those who have left, then invite again.")


class LastAdmin(Refused):
    """Nobody would be left who may manage users."""

    kind = Kind(409, "last-admin", "This is the last admin", "Make another user an admin first, and wait until they have signed in.")


class OwnUser(Refused):
    """Nobody locks themselves out by mistake."""

    kind = Kind(409, "own-user", "This is your own user", "Have another admin do it.")


class NotInvited(Refused):
    """The user has accepted the invitation, or is disabled."""

    kind = Kind(
        409,
        "not-invited",
        "No invitation of this user is open",
        "Active users renew a forgotten password; disabled ones are enabled first.",
    )
