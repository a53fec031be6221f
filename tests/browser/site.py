"""Host pages on loopback: a site that shows the widget, one page a test or many, each with whatever headers the test wants."""

import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, override

FILLING: Final = "<h1>Padaria</h1>" + "<p>Pães de fermentação natural, todos os dias.</p>" * 3
LONG: Final = FILLING + '<div style="height: 3000px"></div>'


@dataclass
class Site:
    """A site on loopback. Pages stay as long as it runs."""

    origin: str
    pages: dict[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)

    def page(self, body: str, head: str = "", *, lang: str = "pt-BR", headers: Mapping[str, str] | None = None) -> str:
        """Put a page up; returns its address."""
        path = f"/{secrets.token_hex(4)}"
        start = f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        self.pages[path] = (f"{start}<title>Padaria</title>{head}<body><main>{body}</main></body></html>", headers or {})
        return self.origin + path


@contextmanager
def running_site() -> Iterator[Site]:
    """A site as long as the block runs."""
    site = Site("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            html, headers = site.pages.get(self.path.partition("?")[0], ("", {}))
            body = html.encode()
            self.send_response(HTTPStatus.OK if html else HTTPStatus.NOT_FOUND)
            for name, value in ({"content-type": "text/html; charset=utf-8", "content-length": str(len(body))} | dict(headers)).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        site.origin = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield site
        server.shutdown()
