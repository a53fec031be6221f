"""Alert channels over HTTP, with receivers on loopback."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from functions.channels import composition
from shared.access import Scope
from shared.alerts.call import CallError
from shared.alerts.content import AlertKind
from shared.alerts.message import Attempt, Message, MessageStatus, message_id_of
from shared.answer import AnswerKey
from shared.api.channel_routes import CHANNEL_ROUTES
from tests.hostile import HOSTILE_URLS
from tests.integration.gateway import Gateway, Reply
from tests.receivers import Behaviour, Receiver, Request, message, says

CHANNELS = "/v1/channels"
CHANNEL = f"{CHANNELS}/{{channel_id}}"
DELIVERIES = f"{CHANNEL}/deliveries"
START = datetime(2026, 3, 14, 15, 0, tzinfo=UTC)


def echoing() -> Behaviour:
    """A receiver that does as our documentation says."""

    def behave(receiver: Receiver, connection: Any) -> None:  # noqa: ANN401 - a socket
        body = receiver.take(connection).body
        connection.sendall(message(200, body=json.dumps({"challenge": json.loads(body)["data"]["challenge"]}).encode()))

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


@pytest.fixture
def console(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Iterator[Console]:
    """On a deployment that lets calls to loopback through, as the local one does."""
    monkeypatch.setenv("CALLS_ALLOWED", "loopback")
    made = Console(gateway, monkeypatch)
    yield made
    made.close()


@pytest.fixture
def cloud(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Console:
    """On a deployment like the cloud's, which finds no host."""
    monkeypatch.setattr(composition, "system_addresses", lambda _host: ["127.0.0.1"])
    return Console(gateway, monkeypatch)


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


# ── Making ───────────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── Who may ──────────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── Rooms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["slack", "teams", "google_chat", "discord"])
def test_a_room_is_verified_by_the_code_that_is_posted_there(console: Console, kind: str) -> None:
    room = console.receiver(says(message(200, body=b"ok")))
    made = console.make(room, kind)
    assert (made["status"], made["verification"]["result"]) == ("unverified", "code_sent")
    assert "signing_secret" not in made
    assert "webhook-signature" not in room.requests[0].headers
    verified = console.step(made, "verify", {"code": code_of(room.requests[0])})
    assert (verified.status, verified.body["status"], verified.body["verification"]["result"]) == (200, "active", "verified")


def test_a_code_cannot_be_guessed(console: Console) -> None:
    room = console.receiver(says(message(200)))
    made = console.make(room, "slack")
    code = code_of(room.requests[0])
    for _ in range(5):
        assert console.step(made, "verify", {"code": wrong(code)}).problem == "code-refused"
    late = console.step(made, "verify", {"code": code})
    assert (late.status, late.problem) == (422, "code-refused")
    console.now += timedelta(seconds=30)
    assert console.step(made, "verify").body["verification"]["result"] == "code_sent"
    assert console.step(made, "verify", {"code": code}).problem == "code-refused"
    assert console.step(made, "verify", {"code": code_of(room.requests[1])}).body["status"] == "active"


def test_a_code_expires_after_15_minutes(console: Console) -> None:
    room = console.receiver(says(message(200)))
    made = console.make(room, "slack")
    console.now += timedelta(minutes=15)
    assert console.step(made, "verify", {"code": code_of(room.requests[0])}).problem == "code-refused"


def test_codes_are_posted_30_seconds_apart(console: Console) -> None:
    room = console.receiver(says(message(200)))
    made = console.make(room, "slack")
    for seconds in (0, 29):
        console.now = START + timedelta(seconds=seconds)
        too_soon = console.step(made, "verify")
        assert (too_soon.status, too_soon.problem) == (429, "code-too-soon")
    assert len(room.requests) == 1


@pytest.mark.parametrize(
    "body", [{"code": ""}, {"code": 123456}, {"code": "12345"}, {"code": "1234567"}, {"code": "١٢٣٤٥٦"}, {"code": None}, {"c": 1}]
)
def test_a_code_that_is_none_uses_up_no_try(console: Console, body: dict[str, object]) -> None:
    room = console.receiver(says(message(200)))
    made = console.make(room, "slack")
    for _ in range(6):
        assert console.step(made, "verify", body).problem == "invalid"
    assert console.step(made, "verify", {"code": code_of(room.requests[0])}).body["status"] == "active"


def test_guesses_at_the_same_moment_use_up_one_try_each(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    room = console.receiver(says(message(200)))
    made = console.make(room, "slack")
    register, code, left = composition.compose().registering.register, code_of(room.requests[0]), [3]
    reading = register.challenge

    def read_then_lose_the_race(channel_id: str) -> Any:  # noqa: ANN401 - a challenge
        seen = reading(channel_id)
        if left[0]:
            left[0] -= 1
            assert console.step(made, "verify", {"code": wrong(code)}).problem == "code-refused"
        return seen

    monkeypatch.setattr(register, "challenge", read_then_lose_the_race)
    assert console.step(made, "verify", {"code": wrong(code)}).problem == "code-refused"
    kept = reading(made["channel_id"])
    assert kept is not None
    assert kept.tries_left == 1


def test_a_code_of_one_channel_is_none_of_another(console: Console) -> None:
    room = console.receiver(says(message(200)))
    one, other = console.make(room, "slack"), console.make(room, "slack")
    mine, theirs = map(code_of, room.requests)
    assert mine != theirs
    assert console.step(one, "verify", {"code": theirs}).problem == "code-refused"
    assert console.step(other, "verify", {"code": theirs}).body["status"] == "active"
    assert console.read(one)["status"] == "unverified"


def test_a_webhook_takes_no_code(console: Console) -> None:
    made = console.make(console.receiver(says(message(200))))
    assert console.step(made, "verify", {"code": "123456"}).problem == "not-for-this-kind"


# ── Changing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_change_replaces_what_is_given_and_leaves_the_rest(console: Console) -> None:
    made = console.make(console.receiver(), include=["comment", "email"])
    changed = console.change(made, name="Outra sala", rules={"words": ["procon"]}, revision=made["revision"]).body
    read = console.read(made)
    assert changed == read
    assert (read["name"], read["include"], read["rules"]["words"], read["status"]) == (
        "Outra sala",
        ["comment", "email"],
        ["procon"],
        "active",
    )
    assert read["revision"] == made["revision"] + 1
    assert console.change(made).body == read
    assert console.change(made, revision=made["revision"], name="Tarde").problem == "revision-passed"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": None}, "/name"),
        ({"rules": None}, "/rules"),
        ({"url": None}, "/url"),
        ({"url": "http://10.0.0.1/"}, "/url"),
        ({"url": "ftp://127.0.0.1/"}, "/url"),
        ({"kind": "slack"}, ""),
        ({"status": "active"}, ""),
        ({"revision": 0}, "/revision"),
        ({"rules": {"quiet_hours": {"begins": "20:00", "ends": "08:00", "time_zone": "Lua"}}}, "/rules/quiet_hours/time_zone"),
    ],
)
def test_a_change_that_is_not_right_is_refused_and_changes_nothing(console: Console, body: dict[str, object], pointer: str) -> None:
    made = console.make(console.receiver())
    refused = console.change(made, **body)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, pointer)
    assert console.read(made)["revision"] == made["revision"]


def test_another_url_hears_of_nothing_until_it_is_verified(console: Console) -> None:
    made = console.make(console.receiver())
    other = console.receiver(says(message(200, body=b"ok")))
    moved = console.change(made, url=url_of(other)).body
    assert (moved["status"], moved["verified_at"], moved["verification"]["result"]) == ("unverified", None, "not_echoed")
    verified = composition.compose().registering.register.verified()
    assert [channel.channel_id for channel in verified] == []


def test_changes_at_the_same_moment_are_both_kept(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    made = console.make(console.receiver())
    register = composition.compose().registering.register
    find, pending = register.find, [None]

    def read_then_lose_time(channel_id: str) -> Any:  # noqa: ANN401 - a channel
        found = find(channel_id)
        if pending:
            pending.pop()
            console.change(made, country="PT")
        return found

    monkeypatch.setattr(register, "find", read_then_lose_time)
    assert console.change(made, name="Outra").status == 200
    read = console.read(made)
    assert (read["country"], read["name"], read["revision"]) == ("PT", "Outra", made["revision"] + 2)


def test_a_channel_pauses_resumes_and_goes(console: Console) -> None:
    made = console.make(console.receiver())
    assert console.step(made, "pause").body["status"] == "paused"
    assert console.step(made, "pause").body == console.read(made)
    assert console.step(made, "resume").body["status"] == "active"
    gone = console.call(f"DELETE {CHANNEL}", channel_id=made["channel_id"])
    assert (gone.status, gone.text) == (204, "")
    assert console.call(f"GET {CHANNEL}", channel_id=made["channel_id"]).problem == "no-such-channel"
    assert console.call(f"DELETE {CHANNEL}", channel_id=made["channel_id"]).problem == "no-such-channel"
    assert made["channel_id"] not in repr(boto3.client("dynamodb").scan(TableName="registry_table")["Items"])


def test_a_disabled_channel_resumes_once_it_is_well(console: Console) -> None:
    ill = console.receiver(says(message(404)))
    made = console.make(console.receiver())
    register = composition.compose().registering.register
    assert console.change(made, url=url_of(console.receiver())).body["status"] == "active"
    assert register.disable(made["channel_id"], "gone", console.now)
    assert (console.read(made)["status"], console.read(made)["status_reason"]) == ("disabled", "gone")
    for step in ("verify", "pause"):
        assert console.step(made, step).problem == "channel-not-active"
    assert console.step(made, "resume").body["status"] == "active"
    assert register.replace(register.find(made["channel_id"]), console.read(made)["revision"], url_of(ill))  # type: ignore[arg-type]  # it is there
    assert register.disable(made["channel_id"], "failing", console.now)
    refused = console.step(made, "resume")
    assert (refused.status, refused.problem) == (409, "channel-unwell")
    assert "answered 404" in refused.body["detail"]


# ── Secrets ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def verifies(secret: str, request: Request) -> bool:
    """Whether the public library, as a receiver has it, takes the call."""
    try:
        Webhook(secret).verify(request.body.decode(), request.headers)
    except WebhookVerificationError:
        return False
    return True


def test_a_rotation_signs_with_both_for_24_hours(console: Console) -> None:
    console.now = datetime.now(UTC)  # the library looks at the clock
    receiver = console.receiver()
    made = console.make(receiver)
    rotated = console.step(made, "rotate-secret")
    assert (rotated.status, rotated.headers["cache-control"]) == (201, "no-store")
    assert datetime.fromisoformat(rotated.body["previous_valid_until"]) - console.now == timedelta(hours=24)
    old, new = made["signing_secret"], rotated.body["signing_secret"]
    assert old != new
    caller = composition.compose().registering.caller
    channel = composition.compose().registering.register.find(made["channel_id"])
    assert channel is not None
    caller.call(channel, "msg_1", receiver.requests[0].body, "application/json")
    first, second = receiver.requests
    assert (verifies(old, first), verifies(new, first)) == (True, False)
    assert (verifies(old, second), verifies(new, second)) == (True, True)
    assert second.headers["webhook-signature"].count("v1,") == 2
    console.now += timedelta(hours=24)
    secrets = composition.compose().registering.register.signing_secrets(made["channel_id"], console.now)
    assert tuple(secrets) == (new,)


def test_only_webhooks_have_a_signing_secret(console: Console) -> None:
    made = console.make(console.receiver(says(message(200))), "slack")
    assert console.step(made, "rotate-secret").problem == "not-for-this-kind"


def test_no_address_secret_or_code_is_answered_stored_or_logged_in_clear(console: Console, logged: Callable[[], str]) -> None:
    webhook, room = console.receiver(), console.receiver(says(message(200)))
    replies = [
        console.call(f"POST {CHANNELS}", {"kind": kind, "name": "Sala", "url": url_of(each)})
        for kind, each in (("webhook", webhook), ("slack", room))
    ]
    replies += [
        console.call(f"POST {CHANNELS}", {"kind": "sns_email", "name": "CS", "email": "plantado@loja.example"}),
        console.call(f"POST {CHANNELS}", {"kind": "sns_sms", "name": "CS", "phone": "+5511987654321"}),
    ]
    made = [dict(reply.body) for reply in replies]
    rotated = console.step(made[0], "rotate-secret")
    secrets = [made[0]["signing_secret"], rotated.body["signing_secret"]]
    code = code_of(room.requests[0])
    asked = [console.step(made[1], "verify", {"code": wrong(code)}), console.step(made[1], "verify", {"code": code})]
    asked += [console.step(channel, step) for channel in made for step in ("verify", "test", "pause", "resume")]
    asked += [console.change(channel, name="Outro", url="https://10.0.0.1/s3cret-of-the-url") for channel in made]
    asked += [console.call(f"GET {CHANNELS}"), *(console.call(f"GET {DELIVERIES}", channel_id=channel["channel_id"]) for channel in made)]
    answered = "".join(reply.text for reply in asked)
    stored = "".join(repr(boto3.client("dynamodb").scan(TableName=table)["Items"]) for table in ("registry_table", "deliveries_table"))
    lines = logged()
    assert "channel made" in lines
    addresses = ("s3cret-of-the-url", "plantado@loja.example", "+5511987654321")
    for hidden in (*addresses, *secrets, *(secret.removeprefix("whsec_") for secret in secrets)):
        assert hidden not in answered
        assert hidden not in stored
        assert hidden not in lines
        assert all(hidden not in reply.text for reply in replies if hidden in addresses)
    assert f'"{code}"' not in stored + lines + answered
    powertools = {"level", "location", "message", "timestamp", "service"}
    named = {name for line in lines.splitlines() for name in json.loads(line)} - powertools
    assert named <= {"channel_id", "key_id", "kind", "result", "status", "revision", "message_id", "scopes", "made"}


# ── Subscriptions ────────────────────────────────────────────────────────────────────────────────────────────────────


def attributes_of(endpoint: str) -> dict[str, str]:
    sns = boto3.client("sns")
    [found] = [each for each in sns.list_subscriptions()["Subscriptions"] if each["Endpoint"] == endpoint]
    return dict(sns.get_subscription_attributes(SubscriptionArn=found["SubscriptionArn"])["Attributes"])


def test_an_email_is_subscribed_with_a_filter_policy_of_its_rules(console: Console) -> None:
    rules = {"surveys": ["loja"], "score_at_most": 3, "segments": {"plan": ["pro", "max"]}}
    made = console.call(f"POST {CHANNELS}", {"kind": "sns_email", "name": "CS", "email": "cs@loja.example", "rules": rules}).body
    assert made["host"] == "email"
    attributes = attributes_of("cs@loja.example")
    assert json.loads(attributes["FilterPolicy"]) == {
        "survey": ["loja"],
        "score": [{"numeric": ["<=", 3]}],
        "segments": ["plan:pro", "plan:max"],
    }
    console.change(made, rules={})
    assert json.loads(attributes_of("cs@loja.example")["FilterPolicy"]) == {}
    console.call(f"DELETE {CHANNEL}", channel_id=made["channel_id"])
    assert boto3.client("sns").list_subscriptions()["Subscriptions"] == []


def test_a_subscription_has_neither_tests_nor_deliveries_nor_another_address(console: Console) -> None:
    made = console.call(f"POST {CHANNELS}", {"kind": "sns_sms", "name": "CS", "phone": "+5511999990000"}).body
    assert console.step(made, "test").problem == "not-for-this-kind"
    assert console.step(made, "rotate-secret").problem == "not-for-this-kind"
    assert console.call(f"GET {DELIVERIES}", channel_id=made["channel_id"]).problem == "not-for-this-kind"
    assert console.change(made, url="https://cs.example.com/").body["errors"][0]["pointer"] == "/url"


def test_an_address_is_subscribed_once(console: Console) -> None:
    body = {"kind": "sns_sms", "name": "CS", "phone": "+5511999990000"}
    assert console.call(f"POST {CHANNELS}", body).status == 201
    assert console.call(f"POST {CHANNELS}", body).problem == "address-subscribed"
    assert len(console.call(f"GET {CHANNELS}").body["channels"]) == 1


# ── Deliveries ───────────────────────────────────────────────────────────────────────────────────────────────────────


def sent(channel: dict[str, Any], number: int, status: MessageStatus = MessageStatus.FAILED, attempts: Sequence[Attempt] = ()) -> str:
    """A message that was sent `number` minutes after the start."""
    at = START + timedelta(minutes=number)
    key = AnswerKey("demo#2026-03-14#0", f"answer-{number}")
    message_id = message_id_of(channel["channel_id"], AlertKind.DETRACTOR, key.answer_id)
    deliveries = composition.compose().deliveries
    deliveries.open(Message(message_id=message_id, channel_id=channel["channel_id"], kind=AlertKind.DETRACTOR, created_at=at, answer=key))
    for attempt in attempts or (None,):
        leased = deliveries.lease(message_id, at, at + timedelta(minutes=1))
        assert leased is not None
        deliveries.release(leased, status if attempt is None or attempt is attempts[-1] else MessageStatus.WAITING, at, attempt)
    return message_id


def listed(console: Console, channel: dict[str, Any], **query: str) -> Any:  # noqa: ANN401 - JSON
    return console.call(f"GET {DELIVERIES}", channel_id=channel["channel_id"], query=query).body


def queued() -> list[str]:
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="deliver")["QueueUrl"]
    found: list[str] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [each["Body"] for each in messages]
    return found


def test_deliveries_show_each_attempt_and_nothing_of_what_was_said(console: Console) -> None:
    channel = console.make(console.receiver())
    attempts = (
        Attempt(number=1, at=START, duration_ms=15_000, error=CallError.TIMEOUT),
        Attempt(number=2, at=START, duration_ms=31, status=200),
    )
    message_id = sent(channel, 1, MessageStatus.DELIVERED, attempts)
    console.now = START + timedelta(hours=1)
    [delivery] = listed(console, channel)["deliveries"]
    assert delivery == {
        "message_id": message_id,
        "type": "alert.detractor",
        "status": "delivered",
        "created_at": "2026-03-14T15:01:00Z",
        "next_at": None,
        "survey_id": "demo",
        "answer_id": "answer-1",
        "digest_id": None,
        "attempts": [
            {"number": 1, "at": "2026-03-14T15:00:00Z", "duration_ms": 15000, "http_status": None, "error": "timeout"},
            {"number": 2, "at": "2026-03-14T15:00:00Z", "duration_ms": 31, "http_status": 200, "error": None},
        ],
    }


def test_pages_hold_every_message_once_newest_first(console: Console) -> None:
    channel, other = console.make(console.receiver()), console.make(console.receiver())
    wanted = [sent(channel, number) for number in range(120)]
    sent(other, 1)
    console.now = START + timedelta(days=1)
    seen, pages = list[str](), 0
    cursor: str | None = ""
    while cursor is not None:
        page = listed(console, channel, **({"cursor": cursor} if cursor else {}))
        seen += [delivery["message_id"] for delivery in page["deliveries"]]
        cursor, pages = page["next_cursor"], pages + 1
    assert seen == wanted[::-1]
    assert pages == 3


def test_deliveries_are_found_by_time_and_status(console: Console) -> None:
    channel = console.make(console.receiver())
    ids = [sent(channel, number, MessageStatus.FAILED if number % 2 else MessageStatus.HELD) for number in range(6)]
    console.now = START + timedelta(hours=1)
    found = listed(console, channel, **{"from": "2026-03-14T15:01:00Z", "to": "2026-03-14T12:04:00-03:00", "status": "held"})
    assert [delivery["message_id"] for delivery in found["deliveries"]] == [ids[4], ids[2]]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"from": "yesterday"}, "from"),
        ({"from": "2026-03-14"}, "from"),
        ({"from": "2026-03-14T15:00:00"}, "from"),
        ({"from": "2026-03-14T16:00:00Z", "to": "2026-03-14T15:00:00Z"}, "from"),
        ({"to": "0001-01-01T00:00:00+14:00"}, "to"),
        ({"to": "2026-02-30T15:00:00Z"}, "to"),
        ({"status": "lost"}, "status"),
        ({"status": ""}, "status"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": ""}, "cursor"),
        ({"cursor": "ç"}, "cursor"),
        ({"cursor": "A" * 300}, "cursor"),
        ({"page": "2"}, "query"),
    ],
)
def test_a_query_that_is_not_right_is_refused(console: Console, query: dict[str, str], parameter: str) -> None:
    channel = console.make(console.receiver())
    refused = console.call(f"GET {DELIVERIES}", channel_id=channel["channel_id"], query=query)
    assert (refused.status, refused.body["errors"][0]["parameter"]) == (422, parameter)


def test_a_test_goes_the_way_of_alerts(console: Console) -> None:
    channel = console.make(console.receiver())
    sent_test = console.step(channel, "test")
    assert sent_test.status == 202
    [delivery] = listed(console, channel)["deliveries"]
    assert (delivery["message_id"], delivery["type"], delivery["status"]) == (sent_test.body["message_id"], "channel.test", "waiting")
    [body] = queued()
    assert sent_test.body["message_id"] in body


def replay(console: Console, channel: dict[str, Any], message_id: str) -> Reply:
    return console.call(f"POST {DELIVERIES}/{{message_id}}/replay", channel_id=channel["channel_id"], message_id=message_id)


def test_one_message_is_sent_again_with_the_same_id(console: Console) -> None:
    channel = console.make(console.receiver())
    message_id = sent(channel, 1)
    again = replay(console, channel, message_id)
    assert (again.status, again.body) == (202, {"message_id": message_id})
    [body] = queued()
    assert message_id in body
    assert [delivery["status"] for delivery in listed(console, channel, to="2026-03-15T00:00:00Z")["deliveries"]] == ["waiting"]


def test_a_message_of_another_channel_is_not_found(console: Console) -> None:
    mine, theirs = console.make(console.receiver()), console.make(console.receiver())
    message_id = sent(theirs, 1)
    for wanted in (message_id, "msg_" + "a" * 26, "", "../x"):
        assert replay(console, mine, wanted).problem == "no-such-delivery"
    assert queued() == []


@pytest.mark.parametrize(("step", "problem"), [("pause", "channel-not-active"), (None, "channel-unverified")])
def test_nothing_is_sent_again_to_a_channel_that_takes_nothing(console: Console, step: str | None, problem: str) -> None:
    channel = console.make(console.receiver(None if step else says(message(200))))
    message_id = sent(channel, 1)
    if step:
        console.step(channel, step)
    assert replay(console, channel, message_id).problem == problem
    span = {"from": "2026-03-14T00:00:00Z", "to": "2026-03-15T00:00:00Z"}
    assert console.step(channel, "replay", span).problem == problem
    assert queued() == []


def test_a_span_is_sent_again(console: Console) -> None:
    channel = console.make(console.receiver())
    statuses = (MessageStatus.FAILED, MessageStatus.HELD, MessageStatus.DELIVERED, MessageStatus.FAILED)
    ids = [sent(channel, number, status) for number, status in enumerate(statuses)]
    span = {"from": "2026-03-14T15:00:00Z", "to": "2026-03-14T15:02:00Z"}
    assert console.step(channel, "replay", span).body == {"messages": 2, "more": False}
    brought = "".join(queued())
    assert [message_id in brought for message_id in ids] == [True, True, False, False]
    assert console.step(channel, "replay", span | {"status": "delivered"}).body == {"messages": 1, "more": False}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/from"),
        ({"from": "2026-03-14T15:00:00Z"}, "/to"),
        ({"from": "2026-03-14", "to": "2026-03-15T00:00:00Z"}, "/from"),
        ({"from": "2026-03-14T15:00:00", "to": "2026-03-15T00:00:00Z"}, "/from"),
        ({"from": 1, "to": "2026-03-15T00:00:00Z"}, "/from"),
        ({"from": "2026-03-15T00:00:00Z", "to": "2026-03-14T00:00:00Z"}, "/to"),
        ({"from": "2025-03-15T00:00:00Z", "to": "2026-03-14T00:00:00Z"}, "/from"),
        ({"from": "2026-03-14T00:00:00Z", "to": "2026-03-15T00:00:00Z", "status": "waiting"}, "/status"),
        ({"from": "2026-03-14T00:00:00Z", "to": "2026-03-15T00:00:00Z", "all": True}, ""),
    ],
)
def test_a_span_that_is_not_right_is_refused(console: Console, body: dict[str, object], pointer: str) -> None:
    refused = console.step(console.make(console.receiver()), "replay", body)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, pointer)
