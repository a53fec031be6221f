"""Signing in to the console: public routes, each of which only the console's own pages may ask in a browser."""

from typing import Final

from shared.api import problem as p
from shared.api import session_problem as s
from shared.api.route import BODY, Route
from shared.api.session_messages import ForgottenPassword, NewPassword, PasswordReset, Session, SignIn, SignInResult

SESSION: Final = "/v1/session"
SESSION_COOKIE: Final = "__Secure-recomenda"
"""Browsers take a cookie of this prefix over TLS alone (RFC 6265bis §4.1.3.1), and from this very machine."""

SESSION_ROUTES: Final = (
    Route(
        method="POST",
        path=SESSION,
        function="session",
        scope=None,
        summary="Sign in. Whatever is wrong with e-mail or password is answered alike",
        request=SignIn,
        responses={200: SignInResult},
        refusals=(*BODY, s.CrossSite, s.SignInRefused, s.NoRole, p.TooBusy),
    ),
    Route(
        method="POST",
        path=f"{SESSION}/new-password",
        function="session",
        scope=None,
        summary="Choose the first password of one's own, and be signed in. The token is good for 15 minutes",
        request=NewPassword,
        responses={200: Session},
        refusals=(*BODY, s.CrossSite, s.SignInRefused, s.PasswordRefused, s.NoRole, p.TooBusy),
    ),
    Route(
        method="POST",
        path=f"{SESSION}/refresh",
        function="session",
        scope=None,
        summary="A new access token, for the session in the cookie",
        responses={200: Session},
        refusals=(s.CrossSite, s.SignedOut, s.NoRole, p.TooBusy),
        takes_session=True,
    ),
    Route(
        method="DELETE",
        path=SESSION,
        function="session",
        scope=None,
        summary="Sign out: the session in the cookie ends, here and in the user pool. Without one, nothing is to be done",
        responses={204: None},
        refusals=(s.CrossSite, p.TooBusy),
        takes_session=True,
    ),
    Route(
        method="POST",
        path=f"{SESSION}/forgotten",
        function="session",
        scope=None,
        summary="Have a code sent to renew a forgotten password. The answer is the same whoever the address belongs to",
        request=ForgottenPassword,
        responses={202: None},
        refusals=(*BODY, s.CrossSite),
    ),
    Route(
        method="POST",
        path=f"{SESSION}/reset",
        function="session",
        scope=None,
        summary="Renew a forgotten password with the code of the letter. It ends every session there is; sign in afterwards",
        request=PasswordReset,
        responses={204: None},
        refusals=(*BODY, s.CrossSite, s.ResetRefused, s.PasswordRefused, p.TooBusy),
    ),
)
