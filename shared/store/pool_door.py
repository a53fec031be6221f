"""Signing in by Cognito. Implements `signin.ports.Door`. Nothing of what passes here is logged.

The calls with a password are the administrator's ones, so that the app client is of no use to whoever only knows its id.
"""

from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import msgspec
from botocore.exceptions import ClientError

from shared.access import roles_of
from shared.signin import ports
from shared.signin.user import one_spelling
from shared.store.pool_items import BUSY, code_of, locale_of

_REFUSED: Final = frozenset(
    {
        *("NotAuthorizedException", "UserNotFoundException", "PasswordResetRequiredException", "UserNotConfirmedException"),
        *("InvalidParameterException", "CodeMismatchException", "ExpiredCodeException", "TooManyFailedAttemptsException"),
        *("UnsupportedTokenTypeException", "UnauthorizedException"),
        "LimitExceededException",  # of one user's tries, so it would tell that there is such a user
    }
)
"""What Cognito says of credentials that do not do, whichever way."""
_WEAK: Final = frozenset({"InvalidPasswordException", "PasswordHistoryPolicyViolationException"})
_SAYS_NOTHING: Final = _REFUSED | BUSY | {"CodeDeliveryFailureException"}


class _IdToken(msgspec.Struct, frozen=True):
    """What Cognito says of the user in its answer. It comes from Cognito itself, over TLS (OpenID Connect Core §3.1.3.7, 6)."""

    sub: str
    email: str
    name: str | None = None
    locale: str | None = None
    groups: tuple[str, ...] = msgspec.field(name="cognito:groups", default=())


class CognitoDoor:
    """One pool, by one app client."""

    def __init__(self, cognito: Any, user_pool: str, client_id: str) -> None:  # noqa: ANN401 - botocore's client of `cognito-idp`
        """Use that client of botocore."""
        self._cognito = cognito
        self._pool = {"UserPoolId": user_pool, "ClientId": client_id}
        self._client_id = client_id

    def sign_in(self, email: str, password: str) -> ports.SignedIn | ports.PasswordWanted:
        """See `Door`."""
        given = {"USERNAME": one_spelling(email), "PASSWORD": password}
        with _refusing(ports.SignInRefusedError):
            answer = self._cognito.admin_initiate_auth(**self._pool, AuthFlow="ADMIN_USER_PASSWORD_AUTH", AuthParameters=given)
        if answer.get("ChallengeName") == "NEW_PASSWORD_REQUIRED":
            return ports.PasswordWanted(answer["Session"])
        return _signed_in(answer)

    def choose_password(self, email: str, challenge_token: str, password: str) -> ports.SignedIn:
        """See `Door`."""
        given = {"USERNAME": one_spelling(email), "NEW_PASSWORD": password}
        with _refusing(ports.SignInRefusedError):
            answer = self._cognito.admin_respond_to_auth_challenge(
                **self._pool, ChallengeName="NEW_PASSWORD_REQUIRED", Session=challenge_token, ChallengeResponses=given
            )
        return _signed_in(answer)

    def refresh(self, refresh_token: str) -> ports.SignedIn:
        """See `Door`."""
        given = {"REFRESH_TOKEN": refresh_token}
        with _refusing(ports.SessionEndedError):
            answer = self._cognito.admin_initiate_auth(**self._pool, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=given)
        return _signed_in(answer, refresh_token)

    def sign_out(self, refresh_token: str) -> None:
        """See `Door`."""
        try:
            with _refusing(ports.SessionEndedError):
                self._cognito.revoke_token(Token=refresh_token, ClientId=self._client_id)
        except ports.SessionEndedError:
            return  # it was none, or is none any more

    def send_code(self, email: str) -> bool:
        """See `Door`."""
        try:
            self._cognito.forgot_password(ClientId=self._client_id, Username=one_spelling(email))
        except ClientError as error:
            if code_of(error) not in _SAYS_NOTHING:
                raise
            return False
        return True

    def reset(self, email: str, code: str, password: str) -> None:
        """See `Door`."""
        username = one_spelling(email)
        with _refusing(ports.ResetRefusedError):
            self._cognito.confirm_forgot_password(ClientId=self._client_id, Username=username, ConfirmationCode=code, Password=password)
            self._cognito.admin_user_global_sign_out(UserPoolId=self._pool["UserPoolId"], Username=username)


@contextmanager
def _refusing(kind: type[Exception]) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = code_of(error)
        if code in _WEAK:
            raise ports.PasswordRefusedError from None
        if code in _REFUSED:
            raise kind from None
        if code in BUSY:
            raise ports.PoolBusyError from None
        raise


def _signed_in(answer: dict[str, Any], refresh_token: str = "") -> ports.SignedIn:
    result = answer["AuthenticationResult"]
    payload = result["IdToken"].split(".")[1]
    said = msgspec.json.decode(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=_IdToken)
    return ports.SignedIn(
        user_id=said.sub,
        email=said.email,
        name=said.name,
        roles=roles_of(said.groups),
        locale=locale_of(said.locale),
        access_token=result["AccessToken"],
        expires_in=result["ExpiresIn"],
        refresh_token=result.get("RefreshToken") or refresh_token,
    )
