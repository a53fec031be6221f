"""From the rules' queue to the SNS topic: a detractor, now or after a wait, and at most one word more of each kind."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from shared.alerts.batch import each
from shared.alerts.incoming import Check, Classified, UnreadableError, read
from shared.alerts.message import Due
from shared.alerts.notify import Notifying, check, notify
from shared.alerts.ports import PersonFacts
from shared.alerts.publishing import Publishing, TopicAsChannel, publish
from shared.alerts.saying import Saying
from shared.answer import Answer
from shared.store.answers import Answers
from shared.store.deliveries import Deliveries
from shared.store.outbox import Checks
from shared.store.registry import SurveyStore
from shared.store.session import client
from shared.store.settings import from_environment
from shared.store.tables import AnswerItem, DeliveryItem, RegistryItem, bind
from shared.store.topics import Topic
from shared.survey import Locale

logger = Logger()


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the function works."""

    answers_table: str
    registry_table: str
    deliveries_table: str
    notify_queue_url: str
    detractor_topic: str
    alert_wait_seconds: str
    alert_locale: Locale
    answer_link: str


@dataclass(slots=True)
class _Now:
    """An outbox whose messages are published before the function ends; a crash in between is made good when the event comes again."""

    opened: list[str] = field(default_factory=list)

    def enqueue(self, due: Due, _at: datetime | None, _now: datetime) -> None:
        """Remember it."""
        self.opened.append(due.message_id)

    def put_back(self, _dues: object, _now: datetime) -> list[Due]:
        """A topic always has room."""
        return []


class _Nobody:
    """People, for a channel that never gets anything of a person."""

    def facts(self, _answer: Answer) -> PersonFacts:
        """Nothing."""
        return PersonFacts()

    def record_sharing(self, *_: object) -> bool:
        """Nothing is shared."""
        return False


@dataclass(frozen=True, slots=True)
class Alerting:
    """What the function works with."""

    notifying: Notifying
    publishing: Publishing
    surveys: SurveyStore
    opened: _Now


@cache
def compose() -> Alerting:
    """What the function works with, made once a container."""
    settings = from_environment(Settings)
    bind(AnswerItem, settings.answers_table)
    bind(RegistryItem, settings.registry_table)
    bind(DeliveryItem, settings.deliveries_table)
    answers, surveys, deliveries, nobody, opened = Answers(), SurveyStore(), Deliveries(), _Nobody(), _Now()
    topic = TopicAsChannel(int(settings.alert_wait_seconds), settings.alert_locale)

    def now() -> datetime:
        return datetime.now(UTC)

    return Alerting(
        notifying=Notifying(answers, nobody, topic, deliveries, opened, Checks(client("sqs"), settings.notify_queue_url), now),
        publishing=Publishing(
            topic.channel,
            deliveries,
            Saying(answers, nobody, surveys, deliveries, settings.answer_link),
            Topic(client("sns"), settings.detractor_topic),
            now,
        ),
        surveys=surveys,
        opened=opened,
    )


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """One batch of events and waits."""
    return each(event["Records"], _take, logger)


def _take(body: str) -> None:
    work = compose()
    work.opened.opened.clear()
    match read(body, work.surveys):
        case Classified(key):
            done = notify(key, work.notifying)
        case Check(key, channel_id):
            done = check(key, channel_id, work.notifying)
        case _:
            raise UnreadableError
    for message_id in work.opened.opened:
        publish(message_id, work.publishing)
    logger.info("notified", survey_id=key.survey_id, answer_id=key.answer_id, opened=done.opened, waiting=done.waiting)
