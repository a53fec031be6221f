"""Events as AWS sends them to functions, recorded whole; a test changes in a copy what it is about."""

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from shared.answer import AnswerKey

type Event = dict[str, Any]
type Name = Literal["api_request", "stream_insert", "stream_modify", "queue_message", "schedule"]


@cache
def _recorded(name: Name) -> Event:
    event: Event = json.loads((Path(__file__).parent / f"{name}.json").read_text())
    return event


def recorded(name: Name) -> Event:
    """The event of that name, one's own to change."""
    return deepcopy(_recorded(name))


def api_request(  # noqa: PLR0913 - all that a request has
    route_key: str,
    body: str | None = None,
    *,
    path: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    base64: bool = False,
) -> Event:
    """What the HTTP API's gateway sends for a request (payload 2.0)."""
    event = recorded("api_request")
    parameters = {"survey_id": "demo"} | dict(path or {})
    method, _, template = route_key.partition(" ")
    raw_path = template.replace("+}", "}").format_map(parameters)
    event |= {"routeKey": route_key, "rawPath": raw_path, "pathParameters": parameters, "isBase64Encoded": base64}
    event["requestContext"] |= {"routeKey": route_key}
    event["requestContext"]["http"] |= {"method": method, "path": raw_path}
    event["headers"] |= {name.lower(): value for name, value in (headers or {}).items()}
    if query:
        event["queryStringParameters"] = dict(query)
        event["rawQueryString"] = "&".join(f"{name}={value}" for name, value in query.items())
    if body is None:
        del event["body"], event["headers"]["content-type"]
    else:
        event["body"] = body
    event["headers"]["content-length"] = str(len((body or "").encode("utf-8", "surrogatepass")))
    return event


def stream_batch(keys: Iterable[AnswerKey], name: Literal["stream_insert", "stream_modify"] = "stream_insert") -> Event:
    """A batch of the Answers stream with a record for each key. Images are as recorded: they are no more than a hint."""
    records = []
    for key in keys:
        record = recorded(name)
        record["eventID"] = uuid4().hex
        record["dynamodb"]["Keys"] = {"pk": {"S": key.partition}, "sk": {"S": key.answer_id}}
        record["dynamodb"]["NewImage"] |= record["dynamodb"]["Keys"]
        records.append(record)
    return {"Records": records}


def queue_batch(*bodies: str) -> Event:
    """A batch of the `again` queue; the messages' ids are m0, m1 and so on."""
    return {"Records": [recorded("queue_message") | {"messageId": f"m{number}", "body": body} for number, body in enumerate(bodies)]}
