"""A browser without scripts in front of the answer page: it reads the form as it stands, and sends it as a browser would."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any, Final, Self, override
from urllib.parse import urlencode

from functions.pages.handler import handle
from shared.api.page_routes import ANSWER_PAGE
from tests.events import api_request
from tests.integration.gateway import Reply

READ: Final = f"GET {ANSWER_PAGE}"
SEND: Final = f"POST {ANSWER_PAGE}"
FORM_TYPE: Final = "application/x-www-form-urlencoded"


def fetch(route: str = READ, *, query: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None, **path: str) -> Reply:
    """One request to the pages."""
    return _reply(handle(api_request(route, path=path, query=query, headers={"host": "api.example"} | dict(headers or {})), None))


def post(body: str, headers: Mapping[str, str] | None = None, **path: str) -> Reply:
    """A body sent to the page."""
    sent = {"content-type": FORM_TYPE} | dict(headers or {})
    return _reply(handle(api_request(SEND, body, path=path, headers=sent), None))


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A page as it stands open: what came, and what its form would send."""

    reply: Reply
    fields: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, survey_id: str = "demo", language: str = "pt-BR", **query: str) -> Self:
        """Open the survey's page."""
        return cls.of(fetch(query=query, headers={"accept-language": language}, survey_id=survey_id))

    @classmethod
    def of(cls, reply: Reply) -> Self:
        """What came, as a browser holds it."""
        reader = _Reader()
        reader.feed(reply.text)
        return cls(reply, reader.fields)

    def filled(self, **fields: str) -> Self:
        """The same with these fields filled in."""
        return replace(self, fields={**self.fields, **fields})

    def send(self, step: str, survey_id: str = "demo", **fields: str) -> Self:
        """Press a button; the page that follows."""
        body = urlencode({**self.fields, **fields, "step": step})
        return self.of(post(body, survey_id=survey_id))


class _Reader(HTMLParser):
    """Gathers what a form would send: inputs, what is typed in a textarea, nothing of a disabled fieldset or an unticked box."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._disabled = 0
        self._fieldsets: list[bool] = []
        self._writing: str | None = None

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        if tag == "fieldset":
            self._fieldsets.append("disabled" in given)
        if any(self._fieldsets) or "name" not in given:
            return
        if tag == "textarea":
            self._writing = given["name"]
            self.fields[given["name"]] = ""
        elif tag == "input" and (given.get("type") not in {"radio", "checkbox"} or "checked" in given):
            self.fields[given["name"]] = given.get("value") or ""

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "fieldset":
            self._fieldsets.pop()
        elif tag == "textarea":
            self._writing = None

    @override
    def handle_data(self, data: str) -> None:
        if self._writing is not None:
            self.fields[self._writing] += data.removeprefix("\n")


def _reply(response: dict[str, Any]) -> Reply:
    return Reply(response["statusCode"], response["headers"], response["body"])
