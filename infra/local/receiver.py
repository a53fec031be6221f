"""A small receiver of alerts on this machine: echoes the ownership challenge, verifies signatures, and hands on what it got.

What a customer's own receiver would do, with the public Standard Webhooks library.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Self

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from infra.local.emulator import HOST

_LARGEST: Final = 64 * 1024


@dataclass(frozen=True)
class Alert:
    """One verified message: `message_id` is its idempotency key."""

    message_id: str
    type: str
    data: dict[str, Any]


@dataclass
class Receiver:
    """Listens on the loopback address, on `port` or (0) on one that is free. Without a secret it takes the challenge only."""

    take: Callable[[Alert], None]
    port: int = 0
    secret: str | None = None
    refused: int = 0
    _server: ThreadingHTTPServer | None = field(default=None, repr=False)

    def __enter__(self) -> Self:
        """Start to listen."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = min(int(self.headers.get("content-length", "0")), _LARGEST)
                status, answer = receiver.receive(self.rfile.read(length), {name.lower(): value for name, value in self.headers.items()})
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Say nothing: what arrives may be personal."""

        self._server = ThreadingHTTPServer((HOST, self.port), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.port}/alerts"

    def receive(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Answer one request: 400 for what is not signed with the secret."""
        document = json.loads(body)
        if document.get("type") == "channel.challenge":
            return 200, json.dumps({"challenge": document["data"]["challenge"]}).encode()
        try:
            Webhook(self.secret or "").verify(body, headers)
        except WebhookVerificationError:
            self.refused += 1
            return 400, b"{}"
        self.take(Alert(headers["webhook-id"], document["type"], document["data"]))
        return 204, b""
