"""The HTTP API's gateway, in this process: routes, asks the authorizer, calls the function, and holds each response to the document."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from jsonschema import Draft202012Validator

from functions.answers.handler import handle as answers
from functions.authorize.handler import handle as authorize
from functions.channels.handler import handle as channels
from functions.exports.handler import handle as exports
from functions.imports.handler import handle as imports
from functions.invite.handler import handle as invite
from functions.manage.handler import handle as manage
from functions.pages.handler import handle as pages
from functions.privacy.handler import handle as privacy
from functions.report.handler import handle as report
from functions.session.handler import handle as session
from functions.summary.handler import handle as summary
from functions.users.handler import handle as users
from infra.openapi import document
from shared.api.routes import BY_KEY

FUNCTIONS: Final = {
    "answers": answers,
    "channels": channels,
    "exports": exports,
    "imports": imports,
    "invite": invite,
    "manage": manage,
    "pages": pages,
    "privacy": privacy,
    "report": report,
    "session": session,
    "summary": summary,
    "users": users,
}
PATHS: Final = {
    "survey_id": "demo",
    "answer_id": "019cd843-1180-7000-8000-000000000001",
    "key_id": "a" * 16,
    "export_id": "exp_" + "a" * 26,
    "import_id": "imp_" + "a" * 26,
    "channel_id": "ch_" + "a" * 16,
    "message_id": "msg_" + "a" * 26,
    "request_id": "req_" + "a" * 26,
    "erasure_id": "era_" + "a" * 26,
    "hold_id": "hold_" + "a" * 26,
    "annotation_id": "ann_" + "a" * 16,
    "wave_id": "a" * 16,
    "file": "none.js",
    "receipt_id": "rec_" + "a" * 32,
    "token": "x",
    "user_id": "00000000-0000-4000-8000-000000000001",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a client sees."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Any:  # noqa: ANN401 - any JSON
        """The body as JSON."""
        return json.loads(self.text)

    @property
    def problem(self) -> str:
        """The slug of the problem's type."""
        assert self.headers["content-type"] == "application/problem+json"
        return str(self.body["type"]).removeprefix("urn:recomenda:problem:")


class Gateway:
    """Calls routes as clients do: `gateway.call("GET /v1/surveys", key=…)`."""

    def first_key(self) -> str:
        """The first key, as a deployment makes it."""
        return str(manage({"task": "first_key", "name": "Deploy"}, None)["api_key"])

    def key_with(self, *scopes: str, maker: str) -> str:
        """A key with these scopes."""
        made = self.call("POST /v1/keys", key=maker, body={"name": "Test", "scopes": list(scopes)})
        return str(made.body["api_key"])

    def call(  # noqa: PLR0913 - all that a request has
        self,
        route_key: str,
        *,
        key: str | None = None,
        authorization: str | None = None,
        body: object = None,
        raw: bytes | None = None,
        query: Mapping[str, str] | None = None,
        more: Mapping[str, str] | None = None,
        **path: str,
    ) -> Reply:
        """One request to a protected route; `more` are headers."""
        if key is not None:
            authorization = f"Bearer {key}"
        headers = dict(more or {}) | ({"authorization": authorization} if authorization is not None else {})
        if not authorization:
            return Reply(401, {}, '{"message":"Unauthorized"}')  # the identity source is missing, so nobody is asked
        allowed = authorize({"version": "2.0", "type": "REQUEST", "routeKey": route_key, "headers": headers}, None)
        if not allowed["isAuthorized"]:
            return Reply(403, {}, '{"message":"Forbidden"}')
        sent = raw if raw is not None else json.dumps(body).encode() if body is not None else b""
        return invoke(route_key, allowed["context"], headers=headers, body=sent, query=query, path=path)


def invoke(  # noqa: PLR0913 - all that an event has
    route_key: str,
    context: Mapping[str, str] | None,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    query: Mapping[str, str] | None = None,
    path: Mapping[str, str] | None = None,
) -> Reply:
    """Call the function of a route with what the authorizer found, and hold its response to the OpenAPI document."""
    event = {
        "version": "2.0",
        "routeKey": route_key,
        "headers": dict(headers or {}),
        "queryStringParameters": dict(query) if query else None,
        "pathParameters": PATHS | dict(path or {}),
        "requestContext": {"authorizer": {"lambda": dict(context)} if context is not None else None},
        "body": b64encode(body).decode() if body else None,
        "isBase64Encoded": bool(body),
    }
    response = FUNCTIONS[BY_KEY[route_key].function](event, None)
    reply = Reply(response["statusCode"], response["headers"], response["body"])
    if not BY_KEY[route_key].is_page:
        assert_documented(route_key, reply)
    return reply


def assert_documented(route_key: str, reply: Reply) -> None:
    """A response is one that the OpenAPI document has for its route, and looks as it says."""
    method, _, path = route_key.partition(" ")
    documented = _document()["paths"][path][method.lower()]["responses"]
    assert str(reply.status) in documented, f"{route_key} answers {reply.status}, which its documentation does not have"
    content = documented[str(reply.status)].get("content", {})
    if not content:
        assert reply.text == ""
        return
    media = reply.headers["content-type"].partition(";")[0]
    assert media in content
    if "$ref" not in content[media]["schema"]:  # a file
        return
    validator_of(content[media]["schema"]["$ref"]).validate(reply.body)
    if reply.headers["content-type"] == "application/problem+json":
        assert reply.problem in content["application/problem+json"]["examples"], f"{route_key} refuses with {reply.problem}"
    assert reply.headers["x-content-type-options"] == "nosniff"


_document = cache(document)


@cache
def validator_of(reference: str) -> Draft202012Validator:
    """The validator of one of the document's schemas."""
    return Draft202012Validator({"$ref": reference, "components": _document()["components"]})
