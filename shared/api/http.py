"""API Gateway's payload v2 in and out. The gateway has routed already, so a function maps route keys to its own functions.

`collect` starts with this: nothing here imports more than msgspec.
"""

from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Protocol, Self

import msgspec

from shared.api.language import asked_for, refusal_in
from shared.api.problem import Fault, Malformed, NoSuchRoute, Refused
from shared.faults import describe

JSON: Final = "application/json"
PROBLEM_JSON: Final = "application/problem+json"

type Response = dict[str, Any]
"""What payload v2 takes: statusCode, headers, body, isBase64Encoded, and cookies where any are set."""
type Handler = Callable[[Request], Response]


class ErrorLog(Protocol):
    """The part of a logger that is needed here."""

    def error(self, msg: object, /, *, extra: Mapping[str, object]) -> None:
        """Log an error with fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request. `scopes` and `key_id` are what our authorizer found; a public route has neither.

    `source_ip` is the address that the gateway was called from. It is personal (LGPD art. 5 I): neither kept nor logged.
    """

    route_key: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()
    """Each as the browser sends it, `name=value`."""
    body: bytes = b""
    scopes: frozenset[str] = frozenset()
    key_id: str | None = None
    source_ip: str | None = field(default=None, repr=False)

    @property
    def origin(self) -> str | None:
        """The site whose page asks, if a browser says so."""
        return self.headers.get("origin")

    @property
    def bearer(self) -> str | None:
        """The credential of `Authorization: Bearer …`, if there is one."""
        scheme, _, credential = self.headers.get("authorization", "").partition(" ")
        return credential.strip() or None if scheme.lower() == "bearer" else None

    def cookie(self, name: str) -> str | None:
        """A cookie's value, as it is; of several by that name the first."""
        found = (each.strip().partition("=") for each in self.cookies)
        return next((value for key, _, value in found if key == name), None)

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> Self:
        """Read a payload v2 event. A repeated query parameter or header comes as one text, joined by commas.

        Raises `Malformed` where the body is not the base64 it is said to be.
        """
        context = event.get("requestContext", {})
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        authorizer = context.get("authorizer") or {}
        granted = authorizer.get("lambda") or {}
        return cls(
            route_key=event.get("routeKey", ""),
            path=event.get("pathParameters") or {},
            query=event.get("queryStringParameters") or {},
            headers=headers,
            cookies=tuple(event.get("cookies") or (headers["cookie"].split(";") if "cookie" in headers else ())),
            body=_body_of(event),
            scopes=frozenset((granted.get("scopes") or "").split()),
            key_id=granted.get("key_id"),
            source_ip=context.get("http", {}).get("sourceIp"),
        )


_UNREAD: Final = Request(route_key="")
"""What is known of a request that cannot be read."""


def _body_of(event: Mapping[str, Any]) -> bytes:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        # A lone surrogate becomes bytes that no UTF-8 decoder takes, so it is refused where the body is read.
        return body.encode("utf-8", "surrogatepass")
    try:
        return b64decode(body, validate=True)
    except ValueError:
        raise Malformed from None


def json_response(status: int, body: object, *, headers: Mapping[str, str] | None = None, kind: str = JSON) -> Response:
    """A response with a JSON body, a msgspec Struct or plain data; not to be stored unless `headers` say otherwise."""
    return _response(status, msgspec.json.encode(body).decode(), {"content-type": kind} | dict(headers or {}))


def empty_response(status: int, *, headers: Mapping[str, str] | None = None) -> Response:
    """A response without a body: 204, 304."""
    return _response(status, "", headers or {})


def problem_response(refused: Refused, request: Request, *, headers: Mapping[str, str] | None = None) -> Response:
    """The problem of a refusal, in the language that the request asks for: the one place where what is refused becomes a response."""
    locale = asked_for(request.headers.get("accept-language", ""))
    more = dict(headers or {})
    more["vary"] = ", ".join(filter(None, (more.get("vary"), "accept-language")))
    problem = refused.to_problem(partial(refusal_in, locale))
    return json_response(refused.kind.status, problem, headers=more | {"content-language": locale}, kind=PROBLEM_JSON)


def _response(status: int, body: str, headers: Mapping[str, str]) -> Response:
    return {
        "statusCode": status,
        "headers": {"cache-control": "no-store", "x-content-type-options": "nosniff"} | dict(headers),
        "body": body,
        "isBase64Encoded": False,
    }


def answer(event: Mapping[str, Any], handlers: Mapping[str, Handler], log: ErrorLog) -> Response:
    """Answer an event with the handler of its route. Never raises: a refusal becomes its problem, anything else a 500 without detail.

    Handlers of protected routes are reached through `shared.api.protected.answer`, which checks their scope first.
    """
    request = _UNREAD
    try:
        request = Request.from_event(event)
        handler = handlers.get(request.route_key)
        if handler is None:
            raise NoSuchRoute  # noqa: TRY301 - one place that makes problems
        return handler(request)
    except Refused as refused:
        return problem_response(refused, request)
    except Exception as error:  # noqa: BLE001 - the last place that can keep its message, which may hold personal data, out of the logs
        log.error("request failed", extra=describe(error))  # noqa: TRY400 - exception() would log the message
        return problem_response(Fault(), request)
