"""What was sent to a channel: ids, enums, numbers and times, never what a message said or where it went."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from shared.alerts.call import CallError
from shared.alerts.content import AlertKind
from shared.alerts.message import Attempt, Message, MessageStatus
from shared.api.messages import RequestBody, ResponseBody

Instant = Annotated[datetime, Meta(tz=True)]


class AttemptView(ResponseBody, frozen=True, kw_only=True):
    """One call: the HTTP status that was answered, or why there was none."""

    number: int
    at: datetime
    duration_ms: int
    http_status: int | None
    error: CallError | None


class DeliveryView(ResponseBody, frozen=True, kw_only=True):
    """One message. `message_id` is its `webhook-id`, the same over retries and replays; `digest_id` the message that took it along."""

    message_id: str
    type: AlertKind
    status: MessageStatus
    created_at: datetime
    next_at: datetime | None
    survey_id: str | None
    answer_id: str | None
    digest_id: str | None
    attempts: tuple[AttemptView, ...]


class DeliveryList(ResponseBody, frozen=True, kw_only=True):
    """A page of messages, newest first. With a `next_cursor` there may be more, however few these are."""

    deliveries: tuple[DeliveryView, ...]
    next_cursor: str | None


class ReplaySpan(RequestBody, frozen=True, kw_only=True, rename={"first": "from", "last": "to"}):
    """Which messages to send again: those opened from `from` to `to`, both included; failed and held ones where no `status` is given."""

    first: Instant
    last: Instant
    status: Literal["failed", "held", "delivered"] | UnsetType = UNSET


class Replaying(ResponseBody, frozen=True, kw_only=True):
    """How many messages are on their way again. `more`: that was the newest 500; ask once more, with an earlier `to` for delivered ones."""

    messages: int
    more: bool


class ReplayedOne(ResponseBody, frozen=True, kw_only=True):
    """The message is on its way again, with the same id."""

    message_id: str


def delivery_of(message: Message, attempts: tuple[Attempt, ...]) -> DeliveryView:
    """A message as it is read."""
    return DeliveryView(
        message_id=message.message_id,
        type=message.kind,
        status=message.status,
        created_at=message.created_at,
        next_at=message.next_at,
        survey_id=message.answer.survey_id if message.answer else None,
        answer_id=message.answer.answer_id if message.answer else None,
        digest_id=message.digest_id,
        attempts=tuple(
            AttemptView(number=made.number, at=made.at, duration_ms=made.duration_ms, http_status=made.status, error=made.error)
            for made in attempts
        ),
    )
