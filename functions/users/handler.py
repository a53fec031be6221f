"""`/v1/users` and `/v1/me`, for holders of the scopes; the first admin, for whoever may invoke this function directly."""

from secrets import token_hex
from typing import Any, Final

import msgspec

from functions.users.composition import compose, logger, summaries
from functions.users.refusing import refusing
from shared.access import USER_PREFIX, Role, in_order, scopes_of
from shared.api import protected
from shared.api.body import decode
from shared.api.http import Request, Response, empty_response, json_response
from shared.api.session_messages import Me
from shared.api.session_problem import NotAUser
from shared.api.summary_messages import WeeklySummary
from shared.api.summary_routes import MY_SUMMARY
from shared.api.user_messages import NewEmail, NewUser, UserChange, UserList, UserView
from shared.api.user_routes import INVITATION, ME, USER, USERS
from shared.signin import changing
from shared.signin.user import NewUser as Invited
from shared.signin.user import User, one_spelling
from shared.summary.subscription import Subscription
from shared.survey import Label, Locale

BY_DEPLOYMENT: Final = "deployment"
"""Who makes the first admin, where a key's or a user's id would stand."""


class _FirstAdmin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a deployment names."""

    email: NewEmail
    name: Label | None = None
    locale: Locale = "pt-BR"


class UnknownTaskError(Exception):
    """Somebody invoked this function directly with a task that it does not know."""


def me(request: Request) -> Response:
    """The user whose access token it is, as they are now."""
    user = mine(request)
    if user.role is None:
        raise NotAUser
    scopes = in_order(scopes_of((user.role,)))
    view = Me(user_id=user.user_id, email=user.email, name=user.name, role=user.role, locale=user.locale, scopes=scopes)
    return json_response(200, view)


def my_summary(request: Request) -> Response:
    """Whether they get the weekly summary."""
    return json_response(200, WeeklySummary(wanted=summaries().find(mine(request).user_id) is not None))


def want_summary(request: Request) -> Response:
    """Have it sent."""
    user_id = mine(request).user_id
    summaries().begin(Subscription(user_id, token_hex(16)), compose().now())
    logger.info("summary wanted", user_id=user_id)
    return json_response(200, WeeklySummary(wanted=True))


def refuse_summary(request: Request) -> Response:
    """Have it sent no more."""
    user_id = mine(request).user_id
    summaries().end(user_id)
    logger.info("summary not wanted", user_id=user_id)
    return json_response(200, WeeklySummary(wanted=False))


def list_all(_request: Request) -> Response:
    """Everybody, by name."""
    users = sorted(compose().office.list(), key=lambda user: ((user.name or user.email).casefold(), user.email))
    return json_response(200, UserList(users=tuple(_view_of(user) for user in users)))


def invite(request: Request) -> Response:
    """Somebody new."""
    new = decode(request.body, NewUser)
    invited = Invited(email=one_spelling(new.email), name=new.name, role=new.role, locale=new.locale)
    user = changing.invite(invited, request.key_id or "", compose())
    logger.info("user invited", user_id=user.user_id, role=new.role, key_id=request.key_id)
    return json_response(201, _view_of(user), headers={"location": f"{USERS}/{user.user_id}"})


def change(request: Request) -> Response:
    """Somebody otherwise."""
    asked = msgspec.structs.asdict(decode(request.body, UserChange))
    wanted = changing.Change(**{name: value for name, value in asked.items() if value is not msgspec.UNSET})
    user = changing.change(request.path["user_id"], wanted, request.key_id or "", compose())
    logger.info("user changed", user_id=user.user_id, role=user.role, enabled=user.enabled, key_id=request.key_id)
    return json_response(200, _view_of(user))


def delete(request: Request) -> Response:
    """Somebody no more."""
    user_id = request.path["user_id"]
    changing.delete(user_id, request.key_id or "", compose())
    summaries().end(user_id)
    logger.info("user deleted", user_id=user_id, key_id=request.key_id)
    return empty_response(204)


def invite_again(request: Request) -> Response:
    """Another letter."""
    user_id = request.path["user_id"]
    changing.invite_again(user_id, request.key_id or "", compose())
    logger.info("user invited again", user_id=user_id, key_id=request.key_id)
    return empty_response(204)


def make_first_admin(given: dict[str, Any]) -> dict[str, Any]:
    """An admin, unless one is there who may sign in. Raises `msgspec.ValidationError` for what is no address or language."""
    asked = msgspec.convert(given, _FirstAdmin)
    new = Invited(email=one_spelling(asked.email), name=asked.name, role=Role.ADMIN, locale=asked.locale)
    user = changing.make_first_admin(new, BY_DEPLOYMENT, compose())
    if user is None:
        return {"created": False}
    logger.info("first admin made", user_id=user.user_id)
    return {"created": True, "user_id": user.user_id}


def mine(request: Request) -> User:
    """The user who asks. Raises `NotAUser`."""
    key_id = request.key_id or ""
    user = compose().office.find(key_id.removeprefix(USER_PREFIX)) if key_id.startswith(USER_PREFIX) else None
    if user is None:
        raise NotAUser
    return user


def _view_of(user: User) -> UserView:
    return UserView(
        user_id=user.user_id,
        email=user.email,
        name=user.name,
        role=user.role,
        locale=user.locale,
        status=user.status,
        created_at=user.created_at,
    )


ROUTES: Final = refusing(
    {
        f"GET {ME}": me,
        f"GET {MY_SUMMARY}": my_summary,
        f"PUT {MY_SUMMARY}": want_summary,
        f"DELETE {MY_SUMMARY}": refuse_summary,
        f"GET {USERS}": list_all,
        f"POST {USERS}": invite,
        f"PATCH {USER}": change,
        f"DELETE {USER}": delete,
        f"POST {INVITATION}": invite_again,
    }
)


def handle(event: dict[str, Any], _context: object) -> Response:
    """One request of the gateway, whose events have a route key; or a task, given by a direct invocation (IAM lets few do that)."""
    if "routeKey" in event:
        return protected.answer(event, ROUTES, logger)
    if event.get("task") == "first_admin":
        return make_first_admin({name: value for name, value in event.items() if name != "task"})
    raise UnknownTaskError
