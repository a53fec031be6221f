"""What stands before every route of a session: who may ask, and how long a refusal takes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Final
from urllib.parse import urlsplit

from functions.session.composition import Entrance, compose
from shared.api.http import JSON, Handler, Request, Response
from shared.api.problem import TooBusy
from shared.api.session_problem import CrossSite, PasswordRefused, ResetRefused, SignInRefused
from shared.signin.ports import PasswordRefusedError, PoolBusyError, ResetRefusedError, SignInRefusedError

SLOW_SECONDS: Final = 1.0
"""How long what must tell nothing takes at least, so that the time it takes tells nothing either; and a guesser waits."""
_PROBLEMS: Final = {
    SignInRefusedError: SignInRefused,
    ResetRefusedError: ResetRefused,
    PasswordRefusedError: PasswordRefused,
    PoolBusyError: TooBusy,
}


def guarded(routes: Mapping[str, Callable[[Request], Response]]) -> dict[str, Handler]:
    """The same routes, for the console's own pages alone, with the pool's refusals as problems."""
    return {key: _guarded(handler) for key, handler in routes.items()}


def _guarded(handler: Callable[[Request], Response]) -> Handler:
    @wraps(handler)
    def one(request: Request) -> Response:
        _refuse_other_sites(request, compose().public_url)
        try:
            return handler(request)
        except tuple(_PROBLEMS) as error:
            raise _PROBLEMS[type(error)] from None

    return one


def _refuse_other_sites(request: Request, public_url: str) -> None:
    """A browser tells where a request comes from; what tells nothing is no browser, and holds no cookie that it did not get itself.

    JSON is asked for because a form cannot send it, and a script of another site only after a preflight, which nobody here answers.
    """
    site = request.headers.get("sec-fetch-site")
    own = site == "same-origin" if site is not None else request.origin in {None, _origin_of(public_url)}
    says_json = request.headers.get("content-type", "").partition(";")[0].strip().lower() == JSON
    if not own or not (says_json or request.route_key.startswith("DELETE ")):
        raise CrossSite


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@contextmanager
def unhurried(entrance: Entrance, *, always: bool = False) -> Iterator[None]:
    """Take `SLOW_SECONDS` at least to refuse anything; `always`, to do anything."""
    began = entrance.clock()
    try:
        yield
    except Exception:
        _wait(entrance, began)
        raise
    if always:
        _wait(entrance, began)


def _wait(entrance: Entrance, began: float) -> None:
    entrance.wait(max(0.0, SLOW_SECONDS - (entrance.clock() - began)))
