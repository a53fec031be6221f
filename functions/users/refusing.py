"""What the domain refuses about users, as the API says it."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Final

from shared.api import session_problem as s
from shared.api.http import Handler, Request, Response
from shared.api.problem import Refused, TooBusy, invalid
from shared.signin import changing, ports
from shared.store.registry import BusyError

_PROBLEMS: Final[dict[type[Exception], type[Refused]]] = {
    ports.UnknownUserError: s.NoSuchUser,
    ports.UserExistsError: s.UserExists,
    ports.PoolBusyError: TooBusy,
    changing.LastAdminError: s.LastAdmin,
    changing.OwnUserError: s.OwnUser,
    changing.TooManyUsersError: s.TooManyUsers,
    changing.NotInvitedError: s.NotInvited,
    BusyError: TooBusy,
}


def refusing(routes: Mapping[str, Callable[[Request], Response]]) -> dict[str, Handler]:
    """The same routes, with what is refused as problems."""
    return {key: _refusing(handler) for key, handler in routes.items()}


def _refusing(handler: Callable[[Request], Response]) -> Handler:
    @wraps(handler)
    def refused(request: Request) -> Response:
        try:
            return handler(request)
        except ports.AddressRefusedError:
            raise invalid("/email", "an e-mail address is expected") from None
        except tuple(_PROBLEMS) as error:
            raise _PROBLEMS[type(error)] from None

    return refused
