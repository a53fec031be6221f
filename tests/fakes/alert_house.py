"""All of alerting in memory, with a clock that a test moves, for tests that state one behaviour."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from shared.alerts.channel import Channel, ChannelStatus
from shared.alerts.content import AlertKind
from shared.alerts.deliver import Delivering, deliver
from shared.alerts.message import Message, MessageStatus, message_id_of
from shared.alerts.notify import Notified, Notifying, check, notify
from shared.alerts.saying import Saying
from shared.alerts.turns import put_back
from shared.answer import Answer, AnswerKey, Change
from shared.survey import Survey
from tests.fakes.carriers import Heard, MemoryCaller, MemoryChecks, MemoryOutbox
from tests.fakes.channels import MemoryChannels, MemoryNotices
from tests.fakes.deliveries import MemoryDeliveries
from tests.fakes.erasure_notes import MemoryNotes
from tests.fakes.memory import Memory
from tests.fakes.reception import FindableAnswers
from tests.fakes.registry import MemorySurveys
from tests.fakes.samples import NOON, answer_of, survey_of
from tests.fakes.sharing import SharingPeople

FOR_EVER = timedelta(days=30)


@dataclass
class AlertHouse:
    """One survey, channels, and everything between an answer and its receivers."""

    survey: Survey = field(default_factory=survey_of)
    now: datetime = NOON
    chance: float = 0.0

    def __post_init__(self) -> None:
        self.memory = Memory()
        self.answers = FindableAnswers(self.memory)
        self.people = SharingPeople(self.memory)
        self.channels = MemoryChannels(self.memory)
        self.deliveries = MemoryDeliveries(self.memory)
        self.outbox = MemoryOutbox(self.memory)
        self.checks = MemoryChecks(self.memory, lambda: self.now)
        self.notices = MemoryNotices(self.memory)
        self.caller = MemoryCaller(self.memory, lambda: self.now)
        self.surveys = MemorySurveys(self.survey)
        self.erasures = MemoryNotes()

    @property
    def notifying(self) -> Notifying:
        return Notifying(self.answers, self.people, self.channels, self.deliveries, self.outbox, self.checks, lambda: self.now)

    @property
    def delivering(self) -> Delivering:
        link = "https://console.example/{survey_id}/{answer_id}"
        saying = Saying(self.answers, self.people, self.surveys, self.deliveries, link, self.erasures)
        return Delivering(
            self.channels, self.deliveries, self.outbox, self.caller, self.notices, saying, lambda: self.now, lambda: self.chance
        )

    def listen(self, *channels: Channel) -> Channel:
        """Have these channels; the first of them."""
        self.channels.channels |= {channel.channel_id: channel for channel in channels}
        return channels[0]

    def set_status(self, channel: Channel, status: ChannelStatus) -> None:
        """Pause it, or whatever a manager does."""
        self.channels.change(channel.channel_id, status=status)

    def set_rules(self, channel: Channel, **rules: Any) -> None:  # noqa: ANN401 - any rule
        """Change a channel's rules."""
        settings = self.channels.channels[channel.channel_id].settings
        self.channels.change(channel.channel_id, settings=replace(settings, rules=replace(settings.rules, **rules)))

    def given(self, score: int = 3, comment: str | None = None, number: int | None = None, **changes: Any) -> AnswerKey:  # noqa: ANN401 - any field of an answer
        """Store a new answer, finished unless it says otherwise, with its comment; its event has not come yet."""
        fields: dict[str, Any] = {"finished": True, "commented": comment is not None, "instant": self.now}
        answer = answer_of(self.survey, len(self.memory.items) if number is None else number, score, **fields | changes)
        if comment is not None:
            self.people.comment_on(answer.person_id, answer.key.answer_id, comment)
        assert self.answers.add(answer)
        return answer.key

    def change(self, key: AnswerKey, comment: str | None = None, **changes: Any) -> None:  # noqa: ANN401 - any field of a change
        """Change an answer; its event has not come yet."""
        if comment is not None:
            self.people.comment_on(self.answer(key).person_id, key.answer_id, comment)
            changes["commented"] = True
        assert self.answers.change(key, Change(**changes), self.now)

    def answer(self, key: AnswerKey) -> Answer:
        item = self.memory.items[key]
        assert isinstance(item, Answer)
        return item

    def notify(self, key: AnswerKey) -> Notified:
        """The event of an answer's newest revision arrives."""
        return notify(key, self.notifying)

    def deliver(self, message_id: str) -> MessageStatus | None:
        """A message's id arrives at the deliverer."""
        return deliver(message_id, self.delivering)

    def tell(self, score: int = 3, **given: Any) -> AnswerKey:  # noqa: ANN401 - as `given`
        """A new answer, its event, and what follows at once."""
        key = self.given(score, **given)
        self.notify(key)
        self.run()
        return key

    def retell(self, key: AnswerKey, **changes: Any) -> None:  # noqa: ANN401 - as `change`
        """A changed answer, its event, and what follows at once."""
        self.change(key, **changes)
        self.notify(key)
        self.run()

    def run(self, pause: timedelta = timedelta(0)) -> None:
        """Bring what is due, in order, until `pause` has passed."""
        until = self.now + pause
        while True:
            due = min([*(at for at, _ in self.outbox.queue), *(at for at, _, _ in self.checks.queue)], default=None)
            if due is None or due > until:
                break
            self.now = max(self.now, due)
            self._bring()
        self.now = until

    def _bring(self) -> None:
        """One of the things that are due now."""
        for checked in [each for each in self.checks.queue if each[0] <= self.now]:
            self.checks.queue.remove(checked)
            check(checked[1], checked[2], self.notifying)
            return
        due = min(self.outbox.queue, key=lambda each: each[0])
        self.outbox.queue.remove(due)
        if not put_back([due[1]], self.delivering.turns):
            self.deliver(due[1].message_id)

    def meanwhile(self, place: str, happens: Callable[[], object]) -> None:
        """Have something happen once, when the next call to `place` is about to be made."""
        left = [happens]

        def turn(name: str) -> None:
            if name == place and left:
                left.pop()()

        self.memory.faults.turn = turn

    def heard(self, channel: Channel | None = None) -> list[Heard]:
        """The calls that receivers got, of one channel or of all."""
        return [heard for heard in self.caller.heard if channel is None or heard.channel_id == channel.channel_id]

    def types(self, channel: Channel | None = None) -> list[str]:
        """What kinds of messages were heard, without `alert.`."""
        return [heard.type.removeprefix("alert.") for heard in self.heard(channel)]

    def message(self, channel: Channel, key: AnswerKey, kind: AlertKind = AlertKind.DETRACTOR) -> Message:
        """A message about an answer."""
        return self.deliveries.messages[message_id_of(channel.channel_id, kind, key.answer_id)]
