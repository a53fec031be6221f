"""Who hears of detractors on the deployed stack: a signature-verifying receiver, rooms of chat tools, and queues of SNS topics."""

import json
import re
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self

from infra.local.emulator import HOST
from infra.local.receiver import Alert, Receiver
from infra.local.stack import Stack
from tests.e2e.survey import wait_until

_CODE: Final = re.compile(r'"text":\s?"(\d{6})"')


class KilledError(Exception):
    """The receiver's process ended in the middle of a request."""


@dataclass
class Inbox:
    """What a receiver took. With `dies_at`, it ends while it takes the message of that number, and answers nothing from then on."""

    alerts: list[Alert] = field(default_factory=list)
    dies_at: int | None = None
    died: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def take(self, alert: Alert) -> None:
        """Keep it."""
        with self._lock:
            if self.dies_at is not None and len(self.alerts) + 1 >= self.dies_at:
                self.died.set()
                raise KilledError
            self.alerts.append(alert)

    def of(self, answer_id: str) -> list[str]:
        """The kinds of what was said about an answer, in the order in which it came."""
        return [alert.type for alert in self.alerts if alert.data["answer_id"] == answer_id]


class Room(AbstractContextManager["Room"]):
    """A chat tool's incoming webhook: takes what `check` finds within the tool's limits, or answers `status` to everything."""

    def __init__(self, check: Callable[[bytes], None] | None = None, status: int = 200) -> None:
        self.posts: list[bytes] = []
        self.faults: list[str] = []
        self.status = status
        room = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                self.send_response(room.take(body, check))
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer((HOST, 0), Handler)
        self.url = f"http://{HOST}:{self._server.server_port}/room"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, body: bytes, check: Callable[[bytes], None] | None) -> int:
        """Keep what arrived, and what is wrong with it."""
        self.posts.append(body)
        if check is not None:
            try:
                check(body)
            except (AssertionError, KeyError, ValueError) as fault:
                self.faults.append(f"{type(fault).__name__}: {fault}")
        return self.status

    def code(self) -> str:
        """The six digits that were posted last."""
        found = _CODE.search(self.posts[-1].decode())
        assert found, "no code was posted"
        return found[1]

    def about(self, answer_id: str) -> int:
        """How many posts link to an answer."""
        return sum(answer_id.encode() in post for post in self.posts)


class TopicQueue:
    """An SQS queue that hears what a topic is told."""

    def __init__(self, stack: Stack, topic: str, name: str) -> None:
        self._sqs = stack.aws.sqs
        self._url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        allowed = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        self._sqs.set_queue_attributes(QueueUrl=self._url, Attributes={"Policy": policy})
        stack.aws.client("sns").subscribe(TopicArn=stack.outputs[topic], Protocol="sqs", Endpoint=arn)
        self._taken: list[dict[str, Any]] = []

    def messages(self) -> list[dict[str, Any]]:
        """All that it heard so far, as programs get it."""
        while found := self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages"):
            for message in found:
                self._taken.append(json.loads(json.loads(message["Body"])["Message"]))
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return self._taken


@dataclass(frozen=True)
class TestedChannel:
    """A verified channel."""

    __test__ = False
    stack: Stack
    channel_id: str

    @classmethod
    def webhook(cls, stack: Stack, receiver: Receiver, **settings: object) -> Self:
        """One that the receiver proves by its echo and verifies the signatures of."""
        made = _made(stack, {"kind": "webhook", "url": receiver.url, **settings})
        assert made["status"] == "active", made
        receiver.secret = made["signing_secret"]
        return cls(stack, made["channel_id"])

    @classmethod
    def room(cls, stack: Stack, kind: str, room: Room, **settings: object) -> Self:
        """One that is proved by typing the posted code back."""
        made = _made(stack, {"kind": kind, "url": room.url, **settings})
        assert (made["status"], made["verification"]["result"]) == ("unverified", "code_sent"), made
        channel = cls(stack, made["channel_id"])
        verified = stack.request("POST", f"{channel.path}/verify", {"code": room.code()}, key=stack.api_key)
        assert (verified.status, verified.json()["status"]) == (200, "active"), verified.body
        return channel

    @property
    def path(self) -> str:
        """Where the API has it."""
        return f"/v1/channels/{self.channel_id}"

    def read(self) -> dict[str, Any]:
        """As it is now."""
        found: dict[str, Any] = self.stack.request("GET", self.path, key=self.stack.api_key).json()
        return found

    def deliveries(self) -> list[dict[str, Any]]:
        """Its messages, newest first, with their attempts."""
        answer = self.stack.request("GET", f"{self.path}/deliveries", key=self.stack.api_key)
        assert answer.status == 200, answer.body
        found: list[dict[str, Any]] = answer.json()["deliveries"]
        return found

    def outcomes(self, message_id: str) -> list[bool]:
        """Of each call for a message, whether it was taken."""
        (message,) = (each for each in self.deliveries() if each["message_id"] == message_id)
        return [200 <= (attempt["http_status"] or 0) < 300 for attempt in message["attempts"]]

    def replay(self, message_id: str) -> None:
        """Have one message sent again."""
        assert self.stack.request("POST", f"{self.path}/deliveries/{message_id}/replay", key=self.stack.api_key).status == 202

    def delete(self) -> None:
        """End it."""
        assert self.stack.request("DELETE", self.path, key=self.stack.api_key).status == 204


def wait_for(count: Callable[[], int], expected: int, seconds: float = 40) -> None:
    """Wait until there are as many as expected."""
    wait_until(lambda: count() >= expected, seconds)


def _made(stack: Stack, body: dict[str, object]) -> dict[str, Any]:
    answer = stack.request("POST", "/v1/channels", {"name": "Teste", **body}, key=stack.api_key)
    assert answer.status == 201, answer.body
    made: dict[str, Any] = answer.json()
    return made
