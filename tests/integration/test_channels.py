"""Making alert channels over HTTP, and who may."""

from typing import Any

import pytest

from functions.channels import composition
from shared.access import Scope
from shared.api.channel_routes import CHANNEL_ROUTES
from tests.hostile import HOSTILE_URLS
from tests.integration.console import CHANNEL, CHANNELS, Console, echoing, url_of
from tests.receivers import Receiver, message, says


def test_a_webhook_that_echoes_is_active_at_once_and_its_secret_is_shown_once(console: Console) -> None:
    receiver = console.receiver()
    made = console.make(receiver, rules={"score_at_most": 3}, include=["comment"])
    assert made["status"] == "active"
    assert made["verification"] == {"result": "verified", "http_status": 200, "error": None}
    assert (made["host"], made["rules"]["score_at_most"], made["include"]) == ("127.0.0.1", 3, ["comment"])
    [request] = receiver.requests
    assert (request.method, request.target) == ("POST", "/hook?key=s3cret-of-the-url")
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"] == "Recomenda"
    read = console.read(made)
    assert "signing_secret" not in read
    assert made == read | {"signing_secret": made["signing_secret"], "verification": made["verification"]}
    assert console.call(f"GET {CHANNELS}").body == {"channels": [read]}


def test_one_that_does_not_stays_unverified_until_it_does(console: Console) -> None:
    receiver = console.receiver(says(message(200, body=b"ok"), message(500)))
    made = console.make(receiver)
    assert (made["status"], made["verification"]["result"]) == ("unverified", "not_echoed")
    again = console.step(made, "verify").body
    assert (again["status"], again["verification"]) == ("unverified", {"result": "not_taken", "http_status": 500, "error": None})
    for step in ("test", "pause", "resume"):
        assert console.step(made, step).problem == "channel-unverified"
    mended = console.change(made, url=url_of(console.receiver())).body
    assert (mended["status"], mended["verification"]["result"]) == ("active", "verified")


def test_one_that_is_not_there_is_kept_and_told_so(console: Console) -> None:
    with Receiver(echoing()) as closed:
        url = url_of(closed)
    made = console.call(f"POST {CHANNELS}", {"kind": "webhook", "name": "Sala", "url": url}).body
    assert (made["status"], made["verification"]) == ("unverified", {"result": "not_taken", "http_status": None, "error": "connect"})


GOOD = {"kind": "webhook", "name": "Sala", "url": "https://cs.example.com/hook"}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/name"),
        ({"name": "Sala"}, "/kind"),
        (GOOD | {"kind": "fax"}, "/kind"),
        (GOOD | {"kind": 1}, "/kind"),
        ({"kind": "webhook", "name": "Sala"}, "/url"),
        (GOOD | {"url": None}, "/url"),
        (GOOD | {"url": ""}, "/url"),
        (GOOD | {"url": "x" * 2001}, "/url"),
        (GOOD | {"url": ["https://cs.example.com"]}, "/url"),
        (GOOD | {"email": "cs@loja.example"}, "/email"),
        (GOOD | {"phone": "+5511999990000"}, "/phone"),
        ({"kind": "slack", "name": "Sala", "email": "cs@loja.example"}, "/url"),
        (GOOD | {"kind": "sns_email"}, "/url"),
        ({"kind": "sns_email", "name": "CS"}, "/email"),
        ({"kind": "sns_email", "name": "CS", "email": "cs"}, "/email"),
        ({"kind": "sns_email", "name": "CS", "email": "cs@loja.example\nbcc: x@y.example"}, "/email"),
        ({"kind": "sns_email", "name": "CS", "email": "a@b@loja.example"}, "/email"),
        ({"kind": "sns_sms", "name": "CS"}, "/phone"),
        ({"kind": "sns_sms", "name": "CS", "phone": "11999990000"}, "/phone"),
        ({"kind": "sns_sms", "name": "CS", "phone": "+5511999990000\n"}, "/phone"),
        (GOOD | {"name": ""}, "/name"),
        (GOOD | {"include": ["password"]}, "/include/0"),
        (GOOD | {"include": ["comment"] * 5}, "/include"),
        (GOOD | {"mask_comment": "yes"}, "/mask_comment"),
        (GOOD | {"wait_seconds": -1}, "/wait_seconds"),
        (GOOD | {"wait_seconds": 901}, "/wait_seconds"),
        (GOOD | {"wait_seconds": 1.5}, "/wait_seconds"),
        (GOOD | {"locale": "fr"}, "/locale"),
        (GOOD | {"country": "Brasil"}, "/country"),
        (GOOD | {"rules": None}, "/rules"),
        (GOOD | {"rules": {"score_at_most": 7}}, "/rules/score_at_most"),
        (GOOD | {"rules": {"surveys": ["../demo"]}}, "/rules/surveys/0"),
        (GOOD | {"rules": {"words": ["x"]}}, "/rules/words/0"),
        (GOOD | {"rules": {"words": ["  "]}}, "/rules/words/0"),
        (GOOD | {"rules": {"digest": "weekly"}}, "/rules/digest"),
        (GOOD | {"rules": {"digest_at": "24:00"}}, "/rules/digest_at"),
        (GOOD | {"rules": {"quiet_hours": {"begins": "20:00"}}}, "/rules/quiet_hours/ends"),
        (GOOD | {"rules": {"quiet_hours": {"begins": "20:00", "ends": "20:00"}}}, "/rules/quiet_hours/ends"),
        (GOOD | {"rules": {"quiet_hours": {"begins": "20:00", "ends": "08:00", "time_zone": "Lua"}}}, "/rules/quiet_hours/time_zone"),
        (GOOD | {"rules": {"unknown": 1}}, "/rules"),
        (GOOD | {"status": "active"}, ""),
        (GOOD | {"channel_id": "ch_" + "a" * 16}, ""),
        ({"kind": "sns_email", "name": "CS", "email": "cs@loja.example", "include": ["comment"]}, "/include"),
        ({"kind": "sns_sms", "name": "CS", "phone": "+5511999990000", "rules": {"words": ["procon"]}}, "/rules/words"),
    ],
)
def test_a_channel_that_is_not_right_is_refused_where_it_is_wrong(cloud: Console, body: dict[str, Any], pointer: str) -> None:
    refused = cloud.call(f"POST {CHANNELS}", body)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, pointer)
    assert cloud.call(f"GET {CHANNELS}").body == {"channels": []}


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'"x"', b"\xff"])
def test_a_body_that_cannot_be_read_is_refused(cloud: Console, raw: bytes) -> None:
    for route in (f"POST {CHANNELS}", f"PATCH {CHANNEL}", f"POST {CHANNEL}/replay"):
        assert cloud.gateway.call(route, key=cloud.key, raw=raw).problem == "malformed"
    assert cloud.gateway.call(f"POST {CHANNELS}", key=cloud.key, raw=b"x" * 16_385).problem == "too-large"


@pytest.mark.parametrize("fault", HOSTILE_URLS)
def test_hostile_urls_are_refused_with_advice_and_never_repeated(cloud: Console, fault: str) -> None:
    for url in HOSTILE_URLS[fault]:  # type: ignore[index]  # they are keyed by the fault
        refused = cloud.call(f"POST {CHANNELS}", GOOD | {"url": url})
        [error] = refused.body["errors"]
        assert (refused.status, error["pointer"]) == (422, "/url")
        assert "expected" in error["detail"]
        assert len(url) < 12 or url not in refused.text
    assert cloud.call(f"GET {CHANNELS}").body == {"channels": []}


def test_a_name_that_leads_into_a_network_is_refused(cloud: Console) -> None:
    refused = cloud.call(f"POST {CHANNELS}", GOOD)
    assert refused.body["errors"] == [
        {"pointer": "/url", "detail": "the host leads to an address that is not on the public internet; give the receiver a public one"}
    ]
    assert "127.0.0.1" not in refused.text


@pytest.mark.parametrize("kind", ["slack", "teams", "google_chat", "discord"])
def test_a_tools_url_has_to_be_the_tools(cloud: Console, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(composition, "system_addresses", lambda _host: ["8.8.8.8"])
    refused = cloud.call(f"POST {CHANNELS}", GOOD | {"kind": kind})
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, "/url")
    assert "copy" in refused.body["errors"][0]["detail"]


def test_without_the_local_parameter_loopback_is_refused(cloud: Console) -> None:
    for url in ("http://127.0.0.1:8080/", "http://localhost/", "https://localhost/"):
        assert cloud.call(f"POST {CHANNELS}", GOOD | {"url": url}).status == 422


def test_every_route_asks_for_the_scope_channels(console: Console) -> None:
    other = console.gateway.key_with(*(scope for scope in Scope if scope is not Scope.CHANNELS), maker=console.admin)
    made = console.make(console.receiver())
    for route in CHANNEL_ROUTES:
        refused = console.gateway.call(route.key, key=other, channel_id=made["channel_id"], body={})
        assert (refused.status, refused.problem) == (403, "scope-missing"), route.key
    assert console.read(made)["revision"] == made["revision"]


@pytest.mark.parametrize("channel_id", ["", "ch_" + "a" * 16, "#first", "demo", "CH_" + "A" * 16, "ch_" + "a" * 15 + "\n", "../keys"])
def test_an_id_that_is_none_is_not_found_anywhere(console: Console, channel_id: str) -> None:
    bodies = {f"POST {CHANNEL}/replay": {"from": "2026-03-14T00:00:00Z", "to": "2026-03-15T00:00:00Z"}}
    for route in CHANNEL_ROUTES:
        if "{channel_id}" in route.path:
            refused = console.call(route.key, bodies.get(route.key, {}), channel_id=channel_id)
            assert (refused.status, refused.problem) == (404, "no-such-channel"), route.key
