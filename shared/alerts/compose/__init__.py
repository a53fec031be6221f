"""Alerts in the shape of each receiver's tool. Pure: no clock, no network; the same content gives the same bytes."""

from collections.abc import Sequence
from datetime import datetime

from shared.alerts.channel import ChannelKind
from shared.alerts.compose import discord, google_chat, slack, teams, webhook
from shared.alerts.compose.messages import ChannelChallenge, ChannelDisabled, ChannelTest, Digest, SubjectErased, Told
from shared.alerts.compose.payload import Payload
from shared.alerts.compose.telling import letter_of
from shared.alerts.content import AlertContent, AlertKind
from shared.survey import Locale

__all__ = [
    "ChannelChallenge",
    "ChannelDisabled",
    "ChannelTest",
    "Digest",
    "NotPostedError",
    "Payload",
    "SubjectErased",
    "compose",
    "compose_told",
]


class NotPostedError(ValueError):
    """SNS delivers to that kind of channel: nothing is posted to it. See `compose.sns`."""


def compose(  # noqa: PLR0913, PLR0917 - what every message has
    receiver: ChannelKind, kind: AlertKind, message_id: str, contents: Sequence[AlertContent], locale: Locale, now: datetime
) -> Payload:
    """The body for a message of the outbox: a digest of all `contents`, or the alert that is the only one of them.

    Raises `NotPostedError`.
    """
    if kind is AlertKind.DIGEST:
        return compose_told(receiver, Digest(message_id=message_id, locale=locale, at=now, alerts=contents))
    return compose_told(receiver, contents[0])


def compose_told(receiver: ChannelKind, told: Told) -> Payload:
    """The body for one alert, a digest, or a word to a channel about itself. Raises `NotPostedError`."""
    match receiver:
        case ChannelKind.WEBHOOK:
            return webhook.compose(told)
        case ChannelKind.SLACK:
            return slack.compose(letter_of(told))
        case ChannelKind.TEAMS:
            return teams.compose(letter_of(told))
        case ChannelKind.GOOGLE_CHAT:
            return google_chat.compose(letter_of(told))
        case ChannelKind.DISCORD:
            return discord.compose(letter_of(told))
        case ChannelKind.SNS_EMAIL | ChannelKind.SNS_SMS:
            raise NotPostedError
