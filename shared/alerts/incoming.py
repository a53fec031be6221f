"""What comes out of the alert queues: an event of the bus, an answer to look at again after a wait, a message that is due."""

from dataclasses import dataclass

import msgspec

from shared import answer_id as ids
from shared.alerts.message import Due
from shared.alerts.ports import Surveys
from shared.answer import AnswerKey


class UnreadableError(Exception):
    """Nothing that was ever put into the queue; it lies in the dead letters at last."""


@dataclass(frozen=True, slots=True)
class Classified:
    """An answer was classified anew."""

    key: AnswerKey


@dataclass(frozen=True, slots=True)
class Check:
    """A channel's wait for an answer is over."""

    key: AnswerKey
    channel_id: str


type Incoming = Classified | Check | Due


class _Check(msgspec.Struct, frozen=True):
    partition: str
    answer_id: str
    channel_id: str


class _Data(msgspec.Struct, frozen=True):
    survey_id: str
    answer_id: str


class _Detail(msgspec.Struct, frozen=True):
    data: _Data


class _Body(msgspec.Struct, frozen=True):
    """One of the three."""

    detail: _Detail | None = None
    check: _Check | None = None
    message_id: str | None = None
    channel_id: str | None = None
    times: int = 0


def read(text: str, surveys: Surveys) -> Incoming:
    """Read the body of a queue's message. Raises `UnreadableError`."""
    try:
        body = msgspec.json.decode(text, type=_Body)
        if body.message_id is not None:
            return Due(body.message_id, body.channel_id, body.times)
        if body.check is not None:
            return Check(AnswerKey(body.check.partition, body.check.answer_id), body.check.channel_id)
        survey = surveys.find(body.detail.data.survey_id) if body.detail else None
        if body.detail is None or survey is None:
            raise UnreadableError
        return Classified(AnswerKey.of(survey, ids.parse(body.detail.data.answer_id)))
    except (msgspec.MsgspecError, ids.InvalidAnswerIdError):
        raise UnreadableError from None
