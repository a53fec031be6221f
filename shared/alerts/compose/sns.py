"""The SNS topic: a text for each protocol, and attributes for subscribers' filter policies (docs.aws.amazon.com/sns, Publish).

Programs (SQS, Lambda, HTTP) get the generic webhook's JSON as `default`. SNS filters by attributes but does not hand them on where each
protocol has its own text, so all of them stand in that JSON too, for receivers and for policies with the scope MessageBody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypedDict

import msgspec

from shared.alerts.compose import plain, sms, webhook
from shared.alerts.compose.messages import ChannelDisabled
from shared.alerts.compose.payload import Json
from shared.alerts.compose.telling import letter_of
from shared.alerts.content import AlertContent

MESSAGE_STRUCTURE: Final = "json"


class Attribute(TypedDict):
    """One message attribute, as SNS takes it."""

    DataType: str
    StringValue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SnsMessage:
    """What is published: with MessageStructure "json"."""

    subject: str
    message: str
    attributes: Mapping[str, Attribute]


def compose(content: AlertContent) -> SnsMessage:
    """One alert for the topic's subscribers."""
    letter = letter_of(content)
    texts: dict[str, Json] = {"default": _json(webhook.envelope(content)), "email": plain.body(letter), "sms": sms.compose(content)}
    return SnsMessage(subject=plain.subject(letter), message=_json(texts), attributes=_attributes(content))


def compose_notice(notice: ChannelDisabled) -> SnsMessage:
    """The word that a channel was disabled, for whoever looks after the system."""
    letter = letter_of(notice)
    texts: dict[str, Json] = {"default": _json(webhook.envelope(notice)), "email": plain.body(letter), "sms": sms.in_gsm(letter.title)}
    return SnsMessage(subject=plain.subject(letter), message=_json(texts), attributes={"type": _string(notice.kind)})


def _attributes(content: AlertContent) -> dict[str, Attribute]:
    """At most ten, or a queue with raw delivery loses the message. What there is none of is left out: an empty value is refused."""
    touched = content.touchpoint
    strings = {
        "type": content.kind,
        "survey": content.survey_id,
        "class": content.nps_class,
        "touchpoint": touched.key if touched else None,
        "journey_stage": touched.journey_stage if touched else None,
    }
    attributes = {name: _string(value) for name, value in strings.items() if value}
    if content.score is not None:
        attributes["score"] = Attribute(DataType="Number", StringValue=str(content.score))
    if content.segments:
        pairs: list[Json] = [f"{key}:{value}" for key, value in content.segments.items()]
        attributes["segments"] = Attribute(DataType="String.Array", StringValue=_json(pairs))
    return attributes


def _string(value: str) -> Attribute:
    return Attribute(DataType="String", StringValue=value)


def _json(content: Json) -> str:
    return msgspec.json.encode(content).decode()
