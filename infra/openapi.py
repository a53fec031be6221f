"""Write the OpenAPI document from the table of routes: `python -m infra.openapi`; with `--check`, only compare."""

import json
import sys
from collections.abc import Iterable
from http import HTTPStatus
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import msgspec

from shared.api import problem as p
from shared.api.http import JSON, PROBLEM_JSON
from shared.api.problem_messages import Problem
from shared.api.route import Route
from shared.api.routes import ROUTES
from shared.api.session_routes import SESSION_COOKIE

DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "openapi.json"
_SCHEMAS: Final = "#/components/schemas/{name}"
_TAGS: Final = {
    "collect": "Answering",
    "answers": "Answers",
    "exports": "Exports",
    "report": "Scores",
    "invite": "Inviting",
    "manage": "Managing",
    "channels": "Alert channels",
    "privacy": "Privacy",
    "session": "Signing in",
    "users": "Users",
    "imports": "Importing",
}
_PATH_PARAMETERS: Final = {
    "survey_id": ("The survey's id", {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,39}$"}),
    "answer_id": ("The answer's id, a UUIDv7 in lower case", {"type": "string", "format": "uuid"}),
    "channel_id": ("The channel's id", {"type": "string", "pattern": "^ch_[a-z2-7]{16}$"}),
    "message_id": ("The message's id, which receivers see as webhook-id", {"type": "string", "pattern": "^msg_[a-z2-7]{26}$"}),
    "request_id": ("The request's id", {"type": "string", "pattern": "^req_[a-z2-7]{26}$"}),
    "erasure_id": ("The erasure's id", {"type": "string", "pattern": "^era_[a-z2-7]{26}$"}),
    "hold_id": ("The legal hold's id", {"type": "string", "pattern": "^hold_[a-z2-7]{26}$"}),
    "receipt_id": ("The receipt's id", {"type": "string", "pattern": "^rec_[a-z2-7]{32}$"}),
    "user_id": ("The user's id", {"type": "string", "format": "uuid"}),
    "annotation_id": ("The annotation's id", {"type": "string", "pattern": "^ann_[a-z2-7]{16}$"}),
    "import_id": ("The import's id", {"type": "string", "pattern": "^imp_[a-z2-7]{26}$"}),
    "wave_id": ("The wave's id", {"type": "string", "pattern": "^[0-9a-f]{16}$"}),
    "export_id": ("The export's id", {"type": "string", "pattern": "^exp_[a-z2-7]{26}$"}),
    "key_id": ("The API key's id", {"type": "string", "pattern": "^[a-z2-7]{16}$"}),
}
_CREDENTIAL: Final = "An API key, rk_…, with the scope that the route names, or the access token of a user whose role has it"
_LANGUAGE: Final = {
    "Content-Language": {
        "description": "The language of the problem's words, by the request's `Accept-Language`",
        "schema": {"type": "string", "enum": ["en", "pt-BR", "es"]},
    }
}
_HEADERS: Final = {name: {"$ref": f"#/components/headers/{name}"} for name in _LANGUAGE}
_SESSION: Final = "What signing in set: the browser keeps it from every script and sends it to the session's own routes alone"
_ABOUT: Final = """Recomenda asks customers how likely they are to recommend a company, and counts the answers exactly.

Refusals are problems (RFC 9457): `type` tells programs which, `detail` and `errors` tell people what to do, and no value that was sent is
repeated. Who asks for Portuguese or Spanish by `Accept-Language` reads `title` and details in it, everybody else in English.
401, 403 and 429 of the gateway itself, before a function is reached, are plain `{"message": …}`.
Every route that pages use answers `OPTIONS` for the survey's own origins."""


def main(arguments: list[str]) -> int:
    """Write the document, or tell whether the committed one is what the code says."""
    wanted = json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
    if "--check" not in arguments:
        DOCUMENT.parent.mkdir(exist_ok=True)
        DOCUMENT.write_text(wanted, encoding="utf-8")
    elif not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != wanted:
        print("docs/openapi.json is not what the code says: run `make openapi` and commit it", file=sys.stderr)
        return 1
    return 0


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document; the gateway's preflights and the pages for people are left out."""
    routes = [route for route in ROUTES if route.method != "OPTIONS" and not route.is_page]
    types = [Problem, *(kind for route in routes for kind in (route.request, *route.responses.values()) if kind)]
    _, schemas = msgspec.json.schema_components(dict.fromkeys(types), ref_template=_SCHEMAS)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    written: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "Recomenda", "version": "1", "description": _ABOUT, "license": {"name": "MIT", "identifier": "MIT"}},
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in _TAGS.values()],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "headers": _LANGUAGE,
            "securitySchemes": {
                "api_key": {"type": "http", "scheme": "bearer", "description": _CREDENTIAL},
                "edit_key": {"type": "http", "scheme": "bearer", "description": "The answer's edit key, or the edit_token it was given"},
                "request_token": {"type": "http", "scheme": "bearer", "description": "The token of a confirmed privacy request"},
                "session": {"type": "apiKey", "in": "cookie", "name": SESSION_COOKIE, "description": _SESSION},
            },
        },
    }
    return dict(json.loads(json.dumps(written)))  # plain JSON: defaults come as tuples


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": route.summary,
        "tags": [_TAGS[route.function]],
        "security": _security(route),
    }
    if route.scope:
        operation["description"] = f"Needs the scope `{route.scope}`."
    if parameters := _parameters(route):
        operation["parameters"] = parameters
    if route.request:
        csv = {"text/csv": {"schema": {"type": "string"}}} if route.takes_csv else {}
        operation["requestBody"] = {"required": not route.request_is_optional, "content": {JSON: {"schema": _schema(route.request)}} | csv}
    return operation | {"responses": {str(status): response for status, response in sorted(_responses(route).items())}}


def _security(route: Route) -> list[dict[str, list[str]]]:
    credential = "session" if route.takes_session else "api_key" if route.scope else route.bearer
    needed: list[dict[str, list[str]]] = [{credential: []}] if credential else []
    return [{}, *needed] if route.bearer_is_optional else needed


def _operation_id(route: Route) -> str:
    """`get_surveys_nps`, `patch_surveys_answers_by_answer_id`."""
    *_, last = parts = [part for part in route.path.split("/") if part and part != "v1"]
    by = f"_by_{last.strip('{}')}" if last.startswith("{") else ""
    return "_".join([route.method.lower(), *(part.replace("-", "_") for part in parts if not part.startswith("{"))]) + by


def _parameters(route: Route) -> list[dict[str, Any]]:
    in_path = [
        {"name": name, "in": "path", "required": True, "description": description, "schema": schema}
        for name, (description, schema) in _PATH_PARAMETERS.items()
        if f"{{{name}}}" in route.path
    ]
    in_query = [
        {
            "name": parameter.name,
            "in": "query",
            "required": False,
            "description": parameter.description,
            "schema": {"type": "string"} | ({"pattern": parameter.pattern} if parameter.pattern else {}),
        }
        for parameter in route.query
    ]
    return in_path + in_query


def _responses(route: Route) -> dict[int, dict[str, Any]]:
    answered: dict[int, dict[str, Any]] = {
        status: {"description": HTTPStatus(status).phrase} | ({"content": {JSON: {"schema": _schema(kind)}}} if kind else {})
        for status, kind in route.responses.items()
    }
    if route.responses.get(200) and route.downloads:
        answered[200]["content"] |= {media.partition(";")[0]: {"schema": {"type": "string"}} for media in route.downloads}
    elif route.downloads:
        content = {media.partition(";")[0]: {"schema": {"type": "string" if "csv" in media else "object"}} for media in route.downloads}
        answered = {200: {"description": HTTPStatus.OK.phrase, "content": content}}
    always: tuple[type[p.Refused], ...] = (p.ScopeMissing, p.Fault) if route.scope else (p.Fault,)
    refused = sorted({refusal.kind for refusal in (*route.refusals, *always)})
    return answered | {status: _problem(kinds) for status, kinds in groupby(refused, key=lambda kind: kind.status)}


def _problem(kinds: Iterable[p.Kind]) -> dict[str, Any]:
    listed = list(kinds)
    examples = {
        kind.slug: {"value": {"type": kind.type, "title": kind.title, "status": kind.status, "detail": kind.detail}} for kind in listed
    }
    return {
        "description": ". ".join(kind.title for kind in listed),
        "headers": _HEADERS,
        "content": {PROBLEM_JSON: {"schema": _schema(Problem), "examples": examples}},
    }


def _schema(kind: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": _SCHEMAS.format(name=kind.__name__)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
