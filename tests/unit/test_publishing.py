"""Detractors on the SNS topic: once each, with a constant id, nothing of a person, and at most one word more of each kind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from shared.alerts.compose.sns import SnsMessage
from shared.alerts.deliver import LEASE
from shared.alerts.message import MessageStatus
from shared.alerts.notify import Notifying, check, notify
from shared.alerts.publishing import NotYetError, Publishing, TopicAsChannel, publish
from shared.alerts.saying import Saying
from shared.answer import AnswerKey, Standing
from shared.survey import Locale
from tests.fakes.alert_house import AlertHouse
from tests.fakes.carriers import MemoryOutbox

SECOND = timedelta(seconds=1)


@dataclass
class Subscribers:
    """Implements `Topic`."""

    heard: list[SnsMessage] = field(default_factory=list)
    fails: Callable[[], bool] = lambda: False

    def publish(self, message: SnsMessage) -> None:
        self.heard.append(message)
        if self.fails():
            raise ConnectionError

    def bodies(self) -> list[Any]:
        return [msgspec.json.decode(msgspec.json.decode(message.message)["default"]) for message in self.heard]

    def types(self) -> list[str]:
        return [body["type"].removeprefix("alert.") for body in self.bodies()]


class Desk(AlertHouse):
    """A house with a topic: what notifying enqueues is published at once, as the function does."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.subscribers = Subscribers()
        self.topic = TopicAsChannel(120)
        self.opened = MemoryOutbox(self.memory)

    @property
    def telling(self) -> Notifying:
        return Notifying(self.answers, self.people, self.topic, self.deliveries, self.opened, self.checks, lambda: self.now)

    @property
    def publishing(self) -> Publishing:
        saying = Saying(self.answers, self.people, self.surveys, self.deliveries)
        return Publishing(self.topic.channel, self.deliveries, saying, self.subscribers, lambda: self.now)

    def event(self, key: AnswerKey) -> None:
        notify(key, self.telling)
        self.publish_opened()

    def wait_is_over(self) -> None:
        _, key, channel_id = self.checks.queue.pop(0)
        check(key, channel_id, self.telling)
        self.publish_opened()

    def publish_opened(self) -> None:
        """In the order in which they were opened; what fails leaves the rest for the event's next delivery."""
        while self.opened.queue:
            publish(self.opened.queue.pop(0)[1].message_id, self.publishing)


def test_a_detractor_is_published_once_with_nothing_of_a_person() -> None:
    desk = Desk()
    key = desk.given(3, comment="segredo")
    desk.people.know(desk.answer(key).person_id, name="segredo", email="segredo@exemplo.com.br")
    desk.event(key)
    desk.event(key)
    assert desk.subscribers.types() == ["detractor"]
    assert "segredo" not in repr(desk.subscribers.heard)
    assert desk.subscribers.heard[0].attributes["score"]["StringValue"] == "3"
    [message] = desk.deliveries.messages.values()
    assert (message.status, message.calls) == (MessageStatus.DELIVERED, 1)
    assert [attempt.number for attempt in desk.deliveries.attempts(message.message_id)] == [1]
    assert not desk.people.shared


@pytest.mark.parametrize(
    ("locale", "subject"),
    [("pt-BR", "Nota 3 de 10 · detrator"), ("en", "Score 3 of 10 · detractor"), ("es", "Puntuación 3 de 10 · detractor")],
)
def test_every_subscriber_is_told_in_the_topics_language(locale: Locale, subject: str) -> None:
    desk = Desk()
    desk.topic = TopicAsChannel(0, locale)
    desk.event(desk.given(3))
    [message] = desk.subscribers.heard
    texts = msgspec.json.decode(message.message)
    assert message.subject.startswith(subject)
    assert texts["email"].startswith(subject)
    assert texts["sms"].startswith(subject.partition(" ·")[0].replace("ó", "o"))


def test_who_is_not_done_is_waited_for() -> None:
    desk = Desk()
    desk.event(desk.given(3, finished=False))
    assert not desk.subscribers.heard
    desk.now += 120 * SECOND
    desk.wait_is_over()
    assert desk.subscribers.types() == ["detractor"]


@pytest.mark.parametrize("change", [{"score": 9}, {"standing": Standing.WITHDRAWN}])
def test_an_alert_is_withdrawn_when_the_answer_is_no_detractors_any_more(change: dict[str, Any]) -> None:
    desk = Desk()
    key = desk.given(3)
    desk.event(key)
    desk.change(key, **change)
    desk.event(key)
    desk.event(key)
    assert desk.subscribers.types() == ["detractor", "withdrawn"]


def test_a_comment_that_comes_later_is_no_news_where_comments_never_go() -> None:
    desk = Desk()
    key = desk.given(3)
    desk.event(key)
    desk.change(key, comment="Demorou")
    desk.event(key)
    assert desk.subscribers.types() == ["detractor"]


def test_what_was_withdrawn_before_it_was_published_is_not_published() -> None:
    desk = Desk()
    key = desk.given(3)
    notify(key, desk.telling)
    desk.change(key, score=9)
    desk.event(key)
    assert not desk.subscribers.heard


def test_what_keeps_it_from_being_made_is_raised_and_leaves_it_to_be_published() -> None:
    desk = Desk()
    key = desk.given(3)

    def fail(name: str) -> None:
        if name == "find":
            raise ConnectionError

    notify(key, desk.telling)
    desk.memory.faults.turn = fail
    with pytest.raises(ConnectionError):
        desk.publish_opened()
    desk.memory.faults.turn = lambda _name: None
    desk.event(key)
    assert desk.subscribers.types() == ["detractor"]


def test_what_may_have_been_heard_though_its_publishing_failed_comes_again_under_its_id_and_is_withdrawn() -> None:
    desk = Desk()
    key = desk.given(3)
    desk.subscribers.fails = lambda: len(desk.subscribers.heard) == 1
    with pytest.raises(ConnectionError):
        desk.event(key)
    desk.now += LEASE
    desk.event(key)
    assert desk.subscribers.types() == ["detractor"] * 2
    assert len({body["id"] for body in desk.subscribers.bodies()}) == 1
    other = desk.given(3)
    desk.subscribers.fails = lambda: len(desk.subscribers.heard) == 3
    with pytest.raises(ConnectionError):
        desk.event(other)
    desk.now += LEASE
    desk.change(other, score=9)
    desk.event(other)
    assert desk.subscribers.types()[2:] == ["detractor", "withdrawn"]


def test_a_withdrawal_waits_for_the_alert_that_another_worker_is_just_publishing() -> None:
    desk = Desk()
    key = desk.given(3)
    notify(key, desk.telling)
    [alert] = desk.deliveries.messages
    assert desk.deliveries.lease(alert, desk.now, desk.now + LEASE)
    desk.change(key, score=9)
    with pytest.raises(NotYetError):
        desk.event(key)
    assert not desk.subscribers.heard


def test_two_workers_with_the_same_event_publish_once() -> None:
    desk = Desk()
    key = desk.given(3)
    notify(key, desk.telling)
    [alert] = desk.deliveries.messages
    assert desk.deliveries.lease(alert, desk.now, desk.now + LEASE)
    assert publish(alert, desk.publishing) is None
    assert not desk.subscribers.heard
