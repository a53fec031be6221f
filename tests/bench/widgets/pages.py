"""The same small shop three times, each with another survey on it, and once without; served on loopback, all coded the same way."""

import gzip
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final

import msgspec

from infra.assets import built
from infra.environments import WEB_FOLDER
from shared.api.form import form_of
from tests.fakes.samples import survey_of

MODULES: Final = WEB_FOLDER / "node_modules"
QUESTION: Final = "How likely are you to recommend us to a friend or colleague?"
LOW, HIGH, WHY = "Not at all", "Very likely", "Why?"

_SHOP: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Shop</title>
<h1>Shop</h1><p>Bread and more.</p><script>
const seen = () => requestAnimationFrame(() => performance.mark("asked"));
const wait = (there) => (there() ? seen() : requestAnimationFrame(() => wait(there)));
</script>%s</html>"""

_OURS: Final = """<script>window.recomenda = [["on", "shown", seen]]</script><script src="/widget.js" data-survey="loja" async></script>"""
_POSTHOG: Final = """
<script>wait(() => document.querySelector("[class^=PostHogSurvey]")?.shadowRoot?.querySelector("[aria-label*='10']"))</script>
<script src="/posthog/array.js"></script><script>posthog.init("phc_x", {api_host: location.origin + "/posthog", autocapture: false,
capture_pageview: false, disable_session_recording: true, opt_out_useragent_filter: true})</script>"""
_FORMBRICKS: Final = """
<script>wait(() => document.querySelector("#formbricks-modal-container :is(input, [tabindex])"))</script>
<script src="/formbricks/index.umd.js"></script>
<script>formbricksSurveys.renderSurveyModal({survey: %s, styling: {}, isBrandingEnabled: false,
brandColor: "#0b5fff", isRedirectDisabled: true,
placement: "bottomRight", clickOutside: false, darkOverlay: false, languageCode: "default",
getSetIsError: () => {}, getSetIsResponseSendingFinished: () => {}, onDisplay: () => {}, onResponse: () => {}, onClose: () => {},
onFileUpload: async () => ""})</script>"""

_POSTHOG_SURVEY: Final[dict[str, Any]] = {
    "id": "s1",
    "name": "NPS",
    "type": "popover",
    "start_date": "2026-01-01T00:00:00Z",
    "schedule": "always",
    "enable_partial_responses": True,
    "questions": [
        {
            "id": "q1",
            "type": "rating",
            "question": QUESTION,
            "display": "number",
            "scale": 10,
            "lowerBoundLabel": LOW,
            "upperBoundLabel": HIGH,
        },
        {"id": "q2", "type": "open", "question": WHY, "optional": True},
    ],
    "appearance": {"position": "right"},
} | dict.fromkeys(
    (
        "end_date",
        "linked_flag_key",
        "targeting_flag_key",
        "internal_targeting_flag_key",
        "conditions",
        "feature_flag_keys",
        "current_iteration",
    )
)
_POSTHOG_CONFIG: Final = {"token": "phc_x", "surveys": True, "hasFeatureFlags": False, "supportedCompression": ["gzip-js"]}
_FORMBRICKS_SURVEY: Final[dict[str, Any]] = {
    "id": "c1",
    "name": "NPS",
    "type": "app",
    "status": "inProgress",
    "environmentId": "e",
    "welcomeCard": {"enabled": False},
    "hiddenFields": {"enabled": False},
    "displayOption": "displayOnce",
    "delay": 0,
    "questions": [
        {"id": "q1", "type": "nps", "headline": QUESTION, "required": True, "lowerLabel": LOW, "upperLabel": HIGH},
        {"id": "q2", "type": "openText", "headline": WHY, "required": False, "inputType": "text", "charLimit": {}},
    ],
} | {name: [] for name in ("languages", "variables", "endings", "triggers")}

SHOPS: Final[Mapping[str, str]] = {
    "nothing": _SHOP % "<script>seen()</script>",
    "ours": _SHOP % _OURS,
    "PostHog": _SHOP % _POSTHOG,
    "Formbricks": _SHOP % (_FORMBRICKS % json.dumps(_FORMBRICKS_SURVEY)),
}


_SCRIPTS: Final = {"posthog": MODULES / "posthog-js" / "dist", "formbricks": MODULES / "@formbricks" / "surveys" / "dist"}
_DATA: Final[Mapping[str, bytes]] = {
    "surveys": msgspec.json.encode(form_of(survey_of("loja"), "pt-BR")),
    "api": msgspec.json.encode({"surveys": [_POSTHOG_SURVEY]}),
}


@contextmanager
def served() -> Iterator[str]:
    """The address of a server of all of them."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Shops)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _found(path: str) -> tuple[str, bytes]:
    """What stands at a path: its media type and its bytes."""
    _, place, *rest = path.split("/")
    if place == "shop":
        return "text/html; charset=utf-8", SHOPS[rest[0]].encode()
    if path.endswith("/phc_x/config.js"):
        remote = f"(window._POSTHOG_REMOTE_CONFIG ??= {{}}).phc_x = {{config: {json.dumps(_POSTHOG_CONFIG)}, siteApps: []}}"
        return "text/javascript", remote.encode()
    if path.endswith(".js"):
        return "text/javascript", (_SCRIPTS.get(place, built() / place) / "/".join(rest[-1:])).read_bytes()
    return "application/json", _DATA.get(rest[0] if rest else "", b"{}")


class _Shops(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Give what stands there."""
        self._answer()

    def do_POST(self) -> None:
        """Take what is sent, and say so."""
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self._answer()

    def _answer(self) -> None:
        media, content = _found(self.path.partition("?")[0])
        body = gzip.compress(content, 9, mtime=0)
        self.send_response(200)
        for name, value in {"content-type": media, "content-encoding": "gzip", "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""
