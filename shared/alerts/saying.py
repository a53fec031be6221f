"""What a message says, read at the moment of sending: so what was replaced, withdrawn or erased since is not said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared import dimension as dim
from shared.alerts.channel import Channel, Include
from shared.alerts.compose import Payload, compose
from shared.alerts.content import AlertContent, AlertKind, Person, Touched
from shared.alerts.masking import mask
from shared.alerts.message import Message
from shared.alerts.ports import Answers, Deliveries, People, PersonFacts, Surveys
from shared.answer import Answer, AnswerKey
from shared.scoring import NpsClass
from shared.survey import Survey

_ABOUT_ANSWERS: Final = frozenset({AlertKind.DETRACTOR, AlertKind.COMMENT_ADDED, AlertKind.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Saying:
    """What is read from; `link` is a template with {survey_id} and {answer_id}, or empty."""

    answers: Answers
    people: People
    surveys: Surveys
    deliveries: Deliveries
    link: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A payload ready to be sent, and whether it carries the person's comment."""

    body: bytes
    content_type: str
    commented: bool = False


class Nothing:
    """There is nothing left to say."""


def what_to_say(message: Message, channel: Channel, saying: Saying, now: datetime) -> Said | Nothing:
    """Read what the message is about and give it the shape of the channel's tool."""
    if message.kind is AlertKind.DIGEST:
        contents = [
            content
            for part in saying.deliveries.in_digest(message.message_id)
            if part.answer is not None and (content := _content(part, part.answer, channel, saying, now)) is not None
        ]
    elif message.kind in _ABOUT_ANSWERS and message.answer is not None:
        content = _content(message, message.answer, channel, saying, now)
        contents = [] if content is None else [content]
    else:
        contents = []
    if not contents:
        return Nothing()
    payload: Payload = compose(channel.kind, message.kind, message.message_id, contents, channel.settings.locale, now)
    return Said(payload.body, payload.content_type, any(content.person.comment for content in contents))


def _content(message: Message, key: AnswerKey, channel: Channel, saying: Saying, now: datetime) -> AlertContent | None:
    answer = saying.answers.find(key)
    survey = saying.surveys.find(key.survey_id)
    if answer is None or survey is None:
        return None
    is_detractor = answer.nps_class is NpsClass.DETRACTOR
    if is_detractor == (message.kind is AlertKind.WITHDRAWN):
        return None
    person = Person() if message.kind is AlertKind.WITHDRAWN else _person(answer, channel, saying.people, now)
    if message.kind is AlertKind.COMMENT_ADDED and person.comment is None:
        return None
    return AlertContent(
        kind=message.kind,
        message_id=message.message_id,
        survey_id=survey.survey_id,
        survey_name=survey.settings.name,
        company=survey.settings.company,
        locale=channel.settings.locale,
        time_zone=survey.settings.time_zone,
        answer_id=key.answer_id,
        revision=answer.rev,
        score=answer.score if answer.nps_class else None,
        nps_class=answer.nps_class,
        answered_at=answer.instant,
        touchpoint=_touchpoint(answer, survey),
        segments={name.removeprefix(dim.SEGMENT): value for name, value in answer.dimensions.items() if name.startswith(dim.SEGMENT)},
        link=saying.link.format(survey_id=survey.survey_id, answer_id=key.answer_id) if saying.link else None,
        person=person,
    )


def _touchpoint(answer: Answer, survey: Survey) -> Touched | None:
    key = answer.dimensions.get(dim.TOUCHPOINT)
    if key is None:
        return None
    declared = next((touchpoint for touchpoint in survey.settings.touchpoints if touchpoint.key == key), None)
    return Touched(key=key, label=declared.label if declared else key, journey_stage=declared.journey_stage if declared else None)


def _person(answer: Answer, channel: Channel, people: People, now: datetime) -> Person:
    """What the channel asked for and People holds; written to the person's sharing record before it leaves."""
    if not channel.settings.include:
        return Person()
    facts = people.facts(answer.person_id, answer.key.answer_id)
    person = _included(facts, channel)
    sent: list[Include] = [name for name in channel.settings.include if getattr(person, name) is not None]
    if not sent or not people.record_sharing(answer.person_id, channel, sent, now):
        return Person()
    return person


def _included(facts: PersonFacts, channel: Channel) -> Person:
    wanted = channel.settings.include
    comment = facts.comment if "comment" in wanted else None
    return Person(
        comment=mask(comment) if comment and channel.settings.mask_comment else comment,
        first_name=facts.name.split()[0] if facts.name and facts.name.strip() and "first_name" in wanted else None,
        email=facts.email if "email" in wanted else None,
        customer_id=facts.customer_id if "customer_id" in wanted else None,
    )
