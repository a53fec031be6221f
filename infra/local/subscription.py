"""The local receiver's channel: made over the public API, proved by its echo, and kept from one `make run` to the next."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from infra.local.emulator import EmulatorError
from infra.local.receiver import Alert, Receiver
from infra.local.stack import Response, Stack

_KEPT: Final = "receiver.json"
CHANNEL: Final[dict[str, Any]] = {
    "kind": "webhook",
    "name": "Receptor local",
    "include": ["comment", "first_name"],
    "mask_comment": True,
    "wait_seconds": 20,
}
"""A shorter wait than a customer would choose, so that somebody who tries it out sees the alert."""


@contextmanager
def subscribed(stack: Stack, home: Path, take: Callable[[Alert], None]) -> Iterator[Receiver]:
    """Listen, with a channel that brings alerts here. Raises `EmulatorError` where the API refuses it."""
    kept: dict[str, str] = json.loads((home / _KEPT).read_text()) if (home / _KEPT).exists() else {}
    with Receiver(take, secret=kept.get("secret")) as receiver:
        path = f"/v1/channels/{kept.get('channel_id', '')}"
        if kept and stack.request("GET", path, key=stack.api_key).status == HTTPStatus.OK:
            _expect(stack.request("PATCH", path, {"url": receiver.url}, key=stack.api_key), HTTPStatus.OK)
        else:
            made = _expect(stack.request("POST", "/v1/channels", {**CHANNEL, "url": receiver.url}, key=stack.api_key), HTTPStatus.CREATED)
            kept = {"channel_id": made["channel_id"], "secret": made["signing_secret"]}
            (home / _KEPT).touch(mode=0o600)
            (home / _KEPT).write_text(json.dumps(kept))
            receiver.secret = kept["secret"]
        yield receiver


def _expect(answer: Response, status: HTTPStatus) -> dict[str, Any]:
    if answer.status != status or answer.json()["status"] != "active":
        raise EmulatorError(f"the local receiver was not taken as a channel: {answer.status} {answer.body.decode(errors='replace')}")
    found: dict[str, Any] = answer.json()
    return found
