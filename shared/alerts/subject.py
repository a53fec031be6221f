"""What there is to tell of one answer."""

from dataclasses import dataclass
from typing import Final

from shared import dimension as dim
from shared.alerts.channel import Channel
from shared.alerts.content import AlertContent, AlertKind, Person, Touched
from shared.alerts.masking import mask
from shared.alerts.message import Message
from shared.alerts.neutral import cut
from shared.alerts.ports import PersonFacts
from shared.answer import Answer, Standing
from shared.survey import Survey

LONGEST_IN_DIGEST: Final = 300
"""Characters of a comment: the answer itself has the rest."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An answer that a message, or a part of a digest, is about."""

    message: Message
    answer: Answer
    survey: Survey


def content_of(subject: Subject, channel: Channel, facts: PersonFacts, link: str) -> AlertContent:
    """What to tell the channel of it. `link` is a template with {survey_id} and {answer_id}, or empty."""
    message, answer, survey = subject.message, subject.answer, subject.survey
    names = {"survey_id": survey.survey_id, "answer_id": answer.key.answer_id}
    return AlertContent(
        kind=message.kind,
        message_id=message.message_id,
        survey_name=survey.settings.name,
        company=survey.settings.company,
        locale=channel.settings.locale,
        time_zone=survey.settings.time_zone,
        revision=answer.rev,
        score=answer.score if answer.nps_class else None,
        nps_class=answer.nps_class,
        answered_at=answer.instant,
        occurred_at=answer.changed_at if message.kind is not AlertKind.DETRACTOR else None,
        touchpoint=_touchpoint(answer, survey),
        segments={name.removeprefix(dim.SEGMENT): value for name, value in answer.dimensions.items() if name.startswith(dim.SEGMENT)},
        link=link.format_map(names) if link else None,
        replaced=answer.standing is Standing.SUPERSEDED,
        person=_asked_for(facts, channel, longest=LONGEST_IN_DIGEST if message.digest_id else None),
        **names,
    )


def _touchpoint(answer: Answer, survey: Survey) -> Touched | None:
    key = answer.dimensions.get(dim.TOUCHPOINT)
    if key is None:
        return None
    declared = next((touchpoint for touchpoint in survey.settings.touchpoints if touchpoint.key == key), None)
    return Touched(key=key, label=declared.label if declared else key, journey_stage=declared.journey_stage if declared else None)


def _asked_for(facts: PersonFacts, channel: Channel, longest: int | None) -> Person:
    """What of the person the channel asked for and People holds."""
    wanted = channel.settings.include
    comment = facts.comment if facts.comment and "comment" in wanted else None
    comment = mask(comment) if comment and channel.settings.mask_comment else comment
    names = facts.name.split() if facts.name and "first_name" in wanted else []
    return Person(
        comment=cut(comment, longest) if comment and longest else comment,
        first_name=names[0] if names else None,
        email=facts.email if "email" in wanted else None,
        customer_id=facts.customer_id if "customer_id" in wanted else None,
    )
