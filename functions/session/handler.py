"""The session of a user of the console. Addresses and passwords pass through here to the user pool, and are logged nowhere."""

from typing import Any, Final

from aws_lambda_powertools.metrics import MetricUnit

from functions.session import cookie
from functions.session.composition import compose, logger, metrics
from functions.session.guarding import guarded, unhurried
from shared.access import in_order, scopes_of
from shared.api import http
from shared.api.body import decode
from shared.api.http import Request, Response, empty_response, json_response, problem_response
from shared.api.session_messages import ForgottenPassword, Me, NewPassword, PasswordReset, Session, SignIn, SignInResult
from shared.api.session_problem import NoRole, PasswordRefused, SignedOut
from shared.api.session_routes import SESSION, SESSION_COOKIE
from shared.signin.password import is_weak
from shared.signin.ports import PasswordWanted, SessionEndedError, SignedIn, SignInRefusedError

_LARGEST: Final = 8 * 1024


def sign_in(request: Request) -> Response:
    """A session, or a challenge."""
    who, entrance = decode(request.body, SignIn, _LARGEST), compose()
    try:
        with unhurried(entrance):
            signed_in = entrance.door.sign_in(who.email, who.password)
    except SignInRefusedError:
        metrics.add_metric("SignInsRefused", MetricUnit.Count, 1)
        metrics.flush_metrics()
        logger.info("sign-in refused")
        raise
    if isinstance(signed_in, PasswordWanted):
        return json_response(200, SignInResult(challenge="new_password", challenge_token=signed_in.challenge_token))
    return _begun(signed_in)


def choose_password(request: Request) -> Response:
    """The first password of one's own."""
    new, entrance = decode(request.body, NewPassword, _LARGEST), compose()
    if is_weak(new.password, new.email):
        raise PasswordRefused
    with unhurried(entrance):
        signed_in = entrance.door.choose_password(new.email, new.challenge_token, new.password)
    logger.info("invitation accepted", user_id=signed_in.user_id)
    return _begun(signed_in)


def refresh(request: Request) -> Response:
    """Another access token."""
    token, entrance = request.cookie(SESSION_COOKIE), compose()
    if not token:
        raise SignedOut
    try:
        signed_in = entrance.door.refresh(token)
    except SessionEndedError:
        return problem_response(SignedOut(), request) | {"cookies": [cookie.forgetting(entrance.public_url)]}
    return json_response(200, _session_of(signed_in))


def sign_out(request: Request) -> Response:
    """The end of this session; others of the same user go on."""
    token, entrance = request.cookie(SESSION_COOKIE), compose()
    if token:
        entrance.door.sign_out(token)
        logger.info("signed out")
    return empty_response(204) | {"cookies": [cookie.forgetting(entrance.public_url)]}


def send_code(request: Request) -> Response:
    """A letter with a code, perhaps: neither the answer nor the time it takes tells."""
    email, entrance = decode(request.body, ForgottenPassword, _LARGEST).email, compose()
    with unhurried(entrance, always=True):
        taken = entrance.door.send_code(email)
    logger.info("code asked for", taken=taken)
    return empty_response(202)


def reset(request: Request) -> Response:
    """Another password instead of a forgotten one."""
    new, entrance = decode(request.body, PasswordReset, _LARGEST), compose()
    if is_weak(new.password, new.email):
        raise PasswordRefused
    with unhurried(entrance):
        entrance.door.reset(new.email, new.code, new.password)
    logger.info("password renewed")
    return empty_response(204)


def _begun(signed_in: SignedIn) -> Response:
    session = _session_of(signed_in)
    logger.info("signed in", user_id=signed_in.user_id)
    return json_response(200, session) | {"cookies": [cookie.keeping(signed_in.refresh_token, compose().public_url)]}


def _session_of(signed_in: SignedIn) -> Session:
    if not signed_in.roles:
        raise NoRole
    user = Me(
        user_id=signed_in.user_id,
        email=signed_in.email,
        name=signed_in.name,
        role=signed_in.roles[-1],
        locale=signed_in.locale,
        scopes=in_order(scopes_of(signed_in.roles)),
    )
    return Session(access_token=signed_in.access_token, expires_in=signed_in.expires_in, user=user)


ROUTES: Final = guarded(
    {
        f"POST {SESSION}": sign_in,
        f"POST {SESSION}/new-password": choose_password,
        f"POST {SESSION}/refresh": refresh,
        f"DELETE {SESSION}": sign_out,
        f"POST {SESSION}/forgotten": send_code,
        f"POST {SESSION}/reset": reset,
    }
)


def handle(event: dict[str, Any], _context: object) -> Response:
    """One request of the gateway."""
    return http.answer(event, ROUTES, logger)
