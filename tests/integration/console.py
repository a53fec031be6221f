"""Somebody who manages channels over HTTP, with receivers on loopback."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from functions.channels import composition
from tests.integration.gateway import Gateway, Reply
from tests.receivers import Behaviour, Receiver, Request, message

CHANNELS: Final = "/v1/channels"
CHANNEL: Final = f"{CHANNELS}/{{channel_id}}"
DELIVERIES: Final = f"{CHANNEL}/deliveries"
START: Final = datetime(2026, 3, 14, 15, 0, tzinfo=UTC)


def echoing() -> Behaviour:
    """A receiver that does as our documentation says."""

    def behave(receiver: Receiver, connection: Any) -> None:  # noqa: ANN401 - a socket
        told = json.loads(receiver.take(connection).body)
        connection.sendall(message(200, body=json.dumps({"challenge": told["data"].get("challenge")}).encode()))

    return behave


class Console:
    """Somebody with a key of the scope `channels`, and a clock that a test moves."""

    def __init__(self, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = START
        self.gateway = gateway
        self.admin = gateway.first_key()
        self.key = gateway.key_with("channels", maker=self.admin)
        self._stack = ExitStack()
        self._patch = monkeypatch
        monkeypatch.setattr(composition, "_now", lambda: self.now)

    def close(self) -> None:
        self._stack.close()

    def receiver(self, behaviour: Behaviour | None = None) -> Receiver:
        return self._stack.enter_context(Receiver(behaviour or echoing()))

    def call(self, route: str, body: object = None, **given: Any) -> Reply:  # noqa: ANN401 - as the gateway has it
        return self.gateway.call(route, key=self.key, body=body, **given)

    def make(self, receiver: Receiver, kind: str = "webhook", **settings: object) -> dict[str, Any]:
        made = self.call(f"POST {CHANNELS}", {"kind": kind, "name": "Sala", "url": url_of(receiver), **settings})
        assert made.status == 201, made.text
        return dict(made.body)

    def step(self, channel: dict[str, Any], step: str, body: object = None) -> Reply:
        return self.call(f"POST {CHANNEL}/{step}", body, channel_id=channel["channel_id"])

    def read(self, channel: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
        return self.call(f"GET {CHANNEL}", channel_id=channel["channel_id"]).body

    def change(self, channel: dict[str, Any], **changes: object) -> Reply:
        return self.call(f"PATCH {CHANNEL}", changes, channel_id=channel["channel_id"])


def url_of(receiver: Receiver) -> str:
    return f"http://127.0.0.1:{receiver.port}/hook?key=s3cret-of-the-url"


def code_of(request: Request) -> str:
    """The six digits that people in the room read."""
    [code] = {code for text in texts_of(json.loads(request.body)) for code in re.findall(r"(?<![0-9])[0-9]{6}(?![0-9])", text)}
    return str(code)


def texts_of(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    for inner in content.values() if isinstance(content, dict) else content if isinstance(content, list) else ():
        yield from texts_of(inner)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"
